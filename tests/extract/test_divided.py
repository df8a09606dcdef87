"""What a count is divided into, in texts beside this file: every count with its group and its whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from schemas import Group, Realis
from tests.extract.readings import Told, read

CASES = yaml.safe_load((Path(__file__).parent / "data" / "divided.yaml").read_text())


def shown(told: Told, values: dict[str, int]) -> str:
    """A count as the cases write it."""
    count = told.count
    group = f"[{count.group}]" if count.group is not Group.PEOPLE else ""
    whole = f"<{values[count.parent]}" if count.parent else ""
    realis = f"~{count.realis}" if count.realis is not Realis.ASSERTED else ""
    return f"{count.measure} {count.value}{group}{whole}{realis}"


@pytest.mark.parametrize("case", CASES, ids=[case["text"][:70] for case in CASES])
def test_divided(case: dict[str, Any]) -> None:
    """Every count of the text comes out with its whole, and no other does."""
    told = read(case["text"])
    values = {t.count.id: t.count.value for t in told}
    assert sorted(shown(t, values) for t in told) == sorted(case["reads"])
