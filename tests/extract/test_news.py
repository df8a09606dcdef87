"""Eight kinds of news in texts of our own: what their counts sum up to, by measure."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.extract.readings import TOLD, Told, news, noon, read

CASES = news()


def sums(told: list[Told]) -> dict[str, int]:
    """The sum of each measure's counts that are told as having happened, without parts and background."""
    real = [t for t in told if t.count.realis in TOLD and not t.event.background]
    ids = {(t.count.measure, t.count.id) for t in real}
    found: Counter[str] = Counter()
    for one in real:
        if (one.count.measure, one.count.parent) not in ids:
            found[one.count.measure] += one.count.value
    return dict(found)


@pytest.mark.parametrize(("kind", "case"), CASES, ids=[f"{kind}-{(c.get('text') or c['title'])[:60]}" for kind, c in CASES])
def test_news(kind: str, case: dict[str, Any]) -> None:
    """What a text tells is counted, and nothing else is."""
    told = sums(read(case.get("text", ""), case.get("title", ""), published=noon(case.get("published"))))
    assert {measure: value for measure, value in told.items() if value} == {m: v for m, v in case["tells"].items() if v}, kind
