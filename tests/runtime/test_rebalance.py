"""Workers that join and leave under load: every record is folded once into the figures, and nothing is lost."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from schemas import partition_of
from schemas.topics import ARTICLES, CLAIMS, INDICATORS
from services.runtime.reader import read_all
from tests.conftest import Brokers
from tests.support.kafka import Kafka
from tests.support.patience import patient
from tests.support.streams import Counting, Passing, prepared, streaming, until, write

pytestmark = pytest.mark.broker

RECORDS = 3_000


async def test_what_comes_first_after_a_rebalance_is_not_lost(kafka: Kafka, tmp_path: Path) -> None:
    settings = await prepared(Brokers("kafka", kafka.bootstrap), tmp_path)
    stage = Passing()
    async with streaming(settings, [stage]) as stream:
        await write(settings, ARTICLES, [(b"before-%d" % number, b"x") for number in range(20)])
        await until(lambda: stage.handled.total() == 20)
        app = stream._app
        assert app is not None
        lanes = set(stream._worker.lanes.values())
        app.consumer._thread._consumer._coordinator.request_rejoin()  # type: ignore[attr-defined]
        await until(lambda: bool(stream._worker.lanes) and lanes.isdisjoint(stream._worker.lanes.values()) and not app.rebalancing)
        await write(settings, ARTICLES, [(b"first-%d" % number, b"x") for number in range(20)])
        await write(settings, ARTICLES, [(b"then-%d" % number, b"x") for number in range(20)])
        await until(lambda: all(stage.handled[b"then-%d" % number] for number in range(20)))
    assert all(stage.handled[b"first-%d" % number] for number in range(20))


async def test_a_fold_stays_exact_while_workers_come_and_go(kafka: Kafka, tmp_path: Path) -> None:
    # A worker that leaves in order must not be taken for dead first, however busy the machine.
    settings = await prepared(Brokers("kafka", kafka.bootstrap), tmp_path, session_timeout=patient(6.0))
    records = [(b"book-%d" % (number % 50), b"x") for number in range(RECORDS)]
    expected = Counter(partition_of(key, 4) for key, _ in records)

    async def load() -> None:
        for start in range(0, RECORDS, 100):
            await write(settings, CLAIMS, records[start : start + 100])

    loading = asyncio.create_task(load())
    async with AsyncExitStack() as last:
        for turn in range(4):
            mine = settings.model_copy(update={"state_dir": tmp_path / str(turn % 2)})
            first = streaming(mine, [Counting()])
            await first.__aenter__()
            async with streaming(settings.model_copy(update={"state_dir": tmp_path / f"other-{turn}"}), [Counting()]):
                await asyncio.sleep(0.5)
                await first.__aexit__(None, None, None)
                await asyncio.sleep(0.5)
        await loading
        stream = await last.enter_async_context(streaming(settings, [Counting()]))
        await until(lambda: sum(lane.watermark.position or 0 for lane in stream._worker.lanes.values()) == RECORDS)

    told: dict[int, Counter[int]] = defaultdict(Counter)
    for record in await read_all(settings, INDICATORS, latest=False):
        partition, count = (record.key or b"").decode().split("|")
        told[int(partition)][int(count)] += 1
    assert {partition: max(counts) for partition, counts in told.items()} == dict(expected)
    assert all(set(counts) == set(range(1, expected[partition] + 1)) for partition, counts in told.items())
    repeats = sum(counts.total() - len(counts) for counts in told.values())
    assert repeats == 0, "workers that leave in order commit what they told"
