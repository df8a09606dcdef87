"""Ours: the stream of `services/runtime` with one stage, as a service runs it."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterable, Iterator
from datetime import datetime

from schemas import Topic
from schemas.topics import ARTICLES, EVENTS
from services.runtime.logs import configure
from services.runtime.process import settle_heap, wall_clock
from services.runtime.publisher import Publisher
from services.runtime.stream import Stream
from services.stage import Output, Record, State

from .handlers import Read
from .task import Task, perform


class Handling:
    """A stage around the handler that every contestant has."""

    name = "bench.read"
    topic: Topic = ARTICLES
    version: int | None = None

    def __init__(self, read: Read) -> None:
        self._read = read

    def handle(self, record: Record, state: State) -> Iterable[Output]:
        """One reading, under the key of its article."""
        reading = self._read(record.value or b"")
        return [Output(EVENTS, reading.article.id, reading)]

    def idle(self, partition: int, state: State, now: datetime) -> Iterable[Output]:
        """Nothing is ever due."""
        return ()

    def current(self, state: State) -> Iterator[Output]:
        """There is no state to tell of."""
        return iter(())


def run(task: Task) -> None:
    """Work until SIGTERM."""
    configure("bench", "WARNING")
    settle_heap()
    asyncio.run(_run(task))


async def _run(task: Task) -> None:
    async with Publisher(task.settings, "bench") as publisher:
        stream = Stream(task.settings, "bench", [Handling(task.read)], publisher, wall_clock)
        running = asyncio.create_task(stream.run())
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, lambda: asyncio.ensure_future(stream.stop()))
        await running


if __name__ == "__main__":
    perform(run)
