"""However many endpoints want however many alerts, they are scheduled in pieces."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from schemas.topics import ALERTS
from services.notify.delivery.advance import scheduled
from services.notify.delivery.consumers import Scheduler
from services.runtime.process import settle_heap
from services.runtime.publisher import Publisher
from services.runtime.settings import Settings
from services.stage import Output

from .alerts import alert
from .receivers import endpoint

NOW = datetime(2024, 4, 6, tzinfo=UTC)


class Taking(Publisher):
    """Notes how much it was given at once, and reaches no broker."""

    def __init__(self) -> None:
        self.pieces: list[list[Output]] = []

    async def send(self, outputs: Iterable[Output]) -> None:
        self.pieces.append(list(outputs))


class Read:
    """A record as aiokafka gives it."""

    key = b"k"
    partition = 0
    timestamp = 0
    topic = ALERTS.name

    def __init__(self, number: int) -> None:
        self.offset = number
        self.value = alert(number + 1).to_bytes()


class Committing:
    """A consumer of which only commits are wanted."""

    def __init__(self) -> None:
        self.committed: dict[Any, int] = {}

    async def commit(self, offsets: dict[Any, int]) -> None:
        self.committed.update(offsets)


async def test_what_a_thousand_endpoints_want_is_written_in_pieces_while_others_have_their_turn() -> None:
    held = [0.0]

    async def look() -> None:
        while True:
            before = time.thread_time()
            await asyncio.sleep(0)
            held.append(time.thread_time() - before)

    endpoints = {each.id: each for each in (endpoint(f"desk-{number}", "http://127.0.0.1:1/") for number in range(1_000))}
    publisher, consumer = Taking(), Committing()
    scheduler = Scheduler(Settings(), endpoints, publisher, lambda: NOW)
    settle_heap()
    looking = asyncio.create_task(look())
    try:
        await scheduler._handle(consumer, {"partition": [Read(number) for number in range(20)]})
    finally:
        looking.cancel()
        gc.unfreeze()
    told = [output.value for piece in publisher.pieces for output in piece]
    assert max(map(len, publisher.pieces)) < 2_000
    assert told == [scheduled(alert(number + 1), each, NOW) for number in range(20) for each in endpoints]
    assert consumer.committed == {"partition": 20}
    assert max(held) < 0.1, f"{max(held) * 1000:.0f} ms"
