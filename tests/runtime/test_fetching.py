"""Fetching keeps to the room that there is: a slow stage fills no memory, and a worker without partitions sleeps."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from schemas.topics import ARTICLES
from services.runtime.consumer import FETCH_PARTITION
from services.runtime.encoding import Sending
from services.runtime.inbox import ROOM_BYTES
from services.runtime.publisher import Publisher
from services.stage import Record, SlowDown
from tests.conftest import Brokers
from tests.support.kafka import Kafka
from tests.support.streams import Passing, prepared, streaming, until

LARGE = 500_000
RECORDS = 60


@pytest.mark.broker
async def test_a_slow_stage_pauses_fetching_and_goes_on_where_it_was(kafka: Kafka, tmp_path: Path) -> None:
    """30 MB wait in one partition: what is in memory stays within what an inbox and one fetch take."""
    settings = await prepared(Brokers("kafka", kafka.bootstrap), tmp_path)
    async with Publisher(settings, "test") as publisher:
        for number in range(RECORDS):
            await publisher.send_all([Sending(ARTICLES.name, b"k%d" % number, b"x" * LARGE, 0)])
    slow = True

    def slow_down(record: Record) -> None:
        if slow:
            raise SlowDown("somebody", 0.1)

    stage = Passing(slow_down)
    async with streaming(settings, [stage]) as stream:
        lane = stream._worker.lanes[ARTICLES.name, 0]
        await until(lambda: not lane.inbox.has_room)
        await asyncio.sleep(2.0)
        assert lane.inbox.size <= ROOM_BYTES + FETCH_PARTITION + LARGE
        assert lane.watermark.unfinished < RECORDS / 2
        slow = False
        await until(lambda: stage.handled.total() == RECORDS)
    assert max(stage.handled.values()) == 1


async def test_a_worker_without_partitions_sleeps(brokers: Brokers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = await prepared(brokers, tmp_path)
    async with streaming(settings, [Passing()]) as stream:
        app = stream._app
        assert app is not None
        turns = 0
        fetch = app.consumer._fetch  # type: ignore[attr-defined]  # ours, which Faust does not know

        async def counted() -> None:
            nonlocal turns
            turns += 1
            await fetch()

        monkeypatch.setattr(app.consumer, "_fetch", counted)
        app.consumer._active_partitions = set()  # type: ignore[attr-defined]  # as where there are more workers than partitions
        await asyncio.sleep(3.0)
    assert 0 < turns < 10
