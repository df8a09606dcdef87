"""The topics as they are declared, made and compared on a broker."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from schemas import TOPICS, Topic
from schemas.topics import PARTITIONS

from .security import connection, refusal
from .settings import Settings

REPLICATION = 3
"""Copies of each record where the cluster has that many brokers: one may die, and another be under repair."""

REQUEST_TIMEOUT_MS = 15_000
"""Creating a dozen topics takes a second; a broker that needs longer than this is in trouble."""

LEADERS_WITHIN = 15.0
"""Seconds until every partition of a new topic has a leader."""

COMPARED = ("cleanup.policy", "retention.ms", "min.compaction.lag.ms", "max.message.bytes")
"""Settings whose drift loses records or refuses them."""

Outcome = Literal["created", "was there"]


class TopicsRefused(Exception):
    """The broker could not be asked, or would not make a topic; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Made:
    """What `create` did for one topic."""

    topic: str
    outcome: Outcome
    partitions: int


@dataclass(frozen=True, slots=True)
class Difference:
    """One way in which a topic on the broker is not as it is declared."""

    topic: str
    what: str
    """What differs, from what to what, and what to do."""


def partitions_of(topic: Topic, override: int | None) -> int:
    """How many partitions a topic gets: an override concerns those that are spread, never those of one partition."""
    return override if override is not None and topic.partitions == PARTITIONS else topic.partitions


async def create(settings: Settings, *, partitions: int | None = None, replication: int | None = None) -> list[Made]:
    """Make every topic that is not there; those that are there are left alone (`check` compares them).

    Raises:
        TopicsRefused: the broker does not answer or refuses.

    """
    async with _admin(settings) as admin:
        brokers = len((await admin.describe_cluster())["brokers"])
        copies = replication or min(REPLICATION, brokers)
        if copies > brokers:
            raise TopicsRefused(f"a replication factor of {copies} needs as many brokers, and the cluster has {brokers}")
        response = await admin.create_topics([_new(settings, topic, partitions_of(topic, partitions), copies) for topic in TOPICS])
        made = [_made(topic, error) for topic, error in zip(TOPICS, response.topic_errors, strict=True)]
        await _await_leaders(admin, [settings.topic(topic.name) for topic in TOPICS])
    return [
        Made(settings.topic(topic.name), outcome, partitions_of(topic, partitions)) for topic, outcome in zip(TOPICS, made, strict=True)
    ]


async def check(settings: Settings, *, partitions: int | None = None) -> list[Difference]:
    """In what the topics on the broker differ from what is declared; empty when in nothing.

    Raises:
        TopicsRefused: the broker does not answer.

    """
    names = [settings.topic(topic.name) for topic in TOPICS]
    async with _admin(settings) as admin:
        described = {each["topic"]: each for each in await admin.describe_topics(names)}
        there = [topic for topic in TOPICS if not described.get(settings.topic(topic.name), {"error_code": 3})["error_code"]]
        configs = await _configs(admin, [settings.topic(topic.name) for topic in there])
    found: list[Difference] = []
    for topic, name in zip(TOPICS, names, strict=True):
        if topic not in there:
            found.append(Difference(name, "is not there: run `tallywire topics create`"))
            continue
        found += compare(topic, name, len(described[name]["partitions"]), configs[name], partitions_of(topic, partitions))
    return found


def compare(topic: Topic, name: str, partitions: int, config: dict[str, str], expected: int) -> list[Difference]:
    """In what one topic differs: pure, so that the words can be tested without a broker."""
    found = []
    if partitions != expected:
        found.append(
            Difference(
                name,
                f"has {partitions} partitions instead of {expected}: keys ({topic.key}) lie elsewhere now, so that state no longer "
                "meets its records; copy it to a new topic of the right count and replay, never only add partitions",
            )
        )
    for setting in COMPARED:
        declared, actual = topic.config.get(setting), config.get(setting)
        if declared is not None and actual is not None and _normal(declared) != _normal(actual):
            change = f"kafka-configs.sh --alter --entity-type topics --entity-name {name} --add-config {setting}=[{declared}]"
            found.append(Difference(name, f"has {setting}={actual} instead of {declared}: {change}"))
    return found


async def ensure_on_embedded(settings: Settings) -> None:
    """Make every topic on the embedded broker, which has no admin API: asking for a topic's metadata makes it there.

    Raises:
        TopicsRefused: the broker does not answer.

    """
    producer = AIOKafkaProducer(**connection(settings), request_timeout_ms=REQUEST_TIMEOUT_MS)
    try:
        await producer.start()
        for topic in TOPICS:
            await producer.partitions_for(settings.topic(topic.name))
    except KafkaError as error:
        raise TopicsRefused(_unreachable(settings, error)) from error
    finally:
        await producer.stop()


async def delete(settings: Settings) -> None:
    """Remove every topic of this prefix, with all that is on it; for demonstrations, which own their prefix.

    Raises:
        TopicsRefused: there is no prefix, or the broker does not answer.

    """
    if not settings.prefix:
        raise TopicsRefused("topics without a prefix are not a demonstration's to delete")
    async with _admin(settings) as admin:
        await admin.delete_topics([settings.topic(topic.name) for topic in TOPICS])


@contextlib.asynccontextmanager
async def _admin(settings: Settings) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(**connection(settings), client_id="tallywire-topics", request_timeout_ms=REQUEST_TIMEOUT_MS)
    try:
        try:
            await admin.start()
            yield admin
        except KafkaError as error:
            why = await refusal(settings)
            raise TopicsRefused(_unreachable(settings, error) if why is None else why.reason) from error
    finally:
        await admin.close()


def _unreachable(settings: Settings, error: KafkaError) -> str:
    return f"no answer from Kafka at {settings.brokers} ({type(error).__name__}): start it, or set TALLYWIRE_BROKERS to where it is"


def _new(settings: Settings, topic: Topic, partitions: int, copies: int) -> NewTopic:
    config = dict(topic.config)
    if copies >= REPLICATION:
        config["min.insync.replicas"] = str(copies - 1)
    return NewTopic(settings.topic(topic.name), partitions, copies, topic_configs=config)


def _made(topic: Topic, error: Sequence[Any]) -> Outcome:
    _, code, message = error
    if not code:
        return "created"
    if code == TopicAlreadyExistsError.errno:
        return "was there"
    raise TopicsRefused(f"the broker refuses {topic.name}: {message or for_code(code).__name__}")


async def _await_leaders(admin: AIOKafkaAdminClient, names: list[str]) -> None:
    deadline = asyncio.get_running_loop().time() + LEADERS_WITHIN
    while any(
        topic["error_code"] or any(partition["leader"] < 0 for partition in topic["partitions"])
        for topic in await admin.describe_topics(names)
    ):
        if asyncio.get_running_loop().time() > deadline:
            raise TopicsRefused(f"the topics were made, but some partitions have no leader after {LEADERS_WITHIN:.0f} s")
        await asyncio.sleep(0.1)


async def _configs(admin: AIOKafkaAdminClient, names: list[str]) -> dict[str, dict[str, str]]:
    if not names:
        return {}
    asked = [ConfigResource(ConfigResourceType.TOPIC, name, configs=dict.fromkeys(COMPARED)) for name in names]
    found: dict[str, dict[str, str]] = {}
    for response in await admin.describe_configs(asked):
        for _, _, _, name, entries, *_ in response.resources:
            found[name] = {entry[0]: entry[1] for entry in entries}
    return found


def _normal(value: str) -> frozenset[str]:
    return frozenset(part.strip() for part in value.split(","))
