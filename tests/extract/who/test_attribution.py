"""Who says so: speakers before and behind their verbs, in headlines, by pronouns, and only cited."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.extract.readings import read

CASES = yaml.safe_load((Path(__file__).parents[1] / "data" / "claimants.yaml").read_text())


@pytest.mark.parametrize("case", CASES, ids=[case.get("text") or case["title"] for case in CASES])
def test_the_claimant_is_who_says_so(case: dict[str, Any]) -> None:
    told = read(case.get("text", ""), case.get("title", ""))
    assert [each.count.claimant for each in told] == case["told_by"] * (len(told) if len(case["told_by"]) == 1 else 1)
