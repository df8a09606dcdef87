"""What a record may change: facts of lines, and stretches of days in which incidents lie."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from schemas import Indicator

from .entries import Entry
from .facts import line_fact
from .incidents import AFFECTED
from .moments import shifted


@dataclass
class Changes:
    """Facts that must be looked at again."""

    lines: set[tuple[str, str]] = field(default_factory=set)
    """Book and fact."""
    days: set[tuple[str, date]] = field(default_factory=set)
    """Book and day of claims of incidents."""
    expired: list[Indicator] = field(default_factory=list)
    """Indicators whose time has come."""

    def concern(self, book: str, entry: Entry) -> None:
        """A claim came into or went out of this book."""
        if entry.incident:
            self.days.add((book, entry.day))
        else:
            self.lines.add((book, line_fact(entry)))

    def stretches(self) -> Iterator[tuple[str, date, date]]:
        """Book, first and last day of incidents that can have changed; none overlap."""
        by_book: dict[str, list[date]] = defaultdict(list)
        for book, day in self.days:
            by_book[book].append(day)
        for book, days in sorted(by_book.items()):
            first = last = None
            for day in sorted(days):
                start, end = shifted(day, -AFFECTED), shifted(day, AFFECTED)
                if first is None or last is None:
                    first = start
                elif start > last:
                    yield book, first, last
                    first = start
                last = end
            if first is not None and last is not None:
                yield book, first, last
