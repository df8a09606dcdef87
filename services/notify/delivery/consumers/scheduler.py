"""Alerts -> scheduled deliveries: one record for each endpoint that wants an alert, acknowledged before the alert is committed."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

import orjson
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError

from schemas import Alert, Cause, key_of
from schemas.topics import ALERTS, DELIVERIES
from services.notify.delivery.advance import scheduled_each
from services.notify.delivery.body import TooLarge
from services.notify.delivery.endpoints import Endpoint
from services.runtime.failpoints import Failpoints
from services.runtime.failures import HOLD, TooMany
from services.runtime.logs import logger
from services.runtime.metrics import DEAD, RECORDS_IN
from services.runtime.publisher import Publisher
from services.runtime.settings import Settings
from services.runtime.slices import Slices
from services.runtime.watch import BROKERS, Watch, client_id, watched
from services.runtime.watchdog import Partition
from services.stage import Invalid, Output, Stop

from .joining import consume, dead_letter, options, pause

log = logger(__name__)

STAGE: Final = "notify.schedule"
GROUP: Final = "notify-schedule"

POLL_MS: Final = 200
"""How long one poll waits for records; a stop is noticed within it."""

BATCH: Final = 200
"""Most alerts handled at a time: what a crash may schedule again."""

AT_ONCE: Final = 1_000
"""Deliveries written at once, or those of one alert: all alerts of a batch may lead to one for each of a thousand endpoints."""

SEND_DELAYS: Final = (0.2, 1.0, 5.0)
"""Seconds between sends while the brokers do not acknowledge; the last one repeats."""

DEAF_AFTER: Final = 60.0
"""Seconds without a turn of the loop after which nothing moves: more than a request to brokers that are away may take."""

Clock = Callable[[], datetime]


class Scheduler:
    """The consumer group that turns alerts into deliveries."""

    def __init__(self, settings: Settings, endpoints: Mapping[str, Endpoint], publisher: Publisher, now: Clock) -> None:
        self._settings = settings
        self._endpoints = endpoints
        self._publisher = publisher
        self._now = now
        self._stopping = asyncio.Event()
        self._consumer: AIOKafkaConsumer | None = None
        self._held: list[tuple[Any, str]] = []
        """Alerts that failed unexpectedly in a row, with what was said."""
        self._held_since = now()
        self._offsets: dict[Any, int] = {}
        """What may be committed once nothing is held."""
        self._beat = 0.0
        self._waiting = False
        self._positions: dict[Any, int] = {}
        """Partition -> offset of the next alert; the deliveries of all before it are acknowledged."""
        self._watch = Watch(settings, self, group=GROUP, client_id=client_id(GROUP), reads={ALERTS.name: STAGE}, writes=[DELIVERIES.name])
        self._failpoints = Failpoints(settings.failpoints)
        self.handled = 0
        """Alerts read since the start, their deliveries acknowledged."""

    async def run(self) -> None:
        """Schedule until stopped.

        Raises:
            Stop: too many alerts in a row could not be turned into deliveries.
            Stalled: there is lag without progress.

        """
        await watched(self._watch, self._consume())

    async def _consume(self) -> None:
        await consume(
            self._settings,
            lambda: AIOKafkaConsumer(self._settings.topic(ALERTS.name), **options(self._settings, GROUP)),
            self._work,
            self._stopping,
        )

    async def _work(self, consumer: AIOKafkaConsumer) -> None:
        self._consumer = consumer
        self._offsets.clear()
        self._held.clear()
        self._positions.clear()
        try:
            while not self._stopping.is_set():
                self._beat = asyncio.get_running_loop().time()
                await self._locate(consumer)
                batches = await consumer.getmany(timeout_ms=POLL_MS, max_records=BATCH)
                for tp, batch in batches.items():  # the brokers may have given records sooner than they said where these begin
                    self._positions.setdefault(tp, batch[0].offset)
                await self._handle(consumer, batches)
        finally:
            self._consumer = None

    async def _locate(self, consumer: AIOKafkaConsumer) -> None:
        """Note where each partition begins that has come, so that one with nothing left is not taken for one that stands."""
        assigned = consumer.assignment()
        self._positions = {tp: position for tp, position in self._positions.items() if tp in assigned}
        for tp in assigned - self._positions.keys():
            with contextlib.suppress(TimeoutError):
                self._positions[tp] = await asyncio.wait_for(consumer.position(tp), POLL_MS / 1000)

    async def stop(self) -> None:
        """End `run` after the batch in hand."""
        self._stopping.set()

    # What the watch looks at

    @property
    def waiting_for(self) -> str | None:
        """The brokers, while they do not acknowledge."""
        return BROKERS if self._waiting else None

    def positions(self) -> dict[Partition, int | None]:
        """How far each partition is scheduled; what is held waits for another alert, or half a minute, and counts as done."""
        return {(ALERTS.name, tp.partition): position for tp, position in self._positions.items()}

    # What is said of it

    def not_ready(self) -> str | None:
        """Why no alert is scheduled yet; None when all is well."""
        if self._consumer is None:
            return "alerts: the brokers have not answered"
        return "alerts: the brokers do not answer" if self._waiting or self._watch.silent else None

    def not_alive(self) -> str | None:
        """Why nothing can move; None when it can."""
        if self._consumer is None or self._waiting:
            return None
        silence = asyncio.get_running_loop().time() - self._beat
        return f"the scheduler of deliveries has not turned for {silence:.0f} s" if silence > DEAF_AFTER else None

    async def _handle(self, consumer: AIOKafkaConsumer, batches: Mapping[Any, list[Any]]) -> None:
        records = [record for batch in batches.values() for record in batch]
        slices = Slices()
        outputs: list[Output] = []
        for record in records:
            outputs += self._outputs(record)
            if len(outputs) >= AT_ONCE:
                if not await self._send(outputs):
                    return
                outputs = []
            await slices.turn()
        if self._held and self._now() - self._held_since >= HOLD:
            outputs += self._release()
        if records:
            self._failpoints.hit("after-handle", STAGE)
        if not await self._send(outputs):
            return
        if records:
            self._failpoints.hit("after-send", STAGE)
        read = {tp: batch[-1].offset + 1 for tp, batch in batches.items()}
        self._offsets.update(read)
        self._positions.update(read)
        self.handled += len(records)
        if self._held or not self._offsets:
            return
        try:
            await consumer.commit(self._offsets)
        except KafkaError as error:  # they are read again by whoever has the partition now, and known again
            log.warning("alerts.uncommitted", error=type(error).__name__)
        else:
            self._failpoints.hit("after-commit", STAGE)
        self._offsets = {}

    def _outputs(self, record: Any) -> Iterator[Output]:
        """What one alert leads to; what fails unexpectedly is held, and nothing is committed, until another succeeds."""
        if record.value is None:
            return
        try:
            self._failpoints.hit("before-handle", STAGE, record.key)
            outputs = list(self._deliveries(Alert.from_bytes(record.value)))
        except orjson.JSONDecodeError as error:
            yield self._dead(record, Cause.UNDECODABLE, str(error))
        except TooLarge as error:
            yield self._dead(record, Cause.TOO_LARGE, str(error))
        except ValueError as error:
            yield self._dead(record, Cause.INVALID, str(error))
        except Exception as error:
            log.exception("alert.failed", partition=record.partition, offset=record.offset)
            self._hold(record, error)
        else:
            RECORDS_IN.labels(STAGE, "handled").inc()
            yield from self._release()
            yield from outputs

    def _hold(self, record: Any, error: Exception) -> None:
        if not self._held:
            self._held_since = self._now()
        self._held.append((record, f"{type(error).__name__}: {error}"))
        if len(self._held) >= self._settings.failures_to_stop:
            raise TooMany(
                f"{len(self._held)} alerts in a row could not be scheduled ({type(error).__name__}); none of them is committed"
            ) from error

    def _release(self) -> list[Output]:
        """The dead letters of what was held: the fault was in the messages, for another has succeeded or none has come."""
        held, self._held = self._held, []
        return [self._dead(record, Cause.FAILED, detail) for record, detail in held]

    def _deliveries(self, alert: Alert) -> Iterator[Output]:
        wanting = [endpoint.id for endpoint in self._endpoints.values() if endpoint.wants(alert)]
        for delivery in scheduled_each(alert, wanting, self._now()):
            yield Output(DELIVERIES, key_of(delivery.endpoint, delivery.id), delivery)

    def _dead(self, record: Any, cause: Cause, detail: str) -> Output:
        DEAD.labels("notify", cause).inc()
        RECORDS_IN.labels(STAGE, "dead").inc()
        log.warning("alert.dead", partition=record.partition, offset=record.offset, cause=str(cause))
        return dead_letter(self._settings, record, cause, detail)

    async def _send(self, outputs: list[Output]) -> bool:
        """Write until acknowledged; False if told to stop before."""
        attempt = 0
        while True:
            try:
                await self._publisher.send(outputs)
            except KafkaError as error:
                self._waiting = True
                log.warning("deliveries.unacknowledged", error=type(error).__name__)
            except Invalid as error:
                raise Stop(f"a scheduled delivery cannot be written: {error}") from error
            else:
                self._waiting = False
                return True
            if await pause(self._stopping, SEND_DELAYS[min(attempt, len(SEND_DELAYS) - 1)]):
                return False
            attempt += 1
