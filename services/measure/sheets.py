"""The heading of a sheet: what is kept of all claims of incidents of one book, group and day, so that most of them are never read again.

Claims come in three sorts: `EXACT`, `LOOSE`, and `VAGUE` for all that begin no incident, those that move nothing among them.
"""

from __future__ import annotations

from struct import Struct
from typing import NamedTuple

from .changes import SIGHT
from .entries import MARK, mark_of

SHEET = "sheet"
"""How keys of headings begin; then come book, group and day."""

SORTS = 3
"""Sorts of claims."""


class Heading(NamedTuple):
    """What is kept of the claims of one sheet."""

    labels: tuple[bytes, ...] = (b"",) * SORTS
    """By sort, their fingerprints added up; empty where there are none."""
    counts: tuple[int, ...] = (0,) * SORTS
    """By sort, how many there are."""
    owed: int = -1
    """Offset of the last record that bears on them, where they are still to be decided on; otherwise -1."""

    @staticmethod
    def read(row: bytes) -> Heading:
        """A row of the state."""
        told = _ROW.unpack(row)
        counts = told[SORTS:-1]
        return Heading(tuple([label if count else b"" for label, count in zip(told, counts, strict=False)]), counts, told[-1])

    @property
    def claims(self) -> int:
        """How many claims there are."""
        return sum(self.counts)

    @property
    def row(self) -> bytes:
        """As it stands in the state; empty where there is nothing to keep."""
        if self.owed < 0 and not any(self.counts):
            return b""
        return _ROW.pack(*self.labels, *self.counts, self.owed)

    def changed(self, sort: int, row: bytes, by: int, owed: int) -> Heading:
        """The same with a claim, of which this is the row, more or less."""
        labels, counts = list(self.labels), list(self.counts)
        counts[sort] += by
        total = (int.from_bytes(labels[sort]) + by * int.from_bytes(mark_of(row))) & _ALL
        labels[sort] = total.to_bytes(MARK) if counts[sort] else b""
        return Heading(tuple(labels), tuple(counts), max(self.owed, owed))


_ALL = (1 << 8 * MARK) - 1
"""Sums are counted within so many bits."""

_ROW = Struct(f">{f'{MARK}s' * SORTS}{'I' * SORTS}q")
"""Labels, counts, and what is owed."""


def sheet_of(key: str) -> tuple[str, int] | None:
    """Of the key of a claim's row: its sheet's key, and its sort; None where it is of a line."""
    kind, _, rest = key.partition("|")
    if kind != SIGHT:
        return None
    of, sort, _ = rest.rsplit("|", 2)
    return f"{SHEET}|{of}", int(sort)
