"""The worker without brokers: what it does when a flush fails, when the log begins late, and after a new version of a fold."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

import pytest

from schemas import Cause
from schemas.topics import ARTICLES, CLAIMS
from services.runtime.encoding import Sending
from services.runtime.handling import LONG
from services.runtime.process import wall_clock
from services.runtime.publisher import Publisher
from services.runtime.settings import Settings
from services.runtime.stream import Stream
from services.runtime.worker import Worker
from services.stage import Invalid, Output, Record, State
from tests.support.streams import Counting, Passing, until

PARTITION = (CLAIMS.name, 0)
SOON = 5.0


class Memory:
    """Keeps what is sent to it; raises when it is told to."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.error: Exception | None = None

    async def send_all(self, sendings: Iterable[Sending]) -> None:
        if self.error is not None:
            raise self.error
        self.sent += [sending.key for sending in sendings]


def worker_of(folder: Path, memory: Memory, version: int = 1) -> Worker:
    return Worker(Settings(state_dir=folder, stop_timeout=1.0), "test", [Counting(version)], cast(Publisher, memory), wall_clock)


async def opened(
    worker: Worker, *, committed: int | None = None, start: int = 0, end: int = 100, folded_by: str = ""
) -> dict[tuple[str, int], int]:
    return await worker.open(
        {} if committed is None else {PARTITION: committed},
        {PARTITION: start},
        {PARTITION: end},
        {CLAIMS.name: ("c", "i", 4)},
        {PARTITION: folded_by},
    )


async def take(worker: Worker, offset: int) -> None:
    await fold(worker, Record(CLAIMS.name, 0, offset, b"k", b"x", wall_clock()))


async def fold(worker: Worker, *records: Record) -> None:
    """Deliver records of one partition, and return when they are folded."""
    lane = worker.lanes[records[0].topic, records[0].partition]
    worker.deliver(lane, records)
    await until(lambda: not lane.inbox, SOON)


async def test_a_stop_does_not_turn_for_ever_over_a_batch_whose_flush_has_failed(tmp_path: Path) -> None:
    memory = Memory()
    worker = worker_of(tmp_path, memory)
    await opened(worker)
    await take(worker, 0)
    memory.error = OSError("for good")
    with pytest.raises(OSError, match="for good"):
        await worker.flush()
    await worker.drain()
    assert worker.lanes[PARTITION].watermark.position == 0
    await worker.close([PARTITION])


class Refusing(Counting):
    """Takes nothing."""

    def handle(self, record: Record, state: State) -> Iterable[Output]:
        raise Invalid(Cause.UNDECODABLE, "nothing is taken")


async def test_a_key_too_long_for_any_dead_letter_does_not_stop_the_stream(tmp_path: Path) -> None:
    memory = Memory()
    worker = Worker(Settings(state_dir=tmp_path), "test", [Refusing()], cast(Publisher, memory), wall_clock)
    await opened(worker)
    lane = worker.lanes[PARTITION]
    await fold(worker, Record(CLAIMS.name, 0, 0, b"\xff" * 1_900_000, b"x", wall_clock()))
    await worker.drain()
    assert memory.sent == [b""]
    assert lane.watermark.position == 1
    await worker.close([PARTITION])


async def test_a_log_that_begins_behind_the_committed_offset_is_no_lag(tmp_path: Path) -> None:
    worker = worker_of(tmp_path, Memory())
    assert await opened(worker, committed=50, start=70, end=70) == {PARTITION: 70}
    assert worker.lanes[PARTITION].watermark.position == 70
    await worker.close([PARTITION])


async def test_what_comes_while_a_new_versions_figures_are_told_is_folded_when_they_are(tmp_path: Path) -> None:
    old = worker_of(tmp_path, Memory())
    await opened(old)
    await take(old, 0)
    await old.drain()
    await old.close([PARTITION])
    memory = Memory()
    worker = worker_of(tmp_path, memory, version=2)
    await opened(worker, committed=1)
    await take(worker, 0)
    turning = asyncio.create_task(worker.run())
    try:
        await take(worker, 1)
        await worker.drain()
    finally:
        turning.cancel()
    assert memory.sent == [b"current", b"0|2"]
    await worker.close([PARTITION])
    await opened(worker, committed=2)
    assert not worker.lanes[PARTITION].republish, "told once"
    await worker.close([PARTITION])


async def test_a_new_version_tells_every_figure_also_where_no_checkpoint_of_the_old_one_is_left(tmp_path: Path) -> None:
    memory = Memory()
    worker = worker_of(tmp_path, memory, version=2)
    await opened(worker, committed=1, folded_by="1")
    turning = asyncio.create_task(worker.run())
    try:
        await take(worker, 0)
        await until(lambda: not worker.lanes[PARTITION].republish, SOON)
    finally:
        turning.cancel()
    assert memory.sent == [b"current"]
    await worker.close([PARTITION])


@pytest.mark.parametrize("folded_by", ["", "2"], ids=["nobody says which", "the same"])
async def test_a_lost_checkpoint_of_the_same_version_is_folded_again_in_silence(tmp_path: Path, folded_by: str) -> None:
    worker = worker_of(tmp_path, Memory(), version=2)
    await opened(worker, committed=1, folded_by=folded_by)
    assert not worker.lanes[PARTITION].republish
    await worker.close([PARTITION])


async def test_a_stream_that_still_waits_for_absent_brokers_can_be_stopped(tmp_path: Path) -> None:
    stream = Stream(Settings(brokers="127.0.0.1:9", state_dir=tmp_path), "test", [Counting()], cast(Any, Memory()), wall_clock)
    running = asyncio.create_task(stream.run())
    await asyncio.sleep(0.1)
    await stream.stop()
    await asyncio.wait_for(running, SOON)


async def test_a_long_record_of_a_stage_without_state_does_not_hold_the_event_loop(tmp_path: Path) -> None:
    partition = (ARTICLES.name, 0)
    stage = Passing(lambda _: time.sleep(0.4))
    worker = Worker(Settings(state_dir=tmp_path), "test", [stage], cast(Publisher, Memory()), wall_clock)
    await worker.open({}, {partition: 0}, {partition: 1}, {ARTICLES.name: ("c", "i", 4)})
    taking = asyncio.create_task(fold(worker, Record(ARTICLES.name, 0, 0, b"long", b"x" * (LONG + 1), wall_clock())))
    turns = 0
    while not taking.done():
        await asyncio.sleep(0.01)
        turns += 1
    assert turns > 10, "while the handler slept for 400 ms"
    assert stage.handled.total() == 1


async def test_a_send_that_brokers_leave_unanswered_is_known_to_be_under_way(tmp_path: Path) -> None:
    """So that /livez does not call a process dead that only waits for brokers."""
    answered = asyncio.Event()

    class Silent(Memory):
        async def send_all(self, sendings: Iterable[Sending]) -> None:
            await answered.wait()

    worker = worker_of(tmp_path, Silent())
    await opened(worker)
    worker.lanes[PARTITION].fold(Record(CLAIMS.name, 0, 0, b"book", b"x", wall_clock()))
    flushing = asyncio.create_task(worker.flush())
    await asyncio.sleep(0)
    seen = [worker.sending]
    answered.set()
    await flushing
    assert [*seen, worker.sending] == [True, False]
