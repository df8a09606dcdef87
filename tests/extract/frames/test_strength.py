"""How many fighters there are and how many people are held, as news puts it; members of a union are no force."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.extract.readings import read

CASES = yaml.safe_load((Path(__file__).parents[1] / "data" / "strengths.yaml").read_text())


@pytest.mark.parametrize("case", CASES, ids=[case["text"] for case in CASES])
def test_a_stock_is_read_with_whose_it_is_and_as_of_when(case: dict[str, Any]) -> None:
    told = read(case["text"])
    assert [[t.count.measure, t.count.value, t.count.side] for t in told] == case["tells"]
    if "as_of" in case:
        assert told[0].period is not None
        assert told[0].period.end == case["as_of"]
