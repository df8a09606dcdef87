"""A fold whose log has lost its head begins from what it told; a kill on the way starts over, and what it told is read once."""

from __future__ import annotations

import asyncio
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest

from schemas import Cause, Tick, partition_of
from schemas.topics import CLAIMS, INDICATORS, Topic
from services.runtime.checkpoint import Belongs, Checkpoint
from services.runtime.lane import Lane
from services.runtime.publisher import Publisher
from services.runtime.reader import read_all
from services.runtime.recall import prepare
from services.runtime.settings import Settings
from services.runtime.stream import Stream
from services.stage import Invalid, Output, Record, State
from tests.conftest import Brokers
from tests.support.kafka import Kafka
from tests.support.retention import END, truncate
from tests.support.streams import prepared, streaming, until, write

from .test_lane import flush

BEGINNING = datetime(2024, 1, 1, tzinfo=UTC)
KEYS = [b"k%d" % number for number in range(12)]


class Remembering:
    """Counts the records of each key, and tells the count; what it told is where it goes on from."""

    name = "test.remember"
    topic: Topic = CLAIMS
    version: int | None = 1
    tells: tuple[Topic, ...] = (INDICATORS,)

    def __init__(self) -> None:
        self.recalled: Counter[bytes] = Counter()
        self.befores: set[int] = set()

    def handle(self, record: Record, state: State) -> Iterable[Output]:
        if record.value == b"pad":
            return []
        key = (record.key or b"").decode()
        count = int(state.get(f"count/{key}") or 0) + 1
        state.put(f"count/{key}", str(count).encode())
        return [told(key, count)]

    def idle(self, partition: int, state: State, now: datetime) -> Iterable[Output]:
        return []

    def current(self, state: State) -> Iterator[Output]:
        return iter(())

    def recall(self, told: Record, before: int, state: State) -> None:
        """Keep the count that was told."""
        key = (told.key or b"").split(b"|")[0]
        self.recalled[key] += 1
        self.befores.add(before)
        if told.value == b"nothing":
            raise Invalid(Cause.UNDECODABLE, "nothing")
        assert told.value is not None
        state.put(f"recalled/{key.decode()}", str((Tick.from_bytes(told.value).at - BEGINNING).days).encode())

    def reconcile(self, position: int, state: State) -> Iterable[Output] | None:
        """Tell that it goes on, one key after the other, and count on from what was told."""
        for row, count in state.scan("recalled/"):
            state.delete(row)
            key = row.removeprefix("recalled/")
            state.put(f"count/{key}", count)
            return [told(key, int(count), "goes-on")]
        return None


def told(key: str, count: int, what: str = "count") -> Output:
    return Output(INDICATORS, f"{key}|{what}", Tick(at=BEGINNING + timedelta(days=count)))


def record(offset: int, key: bytes = b"a") -> Record:
    return Record(CLAIMS.name, 0, offset, key, b"x", BEGINNING)


def indicator(key: str, count: int) -> Record:
    value = told(key, count).value
    assert value is not None
    return Record(INDICATORS.name, 0, 0, f"{key}|count".encode(), value.to_bytes(), BEGINNING)


def opened(folder: Path, committed: int | None, start: int) -> Checkpoint:
    checkpoint = Checkpoint(folder / "0.sqlite", Belongs("c", "t", "i", 1, 0, Remembering.name, 1))
    prepare(Remembering(), checkpoint, committed, start)
    return checkpoint


@pytest.mark.parametrize(
    ("committed", "start", "recalls"),
    [(None, 5, False), (0, 5, False), (9, 0, False), (9, 5, True), (5, 9, True)],
)
def test_it_begins_from_what_was_told_where_something_was_and_the_log_has_lost_its_head(
    tmp_path: Path, committed: int | None, start: int, recalls: bool
) -> None:
    assert opened(tmp_path, committed, start).recalled == (committed if recalls else None)


@pytest.mark.parametrize(
    ("position", "committed", "start", "recalls"),
    [
        (7, 7, 5, False),  # all is there
        (7, 9, 5, False),  # others went on, and the log says how
        (7, 7, 9, False),  # nobody has folded what is lost: the state is what was told
        (7, 9, 8, True),  # others have told more, from records that are lost
    ],
)
def test_a_checkpoint_is_gone_on_with_as_long_as_it_knows_what_was_told(
    tmp_path: Path, position: int, committed: int, start: int, recalls: bool
) -> None:
    checkpoint = opened(tmp_path, None, 0)
    checkpoint.write({"count/a": b"3"}, position)
    checkpoint.close()
    again = opened(tmp_path, committed, start)
    assert (again.position, again.discarded) == ((None, "truncated") if recalls else (position, None))
    assert (again.get("count/a") is None) is recalls


def test_a_kill_while_it_is_recalled_starts_over(tmp_path: Path) -> None:
    lane = Lane(Remembering(), 0, opened(tmp_path, 9, 5), 9)
    assert lane.recalls
    assert lane.waits
    lane.recall(indicator("a", 4))
    assert flush(lane) == []
    lane.close()
    again = Lane(Remembering(), 0, opened(tmp_path, 9, 5), 9)
    assert (again.recalls, again.position, again.get("recalled/a")) == (True, None, None)
    again.recall(indicator("a", 4))
    again.recalled(5)
    assert (again.recalls, again.position, again.silent) == (False, 5, True)


def test_a_kill_behind_it_goes_on_and_what_differs_is_told_at_the_committed_offset(tmp_path: Path) -> None:
    lane = Lane(Remembering(), 0, opened(tmp_path, 9, 7), 9)
    lane.recall(indicator("a", 4))
    lane.recalled(7)
    lane.fold(record(7))
    assert flush(lane) == []
    lane.close()
    again = Lane(Remembering(), 0, opened(tmp_path, 9, 7), 9)
    assert (again.recalls, again.position, again.digests) == (False, 8, False)
    again.fold(record(8))
    again.digest()
    assert (again.digests, again.silent) == (True, True)
    assert flush(again) == [b"a|goes-on"]
    again.digest()
    assert (again.digests, again.silent) == (False, False)
    batch = again.cut()
    assert batch is not None
    assert again.checkpoint is not None
    again.checkpoint.write(batch.changes, batch.position, reconciled=batch.reconciled)
    again.settle(batch)
    again.fold(record(9))
    assert flush(again) == [b"a|count"]
    assert again.get("count/a") == b"5"
    again.close()
    assert opened(tmp_path, 10, 7).recalled is None


def test_what_was_recalled_for_an_older_offset_is_recalled_anew(tmp_path: Path) -> None:
    checkpoint = opened(tmp_path, 9, 5)
    checkpoint.write({"recalled/a": b"4"}, 7)
    checkpoint.close()
    again = opened(tmp_path, 12, 5)
    assert (again.position, again.recalled, again.get("recalled/a")) == (None, 12, None)
    again.close()
    assert opened(tmp_path, None, 0).recalled is None, "a topic that is whole again, or a group that begins anew"


async def test_what_it_told_is_recalled_by_its_partition_and_it_goes_on_from_there(kafka: Kafka, tmp_path: Path) -> None:
    settings = await prepared(Brokers("kafka", kafka.bootstrap), tmp_path / "state")
    await write(settings, CLAIMS, [(key, b"x") for key in KEYS for _ in range(5)])
    async with streaming(settings, [Remembering()]) as stream:
        await until(lambda: folded(stream) == 60)
    await write(settings, INDICATORS, [(b"k0|bad", b"nothing")])
    truncate(settings, CLAIMS, dict.fromkeys(range(4), END))
    shutil.rmtree(tmp_path / "state")
    again = Remembering()
    async with streaming(settings, [again]):
        await write(settings, CLAIMS, [(key, b"x") for key in KEYS])
        await until(lambda: again.recalled.total() >= 61)
        await all_told(settings, {f"{key.decode()}|count": 6 for key in KEYS})
    assert again.recalled == Counter(dict.fromkeys(KEYS, 5) | {b"k0": 6}), "each record by one partition, and once"
    assert again.befores == set(Counter(partition_of(key, 4) for key in KEYS for _ in range(5)).values())


async def test_a_stop_while_it_is_recalled_ends_in_time_and_the_next_start_recalls_all(kafka: Kafka, tmp_path: Path) -> None:
    settings = await prepared(Brokers("kafka", kafka.bootstrap), tmp_path / "state")
    await write(settings, CLAIMS, [(key, b"x") for key in KEYS])
    async with streaming(settings, [Remembering()]) as stream:
        await until(lambda: folded(stream) == 12)
    await write(settings, INDICATORS, [(b"k1|count", (told("k1", 1).value or Tick(at=BEGINNING)).to_bytes()) for _ in range(30_000)])
    truncate(settings, CLAIMS, dict.fromkeys(range(4), END))
    shutil.rmtree(tmp_path / "state")
    early = Remembering()
    async with Publisher(settings, "test") as publisher:
        stream = Stream(settings, "test", [early], publisher, lambda: datetime.now(UTC))
        running = asyncio.create_task(stream.run())
        await until(lambda: early.recalled[b"k1"] > 100)
        await stream.stop()
        await asyncio.wait_for(running, settings.stop_timeout + 5)
    late = Remembering()
    async with streaming(settings, [late]):
        await all_told(settings, {"k1|goes-on": 1})
    assert late.recalled[b"k1"] == 30_001 or early.recalled[b"k1"] == 30_001


async def test_the_embedded_broker_that_keeps_little_is_begun_from_likewise(mock_broker_settings: Settings, tmp_path: Path) -> None:
    settings = mock_broker_settings
    await write(settings, CLAIMS, [(b"k1", b"x")] * 3)
    async with streaming(settings, [Remembering()]) as stream:
        await until(lambda: folded(stream) == 3)
    await write(settings, CLAIMS, [(b"k1", b"pad")] * 1)
    for _ in range(12):
        await write(settings, CLAIMS, [(b"k1", b"y" * 900_000)])
    again = Remembering()
    elsewhere = settings.model_copy(update={"state_dir": tmp_path / "elsewhere"})
    async with streaming(elsewhere, [again]) as stream:
        await until(lambda: again.recalled[b"k1"] == 3)
        await until(lambda: folded(stream) >= 16)
    counts = await told_now(settings)
    assert counts["k1|count"] > 3


def folded(stream: Stream) -> int:
    return sum(lane.watermark.position or 0 for lane in stream._worker.lanes.values())


async def told_now(settings: Settings) -> dict[str, int]:
    records = [record for record in await read_all(settings, INDICATORS) if record.value not in (None, b"nothing")]
    return {(record.key or b"").decode(): (Tick.from_bytes(cast(bytes, record.value)).at - BEGINNING).days for record in records}


async def all_told(settings: Settings, wanted: dict[str, int]) -> None:
    async with asyncio.timeout(45):
        while not wanted.items() <= (await told_now(settings)).items():
            await asyncio.sleep(0.2)


@pytest.fixture
async def mock_broker_settings(mock_broker: object, tmp_path: Path) -> Settings:
    """Settings for the embedded broker, with topics of their own."""
    return await prepared(Brokers("embedded", mock_broker.bootstrap), tmp_path / "state")  # type: ignore[attr-defined]
