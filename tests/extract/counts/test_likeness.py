"""Whether a mention tells a fact again, tells more of it, or tells another."""

from __future__ import annotations

import pytest

from tests.extract.readings import values


@pytest.mark.parametrize(
    ("text", "measure", "expected"),
    [
        ("Troops captured a commander and numerous fighters. The commander was captured at dawn. Several of his men were also captured.", "detained", {1, 4}),
        ("Troops captured a commander and two of his associates. The commander and two of his associates were flown out.", "detained", {1, 2}),
        ("Troops detained four suspects. Two of his associates were detained as well.", "detained", {4, 2}),
        ("Troops detained a commander and two other suspects. Two of his associates were detained.", "detained", {1, 2}),
        ("Troops killed two gunmen. They also killed two gunmen in Homs.", "killed", {2}),
    ],
)  # fmt: skip
def test_who_is_told_of_again(text: str, measure: str, expected: set[int]) -> None:
    assert set(values(text, measure)) == expected


def test_associates_in_so_many_words_are_those_told_of_before() -> None:
    text = "Troops detained a commander and two other suspects. The commander and two of his associates were detained in a house."
    assert sorted(values(text, "detained")) == [1, 2]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Troops captured a commander and two fighters in Khost province on Monday.\n\nPolice in Kandahar city detained a man Tuesday.",
            [1, 1, 2],
        ),
        ("Gunmen seized two farmers in Helmand province. Gunmen in Kandahar city seized two farmers.", []),
        ("Troops captured a man in Khost province on Monday.\n\nThe man was captured in Sabari.", [1]),
    ],
)
def test_a_town_of_another_province_is_another_place(text: str, expected: list[int]) -> None:
    assert sorted(values(text, "detained")) == expected
