"""The brokers that other tests stand on really are there."""

from __future__ import annotations

import uuid

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from tests.conftest import Brokers
from tests.support.kafka import missing


async def test_what_is_sent_can_be_read_back(brokers: Brokers) -> None:
    topic = f"test-{uuid.uuid4().hex}"
    if brokers.kind == "kafka":
        admin = AIOKafkaAdminClient(bootstrap_servers=brokers.bootstrap)
        await admin.start()
        await admin.create_topics([NewTopic(topic, num_partitions=2, replication_factor=1)])
        await admin.close()
    async with AIOKafkaProducer(bootstrap_servers=brokers.bootstrap, acks="all", enable_idempotence=True) as producer:
        await producer.send_and_wait(topic, b"value", key=b"key", partition=0)
    async with AIOKafkaConsumer(bootstrap_servers=brokers.bootstrap, auto_offset_reset="earliest", enable_auto_commit=False) as consumer:
        consumer.assign([TopicPartition(topic, 0)])
        record = await consumer.getone()
    assert (record.key, record.value) == (b"key", b"value")


def test_absent_tools_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TALLYWIRE_TEST_BROKERS", raising=False)
    monkeypatch.setenv("PATH", "")
    assert "openjdk-17-jre-headless" in (missing() or "")


def test_a_named_cluster_needs_no_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TALLYWIRE_TEST_BROKERS", "127.0.0.1:1")
    monkeypatch.setenv("PATH", "")
    assert missing() is None
