"""Keeps the split's rules those that stand on the rules topic, and lets it know how far the observations reach back."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import UTC, datetime

from aiokafka.errors import KafkaError

from schemas import RuleSet
from schemas.topics import OBSERVATIONS, RULES
from services.runtime.logs import logger
from services.runtime.metrics import RULES_LOADED
from services.runtime.process import wall_clock
from services.runtime.reader import follow, reaches_back, read_all
from services.runtime.security import denied
from services.runtime.settings import Settings
from services.stage import Record, Stop

from .stream import Split

log = logger(__name__)

RETRY_EVERY = 1.0
"""Seconds after which brokers that were away are asked again."""

NO_RULES = RuleSet(hash=RuleSet.fingerprint(()), published_at=datetime(1970, 1, 1, tzinfo=UTC))
"""In force where nobody has published any."""


LOOK_EVERY = 300.0
"""Seconds between two looks at how far the observations reach back: retention deletes whole segments, of which each spans days."""


class _Follower(ABC):
    """A part of the service that tells the split something, until it is stopped."""

    def __init__(self, settings: Settings, split: Split) -> None:
        self._settings = settings
        self._split = split
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Follow until stopped; raises what makes following impossible (a missing topic)."""
        following = asyncio.create_task(self._follow())
        stopping = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait([following, stopping], return_when=asyncio.FIRST_COMPLETED)
            if following.done():
                following.result()
        finally:
            following.cancel()
            stopping.cancel()
            await asyncio.gather(following, stopping, return_exceptions=True)

    async def stop(self) -> None:
        """End `run`."""
        self._stopping.set()

    def not_ready(self) -> str | None:
        """Why the split cannot work yet."""
        return None

    def not_alive(self) -> str | None:
        """Following needs nothing that could hang the stream."""
        return None

    @abstractmethod
    async def _follow(self) -> None:
        """Go on telling it, until cancelled."""


class LogFollower(_Follower):
    """Tells the split since when the observations hold all that was written, so that it shows again what they have lost."""

    async def _follow(self) -> None:
        while True:
            try:
                self._split.reaches = await reaches_back(self._settings, OBSERVATIONS, wall_clock())
            except KafkaError as error:
                if (reason := denied(self._settings, error)) is not None:
                    raise Stop(reason) from error
                log.warning("observations.unread", error=f"{type(error).__name__}: {error}")
            await asyncio.sleep(LOOK_EVERY)


class RulesFollower(_Follower):
    """Gives the split the rules in force: first those that stand, then each set that is published.

    A set that cannot be read changes nothing: all or nothing, and what was in force stays in force.
    """

    def not_ready(self) -> str | None:
        """Why no rule is in force yet."""
        return "the rules have not been read" if self._split.rules is None else None

    async def _follow(self) -> None:
        while True:
            try:
                self._take(await read_all(self._settings, RULES))
                if self._split.rules is None:
                    self._put(NO_RULES)
                async for record in follow(self._settings, [RULES], from_beginning=True):
                    self._take([record])
            except KafkaError as error:
                if (reason := denied(self._settings, error)) is not None:
                    raise Stop(reason) from error
                log.warning("rules.unread", error=f"{type(error).__name__}: {error}")
                await asyncio.sleep(RETRY_EVERY)

    def _take(self, records: Sequence[Record]) -> None:
        for record in records:
            if record.value is None:
                continue
            try:
                rules = RuleSet.from_bytes(record.value)
            except ValueError as error:
                log.error("rules.unreadable", offset=record.offset, error=str(error))  # noqa: TRY400  # a trace says nothing more
                continue
            self._put(rules)

    def _put(self, rules: RuleSet) -> None:
        before = self._split.rules
        if before is None or rules.published_at > before.published_at:
            self._split.rules = rules
            RULES_LOADED.set(len(rules.rules))
            log.info("rules.in_force", hash=rules.hash, rules=len(rules.rules))
