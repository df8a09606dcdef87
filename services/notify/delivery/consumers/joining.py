"""What both consumers do alike: their options, belonging to a group while brokers come and go, dead letters, and pauses that a stop ends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime
from typing import Any, Final

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError

from schemas import Cause, DeadLetter
from schemas.topics import DEAD_LETTERS
from services.runtime.leaving import ended
from services.runtime.logs import logger
from services.runtime.membership import superseded
from services.runtime.security import connection, denied
from services.runtime.settings import Settings
from services.runtime.watch import client_id
from services.stage import Output, Stop

log = logger(__name__)

JOIN_PAUSE: Final = 1.0
"""Seconds between two tries to reach brokers that are away."""

STOP_WITHIN: Final = 5.0
"""Seconds in which work may end by itself after a stop: an attempt under way has three of them."""

LEAVE_WITHIN: Final = 2.0
"""Seconds in which a consumer may leave its group; where brokers are away it cannot, and the session ends by itself."""


def options(settings: Settings, group: str) -> dict[str, Any]:
    """How a consumer of ours joins its group: nothing is committed but by hand."""
    return {
        **connection(settings),
        "group_id": settings.group(group),
        "group_instance_id": settings.instance,
        "client_id": client_id(group),
        "enable_auto_commit": False,
        "auto_offset_reset": "earliest",
        "session_timeout_ms": int(settings.session_timeout * 1000),
        "heartbeat_interval_ms": int(settings.session_timeout * 250),
        "fetch_max_wait_ms": int(settings.fetch_wait * 1000),
    }


async def consume(
    settings: Settings, make: Callable[[], AIOKafkaConsumer], work: Callable[[AIOKafkaConsumer], Awaitable[None]], stopping: asyncio.Event
) -> None:
    """Work as a member of a group until told to stop; after an error of the brokers' join again, with a new consumer.

    Raises:
        Stop: the brokers do not let us.
        Superseded: another process has taken our place in the group.

    """
    while not stopping.is_set():
        consumer = make()
        try:
            await _within(_belong(consumer, work), stopping)
        except KafkaError as error:  # a consumer that has failed cannot be started again
            if (reason := denied(settings, error)) is not None:
                raise Stop(reason) from error
            if (taken := superseded(error)) is not None:
                raise taken from error
            log.warning("brokers.absent", error=type(error).__name__)
        finally:
            await ended(consumer.stop(), LEAVE_WITHIN)
        await pause(stopping, JOIN_PAUSE)


async def _belong(consumer: AIOKafkaConsumer, work: Callable[[AIOKafkaConsumer], Awaitable[None]]) -> None:
    await consumer.start()
    await work(consumer)


async def _within(work: Coroutine[Any, Any, None], stopping: asyncio.Event) -> None:
    """Do work that ends by itself when told to stop; where brokers are away it may not, and is broken off after a while."""
    task = asyncio.create_task(work)
    stop = asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.wait({task}, timeout=STOP_WITHIN)
    finally:
        stop.cancel()
        task.cancel()
        await asyncio.wait({task})
    if not task.cancelled():
        task.result()


async def pause(stopping: asyncio.Event, seconds: float) -> bool:
    """Wait so long, or until told to stop: then True."""
    try:
        await asyncio.wait_for(stopping.wait(), seconds)
    except TimeoutError:
        return False
    return True


def dead_letter(settings: Settings, record: Any, cause: Cause, detail: str) -> Output:
    """The dead letter of a record that aiokafka has read."""
    letter = DeadLetter.of_record(
        "notify",
        cause,
        detail,
        topic=record.topic.removeprefix(settings.prefix),
        partition=record.partition,
        offset=record.offset,
        key=record.key,
        value=record.value,
        attempts=1,
        at=datetime.fromtimestamp(record.timestamp / 1000, UTC),
    )
    return Output(DEAD_LETTERS, (record.key or b"").decode(errors="replace"), letter)
