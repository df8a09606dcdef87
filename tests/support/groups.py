"""How far consumer groups are behind the ends of what they read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from schemas.topics import Topic
from services.runtime.settings import Settings


async def behind(settings: Settings, groups: Mapping[str, Sequence[Topic]]) -> dict[str, int]:
    """Group -> records between its committed offsets and the ends of its topics."""
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.brokers)
    consumer = AIOKafkaConsumer(bootstrap_servers=settings.brokers)
    await admin.start()
    await consumer.start()
    try:
        lags = {}
        for group, topics in groups.items():
            names = [settings.topic(topic.name) for topic in topics]
            partitions = [TopicPartition(name, number) for name in names for number in range(4)]
            ends = await consumer.end_offsets(partitions)
            offsets = await admin.list_consumer_group_offsets(settings.group(group), partitions=partitions)
            lags[group] = sum(max(0, end - max(0, offsets[tp].offset if tp in offsets else 0)) for tp, end in ends.items())
        return lags
    finally:
        await consumer.stop()
        await admin.close()
