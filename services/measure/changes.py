"""What a record may change: facts of lines, and stretches of days in which incidents lie."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from schemas import parts_of

from .belief import Plain
from .incidents import AFFECTED
from .moments import shifted

LINE, SIGHT = "line", "sight"
"""How keys of claims' rows begin: of lines, and of incidents; then come the book, and the fact or the day."""


@dataclass
class Changes:
    """Facts that must be looked at again."""

    lines: set[tuple[str, str]] = field(default_factory=set)
    """Book and fact."""
    days: set[tuple[str, date]] = field(default_factory=set)
    """Book and day of claims of incidents."""
    expired: list[Plain] = field(default_factory=list)
    """Indicators whose time has come."""

    def concern(self, row: str) -> None:
        """A claim came into or went out of its row, which has this key."""
        kind, book, what = parts_of(row)[:3]
        if kind == SIGHT:
            self.days.add((book, date.fromordinal(int(what))))
        else:
            self.lines.add((book, what))

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
