"""The dead letters as they stand now, chosen and one by one: there may be a hundred thousand of them, each with its original."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import datetime

from schemas import DeadLetter
from schemas.topics import DEAD_LETTERS

from .known import Known
from .picking import Picking
from .reader import read_each
from .settings import Settings


@dataclass(frozen=True, slots=True)
class Choice:
    """Which dead letters; what is None does not choose."""

    service: str | None = None
    cause: str | None = None
    since: datetime | None = None
    """Written then or later: when a service gave up, which is what an operator looks for, not when the original was written."""
    until: datetime | None = None
    """Written before."""
    picking: Picking | None = None

    def takes(self, letter: DeadLetter, written: datetime) -> bool:
        """Whether a letter that was written at this time is meant."""
        return (
            self.service in (None, letter.service)
            and self.cause in (None, str(letter.cause))
            and (self.since is None or written >= self.since)
            and (self.until is None or written < self.until)
            and (self.picking is None or self.picking.takes(letter.id))
        )


@dataclass(frozen=True, slots=True)
class Found:
    """One dead letter on its topic, and when it was written there."""

    letter: DeadLetter
    written: datetime


@dataclass(slots=True)
class Unread:
    """Records of the topic that are no dead letters: how many were passed over."""

    count: int = 0


async def letters(settings: Settings, choice: Choice, unread: Unread | None = None) -> AsyncGenerator[Found]:
    """The dead letters that are chosen, each once (a repeated one is the same), in order within a partition.

    Raises:
        Stop: the topic is missing.
        aiokafka.errors.KafkaError: the brokers cannot be reached.

    """
    with Known() as known:
        async for record in read_each(settings, DEAD_LETTERS, since=choice.since):
            try:
                letter = DeadLetter.from_bytes(record.value or b"")
            except ValueError:
                if unread is not None:
                    unread.count += 1
                continue
            if choice.takes(letter, record.timestamp) and known.add(letter.id):
                yield Found(letter, record.timestamp)
