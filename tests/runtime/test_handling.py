"""Records are folded in slices: in order, partition by partition in turn, without holding the event loop, and no further than there is room."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import pytest
from structlog.testing import capture_logs

from schemas import Cause
from schemas.topics import ARTICLES, DEAD_LETTERS
from services.runtime.encoding import Sending
from services.runtime.failures import Panicked, TooMany
from services.runtime.handling import LONG, Handling
from services.runtime.lane import MAX_BATCH_RECORDS
from services.runtime.metrics import REGISTRY
from services.runtime.process import wall_clock
from services.runtime.publisher import Publisher
from services.runtime.settings import Settings
from services.runtime.slices import SLICE
from services.runtime.worker import Worker
from services.stage import Invalid, Record, SlowDown
from tests.support.panic import panic
from tests.support.streams import Passing, until

PARTITIONS = [(ARTICLES.name, number) for number in range(4)]


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Traces would be drawn with all their variables, which takes longer than the tests."""
    with capture_logs():
        yield


class Memory:
    """Keeps what is sent to it."""

    def __init__(self) -> None:
        self.kept: list[Sending] = []

    async def send_all(self, sendings: Iterable[Sending]) -> None:
        self.kept += sendings

    @property
    def sent(self) -> list[bytes]:
        """The keys, in order."""
        return [sending.key for sending in self.kept]


def records(partition: int, offsets: Iterable[int]) -> list[Record]:
    return [Record(ARTICLES.name, partition, offset, b"%d/%d" % (partition, offset), b"x", wall_clock()) for offset in offsets]


@asynccontextmanager
async def working(folder: Path, stage: Passing, memory: Memory | None = None, **changes: object) -> AsyncIterator[Worker]:
    """A worker with four partitions open; nothing is flushed unless it is told to."""
    settings = Settings.model_validate({"state_dir": folder, **changes})
    worker = Worker(settings, "test", [stage], cast(Publisher, memory or Memory()), wall_clock)
    await worker.open({}, dict.fromkeys(PARTITIONS, 0), dict.fromkeys(PARTITIONS, 0), {ARTICLES.name: ("c", "i", 4)})
    try:
        yield worker
    finally:
        await worker.close(PARTITIONS)


async def test_records_of_a_partition_go_out_in_the_order_of_their_offsets_whatever_happens_to_some(tmp_path: Path) -> None:
    failed: set[bytes] = set()

    def stumble(record: Record) -> None:
        if record.offset % 7 == 3 and record.key not in failed:
            failed.add(record.key or b"")
            raise SlowDown("somebody", 0.01) if record.offset % 2 else RuntimeError("once")

    memory = Memory()
    async with working(tmp_path, Passing(stumble), memory) as worker:
        for number, partition in enumerate(PARTITIONS):
            worker.deliver(worker.lanes[partition], records(number, range(12)))
        await until(lambda: all(not lane.inbox for lane in worker.lanes.values()))
        await worker.flush()
        assert all(lane.watermark.position == 12 for lane in worker.lanes.values())
    for number in range(4):
        mine = [key for key in memory.sent if key.startswith(b"%d/" % number)]
        assert mine == [b"%d/%d" % (number, offset) for offset in range(12)]


async def test_the_event_loop_has_its_turn_between_slices_of_many_busy_partitions(tmp_path: Path) -> None:
    async with working(tmp_path, Passing(lambda _: time.sleep(0.002))) as worker:
        for number, partition in enumerate(PARTITIONS):
            worker.deliver(worker.lanes[partition], records(number, range(60)))
        turns = 0
        while any(lane.inbox for lane in worker.lanes.values()):
            await asyncio.sleep(0)
            turns += 1
    assert turns >= 4 * 60 * 0.002 / SLICE * 0.5, "about one turn for each slice, not one for a slice of every partition"


async def test_partitions_take_turns(tmp_path: Path) -> None:
    order: list[int] = []

    def slow(record: Record) -> None:
        order.append(record.partition)
        time.sleep(0.005)

    async with working(tmp_path, Passing(slow)) as worker:
        for number, partition in enumerate(PARTITIONS):
            worker.deliver(worker.lanes[partition], records(number, range(30)))
        await until(lambda: len(order) >= 60)
    assert all(order[:60].count(number) >= 5 for number in range(4))


async def test_a_record_that_waits_for_another_try_does_not_hold_up_other_partitions(tmp_path: Path) -> None:
    def slow_down(record: Record) -> None:
        if record.partition == 0:
            raise SlowDown("the archive", 0.05)

    stage = Passing(slow_down)
    async with working(tmp_path, stage) as worker:
        worker.deliver(worker.lanes[PARTITIONS[0]], records(0, [0]))
        await until(lambda: worker.waiting_for == "the archive")
        worker.deliver(worker.lanes[PARTITIONS[1]], records(1, range(10)))
        await until(lambda: stage.handled.total() == 10)
        assert worker.waiting_for == "the archive"
        assert worker.lanes[PARTITIONS[0]].watermark.position == 0


async def test_what_brokers_do_not_acknowledge_is_not_folded_further_without_end(tmp_path: Path) -> None:
    stage = Passing()
    async with working(tmp_path, stage) as worker:
        lane = worker.lanes[PARTITIONS[0]]
        worker.deliver(lane, records(0, range(MAX_BATCH_RECORDS + 100)))
        await until(lambda: lane.full)
        await asyncio.sleep(0.05)
        assert stage.handled.total() == MAX_BATCH_RECORDS
        assert len(lane.inbox) == 100
        await worker.flush()
        await until(lambda: not lane.inbox)


async def test_a_record_delivered_twice_is_handled_once(tmp_path: Path) -> None:
    stage = Passing()
    async with working(tmp_path, stage) as worker:
        lane = worker.lanes[PARTITIONS[0]]
        worker.deliver(lane, records(0, range(10)))
        worker.deliver(lane, records(0, range(5, 15)))
        await until(lambda: not lane.inbox)
    assert stage.handled.total() == 15


async def test_the_gauge_of_held_records_goes_down_when_their_partition_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.runtime.handling.RETRY_DELAYS", ())

    def never(record: Record) -> None:
        raise RuntimeError("always")

    async with working(tmp_path, Passing(never)) as worker:
        worker.deliver(worker.lanes[PARTITIONS[0]], records(0, range(2)))
        worker.deliver(worker.lanes[PARTITIONS[1]], records(1, range(1)))
        await until(lambda: _held() == 3)
        await worker.close(PARTITIONS[:1])
        assert _held() == 1
    assert _held() == 0


def _held() -> float | None:
    return REGISTRY.get_sample_value("tallywire_records_held", {"stage": Passing.name})


async def test_a_thousand_bad_records_in_a_row_are_a_thousand_dead_letters_and_nothing_around_them_is_lost(tmp_path: Path) -> None:
    def bad(record: Record) -> None:
        if 0 < record.offset < 1_001:
            raise Invalid(Cause.UNDECODABLE, "bad")

    stage = Passing(bad)
    memory = Memory()
    async with working(tmp_path, stage, memory) as worker:
        lane = worker.lanes[PARTITIONS[0]]
        worker.deliver(lane, records(0, range(1_002)))
        await until(lambda: not lane.inbox)
        await worker.flush()
        assert lane.watermark.position == 1_002
    assert stage.handled.total() == 2
    assert len(memory.sent) == 1_002


async def test_a_library_that_panics_over_a_record_fails_on_that_record_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether it is folded with others or, being long, read in a thread."""
    monkeypatch.setattr("services.runtime.handling.RETRY_DELAYS", ())

    def panics(record: Record) -> None:
        if record.offset in (3, 5):
            panic()

    stage, memory = Passing(panics), Memory()
    async with working(tmp_path, stage, memory) as worker:
        lane = worker.lanes[PARTITIONS[0]]
        long = Record(ARTICLES.name, 0, 5, b"0/5", b"x" * (LONG + 1), wall_clock())
        worker.deliver(lane, [*records(0, range(5)), long, *records(0, range(6, 10))])
        await until(lambda: not lane.inbox)
        await worker.flush()
        assert lane.watermark.position == 10
    assert stage.handled.total() == 8
    letters = [sending for sending in memory.kept if sending.topic == DEAD_LETTERS.name]
    assert len(letters) == 2
    assert all(b"Panicked: " in (letter.value or b"") for letter in letters)


async def test_a_panic_of_a_library_where_no_record_is_to_blame_ends_the_service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with working(tmp_path, Passing()) as worker:
        monkeypatch.setattr(Handling, "_may_digest", lambda *_: panic())
        running = asyncio.create_task(worker.run())
        worker.deliver(worker.lanes[PARTITIONS[0]], records(0, range(3)))
        with pytest.raises(Panicked):
            await asyncio.wait_for(running, 10)


async def test_an_error_that_ends_the_service_is_raised_by_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.runtime.handling.RETRY_DELAYS", ())

    def broken(record: Record) -> None:
        raise RuntimeError("a bad deploy")

    async with working(tmp_path, Passing(broken), failures_to_stop=3) as worker:
        running = asyncio.create_task(worker.run())
        worker.deliver(worker.lanes[PARTITIONS[0]], records(0, range(10)))
        with pytest.raises(Exception, match=r"3 messages in a row, the last at .*\[0\]@2 with RuntimeError: a bad deploy"):
            await asyncio.wait_for(running, 10)
        assert worker.lanes[PARTITIONS[0]].watermark.position == 0


async def test_when_the_service_ends_a_success_in_another_partition_does_not_give_up_what_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.runtime.handling.RETRY_DELAYS", ())

    def broken(record: Record) -> None:
        if record.partition == 0:
            raise RuntimeError("a bad deploy")

    memory = Memory()
    async with working(tmp_path, Passing(broken), memory, failures_to_stop=3) as worker:
        running = asyncio.create_task(worker.run())
        worker.deliver(worker.lanes[PARTITIONS[0]], records(0, range(3)))
        await until(running.done)
        worker.deliver(worker.lanes[PARTITIONS[1]], records(1, range(3)))
        await asyncio.sleep(0.05)
        await worker.drain()
        assert worker.lanes[PARTITIONS[0]].watermark.position == 0
    assert memory.sent == []
    assert isinstance(running.exception(), TooMany)
