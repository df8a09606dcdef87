"""Whose people are counted and who did it; groups that no table knows keep their own words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.extract.readings import read

CASES = yaml.safe_load((Path(__file__).parents[1] / "data" / "roles.yaml").read_text())


@pytest.mark.parametrize("case", CASES, ids=[case["text"] for case in CASES])
def test_sides_and_actors_are_who_the_words_say(case: dict[str, Any]) -> None:
    first = read(case["text"])[0].count
    assert (first.actor, first.side) == (case.get("actor"), case.get("side"))
    assert first.group == case.get("group", first.group)


@pytest.mark.parametrize(
    ("text", "actor", "group"),
    [
        ("A drone of the Rapid Support Forces hit a clinic, killing 26 people and wounding 45.", "rsf", "people"),
        ("Troops of the Nigerian army killed 14 Boko Haram fighters and freed 11 girls.", "nigerian-army", "children"),
        ("A Turkish drone killed 31 people, three of them children, and wounded 99.", "turkish-army", "people"),
        ("At least 15 people, including four of the assailants, were killed and 28 others injured.", None, "people"),
        ("Besides the two assailants, 16 people were killed and 50 wounded.", None, "people"),
    ],
)
def test_what_is_told_last_has_its_own_people_and_the_doer_of_what_is_told_before_it(text: str, actor: str | None, group: str) -> None:
    told = [each.count for each in read(text) if each.count.parent is None]
    last = max(told, key=lambda count: count.evidence[0].start)
    assert (last.actor, last.group) == (actor, group)
