"""The cases that naive code gets wrong, as texts beside this file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.extract.readings import Told, read

CASES = yaml.safe_load((Path(__file__).parent / "data" / "hard_cases.yaml").read_text())


def differs(told: Told, expected: dict[str, Any], by_id: dict[str, int]) -> list[str]:
    """What of a count is not as expected."""
    period = told.period
    actual: dict[str, Any] = {
        "period": [period.start, period.end] if period else None,
        "countries": sorted({place.country or "" for place in told.places}),
        "part_of": by_id.get(told.count.parent or ""),
        "background": told.event.background,
        "type": told.event.type,
        "spans": len(told.count.evidence),
    }
    return [
        f"{name}: wanted {wanted}, got {actual.get(name, getattr(told.count, name, None))}"
        for name, wanted in expected.items()
        if actual.get(name, getattr(told.count, name, None)) != wanted
    ]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_hard_case(case: dict[str, Any]) -> None:
    """Every count of the text comes out as it should, and no other does."""
    told = read(case["text"], case.get("title", ""))
    by_id = {t.count.id: t.count.value for t in told}
    assert sorted((t.count.measure, t.count.value) for t in told) == sorted((e["measure"], e["value"]) for e in case["tells"])
    for expected in case["tells"]:
        fitting = [t for t in told if (t.count.measure, t.count.value) == (expected["measure"], expected["value"])]
        assert any(not differs(t, expected, by_id) for t in fitting), [differs(t, expected, by_id) for t in fitting]
