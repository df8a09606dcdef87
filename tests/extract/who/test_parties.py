"""Who did it, whose people they are and who says so, where a text tells several counts; whose report a text is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from services.extract.extraction import Extraction
from tests.extract.readings import article, read

DATA = Path(__file__).parents[1] / "data"
PARTIES = yaml.safe_load((DATA / "parties.yaml").read_text())
ISSUERS = yaml.safe_load((DATA / "issuers.yaml").read_text())


@pytest.mark.parametrize("case", PARTIES, ids=[case["name"] for case in PARTIES])
def test_each_count_has_its_own_parties(case: dict[str, Any]) -> None:
    told = {each.count.value: each.count for each in read(case["text"])}
    for wanted in case["tells"]:
        count = told[wanted["value"]]
        assert {name: getattr(count, name) for name in wanted} == wanted


@pytest.mark.parametrize("case", ISSUERS, ids=[case["name"] for case in ISSUERS])
def test_a_report_carries_its_body_to_what_nobody_else_says(case: dict[str, Any]) -> None:
    told = sorted((each.count for each in read(case["text"], case.get("title", ""))), key=lambda count: count.evidence[0].start)
    assert [count.claimant for count in told] == case["told_by"]


def test_an_issuer_says_why() -> None:
    reading, explanations = Extraction().explain(
        article("BORDER SECURITY COMMAND\nBasra, 12 March 2024\n\nThree smugglers were arrested near Faw.")
    )
    decided = next(d for d in explanations[reading.events[0].counts[0].id] if d.name == "claimant")
    assert (decided.words, decided.reason.because) == ("BORDER SECURITY COMMAND", "whose name stands above the text")
