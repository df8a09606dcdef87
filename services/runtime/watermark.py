"""The offset that may be committed: the lowest one that is not finished.

A `Watermark` belongs to one partition for as long as one worker holds it. When the partition is given up, or read again from an
earlier offset, a new one takes its place: what is finished on an old one then says nothing about the new, and that is all the
fencing of generations that is needed.
"""

from __future__ import annotations


class Watermark:
    """Which offsets of one partition are unfinished.

    An offset is pending from the moment it is delivered (before it is decoded or queued), and finished only when its handler has
    succeeded and the broker has acknowledged everything that came of it. Offsets that the log skips (compaction, transaction
    marks) are never delivered, and hold nothing back.
    """

    __slots__ = ("_next", "_pending")

    def __init__(self, position: int | None = None) -> None:
        self._pending: dict[int, None] = {}
        self._next = position

    def deliver(self, offset: int) -> bool:
        """Note that an offset was fetched; False if it is an old one come again, which must not be handled once more."""
        if self._next is not None and offset < self._next:
            return False
        self._pending[offset] = None
        self._next = offset + 1
        return True

    def finish(self, offset: int) -> None:
        """Note that an offset is done, and all that came of it acknowledged."""
        self._pending.pop(offset, None)

    @property
    def position(self) -> int | None:
        """The offset to commit: the lowest unfinished, else the next to come; None where nothing is known yet."""
        return next(iter(self._pending), self._next)

    @property
    def unfinished(self) -> int:
        """How many offsets are pending."""
        return len(self._pending)
