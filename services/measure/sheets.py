"""The heading of a sheet: what is kept of all claims of incidents of one book, group and day, so that most of them are never read again.

Claims come in three sorts: `EXACT`, `LOOSE`, and `VAGUE` for all that begin no incident, those that move nothing among them.
"""

from __future__ import annotations

from collections.abc import Sequence
from struct import Struct
from typing import NamedTuple

from .changes import SIGHT
from .entries import SUM, summand_of

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
        *counts, owed = _NUMBERS.unpack_from(row)
        return Heading(_parted(row[_NUMBERS.size :], counts), tuple(counts), owed)

    @property
    def claims(self) -> int:
        """How many claims there are."""
        return sum(self.counts)

    @property
    def row(self) -> bytes:
        """As it stands in the state; empty where there is nothing to keep."""
        if self.owed < 0 and not any(self.counts):
            return b""
        return _NUMBERS.pack(*self.counts, self.owed) + b"".join(self.labels)

    def changed(self, sort: int, row: bytes, by: int, owed: int) -> Heading:
        """The same with a claim, of which this is the row, more or less."""
        labels, counts = list(self.labels), list(self.counts)
        counts[sort] += by
        total = (int.from_bytes(labels[sort]) + by * summand_of(row)) & _ALL
        labels[sort] = total.to_bytes(SUM) if counts[sort] else b""
        return Heading(tuple(labels), tuple(counts), max(self.owed, owed))


_ALL = (1 << 8 * SUM) - 1
"""Sums are counted within so many bits."""

_NUMBERS = Struct(f">{'I' * SORTS}q")
"""How a row begins: counts, and what is owed; then come the sums of which there are any."""


def _parted(sums: bytes, counts: Sequence[int]) -> tuple[bytes, ...]:
    """Sums one behind the other, by sort; empty where there are no claims."""
    parted, at = [], 0
    for count in counts:
        parted.append(sums[at : at + SUM] if count else b"")
        at += SUM if count else 0
    return tuple(parted)


def sheet_of(key: str) -> tuple[str, int] | None:
    """Of the key of a claim's row: its sheet's key, and its sort; None where it is of a line."""
    kind, _, rest = key.partition("|")
    if kind != SIGHT:
        return None
    of, sort, _ = rest.rsplit("|", 2)
    return f"{SHEET}|{of}", int(sort)
