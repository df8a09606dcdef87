"""Eight kinds of news in texts of our own: what their counts sum up to, by measure."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.extract.readings import TUESDAY, Told, read

FOLDER = Path(__file__).parent / "data" / "news"
CASES = [(path.stem, case) for path in sorted(FOLDER.glob("*.yaml")) for case in yaml.safe_load(path.read_text())]


def sums(told: list[Told]) -> dict[str, int]:
    """The sum of each measure's counts that are told as having happened, without parts and background."""
    real = [t for t in told if t.count.realis in ("asserted", "claimed") and not t.event.background]
    ids = {(t.count.measure, t.count.id) for t in real}
    found: Counter[str] = Counter()
    for one in real:
        if (one.count.measure, one.count.parent) not in ids:
            found[one.count.measure] += one.count.value
    return dict(found)


@pytest.mark.parametrize(("kind", "case"), CASES, ids=[f"{kind}-{(c.get('text') or c['title'])[:60]}" for kind, c in CASES])
def test_news(kind: str, case: dict[str, Any]) -> None:
    """What a text tells is counted, and nothing else is."""
    day = case.get("published")
    published = datetime.combine(day, time(12), UTC) if day else TUESDAY
    told = sums(read(case.get("text", ""), case.get("title", ""), published=published))
    assert {measure: value for measure, value in told.items() if value} == {m: v for m, v in case["tells"].items() if v}, kind
