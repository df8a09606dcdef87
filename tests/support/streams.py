"""Stages of a few lines and a stream of them in the test's own process, on any broker."""

from __future__ import annotations

import asyncio
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from schemas import Cause, Tick, Topic
from schemas.topics import ARTICLES, CLAIMS, EVENTS, INDICATORS
from services.runtime.encoding import Sending
from services.runtime.process import wall_clock
from services.runtime.publisher import Publisher
from services.runtime.settings import Settings
from services.runtime.stream import Stream
from services.runtime.topics_admin import create, ensure_on_embedded
from services.stage import Invalid, Output, Record, Stage, State
from tests.conftest import Brokers

from .patience import patient

PATIENCE = 45.0
"""Seconds that a flow may take on a busy machine, with a rebalance of the mock cluster in between."""


async def prepared(brokers: Brokers, folder: Path, **changes: object) -> Settings:
    """Settings with a prefix of their own, and its topics made."""
    settings = Settings.model_validate(
        {
            "brokers": brokers.bootstrap,
            "prefix": f"t{uuid.uuid4().hex[:8]}.",
            "state_dir": folder,
            "session_timeout": 6.0,
            "commit_interval": 0.1,
            **changes,
        }
    )
    if brokers.kind == "embedded":
        await ensure_on_embedded(settings)
    else:
        await create(settings, partitions=4)
    return settings


class Passing:
    """Writes each record on under its key; `behave` may raise."""

    name = "test.pass"
    topic: Topic = ARTICLES
    version: int | None = None

    def __init__(self, behave: Callable[[Record], None] = lambda record: None) -> None:
        self._behave = behave
        self.handled: Counter[bytes] = Counter()

    def handle(self, record: Record, state: State) -> Iterable[Output]:
        if record.value == b"bad":
            raise Invalid(Cause.UNDECODABLE, "not an article")
        self._behave(record)
        self.handled[record.key or b""] += 1
        return [Output(EVENTS, (record.key or b"").decode(), Tick(at=datetime(2024, 1, 1, tzinfo=UTC)))]

    def idle(self, partition: int, state: State, now: datetime) -> Iterable[Output]:
        return []

    def current(self, state: State) -> Iterator[Output]:
        return iter(())


class Counting:
    """Counts the records of its partition, and tells the count with each."""

    name = "test.count"
    topic: Topic = CLAIMS

    def __init__(self, version: int = 1) -> None:
        self.version: int | None = version

    def handle(self, record: Record, state: State) -> Iterable[Output]:
        count = int(state.get("count") or 0) + 1
        state.put("count", str(count).encode())
        return [Output(INDICATORS, f"{record.partition}|{count}", Tick(at=datetime(2024, 1, 1, tzinfo=UTC)))]

    def idle(self, partition: int, state: State, now: datetime) -> Iterable[Output]:
        return []

    def current(self, state: State) -> Iterator[Output]:
        yield Output(INDICATORS, "current", Tick(at=datetime(2024, 1, 1, tzinfo=UTC)))


@asynccontextmanager
async def streaming(settings: Settings, stages: Sequence[Stage], clock: Callable[[], datetime] = wall_clock) -> AsyncIterator[Stream]:
    """A running stream that is ready; stopped with the block, and what ended it is raised."""
    async with Publisher(settings, "test") as publisher:
        stream = Stream(settings, "test", stages, publisher, clock)
        running = asyncio.create_task(stream.run())
        try:
            await until(lambda: running.done() or stream.not_ready() is None)
            yield stream
        finally:
            await stream.stop()
            await running


async def until(condition: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Return when the condition holds; fail when it does not within the patience."""
    async with asyncio.timeout(patient(patience)):
        while not condition():  # what is waited for happens elsewhere, often in another process
            await asyncio.sleep(0.02)


async def write(settings: Settings, topic: Topic, records: Iterable[tuple[bytes, bytes | None]]) -> None:
    """Write keys and values to a topic, acknowledged."""
    async with Publisher(settings, "test-writer") as publisher:
        await publisher.send_all([Sending(topic.name, key, value, None) for key, value in records])


async def until_true(condition: Callable[[], Awaitable[bool]], patience: float = PATIENCE) -> None:
    """The same for a condition that has to be asked for."""
    async with asyncio.timeout(patient(patience)):
        while not await condition():  # as above
            await asyncio.sleep(0.2)
