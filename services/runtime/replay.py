"""Dead letters put back where they came from: the original bytes under the original key, each at most once.

What was put back says so in a header, and nowhere else: there is no second record that a crash could separate from it. Who replays again
looks for that header on the topics first, and only one process at a time does so.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from schemas import DeadLetter, partition_of
from schemas.topics import BY_NAME, MAX_MESSAGE

from .known import Known
from .publisher import OVERHEAD
from .security import connection
from .settings import Settings
from .turn import turn

HEADER = "tallywire-replay"
"""Name of the header that says of which dead letter a record is the replay: who replays again finds it, and leaves it alone."""

FETCH_TIMEOUT = 10.0
"""Seconds in which an original that is kept by reference must be readable."""

SURE_EVERY = 100
"""Letters put back before it is asked again whether it is still our turn: some tenths of a second."""

MAX_RECORDS = 500
"""Records of a topic taken from the client at once, when replays are looked for."""

Source = Callable[[], AsyncIterator[DeadLetter]]
"""Gives the dead letters that are meant, from the first, each time that it is called."""


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


@dataclass(frozen=True, slots=True)
class Original:
    """What a service could not process, as it is put back."""

    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()
    """Without ours."""
    replay_of: str | None = None
    """The dead letter of which it was the replay, if it was one."""


async def replay(
    settings: Settings, source: Source, *, dry: bool = False, waiting: Callable[[], None] = lambda: None
) -> AsyncIterator[Replay]:
    """Put dead letters back, one after the other; a dry run says what would be. `waiting` is called while another is at it.

    Letters that come while this runs (perhaps of what it has put back) are left to the next run.

    Raises:
        services.runtime.turn.Lost: this process was taken for dead; what it put back until then is known as such.
        aiokafka.errors.KafkaError: the brokers cannot be reached; the same.

    """
    async with AsyncExitStack() as stack:
        consumer = await stack.enter_async_context(_reading(settings))
        producer = await stack.enter_async_context(_writing(settings))
        ours = None if dry else await stack.enter_async_context(turn(settings, "replay", waiting))
        meant, before = stack.enter_context(Known()), stack.enter_context(Known())
        letters = _Letters(settings, consumer, producer, before)
        async for letter in source():
            if meant.add(letter.id):
                await letters.expect(letter)
        await letters.look_for_replays()
        done = 0
        async for letter in source():
            if letter.id not in meant:
                continue
            if ours is not None and done % SURE_EVERY == 0:
                await ours.still()
            done += 1
            yield Replay(letter, await letters.put_back(letter, dry=dry))


async def original_of(settings: Settings, letter: DeadLetter) -> Original | None:
    """The record as it lies where it was read, if it is kept there still: of large ones this is all there is."""
    if letter.topic not in BY_NAME:
        return None
    async with _reading(settings) as consumer:
        return await _fetch(settings, consumer, letter)


@asynccontextmanager
async def _reading(settings: Settings) -> AsyncIterator[AIOKafkaConsumer]:
    consumer = AIOKafkaConsumer(**connection(settings), enable_auto_commit=False, auto_offset_reset="earliest")
    await consumer.start()
    try:
        yield consumer
    finally:
        await consumer.stop()


@asynccontextmanager
async def _writing(settings: Settings) -> AsyncIterator[AIOKafkaProducer]:
    producer = AIOKafkaProducer(**connection(settings), acks="all", enable_idempotence=True, max_request_size=MAX_MESSAGE + OVERHEAD)
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


class _Letters:
    """What is known of the letters that are to be put back; of each topic's partition one number, however many they are."""

    def __init__(self, settings: Settings, consumer: AIOKafkaConsumer, producer: AIOKafkaProducer, before: Known) -> None:
        self._settings = settings
        self._consumer = consumer
        self._producer = producer
        self._before = before
        self._counts: dict[str, int] = {}
        self._starts: dict[TopicPartition, int] = {}
        """Where a replay may lie: behind the first original, and from the beginning where the original lay elsewhere."""

    async def expect(self, letter: DeadLetter) -> None:
        """Note where its replay would lie."""
        if letter.topic not in BY_NAME:
            return
        target = await self._target(letter, _key(letter))
        behind = (letter.offset or 0) + 1 if target.partition == letter.partition else 0
        self._starts[target] = min(behind, self._starts.get(target, behind))

    async def look_for_replays(self) -> None:
        """Note which letters have been put back already.

        By offsets, for clocks differ: an original may have been written by one that is ahead of ours.
        """
        if not self._starts:
            return
        self._consumer.assign(list(self._starts))
        begins = await self._consumer.beginning_offsets(list(self._starts))
        ends = await self._consumer.end_offsets(list(self._starts))
        for partition, start in self._starts.items():
            within = begins[partition] <= start <= ends[partition]  # if not, the topic was made anew since
            self._consumer.seek(partition, start if within else begins[partition])
        while unread := [each for each in self._starts if await self._consumer.position(each) < ends[each]]:
            for records in (await self._consumer.getmany(*unread, timeout_ms=200, max_records=MAX_RECORDS)).values():
                for record in records:
                    if (identity := replay_of(record.headers)) is not None:
                        self._before.add(identity)

    async def put_back(self, letter: DeadLetter, *, dry: bool) -> Outcome:
        """Write the original to its topic, unless it was before."""
        if letter.topic is None or letter.topic not in BY_NAME:
            return Outcome.NOWHERE
        if letter.id in self._before:
            return Outcome.BEFORE
        original = await self._original(letter)
        if original is None:
            return Outcome.GONE
        if dry:
            return Outcome.WOULD
        target = await self._target(letter, original.key)
        self._before.add(letter.id)
        await self._producer.send_and_wait(
            target.topic,
            value=original.value,
            key=original.key,
            partition=target.partition,
            headers=[*original.headers, (HEADER, letter.id.encode())],
        )
        return Outcome.REPLAYED

    async def _original(self, letter: DeadLetter) -> Original | None:
        """The record as it is to be put back: as the letter has it, and where that may not be all, as it lies on its topic.

        A letter without a key may be of a record that has none, or one too long for a letter.
        """
        if letter.key is not None and (letter.original is not None or not letter.size):
            return _kept(letter)
        found = await _fetch(self._settings, self._consumer, letter)
        if found is None and letter.original is None and letter.size:
            return None
        return found or _kept(letter)

    async def _target(self, letter: DeadLetter, key: bytes | None) -> TopicPartition:
        """Where an original belongs: by its key; without one where it lay."""
        name = self._settings.topic(letter.topic or "")
        if name not in self._counts:
            self._counts[name] = len(await self._producer.partitions_for(name))
        count = self._counts[name]
        return TopicPartition(name, partition_of(key, count) if key else (letter.partition or 0) % count)


def replay_of(headers: Any) -> str | None:
    """The id of the dead letter of which a record is the replay; None where it is none."""
    return next((value.decode(errors="replace") for name, value in headers if name == HEADER), None)


def _key(letter: DeadLetter) -> bytes | None:
    return None if letter.key is None else base64.b64decode(letter.key)


def _kept(letter: DeadLetter) -> Original:
    return Original(_key(letter), None if letter.original is None else base64.b64decode(letter.original))


async def _fetch(settings: Settings, consumer: AIOKafkaConsumer, letter: DeadLetter) -> Original | None:
    """The original where it lies; None where the log no longer reaches back to it."""
    if letter.topic not in BY_NAME or letter.partition is None or letter.offset is None:
        return None
    partition = TopicPartition(settings.topic(letter.topic), letter.partition)
    consumer.assign([partition])
    begin, end = (await consumer.beginning_offsets([partition]))[partition], (await consumer.end_offsets([partition]))[partition]
    if not begin <= letter.offset < end:
        return None
    consumer.seek(partition, letter.offset)
    try:
        record = await asyncio.wait_for(consumer.getone(), FETCH_TIMEOUT)
    except TimeoutError:
        return None
    headers = tuple((name, value) for name, value in record.headers if name != HEADER)
    return Original(record.key, record.value, headers, replay_of(record.headers)) if record.offset == letter.offset else None
