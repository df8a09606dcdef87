"""Figures that others are only compared with: counts of their own time, and no news."""

from __future__ import annotations

import pytest

from tests.extract.readings import Told, read


def _earlier(text: str) -> list[tuple[str, int, str | None]]:
    return [(t.count.measure, t.count.value, _days(t)) for t in read(text) if t.event.background]


def _days(told: Told) -> str | None:
    return f"{told.period.start} {told.period.end}" if told.period is not None else None


@pytest.mark.parametrize(
    ("text", "earlier"),
    [
        ("Rebels carried out 71 attacks in March, down from 88 in February.", ("attacks", 88, "2024-02-01 2024-02-29")),
        (
            "Police arrested 611 suspects from January to March, against 498 in the same period of 2023.",
            ("detained", 498, "2023-01-01 2023-03-31"),
        ),
        (
            "Ten soldiers have died in attacks this year, compared with six over the same period of 2023.",
            ("killed", 6, "2023-01-01 2023-04-16"),
        ),
        (
            "Gunmen killed 40 people in the second half of 2023, fewer than the 62 of the first half.",
            ("killed", 62, "2023-01-01 2023-06-30"),
        ),
        ("Aircraft flew 47 strikes in the first quarter, up from 29.", ("strikes", 29, None)),
        ("The militia staged 405 attacks during the quarter, against 288 in the previous one.", ("attacks", 288, None)),
        (
            "The mission recorded 90 deaths from January to March, twice as many as in the last three months of 2023 (45).",
            ("killed", 45, "2023-10-01 2023-12-31"),
        ),
        (
            "On 31 March some 960 people were held in the prisons, as compared with 871 at the end of December.",
            ("held", 871, "2023-12-31 2023-12-31"),
        ),
        (
            "Ninety people were killed in March. Deaths rose by four per cent from the same month of 2023, when 86 were recorded.",
            ("killed", 86, "2023-03-01 2023-03-31"),
        ),
    ],
)
def test_a_figure_of_comparison_is_background_of_its_own_time(text: str, earlier: tuple[str, int, str | None]) -> None:
    assert _earlier(text) == [earlier]


@pytest.mark.parametrize(
    "text",
    [
        "The army killed 12 fighters in a raid and seized 30 rifles, up from 14 in February.",
        "Soldiers killed 12 fighters who had come down from 40 villages in March.",
        "Soldiers killed 12 fighters and fired more than 40 shells in March.",
        "Gunmen killed 12 people, more than in 2019.",
        "Twelve people were killed, compared with 30 houses destroyed in March.",
    ],
)
def test_other_numbers_are_not_compared(text: str) -> None:
    assert _earlier(text) == []


def test_a_time_behind_more_than_is_not_that_of_the_figure() -> None:
    told = read("Gunmen killed 12 people in March, more than in 2019.")
    assert [_days(t) for t in told] == ["2024-03-01 2024-03-31"]
