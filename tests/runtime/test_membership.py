"""A replica with a name of its own gets its partitions back after a restart without a rebalance; two of one name do not fight."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from schemas.topics import ARTICLES
from services.runtime.process import FAILED
from services.runtime.settings import Settings
from tests.conftest import Brokers
from tests.support.groups import behind
from tests.support.kafka import Kafka
from tests.support.services import Service
from tests.support.streams import prepared, until, until_true, write

pytestmark = pytest.mark.timeout(180)

QUICK = 120.0
"""Seconds of a session that the restart of a process is far within, however busy the machine is; nobody waits for its end. It is longer than Faust
allows unless told to wait as long for an answer."""

BRIEF = 15.0
"""Seconds of a session whose end is waited for."""


@asynccontextmanager
async def started(service: Service) -> AsyncIterator[Service]:
    """A ready process, killed with the block."""
    service.start()
    try:
        await service.ready()
        yield service
    finally:
        if service.exit_code is None:
            service.kill()


def replica(settings: Settings, folder: Path, number: int, instance: str | None, service: str = "extract") -> Service:
    home = folder / str(number)
    home.mkdir()
    extra = {"TALLYWIRE_STATE_DIR": str(home)} | ({"TALLYWIRE_INSTANCE": instance} if instance else {})
    return Service(service, settings, home, extra=extra)


async def settings_of(kafka: Kafka, folder: Path, session: float = BRIEF) -> Settings:
    return await prepared(Brokers("kafka", kafka.bootstrap), folder, session_timeout=session)


async def settled(settings: Settings) -> None:
    async def through() -> bool:
        return not any((await behind(settings, {"extract": (ARTICLES,)})).values())

    await until_true(through, 60.0)


@pytest.mark.parametrize("named", [True, False])
async def test_a_quick_restart_of_a_named_replica_rebalances_nobody(kafka: Kafka, tmp_path: Path, named: bool) -> None:
    settings = await settings_of(kafka, tmp_path, QUICK if named else BRIEF)
    async with AsyncExitStack() as stack:
        one, two = [
            await stack.enter_async_context(started(replica(settings, tmp_path, number, f"extract-{number}" if named else None)))
            for number in (1, 2)
        ]
        await until(lambda: "Heartbeat failed" in one.log() or not named, 30.0)  # the second's arrival is seen by the first
        await two.ready()
        await one.ready()
        two.kill()
        seen = len(one.log())
        await write(settings, ARTICLES, [(str(n).encode(), b"not an article") for n in range(100)])
        killed = time.monotonic()
        two.start()
        await settled(settings)
        print(f"named={named}: all that came since the kill was through after {time.monotonic() - killed:.1f} s")
        rebalanced = "is rebalancing" in one.log()[seen:]
    if named:
        assert not rebalanced
        assert time.monotonic() - killed < QUICK


@pytest.mark.parametrize("service", ["extract", "notify"])
async def test_of_two_processes_of_one_name_the_older_ends_and_says_why(kafka: Kafka, tmp_path: Path, service: str) -> None:
    settings = await settings_of(kafka, tmp_path)
    async with (
        started(replica(settings, tmp_path, 1, "same", service)) as older,
        started(replica(settings, tmp_path, 2, "same", service)) as newer,
    ):
        await until(lambda: older.exit_code is not None, 45.0)
        assert older.exit_code == FAILED, older.tail()
        last = older.tail(4)
        assert '"event":"service.fenced"' in last, last
        assert f"another process has joined {settings.prefix}tallywire.{service}" in last
        assert "as same" in last
        assert "TALLYWIRE_INSTANCE" in last
        await newer.ready()
        assert newer.exit_code is None
