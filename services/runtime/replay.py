"""Dead letters put back where they came from: the original bytes under the original key, each at most once."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from schemas import DeadLetter, partition_of
from schemas.topics import BY_NAME, MAX_MESSAGE

from .publisher import OVERHEAD
from .settings import Settings

HEADER = "tallywire-replay"
"""Name of the header that says of which dead letter a record is the replay: who replays again finds it, and leaves it alone."""

FETCH_TIMEOUT = 10.0
"""Seconds in which an original that is kept by reference must be readable."""


class Outcome(StrEnum):
    """What became of one dead letter."""

    REPLAYED = "replayed"
    WOULD = "would be replayed"
    BEFORE = "was replayed before"
    NOWHERE = "never was on a topic: put it in again with `tallywire publish`"
    GONE = "its original is no longer kept"


@dataclass(frozen=True, slots=True)
class Replay:
    """One dead letter, and what became of it."""

    letter: DeadLetter
    outcome: Outcome


async def replay(settings: Settings, letters: Sequence[DeadLetter], *, dry: bool = False) -> AsyncIterator[Replay]:
    """Put dead letters back, one after the other; a dry run says what would be.

    Raises:
        aiokafka.errors.KafkaError: the brokers cannot be reached; what was replayed until then is known as such.

    """
    consumer = AIOKafkaConsumer(bootstrap_servers=settings.brokers, enable_auto_commit=False, auto_offset_reset="earliest")
    producer = AIOKafkaProducer(
        bootstrap_servers=settings.brokers, acks="all", enable_idempotence=True, max_request_size=MAX_MESSAGE + OVERHEAD
    )
    await consumer.start()
    try:
        await producer.start()
        try:
            counts = {name: len(await producer.partitions_for(settings.topic(name))) for name in sorted(_topics(letters))}
            before = await _replayed(settings, consumer, letters, counts)
            for letter in letters:
                yield Replay(letter, await _put_back(settings, consumer, producer, letter, counts, before, dry=dry))
        finally:
            await producer.stop()
    finally:
        await consumer.stop()


def _topics(letters: Sequence[DeadLetter]) -> set[str]:
    return {letter.topic for letter in letters if letter.topic in BY_NAME}


def _target(letter: DeadLetter, counts: dict[str, int]) -> int:
    """Where a letter's original belongs: by its key; without one where it lay."""
    count = counts[letter.topic or ""]
    key = base64.b64decode(letter.key) if letter.key is not None else None
    return partition_of(key, count) if key else (letter.partition or 0) % count


async def _put_back(
    settings: Settings,
    consumer: AIOKafkaConsumer,
    producer: AIOKafkaProducer,
    letter: DeadLetter,
    counts: dict[str, int],
    before: set[str],
    *,
    dry: bool,
) -> Outcome:
    if letter.topic is None or letter.topic not in BY_NAME:
        return Outcome.NOWHERE
    if letter.id in before:
        return Outcome.BEFORE
    value: bytes | None = None
    if letter.original is not None:
        value = base64.b64decode(letter.original)
    elif letter.size:
        record = await _fetch(consumer, TopicPartition(settings.topic(letter.topic), letter.partition), letter.offset)
        if record is None:
            return Outcome.GONE
        value = record.value
    if dry:
        return Outcome.WOULD
    before.add(letter.id)
    await producer.send_and_wait(
        settings.topic(letter.topic),
        value=value,
        key=None if letter.key is None else base64.b64decode(letter.key),
        partition=_target(letter, counts),
        headers=[(HEADER, letter.id.encode())],
    )
    return Outcome.REPLAYED


async def _fetch(consumer: AIOKafkaConsumer, partition: TopicPartition, offset: int | None) -> Any | None:
    """The record at an offset; None where the log no longer reaches back to it."""
    consumer.assign([partition])
    begin, end = (await consumer.beginning_offsets([partition]))[partition], (await consumer.end_offsets([partition]))[partition]
    if offset is None or not begin <= offset < end:
        return None
    consumer.seek(partition, offset)
    try:
        record = await asyncio.wait_for(consumer.getone(), FETCH_TIMEOUT)
    except TimeoutError:
        return None
    return record if record.offset == offset else None


async def _replayed(settings: Settings, consumer: AIOKafkaConsumer, letters: Sequence[DeadLetter], counts: dict[str, int]) -> set[str]:
    """Ids of the dead letters whose replay stands on their topic already."""
    since: dict[TopicPartition, int] = {}
    for letter in letters:
        if letter.topic in counts:
            partition = TopicPartition(settings.topic(letter.topic), _target(letter, counts))
            moment = int(letter.at.timestamp() * 1_000)
            since[partition] = min(moment, since.get(partition, moment))
    if not since:
        return set()
    consumer.assign(list(since))
    ends = await consumer.end_offsets(list(since))
    begins = await consumer.beginning_offsets(list(since))
    starts = await consumer.offsets_for_times(since)
    firsts = await consumer.offsets_for_times(dict.fromkeys(since, 0))
    for partition in since:
        start, first = starts.get(partition), firsts.get(partition)
        if first is None:  # the embedded broker cannot find by time: all is read
            consumer.seek(partition, begins[partition])
        else:
            consumer.seek(partition, ends[partition] if start is None else start.offset)
    found: set[str] = set()
    while unread := [partition for partition in since if await consumer.position(partition) < ends[partition]]:
        for records in (await consumer.getmany(*unread, timeout_ms=200)).values():
            found |= {value.decode(errors="replace") for record in records for name, value in record.headers if name == HEADER}
    return found
