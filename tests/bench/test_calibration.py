"""The table of calibration: what it counts, and what it takes for right."""

from __future__ import annotations

from typing import Any

from .calibration import Row, judged, table


def count(value: int, confidence: float, **said: Any) -> dict[str, Any]:
    given = {"id": f"{value}", "measure": "killed", "realis": "asserted", "group": "people", "parent": None}
    return given | {"value": value, "confidence": confidence} | said


def event(*counts: dict[str, Any], background: bool = False) -> dict[str, Any]:
    return {"background": background, "counts": counts}


def test_counts_of_a_right_total_are_right() -> None:
    assert list(judged([event(count(3, 0.9), count(2, 0.8))], {"killed": 5}, None)) == [(0.9, True), (0.8, True)]


def test_all_counts_of_a_wrong_total_are_wrong() -> None:
    assert list(judged([event(count(3, 0.9)), event(count(2, 0.8))], {"killed": 3}, None)) == [(0.9, False), (0.8, False)]


def test_parts_background_threats_and_other_groups_do_not_make_a_total() -> None:
    told = [
        event(count(5, 0.9), count(2, 0.9, parent="5"), count(7, 0.9, realis="threatened"), count(8, 0.9, group="soldiers")),
        event(count(6, 0.9), background=True),
    ]
    assert list(judged(told, {"killed": 5}, frozenset({"people"}))) == [(0.9, True)]


def test_the_table_goes_from_the_surest_down() -> None:
    assert table([(0.9, True), (0.92, False), (0.68, True)]) == [Row(0.9, 2, 1), Row(0.65, 1, 1)]
