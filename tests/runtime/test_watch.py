"""What hangs in this process ends it, on real Kafka; what others hold up does not."""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from schemas.topics import ALERTS, ARTICLES, CLAIMS, DELIVERIES, Topic
from services.notify.delivery.consumers import Deliverer, Scheduler, deliverer
from services.runtime import stream, watch
from services.runtime.process import FAILED, MISUSED, SPOILED, STALLED, UNWRITABLE, Part, verdict, wall_clock
from services.runtime.publisher import Publisher
from services.runtime.settings import Settings
from services.runtime.stream import Stream
from services.runtime.watchdog import Stalled
from services.stage import Output, Record, SlowDown, Stage, State, Stop
from tests.conftest import Brokers
from tests.support.kafka import Kafka
from tests.support.streams import Counting, Passing, prepared, until, write

pytestmark = pytest.mark.timeout(120)

STALL = 3.0
"""Seconds of lag without progress in these tests."""

PATIENCE = 60.0
"""Seconds within which a stall must be found on a busy machine."""


async def settings_of(kafka: Kafka, folder: Path) -> Settings:
    return await prepared(Brokers("kafka", kafka.bootstrap), folder, stall_timeout=STALL)


@asynccontextmanager
async def running(settings: Settings, stages: Sequence[Stage]) -> Any:
    """A stream and the task that it runs in; stopped with the block, whatever ended it."""
    async with Publisher(settings, "test") as publisher:
        made = Stream(settings, "test", stages, publisher, wall_clock)
        task = asyncio.create_task(made.run())
        try:
            yield made, task
        finally:
            await made.stop()
            await asyncio.wait([task])


async def stalled(task: asyncio.Task[None]) -> str:
    with pytest.raises(Stalled) as caught:
        await asyncio.wait_for(asyncio.shield(task), PATIENCE)
    return str(caught.value)


async def test_a_consumer_thread_that_hangs_ends_the_process_though_the_brokers_answer(kafka: Kafka, tmp_path: Path) -> None:
    settings = await settings_of(kafka, tmp_path)
    over = threading.Event()
    async with running(settings, [Passing()]) as (running_stream, task):
        await until(lambda: running_stream.not_ready() is None)
        running_stream._app.consumer._thread.thread_loop.call_soon_threadsafe(over.wait)  # what a hang in a client is
        try:
            await write(settings, ARTICLES, [(b"k", b"v")])
            assert f"{ARTICLES.name}[" in await asyncio.wait_for(_first_words(task), PATIENCE)
        finally:
            over.set()


async def _first_words(task: asyncio.Task[None]) -> str:
    return (await stalled(task)).split(" has stood at ")[0]


async def test_partitions_that_the_group_has_given_and_nobody_takes_end_the_process(
    kafka: Kafka, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = await settings_of(kafka, tmp_path)
    monkeypatch.setattr(watch, "rebalance_timeout", lambda _: 2.0)

    async def never(*_: object) -> dict[tuple[str, int], int]:
        await asyncio.Event().wait()
        return {}

    async with running(settings, [Passing()]) as (running_stream, task):
        monkeypatch.setattr(running_stream._worker, "open", never)  # what a checkpoint on a hanging disk is
        said = await stalled(task)
    assert said.startswith("no partition has come for ")
    assert "the group test " in said


async def test_a_spare_without_partitions_lives_on(kafka: Kafka, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = await settings_of(kafka, tmp_path)
    numbers = itertools.count()
    monkeypatch.setattr(stream, "client_id", lambda name: f"{name}-{next(numbers)}")  # as if they were processes
    monkeypatch.setattr(watch, "rebalance_timeout", lambda _: PATIENCE / 4)
    async with Publisher(settings, "test") as publisher:
        streams = [Stream(settings, "test", [Passing()], publisher, wall_clock) for _ in range(5)]
        tasks = [asyncio.create_task(each.run()) for each in streams]
        try:
            await until(lambda: sum(bool(each.positions()) for each in streams) == 4 and all(each.not_ready() is None for each in streams))
            await asyncio.sleep(PATIENCE / 4 + 3 * STALL)
            assert not any(task.done() for task in tasks)
        finally:
            for each in streams:
                await each.stop()
            await asyncio.wait(tasks)


class Held(Passing):
    """Waits for a downstream."""

    def __init__(self) -> None:
        super().__init__()
        self.free = False

    def handle(self, record: Record, state: State) -> Iterable[Output]:
        if not self.free:
            raise SlowDown("the archive", 0.1)
        return super().handle(record, state)


async def test_a_stream_that_a_downstream_holds_back_says_so_and_lives_on(kafka: Kafka, tmp_path: Path) -> None:
    settings = await settings_of(kafka, tmp_path)
    stage = Held()
    async with running(settings, [stage]) as (running_stream, task):
        await until(lambda: running_stream.not_ready() is None)
        await write(settings, ARTICLES, [(b"k", b"v")])
        await until(lambda: running_stream.not_ready() == "held back by the archive")
        await asyncio.sleep(3 * STALL)
        assert not task.done()
        assert running_stream.not_alive() is None
        stage.free = True
        await until(lambda: running_stream.not_ready() is None and stage.handled[b"k"] == 1)


class SlowCounting(Counting):
    """A fold that takes its time, so that its rebuilding can be seen."""

    def handle(self, record: Record, state: State) -> Iterable[Output]:
        threading.Event().wait(0.01)
        return super().handle(record, state)


async def test_a_stream_that_rebuilds_its_state_is_alive_and_not_ready(kafka: Kafka, tmp_path: Path) -> None:
    settings = await settings_of(kafka, tmp_path / "one")
    async with running(settings, [Counting()]) as (running_stream, _):
        await write(settings, CLAIMS, [(b"k", b"v")] * 1500)
        await until(lambda: sum(position or 0 for position in running_stream.positions().values()) == 1500)
        await asyncio.sleep(1.0)  # for the commit
    bare = settings.model_copy(update={"state_dir": tmp_path / "two"})
    async with running(bare, [SlowCounting()]) as (running_stream, task):
        await until(lambda: (running_stream.not_ready() or "").startswith(f"state is being folded again: {CLAIMS.name}["))
        while running_stream.not_ready() is not None:
            assert running_stream.not_alive() is None
            assert not task.done()
            await asyncio.sleep(0.05)
        await until(lambda: sum(position or 0 for position in running_stream.positions().values()) == 1500)


class Deaf(Publisher):
    """Hears no acknowledgement."""

    async def send(self, outputs: Iterable[Output]) -> None:
        await asyncio.Event().wait()


@pytest.mark.parametrize(("kind", "topic"), [(Scheduler, ALERTS), (Deliverer, DELIVERIES)])
async def test_deliveries_that_hang_end_the_process(
    kafka: Kafka, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: type[Scheduler | Deliverer], topic: Topic
) -> None:
    settings = await settings_of(kafka, tmp_path)
    monkeypatch.setattr(deliverer, "DEAF_AFTER", 1.0)
    async with Deaf(settings, "test") as publisher:
        part: Part = kind(settings, {}, publisher, wall_clock)
        task = asyncio.create_task(part.run())
        try:
            await until(lambda: part.not_ready() is None)
            await write(settings, topic, [(b"k", b"neither an alert nor a delivery")])
            said = await stalled(task)
        finally:
            await part.stop()
            await asyncio.wait([task])
    assert f"{topic.name}[" in said if kind is Scheduler else "the deliverer has not turned" in said


def test_each_ending_has_a_code_of_its_own() -> None:
    from aiokafka.errors import KafkaError

    from services.runtime.checkpoint import Fenced, Unusable
    from services.runtime.door import Refused
    from services.runtime.failures import TooMany
    from services.runtime.membership import Superseded

    endings = (Stop, TooMany, Unusable, Stalled, Fenced, Superseded, Refused, KafkaError, ValueError)
    codes = {verdict(ending("x")) for ending in endings}
    assert codes == {
        (MISUSED, "service.stopped"),
        (SPOILED, "service.spoiled"),
        (UNWRITABLE, "service.unwritable"),
        (STALLED, "service.stalled"),
        (FAILED, "service.fenced"),
        (FAILED, "service.refused"),
        (FAILED, "service.failed"),
    }
