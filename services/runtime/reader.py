"""Reads topics from outside any consumer group: whole, as they stand now, or on and on as records come."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import UnknownTopicOrPartitionError

from schemas import Topic
from services.stage import Record, Stop

from .leaving import ended
from .security import connection
from .settings import Settings

REQUEST_TIMEOUT_MS = 10_000
"""How long a topic may be unknown before it counts as missing; a broker under load answers well within it."""

POLL_MS = 200
"""How long one look waits for records: short, so that the end of a topic is noticed soon."""

MAX_RECORDS = 500
"""Records taken from the client at once."""


async def read_all(settings: Settings, topic: Topic, *, latest: bool = True) -> list[Record]:
    """What stands on a topic now, by partition and offset; in memory, so for topics that are compacted or short.

    With `latest` the newest record of each key, without tombstones; otherwise every record, tombstones included.

    Raises:
        Stop: the topic is missing; the text says how to create it.
        aiokafka.errors.KafkaError: the brokers cannot be reached.

    """
    records = [record async for record in read_each(settings, topic)]
    records.sort(key=lambda record: (record.partition, record.offset))
    return newest(records) if latest else records


async def read_each(settings: Settings, topic: Topic, *, since: datetime | None = None) -> AsyncGenerator[Record]:
    """What stands on a topic now, record by record, in order within a partition; of any length, since nothing is kept.

    With `since`, a partition begins at its first record that was written then or later, where the broker can tell; some behind it may be older.

    Raises:
        Stop: the topic is missing; the text says how to create it.
        aiokafka.errors.KafkaError: the brokers cannot be reached.

    """
    async with aclosing(read_batches(settings, topic, since=since)) as batches:
        async for batch in batches:
            for record in batch:
                yield record


async def read_batches(
    settings: Settings, topic: Topic, *, since: datetime | None = None, share: tuple[int, int] | None = None
) -> AsyncGenerator[list[Record]]:
    """The same as it comes, some hundred records of one partition at once.

    With `share`, a partition of another topic and how many that has, partitions are left out that cannot hold a key of it: all others, where
    both topics have equally many.
    """
    async with _assigned(settings, [topic], from_beginning=True, share=share) as consumer:
        ends = {tp: end for tp, end in (await consumer.end_offsets(sorted(consumer.assignment()))).items() if end > 0}
        if since is not None and ends:
            firsts = await consumer.offsets_for_times(dict.fromkeys(ends, 0))
            for tp, found in (await consumer.offsets_for_times(dict.fromkeys(ends, int(since.timestamp() * 1000)))).items():
                if firsts.get(tp) is not None:  # the embedded broker cannot find by time: all is read
                    consumer.seek(tp, ends[tp] if found is None else found.offset)
        while unread := [tp for tp, end in ends.items() if await consumer.position(tp) < end]:
            for tp, batch in (await consumer.getmany(*unread, timeout_ms=POLL_MS, max_records=MAX_RECORDS)).items():
                yield [_record(settings, raw) for raw in batch if raw.offset < ends[tp]]


async def reaches_back(settings: Settings, topic: Topic, now: datetime) -> datetime | None:
    """Since when all that was written to a topic stands there, in every partition; None where nothing is gone, or the broker cannot tell.

    Of a partition of which nothing is left, that is now.

    Raises:
        Stop: the topic is missing; the text says how to create it.
        aiokafka.errors.KafkaError: the brokers cannot be reached.

    """
    async with _assigned(settings, [topic], from_beginning=True) as consumer:
        partitions = sorted(consumer.assignment())
        begins, ends = await consumer.beginning_offsets(partitions), await consumer.end_offsets(partitions)
        cut = [tp for tp in partitions if begins[tp] > 0]
        firsts = await consumer.offsets_for_times(dict.fromkeys(cut, 0)) if cut else {}
    left = [datetime.fromtimestamp(first.timestamp / 1000, UTC) for first in firsts.values() if first is not None]
    return max([*left, *(now for tp in cut if begins[tp] >= ends[tp])], default=None)


async def follow(settings: Settings, topics: Sequence[Topic], *, from_beginning: bool = False) -> AsyncGenerator[Record]:
    """Records of topics as they come, for ever; in order within a partition, and from now on unless from the beginning.

    Outages of the brokers are waited out. What is written before the first record is asked for counts as before "now".

    Raises:
        Stop: a topic is missing; the text says how to create it.
        aiokafka.errors.KafkaError: the brokers cannot be reached at the start.

    """
    async with _assigned(settings, topics, from_beginning=from_beginning) as consumer:
        async for raw in consumer:
            yield _record(settings, raw)


def newest(records: Sequence[Record]) -> list[Record]:
    """The newest record of each key of one topic, in the order of the records, without keys whose newest is a tombstone."""
    last = {record.key: record for record in records}
    kept = {(record.partition, record.offset) for record in last.values() if record.value is not None}
    return [record for record in records if (record.partition, record.offset) in kept]


@asynccontextmanager
async def _assigned(
    settings: Settings, topics: Sequence[Topic], *, from_beginning: bool, share: tuple[int, int] | None = None
) -> AsyncIterator[AIOKafkaConsumer]:
    """A consumer of all partitions of topics, or of those that are its share, in no group."""
    names = [settings.topic(topic.name) for topic in topics]
    consumer = AIOKafkaConsumer(
        *names,
        **connection(settings),
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="earliest" if from_beginning else "latest",
        request_timeout_ms=REQUEST_TIMEOUT_MS,
        fetch_max_wait_ms=int(settings.fetch_wait * 1000),
    )
    try:
        try:
            await consumer.start()
        except UnknownTopicOrPartitionError as error:
            raise Stop(
                f"of {', '.join(names)} one is missing on {settings.brokers}; create topics with `tallywire topics create`"
            ) from error
        counts = {name: consumer.partitions_for_topic(name) or set() for name in names}
        partitions = [
            TopicPartition(name, number)
            for name, numbers in counts.items()
            for number in numbers
            if share is None or share[1] != len(numbers) or share[0] == number
        ]
        consumer.unsubscribe()
        consumer.assign(partitions)  # fixed: a subscription starts anew, from its reset policy, when the metadata flickers
        await (consumer.seek_to_beginning() if from_beginning else consumer.seek_to_end())
        yield consumer
    finally:
        await ended(consumer.stop(), REQUEST_TIMEOUT_MS / 1000)


def _record(settings: Settings, raw: Any) -> Record:
    return Record(
        topic=raw.topic[len(settings.prefix) :],
        partition=raw.partition,
        offset=raw.offset,
        key=raw.key,
        value=raw.value,
        timestamp=datetime.fromtimestamp(raw.timestamp / 1000, UTC),
    )
