"""Alerts in, webhooks out, over the real protocol, on the embedded broker and on Apache Kafka; what dies in between repeats with the same id and body."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import standardwebhooks
from aiokafka import AIOKafkaProducer
from structlog.testing import capture_logs

from schemas import Alert, Cause, DeadLetter, Delivery, DeliveryStatus, Outcome, key_of
from schemas.topics import ALERTS, DEAD_LETTERS, DELIVERIES
from services.notify.delivery.advance import cancelled, replayed, scheduled
from services.notify.delivery.consumers import Deliverer, Scheduler, attempts
from services.notify.delivery.endpoints import Endpoint
from services.notify.delivery.schedule import Schedule
from services.runtime.publisher import Publisher
from services.runtime.reader import read_all
from services.runtime.settings import Settings
from services.runtime.topics_admin import create
from services.stage import Output, Record, Stop
from tests.conftest import Brokers, real_kafka
from tests.support.patience import patient

from .alerts import alert
from .receivers import HANG, SECRET, Collector, collecting, endpoint, until

QUICK = Schedule(delays=(0.05, 0.1, 0.2), refused=(0.05,))


class Setting:
    """A broker, a publisher, and workers that can be stopped or killed."""

    def __init__(self, settings: Settings, publisher: Publisher) -> None:
        self.settings = settings
        self.publisher = publisher

    @asynccontextmanager
    async def working(
        self, *endpoints: Endpoint, schedule: Schedule = QUICK, kill: bool = False, now: Any = None
    ) -> AsyncIterator[tuple[Scheduler, Deliverer]]:
        """A scheduler and a deliverer, until the block ends; with `kill` they are not asked to finish."""
        configured = {each.id: each for each in endpoints}
        clock = now or (lambda: datetime.now(UTC))
        scheduler = Scheduler(self.settings, configured, self.publisher, clock)
        deliverer = Deliverer(self.settings, configured, self.publisher, clock, schedule)
        tasks = [asyncio.create_task(scheduler.run()), asyncio.create_task(deliverer.run())]
        try:
            yield scheduler, deliverer
        finally:
            if not kill:
                await scheduler.stop()
                await deliverer.stop()
                await asyncio.wait(tasks, timeout=10)
            for task in tasks:
                task.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
            assert [error for error in ended if isinstance(error, Exception)] == []

    async def tell(self, *alerts: Alert) -> None:
        await self.publisher.send(Output(ALERTS, key_of(each.rule.id, each.fingerprint), each) for each in alerts)

    async def write(self, deliveries: Iterable[Delivery]) -> None:
        await self.publisher.send(Output(DELIVERIES, key_of(each.endpoint, each.id), each) for each in deliveries)

    async def log(self) -> list[Delivery]:
        """All records of deliveries."""
        return [Delivery.from_bytes(record.value or b"") for record in await read_all(self.settings, DELIVERIES, latest=False)]

    async def letters(self, count: int, seconds: float = 30.0) -> list[Record]:
        """So many dead letters."""
        async with asyncio.timeout(seconds):
            while True:
                letters = await read_all(self.settings, DEAD_LETTERS, latest=False)
                if len(letters) >= count:
                    return letters
                await asyncio.sleep(0.1)

    async def once(self, condition: Callable[[list[Delivery]], bool], seconds: float = 30.0) -> list[Delivery]:
        """The log, once something holds of it."""
        async with asyncio.timeout(seconds):
            while True:
                log = await self.log()
                if condition(log):
                    return log
                await asyncio.sleep(0.1)

    async def ended(self, count: int, seconds: float = 30.0) -> list[Delivery]:
        """The log, once so many deliveries have ended."""
        return await self.once(lambda log: len({each.id for each in log if each.status.final}) >= count, seconds)


@pytest.fixture
async def setting(brokers: Brokers) -> AsyncIterator[Setting]:
    settings = Settings(brokers=brokers.bootstrap, prefix=f"t{uuid.uuid4().hex}.", session_timeout=patient(6.0))
    if brokers.kind == "kafka":
        await create(settings, partitions=4, replication=1)
    async with Publisher(settings, "test") as publisher:
        yield Setting(settings, publisher)


def verified(collector: Collector) -> list[Any]:
    """The bodies, each verified by the published verifier."""
    verifier = standardwebhooks.Webhook(SECRET)
    return [verifier.verify(body, headers) for headers, body in collector.requests]


async def test_an_alert_arrives_once_and_signed(setting: Setting) -> None:
    async with collecting() as collector, setting.working(endpoint("desk", collector.url)):
        await setting.tell(alert())
        log = await setting.ended(1)
    (payload,) = verified(collector)
    assert (payload["type"], payload["data"]["id"], payload["data"]["figure"]["value"]) == ("alert.fired", "alert-1", 640)
    assert collector.ids == [Delivery.identify("alert-1", "desk")]
    assert [(each.status, each.attempts) for each in log] == [(DeliveryStatus.SCHEDULED, 0), (DeliveryStatus.DELIVERED, 1)]
    assert collector.requests[0][0]["user-agent"].startswith("tallywire/")
    assert collector.requests[0][0]["content-type"] == "application/json"


async def test_it_goes_to_each_endpoint_that_wants_it_and_to_no_other(setting: Setting) -> None:
    async with collecting() as one, collecting() as two, collecting() as three:
        wants_critical = endpoint("critical-only", three.url, severities=frozenset({"critical"}))
        async with setting.working(endpoint("one", one.url), endpoint("two", two.url), wants_critical):
            await setting.tell(alert())
            await setting.ended(2)
    assert (len(one.requests), len(two.requests), len(three.requests)) == (1, 1, 0)
    assert one.ids != two.ids
    assert one.requests[0][1] == two.requests[0][1]


async def test_a_failing_receiver_is_tried_again_with_the_same_id_and_body_and_a_fresh_time(setting: Setting) -> None:
    slow = Schedule(delays=(1.1, 0.1), refused=(0.1,))
    async with (
        collecting(lambda number: 500 if number < 3 else 200) as collector,
        setting.working(endpoint("desk", collector.url), schedule=slow),
    ):
        await setting.tell(alert())
        log = await setting.ended(1)
    assert len(verified(collector)) == 3
    assert len(set(collector.ids)) == 1
    assert len({body for _, body in collector.requests}) == 1
    stamps = [int(headers["webhook-timestamp"]) for headers, _ in collector.requests]
    assert stamps == sorted(stamps)
    assert len(set(stamps)) > 1
    assert [(each.status, each.attempts, each.last and each.last.outcome) for each in log] == [
        (DeliveryStatus.SCHEDULED, 0, None),
        (DeliveryStatus.RETRYING, 1, Outcome.SERVER_ERROR),
        (DeliveryStatus.RETRYING, 2, Outcome.SERVER_ERROR),
        (DeliveryStatus.DELIVERED, 3, Outcome.OK),
    ]


async def test_when_the_schedule_ends_it_has_failed(setting: Setting) -> None:
    async with collecting(lambda _: 503) as collector, setting.working(endpoint("desk", collector.url)):
        await setting.tell(alert())
        log = await setting.ended(1)
    assert len(collector.requests) == len(QUICK.delays) + 1
    assert (log[-1].status, log[-1].last and log[-1].last.status) == (DeliveryStatus.FAILED, 503)


async def test_an_alert_that_is_read_again_is_not_sent_again(setting: Setting) -> None:
    """As after a crash between the scheduling and the commit; and the log's last word stays that it was delivered."""
    async with collecting() as collector, setting.working(endpoint("desk", collector.url)) as (scheduler, _):
        await setting.tell(alert())
        await setting.ended(1)
        await setting.tell(alert(), alert(), alert(2))
        await until(lambda: scheduler.handled == 4)
        await setting.ended(2)
        one = Delivery.identify("alert-1", "desk")
        log = await setting.once(lambda log: [each.status for each in log if each.id == one][-1] is DeliveryStatus.DELIVERED)
    assert sorted(collector.ids) == sorted(Delivery.identify(f"alert-{n}", "desk") for n in (1, 2))
    last = {each.id: each for each in log}
    assert last[one].body == collector.requests[0][1].decode()


async def test_after_a_kill_between_post_and_record_the_same_webhook_comes_again(setting: Setting) -> None:
    async with collecting() as collector:
        desk = endpoint("desk", collector.url)

        async def never(*_: object) -> None:
            await asyncio.sleep(3600)

        async with setting.working(desk, kill=True) as (_, deliverer):
            deliverer._attempts._write = never
            await setting.tell(alert())
            await until(lambda: len(collector.requests) == 1)
        assert [each.status for each in await setting.log()] == [DeliveryStatus.SCHEDULED]
        async with setting.working(desk):
            await setting.ended(1, seconds=30)
    assert len(set(collector.ids)) == 1
    assert len(collector.requests) == 2
    assert len({body for _, body in collector.requests}) == 1


async def test_a_restart_knows_what_is_pending_and_what_is_done(setting: Setting) -> None:
    """Ten are delivered, ten wait for their second attempt; after a restart only these are attempted, each with its number."""
    async with collecting(lambda _: 500) as down, collecting() as up:
        late = Schedule(delays=(3.0, 0.1), refused=(0.1,))
        to_down, to_up = endpoint("down", down.url), endpoint("up", up.url)
        async with setting.working(to_down, to_up, schedule=late, kill=True):
            await setting.tell(*(alert(n) for n in range(1, 11)))
            await until(lambda: len(down.requests) == 10 and len(up.requests) == 10)
            await setting.ended(10)
            await setting.once(lambda log: sum(each.status is DeliveryStatus.RETRYING for each in log) == 10)
        down.answer = lambda _: 200
        async with setting.working(to_down, to_up, schedule=late):
            log = await setting.ended(20, seconds=30)
    assert sorted(down.ids[:10]) == sorted(down.ids[10:])
    assert len(up.requests) == 10
    assert {each.attempts for each in log if each.endpoint == "down" and each.status is DeliveryStatus.DELIVERED} == {2}


async def test_three_days_of_attempts_survive_a_restart_after_each(setting: Setting, brokers: Brokers) -> None:
    """The whole schedule, with a clock that is set on while nobody works: each worker makes the one attempt that is due, no more."""
    if brokers.kind == "embedded":
        pytest.skip("it keeps a killed member's place for five seconds, ten times over")
    clock = [datetime.now(UTC)]

    async def work(number: int) -> list[Delivery]:
        async with setting.working(desk, schedule=Schedule(), kill=True, now=lambda: clock[0]):
            if number == 1:
                await setting.tell(alert())
            log = await setting.once(lambda log: bool(log) and max(each.attempts for each in log) == number, 30)
            await asyncio.sleep(0.3)
        return log

    log: list[Delivery] = []
    async with collecting(lambda number: 503 if number < 10 else 200) as collector:
        desk = endpoint("desk", collector.url)
        for number in range(1, 11):
            log = await work(number)
            assert len(collector.requests) == number
            clock[0] = max(clock[0], log[-1].due_at) + timedelta(seconds=1)
    assert len(set(collector.ids)) == 1
    assert len({body for _, body in collector.requests}) == 1
    assert log[-1].status is DeliveryStatus.DELIVERED
    assert log[-1].last is not None
    assert log[-1].last.at - log[0].scheduled_at > timedelta(hours=75)
    stamps = [int(headers["webhook-timestamp"]) for headers, _ in collector.requests]
    assert stamps == sorted(set(stamps))


async def test_endpoints_that_hang_delay_no_other(setting: Setting) -> None:
    """A hundred endpoints, twenty of which never answer, each with more to do than it has places."""
    async with collecting(lambda _: HANG) as hanging, collecting() as quick:
        slow = [endpoint(f"slow-{n}", hanging.url, timeout=30.0, concurrency=2) for n in range(20)]
        fast = [endpoint(f"fast-{n}", quick.url, timeout=30.0) for n in range(80)]
        async with setting.working(*slow, *fast) as (_, deliverer):
            await until(lambda: deliverer.not_ready() is None)
            await setting.tell(*(alert(n) for n in range(1, 6)))
            log = await setting.ended(400, seconds=28)
            assert {each.endpoint for each in log if each.last} == {each.id for each in fast}
            await until(lambda: deliverer.running == 40)
            assert len(hanging.requests) == 40
            assert len(quick.requests) == len(set(quick.ids)) == 400
            assert deliverer.pending() == 100


async def test_what_is_too_old_when_it_comes_up_is_not_sent(setting: Setting) -> None:
    async with collecting() as collector, setting.working(endpoint("desk", collector.url, max_age=timedelta(days=7))):
        await setting.tell(alert(1), alert(2, event_time=datetime.now(UTC)))
        log = await setting.ended(2)
    assert collector.ids == [Delivery.identify("alert-2", "desk")]
    assert {each.id: each.status for each in log}[Delivery.identify("alert-1", "desk")] is DeliveryStatus.EXPIRED


async def test_what_waits_for_an_endpoint_that_is_gone_is_written_off(setting: Setting) -> None:
    async with collecting() as collector:
        await setting.write([scheduled(alert(), "gone", datetime.now(UTC))])
        async with setting.working(endpoint("desk", collector.url)):
            log = await setting.ended(1)
    assert log[-1].status is DeliveryStatus.FAILED
    assert log[-1].last is not None
    assert log[-1].last.outcome is Outcome.UNCONFIGURED
    assert collector.requests == []


async def test_any_number_of_endpoints_that_are_gone_share_a_few_places(setting: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "UNCONFIGURED_AT_A_TIME", 5)
    most = 0
    async with collecting() as collector:
        await setting.write([scheduled(alert(), f"gone-{number}", datetime.now(UTC)) for number in range(100)])
        async with setting.working(endpoint("desk", collector.url)) as (_, deliverer):
            while deliverer.pending() or deliverer.not_ready() is not None:
                most = max(most, deliverer.running)
                await asyncio.sleep(0)
            log = await setting.ended(100)
    assert 0 < most <= 5
    assert {each.endpoint for each in log if each.status is DeliveryStatus.FAILED} == {f"gone-{number}" for number in range(100)}


async def test_an_inside_address_is_never_called_and_never_tried_again(setting: Setting) -> None:
    async with collecting() as collector, setting.working(endpoint("desk", collector.url, allow_networks=())):
        await setting.tell(alert())
        log = await setting.ended(1)
    assert [(each.status, each.last and each.last.outcome) for each in log][1:] == [(DeliveryStatus.FAILED, Outcome.BLOCKED)]
    assert collector.requests == []


async def test_a_person_can_cancel_and_put_back(setting: Setting) -> None:
    async with collecting(lambda _: 500) as collector:
        desk = endpoint("desk", collector.url)
        async with setting.working(desk, schedule=Schedule(delays=(60.0,), refused=(60.0,))) as (_, deliverer):
            await setting.tell(alert())
            await until(lambda: len(collector.requests) == 1)
            last = (await setting.once(lambda log: log[-1].status is DeliveryStatus.RETRYING))[-1]
            await setting.write([cancelled(last, datetime.now(UTC))])
            await until(lambda: deliverer.pending() == 0)
            collector.answer = lambda _: 200
            await setting.write([replayed(last, datetime.now(UTC))])
            await until(lambda: len(collector.requests) == 2)
            last = (await setting.once(lambda log: log[-1].status is DeliveryStatus.DELIVERED))[-1]
    assert len(set(collector.ids)) == 1
    assert len({body for _, body in collector.requests}) == 1
    assert last.replays == 1


async def test_bad_records_become_dead_letters_and_the_good_ones_around_them_come_through(setting: Setting) -> None:
    bad = [b"", b"no json", b"\xff\xfe", b"{}", b"null", b"[1]", b'{"id": 1}', b"[" * 50_000, alert().to_bytes()[:-5]]
    async with (
        AIOKafkaProducer(bootstrap_servers=setting.settings.brokers) as producer,
        collecting() as collector,
        setting.working(endpoint("desk", collector.url)),
    ):
        await setting.tell(alert(1))
        for value in bad:
            await producer.send_and_wait(setting.settings.topic(ALERTS.name), value, key=b"held-in-peru|x")
            await producer.send_and_wait(setting.settings.topic(DELIVERIES.name), value, key=b"desk|x")
        await producer.send_and_wait(setting.settings.topic(ALERTS.name), None, key=b"held-in-peru|x")
        await setting.tell(alert(2))
        await until(lambda: len(collector.requests) == 2)
        letters = await setting.letters(2 * len(bad))
    read = [DeadLetter.from_bytes(letter.value or b"") for letter in letters]
    assert {letter.topic for letter in read} == {ALERTS.name, DELIVERIES.name}
    assert {letter.cause for letter in read} == {Cause.UNDECODABLE, Cause.INVALID}


async def test_an_alert_that_breaks_the_code_is_given_up_only_when_another_succeeds(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(told: Alert, name: str, now: datetime) -> Delivery:
        if told.id == "alert-1":
            raise ZeroDivisionError("planted")
        return scheduled(told, name, now)

    monkeypatch.setattr("services.notify.delivery.advance.scheduled", broken)
    async with collecting() as collector, setting.working(endpoint("desk", collector.url)) as (scheduler, _):
        await setting.tell(alert(1))
        await until(lambda: scheduler.handled == 1)
        await asyncio.sleep(0.5)
        assert await read_all(setting.settings, DEAD_LETTERS, latest=False) == []
        await setting.tell(alert(2))
        (letter,) = await setting.letters(1)
        await until(lambda: len(collector.requests) == 1)
    assert DeadLetter.from_bytes(letter.value or b"").cause is Cause.FAILED


async def test_code_that_breaks_on_every_alert_stops_and_commits_none(setting: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> Delivery:
        raise ZeroDivisionError("planted")

    async with collecting() as collector:
        desk = endpoint("desk", collector.url)
        await setting.tell(*(alert(n) for n in range(1, 41)))
        with monkeypatch.context() as patched, capture_logs():  # structlog's own rendering of a trace takes half a second
            patched.setattr("services.notify.delivery.advance.scheduled", broken)
            scheduler = Scheduler(setting.settings, {"desk": desk}, setting.publisher, lambda: datetime.now(UTC))
            with pytest.raises(Stop, match="20 alerts in a row"):
                await asyncio.wait_for(scheduler.run(), 20)
        assert await read_all(setting.settings, DEAD_LETTERS, latest=False) == []
        async with setting.working(desk):
            await until(lambda: len(collector.requests) == 40, 30)


async def test_two_workers_share_the_endpoints_and_one_takes_over(setting: Setting, brokers: Brokers) -> None:
    if brokers.kind == "embedded":
        pytest.skip("the embedded broker refuses aiokafka's SyncGroup when a second member joins (INVALID_REQUEST)")
    async with collecting() as collector:
        endpoints = [endpoint(f"desk-{n}", collector.url) for n in range(8)]
        async with setting.working(*endpoints) as (_, survivor):
            async with setting.working(*endpoints, kill=True) as (_, other):
                await until(
                    lambda: survivor.not_ready() is None and other.not_ready() is None and bool(survivor._live) and bool(other._live), 30
                )
                await setting.tell(alert(1))
                await until(lambda: len(collector.requests) >= 8)
                await setting.ended(8)
            await setting.tell(alert(2))
            await setting.ended(16, seconds=30)
    assert len(set(collector.ids)) == 16


async def test_brokers_that_are_away_at_the_start_are_waited_for() -> None:
    settings = Settings(brokers="127.0.0.1:1", prefix="away.")
    deliverer = Deliverer(settings, {}, Publisher(settings, "test"), lambda: datetime.now(UTC))
    scheduler = Scheduler(settings, {}, Publisher(settings, "test"), lambda: datetime.now(UTC))
    tasks = [asyncio.create_task(part.run()) for part in (deliverer, scheduler)]
    await asyncio.sleep(1.5)
    assert not any(task.done() for task in tasks)
    assert deliverer.not_ready()
    assert scheduler.not_ready()
    await deliverer.stop()
    await scheduler.stop()
    async with asyncio.timeout(5):
        await asyncio.gather(*tasks)


@pytest.mark.broker
async def test_brokers_that_go_away_are_waited_for_and_do_not_hold_up_a_stop() -> None:
    """The receiver has it, the outcome cannot be written: it is written when the broker is back, and nothing is posted again."""
    with real_kafka(1) as kafka:
        settings = Settings(brokers=kafka.bootstrap, prefix=f"t{uuid.uuid4().hex}.", session_timeout=6.0)
        await create(settings, partitions=4, replication=1)
        async with Publisher(settings, "test") as publisher:
            setting = Setting(settings, publisher)
            async with collecting() as collector:

                def answer(_: int) -> int:
                    kafka.nodes[0].kill()
                    return 204

                collector.answer = answer
                async with setting.working(endpoint("desk", collector.url)):
                    await setting.tell(alert(1))
                    await until(lambda: len(collector.requests) == 1)
                    await asyncio.sleep(3)
                    collector.answer = lambda _: 204
                    kafka.nodes[0].start()
                    await asyncio.to_thread(kafka.wait_until_ready)
                    await setting.ended(1, seconds=60)
                    await setting.tell(alert(2))
                    await setting.ended(2, seconds=60)
                    kafka.nodes[0].kill()
                    began = asyncio.get_running_loop().time()
                assert asyncio.get_running_loop().time() - began < 12
    assert len(collector.requests) == len(set(collector.ids)) == 2


async def test_planted_secrets_are_in_no_log_and_no_record(
    setting: Setting, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """URL, path and key, through success, refusal, a redirect that repeats the URL, a wrong protocol and a refused connection."""
    caplog.set_level("DEBUG")
    statuses = iter([500, 404, 302, 200])
    async with collecting(lambda _: next(statuses, 200), location="http://127.0.0.1/planted-path") as collector:
        refused = endpoint("refused", "http://127.0.0.1:1/planted-path")
        unknown = endpoint("unknown", "http://planted-host.invalid/planted-path")
        no_tls = endpoint("no-tls", collector.url.replace("http:", "https:"))
        quick = Schedule(delays=(0.05, 0.05, 0.05), refused=(0.05, 0.05, 0.05))
        async with setting.working(endpoint("desk", collector.url), refused, unknown, no_tls, schedule=quick):
            await setting.tell(alert())
            log = await setting.ended(4, seconds=30)
    out, err = capfd.readouterr()
    told = caplog.text + out + err + "".join(each.to_bytes().decode() for each in log)
    assert "webhook.attempted" in told
    for planted in ("planted-path", "planted-host", str(collector.port), SECRET, SECRET.removeprefix("whsec_"), "a key for tests"):
        assert planted not in told
    assert {each.last.outcome for each in log if each.last} == {
        Outcome.OK,
        Outcome.SERVER_ERROR,
        Outcome.REFUSED,
        Outcome.REDIRECTED,
        Outcome.UNREACHABLE,
    }
