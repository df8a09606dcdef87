"""One at a time, anywhere: a consumer group with one partition to give is a lock that a dead holder lets go of."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError
from aiokafka.structs import OffsetAndMetadata

from schemas.topics import RULES

from .security import connection
from .settings import Settings

SESSION_MS = 6_000
"""After this a holder that is silent is taken for dead: the least that a broker lets be chosen."""

LOOK_EVERY = 0.1
"""Seconds between two looks at whether it is our turn."""

TELL_AFTER = 5.0
"""Seconds without it after which it is said that another has it: joining a group takes some."""


class Lost(Exception):
    """The turn has gone to another, who took this process for dead: nothing more may be done in it."""


class Turn:
    """Ours, until it is lost."""

    def __init__(self, consumer: AIOKafkaConsumer, partition: TopicPartition) -> None:
        self._consumer = consumer
        self._partition = partition

    async def still(self) -> None:
        """Make sure with the brokers that it is still ours: they refuse the commit of one whose place was given away.

        Raises:
            Lost: it is not.

        """
        try:
            await self._consumer.commit({self._partition: OffsetAndMetadata(0, "")})
        except KafkaError as error:
            raise Lost(f"this was taken for dead, and another may be at it ({type(error).__name__}); run it again") from error


@asynccontextmanager
async def turn(settings: Settings, name: str, waiting: Callable[[], None]) -> AsyncIterator[Turn]:
    """Wait until nobody else does what `name` stands for, and keep others from it; `waiting` is called if that takes a while.

    Raises:
        aiokafka.errors.KafkaError: the brokers cannot be reached.

    """
    partition = TopicPartition(settings.topic(RULES.name), 0)  # a topic of one partition, so that one member has it
    consumer = AIOKafkaConsumer(
        partition.topic,
        **connection(settings),
        group_id=settings.group(name),
        enable_auto_commit=False,
        session_timeout_ms=SESSION_MS,
        heartbeat_interval_ms=SESSION_MS // 5,
        max_poll_interval_ms=2**31 - 1,  # it reads nothing, and is alive all the same
    )
    await consumer.start()
    try:
        await _ours(consumer, partition, waiting)
        consumer.pause(partition)
        yield Turn(consumer, partition)
    finally:
        await consumer.stop()


async def _ours(consumer: AIOKafkaConsumer, partition: TopicPartition, waiting: Callable[[], None]) -> None:
    loop = asyncio.get_running_loop()
    tell_at: float | None = loop.time() + TELL_AFTER
    while partition not in consumer.assignment():
        if tell_at is not None and loop.time() > tell_at:
            waiting()
            tell_at = None
        await asyncio.sleep(LOOK_EVERY)
