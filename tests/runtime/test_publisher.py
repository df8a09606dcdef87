"""What is sent together arrives complete and in the order of its partition, in however many batches it goes."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from schemas.topics import ARTICLES, MAX_MESSAGE
from services.runtime.encoding import Sending
from services.runtime.publisher import MANY, Publisher
from services.runtime.reader import read_all
from tests.conftest import Brokers
from tests.support.kafka import Kafka
from tests.support.streams import prepared


async def test_many_records_arrive_in_the_order_of_their_partitions(brokers: Brokers, tmp_path: Path) -> None:
    settings = await prepared(brokers, tmp_path)
    sent = [Sending(ARTICLES.name, b"book-%d|%d" % (number % 7, number), b"x" * (number % 3_000), None) for number in range(10 * MANY)]
    async with Publisher(settings, "test") as publisher:
        await publisher.send_all(sent)
        await publisher.send_all(sent[: MANY // 2])
    read: dict[int, list[bytes]] = defaultdict(list)
    for record in await read_all(settings, ARTICLES, latest=False):
        read[record.partition].append(record.key or b"")
    assert sum(map(len, read.values())) == 10 * MANY + MANY // 2
    for partition, keys in read.items():
        mine = set(keys)
        expected = [sending.key for sending in [*sent, *sent[: MANY // 2]] if sending.key in mine]
        assert keys == expected, f"partition {partition}"


async def test_the_largest_record_goes_among_many(brokers: Brokers, tmp_path: Path) -> None:
    settings = await prepared(brokers, tmp_path)
    sent = [Sending(ARTICLES.name, b"k%d" % number, b"x", 0) for number in range(MANY)]
    sent.insert(MANY // 2, Sending(ARTICLES.name, b"large", b"x" * (MAX_MESSAGE - 1_000), 0))
    async with Publisher(settings, "test") as publisher:
        await publisher.send_all(sent)
    assert [record.key for record in await read_all(settings, ARTICLES, latest=False)] == [sending.key for sending in sent]


async def test_chosen_partitions_and_tombstones_go_as_they_are(brokers: Brokers, tmp_path: Path) -> None:
    settings = await prepared(brokers, tmp_path)
    sent = [Sending(ARTICLES.name, b"k%d" % number, None if number % 2 else b"x", number % 4) for number in range(MANY)]
    async with Publisher(settings, "test") as publisher:
        await publisher.send_all(sent)
    found = {(record.key, record.value, record.partition) for record in await read_all(settings, ARTICLES, latest=False)}
    assert found == {(sending.key, sending.value, sending.partition) for sending in sent}


@pytest.mark.broker
async def test_if_one_of_many_is_refused_it_is_said(kafka: Kafka, tmp_path: Path) -> None:
    settings = await prepared(Brokers("kafka", kafka.bootstrap), tmp_path)
    sent = [Sending(ARTICLES.name, b"k%d" % number, b"x", None) for number in range(MANY)]
    sent.append(Sending(ARTICLES.name, b"too large", b"x" * (MAX_MESSAGE + 100_000), None))
    async with Publisher(settings, "test") as publisher:
        with pytest.raises(KafkaError):
            await publisher.send_all(sent)


async def test_after_a_gap_in_its_sequence_it_goes_on_as_a_new_producer(kafka: Kafka, tmp_path: Path) -> None:
    """A batch that ran out of time in an outage was numbered: the brokers refuse all that is numbered behind it."""
    settings = await prepared(Brokers("kafka", kafka.bootstrap), tmp_path)
    sent = [Sending(ARTICLES.name, b"k%d" % number, b"x", 0) for number in range(3)]
    async with Publisher(settings, "test") as publisher:
        await publisher.send_all(sent[:1])
        partition = TopicPartition(settings.topic(ARTICLES.name), 0)
        publisher._producer._txn_manager.increment_sequence_number(partition, 5)
        with pytest.raises(KafkaError):
            await publisher.send_all(sent[1:2])
        await publisher.send_all(sent[1:])
    assert [record.key for record in await read_all(settings, ARTICLES, latest=False)] == [b"k0", b"k1", b"k2"]
