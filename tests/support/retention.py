"""What retention does, at once: the head of a partition is deleted."""

from __future__ import annotations

from collections.abc import Mapping

from confluent_kafka import TopicPartition
from confluent_kafka.admin import AdminClient

from schemas import Topic
from services.runtime.settings import Settings

END = -1
"""All that stands in a partition."""


def truncate(settings: Settings, topic: Topic, before: Mapping[int, int]) -> dict[int, int]:
    """Delete what lies before an offset, by partition; where each begins then."""
    admin = AdminClient({"bootstrap.servers": settings.brokers, "log_level": 0})
    wanted = [TopicPartition(settings.topic(topic.name), partition, offset) for partition, offset in before.items()]
    return {tp.partition: future.result().low_watermark for tp, future in admin.delete_records(wanted).items()}
