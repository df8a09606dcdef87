"""What sort of event a count tells of, and whether it is a flow, a total or a stock."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.extract.readings import read

TYPES = yaml.safe_load((Path(__file__).parents[1] / "data" / "types.yaml").read_text())


@pytest.mark.parametrize("case", TYPES, ids=[case["text"] for case in TYPES])
def test_the_type_is_what_the_words_say_happened(case: dict[str, Any]) -> None:
    told = read(case["text"])
    assert next(t for t in told if case.get("of") in (None, t.count.measure)).event.type == case["type"]


@pytest.mark.parametrize(
    ("text", "kind", "scope"),
    [
        ("Twelve people were killed on Monday.", "flow", "incident"),
        ("The war has killed 74,000 people.", "cumulative", "campaign"),
        ("More than 20,000 people have died in the 12-year insurgency.", "cumulative", "campaign"),
        ("Some 900 people have been killed since the war began.", "cumulative", "campaign"),
        ("In the first quarter of 2024 the army killed 120 rebels.", "flow", "period"),
        ("6.7 million people are displaced.", "stock", "campaign"),
        ("About 2,500 ISIS fighters remain in Iraq.", "stock", "campaign"),
    ],
)
def test_kind_and_scope_are_what_the_words_say_of_the_time(text: str, kind: str, scope: str) -> None:
    count = read(text)[0].count
    assert (count.kind, count.scope) == (kind, scope)
