"""Reading topics whole and on and on, the same on both kinds of broker."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from aiokafka.errors import KafkaError

from schemas import FeedState
from schemas.topics import ARTICLES, FEEDS
from services.runtime import reader
from services.runtime.publisher import Publisher
from services.runtime.reader import follow, newest, reaches_back, read_all, read_batches
from services.runtime.settings import Settings
from services.runtime.topics_admin import create, ensure_on_embedded
from services.stage import Output, Record, Stop
from tests.conftest import Brokers
from tests.support.kafka import Kafka
from tests.support.retention import END, truncate

NOW = datetime(2024, 4, 8, 12, tzinfo=UTC)


@pytest.fixture
async def settings(brokers: Brokers) -> Settings:
    settings = Settings(brokers=brokers.bootstrap, prefix=f"t{uuid.uuid4().hex}.")
    await (create(settings, partitions=4) if brokers.kind == "kafka" else ensure_on_embedded(settings))
    return settings


@pytest.fixture
async def publisher(settings: Settings) -> AsyncIterator[Publisher]:
    async with Publisher(settings, "test") as publisher:
        yield publisher


def state(feed: str, failures: int = 0) -> Output:
    return Output(FEEDS, feed, FeedState(feed=feed, polled_at=NOW, failures=failures))


async def test_the_newest_record_of_each_key_is_kept(settings: Settings, publisher: Publisher) -> None:
    await publisher.send([state("a", 1), state("b", 1), state("a", 2), state("c"), Output(FEEDS, "c", None)])
    read = {(record.key or b"").decode(): FeedState.from_bytes(record.value or b"").failures for record in await read_all(settings, FEEDS)}
    assert read == {"a": 2, "b": 1}


async def test_every_record_can_be_read_with_its_tombstones(settings: Settings, publisher: Publisher) -> None:
    await publisher.send([state("a", 1), state("a", 2), Output(FEEDS, "a", None)])
    records = await read_all(settings, FEEDS, latest=False)
    assert [record.value is None for record in records] == [False, False, True]
    assert [record.offset for record in records] == [0, 1, 2]
    assert {record.topic for record in records} == {FEEDS.name}, "names are as declared, without the installation's prefix"


async def test_more_than_one_fetch_is_read_to_the_end(settings: Settings, publisher: Publisher) -> None:
    await publisher.send([state(f"feed-{number}", number) for number in range(3_000)])
    assert len(await read_all(settings, FEEDS)) == 3_000


async def test_how_far_a_topic_reaches_back_is_told_once_something_is_gone(kafka: Kafka) -> None:
    settings = Settings(brokers=kafka.bootstrap, prefix=f"t{uuid.uuid4().hex}.")
    await create(settings, partitions=4)
    begun = datetime.now(UTC)
    async with Publisher(settings, "test") as publisher:
        await publisher.send([replace(state("a", failures), topic=ARTICLES) for failures in (1, 2)])
        (partition,) = {record.partition for record in await read_all(settings, ARTICLES)}
        assert await reaches_back(settings, ARTICLES, NOW) is None
        truncate(settings, ARTICLES, {partition: 1})
        first = await reaches_back(settings, ARTICLES, NOW)
        assert first is not None
        assert begun - timedelta(seconds=1) <= first <= datetime.now(UTC)
        truncate(settings, ARTICLES, {partition: END})
        assert await reaches_back(settings, ARTICLES, NOW) == NOW, "nothing is left of that partition"


async def test_a_share_of_a_topic_is_one_partition_where_both_have_equally_many(settings: Settings, publisher: Publisher) -> None:
    await publisher.send([state(f"feed-{number}") for number in range(40)])
    found = {
        share: {record.partition async for batch in read_batches(settings, FEEDS, share=share) for record in batch}
        for share in ((2, 4), (2, 12))
    }
    assert found == {(2, 4): {2}, (2, 12): {0, 1, 2, 3}}


async def test_a_topic_without_records_is_read_at_once(settings: Settings) -> None:
    async with asyncio.timeout(5):
        assert await read_all(settings, FEEDS) == []


async def test_following_shows_what_comes_and_nothing_older(settings: Settings, publisher: Publisher) -> None:
    await publisher.send([state("old")])
    records = follow(settings, [FEEDS, ARTICLES])
    first = asyncio.ensure_future(anext(records))
    for number in range(100):
        if first.done():
            break
        await publisher.send([state("new", number)])
        await asyncio.sleep(0.05)
    record = await first
    assert (record.topic, record.key) == (FEEDS.name, b"new")
    await records.aclose()


async def test_following_from_the_beginning_shows_all(settings: Settings, publisher: Publisher) -> None:
    await publisher.send([state("a"), state("b")])
    records = follow(settings, [FEEDS], from_beginning=True)
    async with asyncio.timeout(10):
        assert {(await anext(records)).key, (await anext(records)).key} == {b"a", b"b"}
    await records.aclose()


def test_a_key_that_came_back_after_its_tombstone_is_kept() -> None:
    records = [Record("t", 0, offset, b"k", value, NOW) for offset, value in enumerate([b"1", None, b"2"])]
    assert [record.value for record in newest(records)] == [b"2"]


@pytest.mark.broker
async def test_a_missing_topic_is_said_with_what_to_do(kafka: Kafka, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "REQUEST_TIMEOUT_MS", 1_000)
    with pytest.raises(Stop, match="tallywire topics create"):
        await read_all(Settings(brokers=kafka.bootstrap, prefix=f"t{uuid.uuid4().hex}."), FEEDS)


async def test_absent_brokers_are_an_error_and_no_wait_for_ever() -> None:
    with pytest.raises(KafkaError):
        await read_all(Settings(brokers="127.0.0.1:1"), FEEDS)
