"""Times that a heading gives to all that stands below it: "KEY FIGURES (1 January - 31 March)", "Quarterly report: Q2 2023"."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from datetime import date

from schemas import Period

from ..text.sentences import Sentence
from . import periods
from .pointing import LONG, Known

MAX_HEADING = 120
"""Characters of a line that may be a heading."""

_REPORT = re.compile(
    r"\b(?:report|review|bulletin|update|briefing|brief|summary|figures|statistics|stats|overview|balance|monthly|quarterly|annual|yearly|weekly|factsheet|data|note|results)\b",
    re.IGNORECASE,
)
"""Words that make a title one of a summary."""


class Headings:
    """The long times of an article's title and headings, by where they begin to hold."""

    def __init__(self, title: str, sentences: Sequence[Sentence], published: date | None, known: Known) -> None:
        found: list[tuple[int, Period]] = []
        if _REPORT.search(title) and (period := _long(title, published, known)) is not None:
            found.append((-1, period))
        for sentence in sentences:
            if sentence.heading and len(sentence.text) <= MAX_HEADING:
                least = 0 if _REPORT.search(sentence.text) else len(sentence.text) * 2 // 3
                period = _long(sentence.text, published, known, least)
                if period is not None:
                    found.append((sentence.start, period))
        self._starts = [start for start, _ in found]
        self._periods = [period for _, period in found]

    def at(self, place: int) -> Period | None:
        """The time of the nearest heading before a place."""
        number = bisect_right(self._starts, place)
        return self._periods[number - 1] if number else None


def _long(text: str, published: date | None, known: Known, least: int = 0) -> Period | None:
    """The long time that a heading names in so many characters: a heading that is no report's is little else than its time."""
    found = periods.find(text, published, known)
    return next((one.period for one in found if one.period.precision in LONG and one.end - one.start >= least), None)
