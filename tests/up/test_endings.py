"""Real services that end with the codes of a spoiled topic and of a disk that cannot be written; what the supervisor makes of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from services.runtime.process import SPOILED, UNWRITABLE
from services.runtime.publisher import Publisher
from services.runtime.settings import Settings
from services.up.plan import commands, settle_ports
from services.up.progress import Finished
from services.up.supervisor import GaveUp, Supervisor
from tests.conftest import Brokers
from tests.support.mock_broker import MockBroker
from tests.support.streams import prepared, until, until_true
from tests.support.workload import articles, sendings

pytestmark = pytest.mark.timeout(240)

PATIENCE = 90.0
"""Seconds within which something must have happened: a service takes some five to start, and the embedded broker holds a dead one's place."""


@asynccontextmanager
async def supervised(
    settings: Settings, service: str, folder: Path, delays: Sequence[float]
) -> AsyncIterator[tuple[Supervisor, list[str], Path]]:
    """One service as `tallywire up` has it, with what is told of it, and its log."""
    (command,) = [each for each in commands(settings, folder / "logs") if each.name == service]
    told: list[str] = []
    supervisor = Supervisor([command], told.append, Finished(settings), delays=delays)
    await supervisor.start()
    try:
        yield supervisor, told, command.log
    finally:
        await supervisor.stop()


async def settings_on(broker: MockBroker, folder: Path, **changed: object) -> Settings:
    ports = dict.fromkeys(("intake_port", "collect_port", "extract_port", "measure_port", "notify_port"), 0)
    settings = await prepared(Brokers("embedded", broker.bootstrap), folder, **ports, **changed)
    return settle_ports(settings)


async def test_a_state_folder_that_cannot_be_written_ends_a_service_with_5_until_it_can(mock_broker: MockBroker, tmp_path: Path) -> None:
    settings = (await settings_on(mock_broker, tmp_path)).model_copy(update={"state_dir": tmp_path / "disk" / "state"})
    (tmp_path / "disk").write_text("a file, below which nothing can be made, whoever one is")
    async with supervised(settings, "measure", tmp_path, [0.2] * 20) as (supervisor, told, log):
        await until(lambda: len(told) >= 2, PATIENCE)
        assert set(told) == {f"measure has ended (exit code {UNWRITABLE}); starting it again in 0.2 s"}
        last = [line for line in log.read_text().splitlines() if '"service.unwritable"' in line]
        assert len(last) >= 2
        assert f"the state folder {settings.state_dir}" in last[0]
        assert "set TALLYWIRE_STATE_DIR" in last[0]
        (tmp_path / "disk").unlink()

        async def ready() -> bool:
            try:
                async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{settings.measure_port}/readyz") as answer:
                    return answer.status == 200
            except aiohttp.ClientError:
                return False

        await until_true(ready, PATIENCE)
        assert "measure" in supervisor.pids


async def test_a_build_that_fails_on_all_ends_with_4_and_is_given_up_when_restarts_get_no_further(
    mock_broker: MockBroker, tmp_path: Path
) -> None:
    settings = await settings_on(mock_broker, tmp_path, failpoints="before-handle:extract:raise:0", failures_to_stop=2)
    async with Publisher(settings, "test") as publisher:
        await publisher.send_all(sendings(articles(20)))
    async with supervised(settings, "extract", tmp_path, [0.1, 0.2]) as (supervisor, told, _):
        with pytest.raises(GaveUp) as caught:
            await supervisor.failed()
    said = str(caught.value)
    assert said.startswith(
        f"extract has ended 3 times in a row (exit code {SPOILED}) and got no further in between: restarting does not help."
    )
    assert "service.spoiled" in said
    assert "none of them is committed: mend the cause and start again" in said
    assert told == [f"extract has ended (exit code {SPOILED}); starting it again in {delay} s" for delay in (0.1, 0.2)]
