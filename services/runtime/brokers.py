"""What the brokers say of themselves: which cluster, which topics, with how many partitions; asked once at start."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from confluent_kafka import KafkaException, TopicCollection
from confluent_kafka.admin import AdminClient

from schemas import Topic
from services.stage import Stop

from .logs import logger
from .settings import Settings

log = logger(__name__)

ASK_TIMEOUT = 5.0
"""Seconds for one question; absent brokers are asked again and again."""

RETRY_EVERY = 1.0
"""Seconds between two questions."""

Identity = dict[str, tuple[str, str, int]]
"""Topic name (as declared) -> id of the cluster, id of the topic (empty where the broker has none), number of partitions."""


async def identify(settings: Settings, topics: Sequence[Topic]) -> Identity:
    """Wait for the brokers, and make sure that the topics are there.

    Raises:
        Stop: topics are missing; the text names them and says how to create them.

    """
    admin = AdminClient({"bootstrap.servers": settings.brokers, "log_level": 0, "socket.timeout.ms": int(ASK_TIMEOUT * 1000)})
    found = None
    while found is None:
        try:
            found = await asyncio.to_thread(admin.list_topics, timeout=ASK_TIMEOUT)
        except KafkaException as error:
            log.warning("brokers.absent", brokers=settings.brokers, error=str(error.args[0]))
            await asyncio.sleep(RETRY_EVERY)
    missing = [settings.topic(topic.name) for topic in topics if settings.topic(topic.name) not in found.topics]
    if missing:
        raise Stop(f"topics are missing on {settings.brokers}: {', '.join(missing)}; create them with `tallywire topics create`")
    cluster = str(found.cluster_id)
    ids = (
        {} if cluster.startswith("mockCluster") else await asyncio.to_thread(_ids, admin, [settings.topic(topic.name) for topic in topics])
    )
    return {
        topic.name: (cluster, ids.get(settings.topic(topic.name), ""), len(found.topics[settings.topic(topic.name)].partitions))
        for topic in topics
    }


def _ids(admin: AdminClient, names: list[str]) -> dict[str, str]:
    """Ids of topics, so that one which was deleted and made again is known as another."""
    described = admin.describe_topics(TopicCollection(names), request_timeout=ASK_TIMEOUT)
    return {name: str(future.result().topic_id) for name, future in described.items()}
