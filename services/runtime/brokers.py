"""What the brokers say of themselves and of us: which cluster, which topics, and what we may do there; asked once at start."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence

from confluent_kafka import KafkaError, KafkaException, TopicCollection
from confluent_kafka.admin import AdminClient
from confluent_kafka.admin._acl import AclOperation

from schemas import Topic
from services.stage import Stop

from .access import ROLES
from .logs import logger
from .security import librdkafka, user_of
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
    admin = _admin(settings)
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


async def admit(settings: Settings, service: str) -> None:
    """Make sure, before anything is read, that a service's user may do all that it does; asked again while brokers do not answer.

    Raises:
        Stop: it may not; the text names each operation and topic.

    """
    access = ROLES.get(service)
    if access is None or settings.security_protocol == "PLAINTEXT":
        return
    wanted = [
        (settings.topic(topic.name), operation) for operation in ("Read", "Write") for topic in getattr(access, f"{operation.lower()}s")
    ]
    groups = [settings.group(group) for group in access.groups]
    admin = _admin(settings)
    while True:
        try:
            lacking = await asyncio.to_thread(lambda: [*_lacking_topics(admin, wanted), *_lacking_groups(admin, groups)])
        except KafkaException as error:
            log.warning("brokers.absent", brokers=settings.brokers, error=str(error.args[0]))
            await asyncio.sleep(RETRY_EVERY)
            continue
        if lacking:
            raise Stop(f"{user_of(settings)} lacks ACLs, which `tallywire topics create --acls` gives: {'; '.join(lacking)}")
        return


def _admin(settings: Settings) -> AdminClient:
    return AdminClient({**librdkafka(settings), "socket.timeout.ms": int(ASK_TIMEOUT * 1000)})


def _lacking_topics(admin: AdminClient, wanted: Sequence[tuple[str, str]]) -> Iterator[str]:
    """What may not be done of what is wanted (topic, operation); a topic that is missing is another's to say."""
    names = sorted({name for name, _ in wanted})
    described = admin.describe_topics(TopicCollection(names), include_authorized_operations=True, request_timeout=ASK_TIMEOUT)
    for name, operation in wanted:
        try:
            allowed = described[name].result().authorized_operations or ()
        except KafkaException as error:
            code = error.args[0].code()
            if code == KafkaError.TOPIC_AUTHORIZATION_FAILED:
                yield f"{operation} topic {name}"
            elif code != KafkaError.UNKNOWN_TOPIC_OR_PART:
                raise
        else:
            if AclOperation[operation.upper()] not in allowed:
                yield f"{operation} topic {name}"


def _lacking_groups(admin: AdminClient, names: Sequence[str]) -> Iterator[str]:
    """Groups that may not be joined; of one that does not exist yet, Kafka says only whether it may be seen."""
    if not names:
        return
    described = admin.describe_consumer_groups(list(names), include_authorized_operations=True, request_timeout=ASK_TIMEOUT)
    for name, future in described.items():
        try:
            allowed = future.result().authorized_operations
        except KafkaException as error:
            code = error.args[0].code()
            if code == KafkaError.GROUP_AUTHORIZATION_FAILED:
                yield f"Read group {name}"
            elif code != KafkaError.GROUP_ID_NOT_FOUND:
                raise
        else:
            if allowed and AclOperation.READ not in allowed:
                yield f"Read group {name}"
