"""The embedded broker speaks Kafka's protocol from a process of its own, and goes when it is no longer wanted."""

from __future__ import annotations

import subprocess
import sys

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaConnectionError

from schemas import TOPICS
from services.runtime.settings import Settings
from services.runtime.topics_admin import ensure_on_embedded
from services.up.broker import embedded


async def test_it_takes_and_gives_records_on_every_topic() -> None:
    async with embedded() as bootstrap:
        settings = Settings(brokers=bootstrap)
        await ensure_on_embedded(settings)
        async with AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", enable_idempotence=True) as producer:
            for topic in TOPICS:
                await producer.send_and_wait(settings.topic(topic.name), b"value", partition=3)
        async with AIOKafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest", enable_auto_commit=False) as consumer:
            consumer.assign([TopicPartition(settings.topic(topic.name), 3) for topic in TOPICS])
            read = {(await consumer.getone()).topic for _ in TOPICS}
    assert read == {topic.name for topic in TOPICS}


async def test_it_ends_with_its_block() -> None:
    async with embedded() as bootstrap:
        pass
    with pytest.raises(KafkaConnectionError):
        await AIOKafkaProducer(bootstrap_servers=bootstrap).start()


def test_it_ends_when_its_parent_is_gone() -> None:
    broker = subprocess.Popen([sys.executable, "-m", "services.up.broker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert broker.stdin is not None
    assert broker.stdout is not None
    assert broker.stdout.readline().startswith(b"127.0.0.1:")
    broker.stdin.close()
    assert broker.wait(10) == 0
