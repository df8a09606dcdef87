"""Asks the leaders of partitions where these end.

By aiokafka: once a leader has changed, librdkafka (2.16) goes on to ask in the name of the one before, is refused (FENCED_LEADER_EPOCH), and
asks again at once, thirty thousand times a second.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from .logs import logger
from .security import connection
from .settings import Settings
from .watchdog import Partition

log = logger(__name__)

ANSWER_WITHIN = 4.0
"""Seconds in which brokers let us in, and then again in which each leader answers, or counts as away."""


async def ends(settings: Settings, partitions: Collection[Partition]) -> Mapping[Partition, int] | None:
    """The offset behind the last record of each partition, without those whose leader does not answer; None where no broker does."""
    consumer = AIOKafkaConsumer(**connection(settings), request_timeout_ms=int(ANSWER_WITHIN * 1000), enable_auto_commit=False)
    try:
        async with asyncio.timeout(ANSWER_WITHIN):
            await consumer.start()
        found = await asyncio.gather(*[_end(consumer, TopicPartition(settings.topic(topic), number)) for topic, number in partitions])
    except (KafkaError, OSError, TimeoutError) as error:
        log.warning("brokers.silent", error=f"{type(error).__name__}: {error}")
        return None
    finally:
        await consumer.stop()
    answers = {partition: end for partition, end in zip(partitions, found, strict=True) if end is not None}
    return answers if answers or not partitions else None


async def _end(consumer: AIOKafkaConsumer, partition: TopicPartition) -> int | None:
    try:
        async with asyncio.timeout(ANSWER_WITHIN):
            end: int = (await consumer.end_offsets([partition]))[partition]
    except (KafkaError, TimeoutError) as error:
        log.warning("leader.silent", topic=partition.topic, partition=partition.partition, error=f"{type(error).__name__}: {error}")
        return None
    return end
