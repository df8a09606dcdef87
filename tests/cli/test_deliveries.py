"""`tallywire deliveries` on the embedded broker: what stands there is shown, and put back or ended by its id."""

from __future__ import annotations

import asyncio
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner, Result

from schemas import Delivery, DeliveryStatus, key_of
from schemas.topics import DELIVERIES
from services.cli.deliveries import deliveries, read
from services.notify.delivery.advance import attempted, scheduled
from services.notify.delivery.classify import of_status
from services.notify.delivery.schedule import Schedule
from services.runtime.publisher import Publisher
from services.runtime.settings import Settings
from services.stage import Output
from tests.notify.delivery.alerts import alert
from tests.support.mock_broker import MockBroker

NOW = datetime(2022, 8, 14, 10, tzinfo=UTC)
WAITING = scheduled(alert(1), "desk", NOW)
RETRYING = attempted(scheduled(alert(2), "desk", NOW + timedelta(hours=1)), of_status(503, {}, NOW), NOW, 0.2, Schedule())
DONE = attempted(scheduled(alert(3), "night", NOW + timedelta(hours=2)), of_status(204, {}, NOW), NOW, 0.2, Schedule())


@pytest.fixture
def settings(mock_broker: MockBroker, monkeypatch: pytest.MonkeyPatch) -> Settings:
    prefix = f"t{uuid.uuid4().hex}."
    monkeypatch.setenv("TALLYWIRE_BROKERS", mock_broker.bootstrap)
    monkeypatch.setenv("TALLYWIRE_PREFIX", prefix)
    settings = Settings()
    asyncio.run(write(settings))
    return settings


async def write(settings: Settings) -> None:
    """The three, the last of them contradicted by a repeat, and a record that nobody can read."""
    repeat = scheduled(alert(3), "night", NOW + timedelta(hours=3))
    async with Publisher(settings, "test") as publisher:
        await publisher.send(Output(DELIVERIES, key_of(each.endpoint, each.id), each) for each in (WAITING, RETRYING, DONE, repeat))
        await publisher.send([Output(DELIVERIES, "desk|x", alert())])


def run(*args: str) -> Result:
    return CliRunner().invoke(deliveries, args, env={"COLUMNS": "160"})


def now(settings: Settings) -> dict[str, Delivery]:
    return {each.id: each for each in asyncio.run(read(settings))}


def test_the_list_says_where_each_stands(settings: Settings) -> None:
    result = run("list")
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert lines[-1] == "3 deliveries: 1 delivered, 1 retrying, 1 scheduled"
    assert [line.split()[0] for line in lines[1:4]] == [each.id[:8] for each in (WAITING, RETRYING, DONE)]
    assert "server_error 503" in lines[2]


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        (["--endpoint", "night"], [DONE]),
        (["--status", "retrying"], [RETRYING]),
        (["--since", "2022-08-14T10:30:00"], [RETRYING, DONE]),
        (["--endpoint", "none"], []),
    ],
)
def test_the_list_can_be_narrowed(settings: Settings, options: list[str], shown: list[Delivery]) -> None:
    output = run("list", *options).output
    assert [each for each in (WAITING, RETRYING, DONE) if each.id[:8] in output] == shown


def test_one_is_shown_whole(settings: Settings) -> None:
    output = run("show", RETRYING.id[:13]).output
    for words in (RETRYING.id, "desk", "retrying", "HTTP 503 Service Unavailable", "Six hundred or more are held in Peru", "Some 640"):
        assert words in output


def test_an_id_that_fits_none_or_several_is_refused(settings: Settings) -> None:
    assert "no deliveries have an id that begins with 'zzz'" in run("show", "zzz").output
    assert run("show", "").exit_code != 0


def test_what_has_ended_is_put_back_and_nothing_else(settings: Settings) -> None:
    assert "1 would be sent again" in run("replay", "--all", "--dry-run").output
    assert now(settings)[DONE.id].status is DeliveryStatus.DELIVERED
    assert "1 will be sent again" in run("replay", "--all").output
    after = now(settings)
    assert (after[DONE.id].status, after[DONE.id].replays, after[DONE.id].body) == (DeliveryStatus.SCHEDULED, 1, DONE.body)
    assert after[WAITING.id] == WAITING


def test_what_waits_is_cancelled_and_nothing_else(settings: Settings) -> None:
    assert "1 were cancelled" in run("cancel", WAITING.id[:8], DONE.id[:8]).output
    after = now(settings)
    assert (after[WAITING.id].status, after[DONE.id].status) == (DeliveryStatus.CANCELLED, DeliveryStatus.DELIVERED)


@pytest.mark.parametrize("command", ["replay", "cancel"])
def test_without_ids_all_must_be_said(settings: Settings, command: str) -> None:
    result = run(command)
    assert result.exit_code == 2
    assert "--all" in result.output
