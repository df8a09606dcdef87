"""When each count was: texts of eight kinds, with every way that they tell the time."""

from __future__ import annotations

from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.extract.readings import TUESDAY, Told, read

CASES = yaml.safe_load((Path(__file__).parents[1] / "data" / "times.yaml").read_text())
PRECISIONS = frozenset({"day", "days", "week", "month", "quarter", "half", "year", "range"})


def differs(told: Told, wanted: str) -> list[str]:
    """What of a count is not as wanted."""
    days, precision, *rest = str(wanted).split()
    period = told.period
    got = "none"
    flags: set[str] = {told.count.kind, told.count.scope}
    if period is not None:
        got = f"{period.start}" if period.start == period.end else f"{period.start}/{period.end}"
        flags |= {"inferred"} if period.inferred else set()
        flags.add(period.precision)
    flags |= {"background"} if told.event.background else set()
    unwanted = ({"inferred", "background"} & flags) - set(rest)
    missing = {precision, *rest} - flags
    return [text for text in (f"{got}, not {days}" if got != days else "", *(f"not {m}" for m in missing), *unwanted) if text]


@pytest.mark.parametrize("case", CASES, ids=[(case.get("text") or case["title"])[:70] for case in CASES])
def test_when(case: dict[str, Any]) -> None:
    """Each count has its own time, and its kind and scope go with it."""
    day = case.get("published", TUESDAY.date())
    told = read(case.get("text", ""), case.get("title", ""), published=datetime.combine(day, time(12), UTC) if day else None)
    for name, wanted in case["tells"].items():
        fitting = [t for t in told if f"{t.count.measure} {t.count.value}" == name]
        assert fitting, f"no {name} among {[(str(t.count.measure), t.count.value) for t in told]}"
        assert any(not differs(t, wanted) for t in fitting), (name, [differs(t, wanted) for t in fitting])
