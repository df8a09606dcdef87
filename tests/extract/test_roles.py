"""Whose people are counted and who did it; groups that no table knows keep their own words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.extract.readings import read

CASES = yaml.safe_load((Path(__file__).parent / "data" / "roles.yaml").read_text())


@pytest.mark.parametrize("case", CASES, ids=[case["text"] for case in CASES])
def test_sides_and_actors_are_who_the_words_say(case: dict[str, Any]) -> None:
    first = read(case["text"])[0].count
    assert (first.actor, first.side) == (case.get("actor"), case.get("side"))
    assert first.group == case.get("group", first.group)
