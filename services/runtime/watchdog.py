"""Lag without progress ends the process: a stream that hangs must not look healthy.

It is no hang while brokers are away, while a downstream that is named holds the stream back, or while the log is folded again
(that is progress). Pure: who asks the brokers passes in what they said, and the time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Partition = tuple[str, int]


class Stalled(Exception):
    """A partition has lag, and has not moved for too long, or is held by nobody; the text names it."""


@dataclass(frozen=True, slots=True)
class Group:
    """A consumer group as the brokers see it."""

    name: str
    stable: bool
    state: str
    """In the brokers' word."""
    held: Mapping[str, frozenset[Partition]]
    """Client's id -> the partitions that are its."""

    def amiss(self, client: str, partitions: frozenset[Partition]) -> str | None:
        """What keeps `client`, who has none, from having any of these partitions; None where others hold all of them."""
        if not self.stable:
            return f"the group {self.name} is {self.state}"
        if ours := self.held.get(client):
            return f"the group {self.name} has given this process {_first(ours)}, which has not taken it"
        if unheld := partitions.difference(*self.held.values()):
            return f"nobody in the group {self.name} holds {_first(unheld)}"
        return None


def _first(partitions: frozenset[Partition]) -> str:
    topic, number = min(partitions)
    return f"{topic}[{number}]" + (f" and {len(partitions) - 1} more" if len(partitions) > 1 else "")


class Watchdog:
    """Remembers how far each partition was, and since when."""

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout
        self._seen: dict[Partition, tuple[int | None, float]] = {}
        self._since: dict[str, float] = {}

    def look(
        self, now: float, positions: Mapping[Partition, int | None], ends: Mapping[Partition, int] | None, waiting_for: str | None
    ) -> None:
        """Compare with the last look. `ends` is None while the brokers do not answer, and lacks partitions whose leader does not.

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

    def complain(self, now: float, what: str, reason: str | None, patience: float = 0.0) -> None:
        """The same for what has no position: `reason` says why something is not as it should be, None that it is.

        Raises:
            Stalled: it has not been for the timeout and `patience`, whatever the reasons.

        """
        if reason is None:
            self._since.pop(what, None)
        elif now - self._since.setdefault(what, now) >= self._timeout + patience:
            raise Stalled(f"{what} for {now - self._since[what]:.0f} s: {reason}; the process ends to be started again")
