"""What was fetched from one partition and waits to be folded: bounded, so that a slow stage pauses fetching and does not fill memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from services.stage import Record

ROOM_RECORDS = 1_000
"""Records waiting, from which on nothing more is fetched: some twenty milliseconds of the quickest stage, so that it never runs dry."""

ROOM_BYTES = 4 * 1024 * 1024
"""Bytes waiting, likewise: two of the largest records. What one fetch brings may go beyond, and is bounded by the fetch's own size."""


class Inbox:
    """Records in the order of their offsets; the first stays until it is dropped, so that it counts while it is tried again."""

    __slots__ = ("_waiting", "size")

    def __init__(self) -> None:
        self._waiting: deque[Record] = deque()
        self.size = 0
        """Bytes that wait."""

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def has_room(self) -> bool:
        """Whether more may be fetched."""
        return len(self._waiting) < ROOM_RECORDS and self.size < ROOM_BYTES

    @property
    def first(self) -> Record:
        """The record to fold next; there must be one."""
        return self._waiting[0]

    def put(self, records: Iterable[Record]) -> None:
        """Add what was fetched, however much it is."""
        for record in records:
            self._waiting.append(record)
            self.size += _size(record)

    def drop(self) -> None:
        """Let go of the first: it is folded, buried or held."""
        self.size -= _size(self._waiting.popleft())

    def clear(self) -> None:
        """Let go of all."""
        self._waiting.clear()
        self.size = 0


def _size(record: Record) -> int:
    return len(record.key or b"") + len(record.value or b"")
