"""Asks the coordinator of a consumer group about it.

By aiokafka: where the network fails at the wrong moment, librdkafka (2.16) aborts the whole process in its own requests to coordinators.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeVar

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.coordinator.protocol import ConsumerProtocolMemberAssignment
from aiokafka.errors import KafkaError

from .logs import logger
from .security import connection
from .settings import Settings
from .watchdog import Group, Partition

log = logger(__name__)

T = TypeVar("T")

ANSWER_WITHIN = 8.0
"""Seconds in which brokers answer, or count as away: finding the coordinator, connecting to it, and asking it."""

STABLE = "Stable"
"""State of a group that has shared out its partitions, in the brokers' word."""


async def group(settings: Settings, name: str) -> Group | None:
    """Who holds what in a consumer group; None from brokers that do not answer, or cannot say (the embedded one)."""
    answer = await _ask(settings, lambda admin: admin.describe_consumer_groups([settings.group(name)]))
    if answer is None:
        return None
    _, _, state, _, _, members, *_ = answer[0].groups[0]
    held: dict[str, frozenset[Partition]] = {
        client: _held(assignment, len(settings.prefix)) for _, client, _, _, assignment in members if assignment
    }
    return Group(name, state == STABLE, state.lower(), held)


def _held(assignment: bytes, prefix: int) -> frozenset[Partition]:
    shared = ConsumerProtocolMemberAssignment.decode(assignment).assignment
    return frozenset((topic[prefix:], number) for topic, numbers in shared for number in numbers)


async def committed(settings: Settings, name: str, partitions: Sequence[Partition]) -> Mapping[Partition, int] | None:
    """The offset that a group has committed of each partition, 0 where none; None from brokers that do not answer."""
    asked = {TopicPartition(settings.topic(topic), number): (topic, number) for topic, number in partitions}
    answer = await _ask(settings, lambda admin: admin.list_consumer_group_offsets(settings.group(name), partitions=list(asked)))
    return None if answer is None else {asked[each]: max(0, found.offset) for each, found in answer.items() if each in asked}


async def _ask(settings: Settings, question: Callable[[AIOKafkaAdminClient], Awaitable[T]]) -> T | None:
    """The answer to one question, by a client made for it."""
    admin = AIOKafkaAdminClient(**connection(settings), request_timeout_ms=int(ANSWER_WITHIN * 1000))
    try:
        async with asyncio.timeout(ANSWER_WITHIN):
            await admin.start()
            return await question(admin)
    except (KafkaError, OSError, TimeoutError) as error:
        log.warning("brokers.silent", error=f"{type(error).__name__}: {error}")
        return None
    finally:
        await admin.close()
