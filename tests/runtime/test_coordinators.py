"""What a group's coordinator says of it, on real Kafka; and that nothing is said where brokers are away or cannot say."""

from __future__ import annotations

import uuid

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from services.runtime import coordinators
from services.runtime.settings import Settings
from services.runtime.topics_admin import create
from tests.support.kafka import Kafka, bound
from tests.support.mock_broker import MockBroker

TOPIC = "tallywire.articles.v1"


@pytest.fixture
async def settings(kafka: Kafka) -> Settings:
    found = Settings(brokers=kafka.bootstrap, prefix=f"t{uuid.uuid4().hex[:8]}.")
    await create(found, partitions=2)
    return found


async def test_it_says_who_holds_what_and_what_is_committed(settings: Settings) -> None:
    name = settings.topic(TOPIC)
    consumer = AIOKafkaConsumer(
        name, bootstrap_servers=settings.brokers, group_id=settings.group("extract"), client_id="somebody", enable_auto_commit=False
    )
    await consumer.start()
    try:
        await consumer.commit({TopicPartition(name, 1): 7})
        group = await coordinators.group(settings, "extract")
        committed = await coordinators.committed(settings, "extract", [(TOPIC, 0), (TOPIC, 1)])
    finally:
        await consumer.stop()
    assert group is not None
    assert group.stable
    assert group.held == {"somebody": frozenset({(TOPIC, 0), (TOPIC, 1)})}
    assert committed == {(TOPIC, 0): 0, (TOPIC, 1): 7}


async def test_a_group_that_nobody_has_joined_holds_nothing(settings: Settings) -> None:
    group = await coordinators.group(settings, "measure")
    assert group is not None
    assert not group.stable
    assert not group.held


async def test_brokers_that_are_away_say_nothing() -> None:
    with bound() as free:  # nobody listens there
        settings = Settings(brokers="{}:{}".format(*free.getsockname()))
        assert await coordinators.group(settings, "extract") is None
        assert await coordinators.committed(settings, "extract", [(TOPIC, 0)]) is None


async def test_the_embedded_broker_cannot_say_who_holds_what(mock_broker: MockBroker) -> None:
    settings = Settings(brokers=mock_broker.bootstrap)
    assert await coordinators.group(settings, "extract") is None
