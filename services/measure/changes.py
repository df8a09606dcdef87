"""What a record may change: facts of lines, and sheets of claims of incidents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from schemas import parts_of

from .belief import Plain
from .calendar import CHANGES

LINE, SIGHT = "line", "sight"
"""How keys of claims' rows begin: of lines, and of incidents; then come the book, and the fact, or group and day."""


@dataclass
class Changes:
    """Facts that must be looked at again."""

    lines: set[tuple[str, str]] = field(default_factory=set)
    """Book and fact."""
    sheets: set[tuple[str, str, int]] = field(default_factory=set)
    """Book, group and day of claims of incidents."""
    expired: list[Plain] = field(default_factory=list)
    """Indicators whose time has come."""

    def concern(self, row: str) -> None:
        """A claim came into or went out of its row, which has this key."""
        kind, book, *what = parts_of(row)
        if kind == SIGHT:
            self.sheets.add((book, what[0], int(what[1])))
        else:
            self.lines.add((book, what[0]))

    @property
    def size(self) -> int:
        """How many must be looked at."""
        return len(self.lines) + len(self.sheets)

    def stretches(self) -> Iterator[tuple[str, str, int, int]]:
        """Book, group, first and last day of incidents that can have changed; none overlap."""
        told: dict[tuple[str, str], list[int]] = defaultdict(list)
        for book, group, day in self.sheets:
            told[book, group].append(day)
        for (book, group), days in sorted(told.items()):
            for first, last in spans(days, *CHANGES):
                yield book, group, first, last


def spans(days: Iterable[int], before: int, behind: int) -> Iterator[tuple[int, int]]:
    """The first and the last of all days that are so near to one of these, where they hang together."""
    ordered = sorted(days)
    first = last = None
    for day in ordered:
        if first is None or last is None or day - before > last + 1:
            if first is not None and last is not None:
                yield first, last
            first = day - before
        last = day + behind
    if first is not None and last is not None:
        yield first, last
