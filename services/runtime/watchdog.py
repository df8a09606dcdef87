"""Lag without progress ends the process: a stream that hangs must not look healthy.

It is no hang while brokers are away, while a downstream that is named holds the stream back, or while the log is folded again
(that is progress). Pure: who asks the brokers passes in what they said, and the time.
"""

from __future__ import annotations

from collections.abc import Mapping

Partition = tuple[str, int]


class Stalled(Exception):
    """A partition has lag, and has not moved for too long; the text names it."""


class Watchdog:
    """Remembers how far each partition was, and since when."""

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout
        self._seen: dict[Partition, tuple[int | None, float]] = {}

    def look(
        self, now: float, positions: Mapping[Partition, int | None], ends: Mapping[Partition, int] | None, waiting_for: str | None
    ) -> None:
        """Compare with the last look. `ends` is None while the brokers do not answer.

        Raises:
            Stalled: a partition has lag and has not moved for the timeout, with nobody else to blame.

        """
        seen, self._seen = self._seen, {}
        for partition, position in positions.items():
            before, since = seen.get(partition, (None, now))
            moved = partition not in seen or before != position
            excused = ends is None or waiting_for is not None or (position or 0) >= ends.get(partition, 0)
            self._seen[partition] = (position, now if moved or excused else since)
            if not (moved or excused) and now - since >= self._timeout:
                topic, number = partition
                lag = ends[partition] - (position or 0) if ends else 0
                raise Stalled(
                    f"{topic}[{number}] has stood at {position} for {now - since:.0f} s with {lag:,} messages to go; the process ends to be started again"
                )
