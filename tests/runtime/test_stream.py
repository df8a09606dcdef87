"""The promise on both brokers: at least once, in order, dead letters for what cannot be processed, and a stop that loses nothing."""

from __future__ import annotations

import asyncio
from collections import Counter
from functools import partial
from pathlib import Path

import pytest
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from structlog.testing import capture_logs

from schemas import Cause, DeadLetter
from schemas.topics import ARTICLES, CLAIMS, DEAD_LETTERS, EVENTS, INDICATORS, Topic
from services.runtime.consumer import App
from services.runtime.process import wall_clock
from services.runtime.publisher import Publisher
from services.runtime.reader import read_all
from services.runtime.settings import Settings
from services.runtime.stream import Stream
from services.stage import Record, Stop
from tests.conftest import Brokers
from tests.support.streams import PATIENCE, Counting, Passing, prepared, streaming, until, write


async def keys(settings: Settings, topic: Topic) -> Counter[str]:
    return Counter((record.key or b"").decode() for record in await read_all(settings, topic, latest=False))


async def committed(settings: Settings) -> int:
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.brokers)
    await admin.start()
    try:
        partitions = [TopicPartition(settings.topic(ARTICLES.name), partition) for partition in range(4)]
        offsets = await admin.list_consumer_group_offsets(settings.group("test"), partitions=partitions)
    finally:
        await admin.close()
    return sum(offset.offset for offset in offsets.values() if offset.offset > 0)


async def test_every_record_is_passed_on_and_its_offset_committed_on_stop(brokers: Brokers, tmp_path: Path) -> None:
    settings = await prepared(brokers, tmp_path)
    await write(settings, ARTICLES, [(b"k%d" % i, b"x") for i in range(200)])
    stage = Passing()
    async with streaming(settings, [stage]):
        await until(lambda: stage.handled.total() == 200)
    assert await keys(settings, EVENTS) == Counter(f"k{i}" for i in range(200))
    assert await committed(settings) == 200


async def test_a_bad_message_first_in_a_fresh_group_is_a_dead_letter_and_nothing_around_it_is_lost(
    brokers: Brokers, tmp_path: Path
) -> None:
    settings = await prepared(brokers, tmp_path)
    await write(settings, ARTICLES, [(b"bad", b"bad"), *[(b"k%d" % i, b"x") for i in range(50)], (b"none", None)])
    stage = Passing()
    async with streaming(settings, [stage]):
        await until(lambda: stage.handled.total() == 51)
    letters = [DeadLetter.from_bytes(record.value or b"") for record in await read_all(settings, DEAD_LETTERS)]
    assert [(letter.cause, letter.topic, letter.original) for letter in letters] == [(Cause.UNDECODABLE, ARTICLES.name, "YmFk")]
    assert sum((await keys(settings, EVENTS)).values()) == 51


async def test_a_handler_that_raises_once_is_tried_again(brokers: Brokers, tmp_path: Path) -> None:
    settings = await prepared(brokers, tmp_path)
    raised: list[bytes] = []

    def once(record: Record) -> None:
        if record.key == b"k3" and not raised:
            raised.append(record.key)
            raise RuntimeError("a passing fault")

    await write(settings, ARTICLES, [(b"k%d" % i, b"x") for i in range(20)])
    stage = Passing(once)
    async with streaming(settings, [stage]):
        await until(lambda: stage.handled.total() == 20)
    assert raised == [b"k3"]
    assert (await keys(settings, EVENTS))["k3"] == 1
    assert await keys(settings, DEAD_LETTERS) == Counter()


async def test_a_message_that_always_fails_is_a_dead_letter_once_another_succeeds(mock_broker_settings: Settings) -> None:
    settings = mock_broker_settings

    def never(record: Record) -> None:
        if record.key == b"k3":
            raise RuntimeError("always")

    await write(settings, ARTICLES, [(b"k%d" % i, b"x") for i in range(20)])
    stage = Passing(never)
    async with streaming(settings, [stage]):
        await until(lambda: stage.handled.total() == 19)
    letters = [DeadLetter.from_bytes(record.value or b"") for record in await read_all(settings, DEAD_LETTERS)]
    assert [(letter.cause, letter.attempts, letter.detail) for letter in letters] == [(Cause.FAILED, 4, "RuntimeError: always")]


async def test_too_many_failures_in_a_row_stop_the_service_with_nothing_of_the_run_committed(
    mock_broker_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.runtime.handling.RETRY_DELAYS", (0.0, 0.0, 0.0))
    settings = mock_broker_settings.model_copy(update={"failures_to_stop": 5})

    def broken(record: Record) -> None:
        raise RuntimeError("a bad deploy")

    await write(settings, ARTICLES, [(b"k%d" % i, b"x") for i in range(20)])
    async with Publisher(settings, "test") as publisher:
        with (
            capture_logs(),
            pytest.raises(Stop, match=r"5 messages in a row.*a bad deploy"),
        ):  # traces drawn with all variables take longest
            await asyncio.wait_for(Stream(settings, "test", [Passing(broken)], publisher, wall_clock).run(), PATIENCE)
    assert await keys(settings, DEAD_LETTERS) == Counter()
    stage = Passing()
    async with streaming(settings, [stage]):
        await until(lambda: stage.handled.total() == 20)


async def test_what_goes_wrong_in_the_end_does_not_hide_what_ended_the_stream(
    mock_broker_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client's thread that has died by then lets a commit fail with "Event loop is closed"."""
    settings = mock_broker_settings

    def over(record: Record) -> None:
        raise Stop("nothing more can be done")

    stop = App.stop

    async def broken(app: App) -> None:
        await stop(app)
        raise RuntimeError("Event loop is closed")

    monkeypatch.setattr(App, "stop", broken)
    await write(settings, ARTICLES, [(b"k", b"x")])
    async with Publisher(settings, "test") as publisher:
        with pytest.raises(Stop, match="nothing more can be done"):
            await asyncio.wait_for(Stream(settings, "test", [Passing(over)], publisher, wall_clock).run(), PATIENCE)
        ending = Stream(settings, "test", [Passing()], publisher, wall_clock)
        running = asyncio.create_task(ending.run())
        await until(lambda: ending.not_ready() is None)
        await ending.stop()
        with pytest.raises(RuntimeError, match="Event loop is closed"):
            await asyncio.wait_for(running, PATIENCE)


async def test_a_fold_goes_on_from_its_checkpoint(brokers: Brokers, tmp_path: Path) -> None:
    settings = await prepared(brokers, tmp_path)
    await write(settings, CLAIMS, [(b"book", b"x")] * 30)
    async with streaming(settings, [Counting()]) as stream:
        await until(lambda: _position(stream) == 30)
    await write(settings, CLAIMS, [(b"book", b"x")] * 12)
    async with streaming(settings, [Counting()]) as stream:
        await until(lambda: _position(stream) == 42)
    told = await keys(settings, INDICATORS)
    assert sorted(told.values()) == [1] * 42
    assert max(int(key.split("|")[1]) for key in told) == 42


async def test_without_its_state_a_fold_folds_again_and_tells_nothing_twice(brokers: Brokers, tmp_path: Path) -> None:
    settings = await prepared(brokers, tmp_path)
    await write(settings, CLAIMS, [(b"book", b"x")] * 30)
    async with streaming(settings, [Counting()]) as stream:
        await until(lambda: _position(stream) == 30)
    await write(settings, CLAIMS, [(b"book", b"x")] * 3)
    elsewhere = settings.model_copy(update={"state_dir": tmp_path / "elsewhere"})
    async with streaming(elsewhere, [Counting()]) as stream:
        await until(lambda: _position(stream) == 33)
    told = await keys(settings, INDICATORS)
    assert sorted(told.values()) == [1] * 33
    assert max(int(key.split("|")[1]) for key in told) == 33


async def test_a_new_version_of_a_fold_tells_every_current_figure_once(mock_broker_settings: Settings) -> None:
    settings = mock_broker_settings
    await write(settings, CLAIMS, [(b"book", b"x")] * 10)
    async with streaming(settings, [Counting(1)]) as stream:
        await until(lambda: _position(stream) == 10)
    async with streaming(settings, [Counting(2)]) as stream:
        await until(lambda: stream.not_ready() is None)
        await write(settings, CLAIMS, [(b"book", b"x")])
        await until(lambda: _position(stream) == 11)
    told = await keys(settings, INDICATORS)
    assert told["current"] == 4, "once for each of the four partitions"
    assert sum(told.values()) == 15


async def test_a_new_version_that_starts_without_any_state_tells_every_current_figure_once(brokers: Brokers, tmp_path: Path) -> None:
    """The version stands beside the committed offset, so a worker in a fresh container knows as much as one that finds the old state."""
    settings = await prepared(brokers, tmp_path)
    await write(settings, CLAIMS, [(b"book", b"x")] * 10)
    async with streaming(settings, [Counting(1)]) as stream:
        await until(lambda: _position(stream) == 10)
    for folder, end in (("fresh", 11), ("afresh", 12)):
        await write(settings, CLAIMS, [(b"book", b"x")])
        async with streaming(settings.model_copy(update={"state_dir": tmp_path / folder}), [Counting(2)]) as stream:
            await until(partial(_at, stream, end))
    told = await keys(settings, INDICATORS)
    assert told["current"] == 1, "of the one partition of which something was told; and not again by the next of the same version"
    assert sum(told.values()) == 13


async def test_missing_topics_end_the_service_with_what_to_do(mock_broker_settings: Settings) -> None:
    settings = mock_broker_settings.model_copy(update={"prefix": "nothing-here."})
    with pytest.raises(Stop, match="tallywire topics create"):
        async with streaming(settings, [Passing()]):
            pass


def _at(stream: Stream, end: int) -> bool:
    return stream.not_ready() is None and _position(stream) == end


def _position(stream: object) -> int:
    return max((lane.watermark.position or 0) for lane in stream._worker.lanes.values()) if stream._worker.lanes else 0  # type: ignore[attr-defined]


@pytest.fixture
async def mock_broker_settings(mock_broker: object, tmp_path: Path) -> Settings:
    """Settings for the embedded broker, with topics of their own."""
    return await prepared(Brokers("embedded", mock_broker.bootstrap), tmp_path)  # type: ignore[attr-defined]
