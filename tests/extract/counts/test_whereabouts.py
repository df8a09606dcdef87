"""When and where of a count: what a sentence leaves unsaid is taken from the story that it goes on with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.extract.readings import read


def days(text: str) -> dict[int, str]:
    """Of each value the first day of its period, of those whose day is said."""
    return {told.count.value: str(told.period.start) for told in read(text) if told.period and not told.period.inferred}


def test_a_sentence_without_a_day_goes_on_with_the_day_of_the_one_before() -> None:
    assert days("On March 4 gunmen raided a village and killed six men. They abducted 11 women.") == {6: "2024-03-04", 11: "2024-03-04"}


@pytest.mark.parametrize(
    "text",
    [
        "On March 4 gunmen raided a village and killed six men. They have abducted 11 women since.",
        "On March 4 gunmen raided a village and killed six men.\n\nGunmen abducted 11 women.",
        "In 2021 gunmen raided a village and killed six men. They abducted 11 women.",
    ],
    ids=["a sum in the perfect", "another paragraph", "a long stretch"],
)
def test_what_does_not_go_on_with_the_story_has_no_day_of_it(text: str) -> None:
    assert days(text).get(11) != "2024-03-04"


def test_a_story_goes_on_over_several_sentences() -> None:
    text = "On March 4 gunmen raided a village and killed six men. They burned houses and abducted 11 women. They wounded 14 others."
    assert days(text) == {6: "2024-03-04", 11: "2024-03-04", 14: "2024-03-04"}


CARRIED = yaml.safe_load((Path(__file__).parents[1] / "data" / "carried.yaml").read_text())


@pytest.mark.parametrize("case", CARRIED, ids=[case["name"] for case in CARRIED])
def test_what_a_sentence_does_not_place_is_where_its_story_is(case: dict[str, Any]) -> None:
    told = read(case.get("text", ""), case.get("title", ""))
    assert [[place.name for place in each.places] for each in told] == case["places"]


PLACED = yaml.safe_load((Path(__file__).parents[1] / "data" / "placed.yaml").read_text())


@pytest.mark.parametrize("case", PLACED, ids=[case["text"] for case in PLACED])
def test_a_count_is_where_it_happened_and_nowhere_else(case: dict[str, Any]) -> None:
    assert [place.name for place in read(case["text"])[0].places] == case["places"]
