"""Articles of which each one moves a figure across a line, back and forth, so that each is due one webhook."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from schemas import Article
from tests.support.workload import article

COUNTRIES = (
    *("Syria", "Iraq", "Somalia", "Nigeria", "Mali", "Niger", "Libya", "Yemen", "Mozambique", "Afghanistan"),
    *("Sudan", "Chad", "Cameroon", "Kenya", "Burkina Faso", "Pakistan", "Egypt", "Tunisia", "Algeria", "Lebanon"),
)
"""Each has a tide of its own: two articles of one country are twenty apart, so that they are not told in one breath."""

LOW, HIGH = 2_000, 4_000
"""Below the line, and above."""

RULES = """\
version: 1
rules:
  - id: fighters-remaining
    summary: Fighters remaining fall below 3,000
    measure: fighters_remaining
    group_by: [country]
    line: {below: 3000}
"""

_FIRST = datetime(2024, 4, 1, 8, tzinfo=UTC)
_ADDRESS = re.compile(rb"https://wire\.example/tide/(\d+)")


def articles(count: int) -> Iterator[Article]:
    """So many articles, an hour of the data's time apart."""
    for number in range(count):
        country = COUNTRIES[number % len(COUNTRIES)]
        figure = LOW if (number // len(COUNTRIES)) % 2 == 0 else HIGH
        published = _FIRST + timedelta(hours=number)
        title = f"About {figure:,} fighters remain in {country}"
        day = f"{published:%B} {published.day}, {published.year}"
        text = f"Exactly {figure:,} ISIS fighters remain at large in {country} as of {day}, the defence ministry said."
        url = f"https://wire.example/tide/{number}"
        yield article(title, text, url, published, published)


def told_by(body: bytes) -> int | None:
    """The number of the article that a webhook speaks of: the newest that it cites."""
    return max((int(number) for number in _ADDRESS.findall(body)), default=None)
