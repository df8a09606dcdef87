"""Timelines of short articles, and what is believed in the end: each file of `scenarios/` is a chapter an analyst can read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from .newsroom import Newsroom, expanded, shown

SCENARIOS = [
    (path.stem, scenario)
    for path in sorted((Path(__file__).parent / "scenarios").glob("*.yaml"))
    for scenario in yaml.safe_load(path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("scenario", [pytest.param(s, id=f"{chapter}: {s['name']}") for chapter, s in SCENARIOS])
def test_leaves_this_belief(scenario: dict[str, Any]) -> None:
    newsroom = Newsroom().hear(*expanded(scenario["timeline"]))
    for moment in scenario.get("then", []):
        newsroom.tick(moment)
    wanted = scenario["belief"]
    got = [shown(indicator, wanted[min(i, len(wanted) - 1)] if wanted else {"in": 0}) for i, indicator in enumerate(newsroom.believed)]
    assert got == [{name: str(value) if name in ("when", "as_of") else value for name, value in each.items()} for each in wanted]
    retracted = [indicator.value for indicator in newsroom.indicators.values() if indicator.retracted]
    assert sorted(retracted) == sorted(scenario.get("retracted", retracted))


def test_there_are_scenarios_enough() -> None:
    assert len(SCENARIOS) >= 20
    assert len({scenario["name"] for _, scenario in SCENARIOS}) == len(SCENARIOS)
