"""When to try again, when to give a message up, and when to stop: the policy, apart from who carries it out.

An unexpected error is tried again in place. A message that still fails is held, uncommitted: if the next one succeeds, the fault was
in the message, and it is dead-lettered; if all fail, the fault is ours (a bad deploy, a full disk), and the service stops before it
drains the topic into the dead letters.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from services.stage import Record, Stop

RETRY_DELAYS = (0.1, 0.5, 2.0)
"""Seconds before the second, third and fourth try: long enough for a passing fault, short enough for the session timeout."""

HOLD = timedelta(seconds=30)
"""How long failed messages wait for another to succeed, when nothing else comes: counted from the last of them, since a run whose
tries take 2.6 s each would else be given up before it is long enough to stop the service."""

T = TypeVar("T")


PANICS = "pyo3_runtime"
"""The module that every panic of a library written in Rust names as its own, whatever the library (PyO3's `PanicException`)."""


class Panicked(Exception):
    """A library panicked over a message: a fault like any other, though raised past every `except Exception`."""


def as_error(raised: BaseException) -> Exception:
    """What a handler raised, as an error to act on.

    Raises:
        BaseException: `raised` itself where it is not about the message: the process ends, or a task is cancelled.

    """
    if isinstance(raised, Exception):
        return raised
    if type(raised).__module__ != PANICS:
        raise raised
    panicked = Panicked(str(raised))
    panicked.__cause__ = raised
    return panicked


class TooMany(Stop):
    """Too many messages in a row failed to be the messages' fault: another start, or another version, may succeed."""


@dataclass(frozen=True, slots=True)
class Held(Generic[T]):
    """A message that failed each try, not yet given up."""

    lane: T
    record: Record
    error: str
    attempts: int
    since: datetime


class Run(Generic[T]):
    """Messages of one stage that failed in a row."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held: list[Held[T]] = []

    def __len__(self) -> int:
        return len(self._held)

    def hold(self, held: Held[T]) -> bool:
        """Keep one more; False when the run has become too long to be the messages' fault."""
        self._held.append(held)
        return len(self._held) < self._limit

    def release(self) -> list[Held[T]]:
        """Another message has succeeded: these are to be given up, oldest first."""
        held, self._held = self._held, []
        return held

    def overdue(self, now: datetime) -> list[Held[T]]:
        """Those to be given up because nothing else came for so long; all or none, so that the order stays."""
        return self.release() if self._held and now - self._held[-1].since >= HOLD else []

    def forget(self, lane: T) -> None:
        """The lane was given up: whoever has it next reads its messages again."""
        self._held = [held for held in self._held if held.lane is not lane]
