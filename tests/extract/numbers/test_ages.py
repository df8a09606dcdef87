"""Ages are no counts, whoever they are of."""

from __future__ import annotations

import pytest

from services.extract.numbers import ages
from tests.extract.readings import values


@pytest.mark.parametrize(
    ("text", "killed"),
    [
        ("A shopkeeper, 44, and his brother, 39, were killed in the market.", [1, 1]),
        ("A Hindu rice trader, 61, and his wife, 47, were shot dead.", [1, 1]),
        ("Of the 90 people on board, 51, and possibly more, were killed.", [51]),
    ],
)
def test_the_age_of_somebody_is_no_number_of_people(text: str, killed: list[int]) -> None:
    assert values(text, "killed") == killed


def test_a_number_behind_a_place_is_no_age() -> None:
    assert ages.without("Their toll in Mosul, 51, and in Hit, 12, were lower.").count("12") == 1
