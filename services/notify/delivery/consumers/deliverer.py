"""Scheduled deliveries -> attempts -> outcomes: owns endpoints by partition, and knows what is pending from the partition alone."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

import orjson
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import KafkaError

from schemas import Cause, Delivery, key_of
from schemas.topics import DELIVERIES
from services.notify.delivery.endpoints import Endpoint
from services.notify.delivery.heap import Heap
from services.notify.delivery.schedule import Schedule
from services.runtime.encoding import encode
from services.runtime.failpoints import Failpoints
from services.runtime.logs import logger
from services.runtime.metrics import DEAD, OLDEST_PENDING, PENDING
from services.runtime.publisher import Publisher
from services.runtime.settings import Settings
from services.runtime.slices import Slices
from services.runtime.watch import BROKERS, Watch, client_id, watched
from services.runtime.watchdog import Partition
from services.stage import Output

from .attempts import Attempts
from .joining import consume, dead_letter, options, pause

log = logger(__name__)

STAGE: Final = "notify.deliver"
GROUP: Final = "notify-deliver"

POLL_MS: Final = 200
BATCH: Final = 200
"""Records taken from the client at a time."""

FOLDED: Final = 20
"""Records folded between two looks at the clock: each takes up to a millisecond."""

DROPPED: Final = 500
"""Deliveries of a partition that is gone forgotten at a time: some 10 ms."""

LOOK_EVERY: Final = 0.5
"""Seconds after which what is due is looked at again in any case: clocks may be set."""

TELL_EVERY: Final = 5.0
"""Seconds between two counts of what is pending, and between two commits."""

GRACE: Final = 3.0
"""Seconds in which attempts under way may finish when a partition goes to another worker, or at a stop."""

SEND_DELAYS: Final = (0.2, 1.0, 5.0)
"""Seconds between sends while the brokers do not acknowledge; the last one repeats."""

ANSWERS: Final = 100
"""Contradicted records written again at a time."""

DEAF_AFTER: Final = 60.0
"""Seconds without a turn of the loop after which nothing moves: more than a request to brokers that are away may take."""

Clock = Callable[[], datetime]


class Deliverer(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka is not typed
    """The consumer group that makes attempts.

    A partition is read from its beginning to where it ended when it came, and only then are attempts made for it: what was
    delivered is never sent again because of a restart. From there on its records are read as they come, our own among them.
    """

    def __init__(
        self, settings: Settings, endpoints: Mapping[str, Endpoint], publisher: Publisher, now: Clock, schedule: Schedule | None = None
    ) -> None:
        self._settings = settings
        self._publisher = publisher
        self._heap = Heap()
        self._attempts = Attempts(endpoints, self._heap, self._write, schedule or Schedule(), now)
        self._now = now
        self._topic = settings.topic(DELIVERIES.name)
        self._stopping = asyncio.Event()
        self._assigned = False
        self._arrived: list[TopicPartition] | None = None
        """Partitions that came and have not been begun."""
        self._positions: dict[int, int] = {}
        """Partition -> offset of the next record to fold; also of partitions that we have just lost, in case they come back."""
        self._ends: dict[int, int] = {}
        """Partition -> where it ended when it came; those that are still being read up to there."""
        self._told: dict[int, int] = {}
        """Partition -> up to where every bad record has become a dead letter; this is what is committed."""
        self._live: set[int] = set()
        """Partitions for which attempts are made."""
        self._beat = 0.0
        self._dispatched = 0.0
        """When attempts were last looked for."""
        self._unacknowledged = 0
        """Sends in a row that the brokers have not acknowledged."""
        self._watch = Watch(
            settings, self, group=GROUP, client_id=client_id(GROUP), reads={DELIVERIES.name: STAGE}, writes=[DELIVERIES.name]
        )
        self._failpoints = Failpoints(settings.failpoints)

    @property
    def running(self) -> int:
        """How many attempts are under way."""
        return self._attempts.running

    def pending(self) -> int:
        """How many deliveries wait for an attempt or are being attempted, in the partitions held."""
        return self._heap.pending()[0]

    async def run(self) -> None:
        """Deliver until stopped; what is under way then may finish for a moment, what is broken off is repeated by the next worker.

        Raises:
            Stalled: there is lag without progress.

        """
        try:
            await watched(self._watch, consume(self._settings, self._member, self._work, self._stopping))
        finally:
            await self._attempts.close()
            self._heap.close()

    def _member(self) -> AIOKafkaConsumer:
        consumer = AIOKafkaConsumer(**options(self._settings, GROUP))
        consumer.subscribe([self._topic], listener=self)
        return consumer

    async def _work(self, consumer: AIOKafkaConsumer) -> None:
        self._beat = self._dispatched = asyncio.get_running_loop().time()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._read(consumer))
                group.create_task(self._dispatch())
                group.create_task(self._tell(consumer))
            await self._attempts.leave(None, GRACE)
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from errors
        finally:
            self._forget_assignment()
            await self._attempts.leave(None, 0.0)

    async def stop(self) -> None:
        """End `run`."""
        self._stopping.set()
        self._attempts.freed.set()

    def not_ready(self) -> str | None:
        """Why no attempt is made yet; None when all is well."""
        if not self._assigned:
            return "deliveries: no partitions assigned yet"
        if self._watch.silent:
            return "deliveries: the brokers do not answer"
        return f"deliveries: partitions are being read: {', '.join(map(str, sorted(self._ends)))}" if self._ends else None

    def not_alive(self) -> str | None:
        """Why nothing can move; None when it can."""
        if not self._beat:
            return None
        silence = asyncio.get_running_loop().time() - min(self._beat, self._dispatched)
        return f"the deliverer has not turned for {silence:.0f} s" if silence > DEAF_AFTER else None

    # What the watch looks at

    @property
    def waiting_for(self) -> str | None:
        """The brokers, while they do not acknowledge."""
        return BROKERS if self._unacknowledged else None

    def positions(self) -> dict[Partition, int | None]:
        """How far each partition that is held has been read."""
        held = self._live.union(self._ends)
        return {(DELIVERIES.name, number): position for number, position in self._positions.items() if number in held}

    # Partitions come and go

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """End attempts for partitions that go to another worker."""
        self._forget_assignment()
        await self._attempts.leave({tp.partition for tp in revoked}, GRACE)

    def _forget_assignment(self) -> None:
        self._assigned = False
        self._arrived = None
        self._live.clear()
        self._ends.clear()

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Note what came; what it needs of the brokers may fail, and is done where it can be done again."""
        self._arrived = list(assigned)

    async def _begin(self, consumer: AIOKafkaConsumer, partitions: list[TopicPartition]) -> None:
        """Go on where a partition was left that was ours before, from its beginning otherwise."""
        starts = await consumer.beginning_offsets(partitions)
        ends = await consumer.end_offsets(partitions)
        told = {tp.partition: await consumer.committed(tp) or 0 for tp in partitions}
        if self._arrived is not partitions:
            return
        for number in set(self._positions) - {tp.partition for tp in partitions}:
            await self._drop(number)
        for tp in partitions:
            if not starts[tp] <= self._positions.get(tp.partition, -1) <= ends[tp]:
                await self._drop(tp.partition)
        if self._arrived is not partitions:
            return
        for tp in partitions:
            consumer.seek(tp, self._positions.setdefault(tp.partition, starts[tp]))
        self._told = told
        self._ends = {tp.partition: ends[tp] for tp in partitions}
        self._arrived = None
        self._assigned = True
        self._settle()

    async def _drop(self, partition: int) -> None:
        """Forget a partition in slices; broken off, it is as one that was never read."""
        self._positions.pop(partition, None)
        while self._heap.drop(partition, DROPPED):  # noqa: ASYNC110  # nothing is waited for: others get their turn
            await asyncio.sleep(0)

    def _settle(self) -> None:
        """Partitions that have been read to where they ended are attempted from now on."""
        done = {number for number, end in self._ends.items() if self._positions[number] >= end}
        for number in done:
            del self._ends[number]
        self._live |= done
        if done:
            log.info("deliveries.known", partitions=sorted(done), pending=self.pending())

    # Records come

    async def _read(self, consumer: AIOKafkaConsumer) -> None:
        while not self._stopping.is_set():
            self._beat = asyncio.get_running_loop().time()
            if self._arrived is not None:
                await self._begin(consumer, self._arrived)
            batches = await consumer.getmany(timeout_ms=POLL_MS, max_records=BATCH)
            if self._arrived is not None:
                continue  # they may lie behind what has not been read yet; after the seek they come again
            bad = [output for tp, batch in batches.items() async for output in self._fold_all(tp.partition, batch)]
            for number in list(self._ends):
                await self._skip_gap(consumer, number)
            self._settle()
            if batches:
                self._attempts.freed.set()
            if await self._send(bad):
                self._told = {number: max(told, self._positions.get(number, 0)) for number, told in self._told.items()}
            await self._answer()
            await asyncio.sleep(0)  # nothing above need wait while the client has more

    async def _fold_all(self, partition: int, batch: list[Any]) -> AsyncIterator[Output]:
        """Fold a batch in slices; when other partitions come meanwhile, what is not folded is read again from where the fold stands."""
        slices = Slices()
        for start in range(0, len(batch), FOLDED):
            if self._arrived is not None:
                return
            for output in self._fold(partition, batch[start : start + FOLDED]):
                yield output
            await slices.turn()

    def _fold(self, partition: int, batch: list[Any]) -> list[Output]:
        """Fold a batch; the dead letters of what cannot be read and was not told before."""
        good: list[tuple[int, Delivery]] = []
        bad: list[Output] = []
        for record in batch:
            if record.value is None:
                continue
            self._failpoints.hit("before-handle", STAGE, record.key)
            try:
                good.append((record.offset, Delivery.from_bytes(record.value)))
            except ValueError as error:
                if record.offset >= self._told.get(partition, 0):
                    cause = Cause.UNDECODABLE if isinstance(error, orjson.JSONDecodeError) else Cause.INVALID
                    DEAD.labels("notify", cause).inc()
                    log.warning("delivery.dead", partition=partition, offset=record.offset, cause=str(cause))
                    bad.append(dead_letter(self._settings, record, cause, str(error)))
        self._heap.fold(partition, good)
        self._positions[partition] = batch[-1].offset + 1
        return bad

    async def _skip_gap(self, consumer: AIOKafkaConsumer, partition: int) -> None:
        """Where a log ends in what compaction or a transaction left out, the position moves without a record."""
        with contextlib.suppress(KafkaError):
            position = await consumer.position(TopicPartition(self._topic, partition))
            if self._arrived is None and partition in self._positions:
                self._positions[partition] = max(self._positions[partition], position)

    async def _answer(self) -> None:
        """Write again what the log's last record has put back."""
        if not self._live:
            return
        for partition, delivery in self._heap.contradicted(sorted(self._live), ANSWERS):
            if not await self._store(partition, delivery):
                return
            log.info("delivery.reasserted", delivery=delivery.id, status=str(delivery.status))

    # Attempts are made

    async def _dispatch(self) -> None:
        while not self._stopping.is_set():
            self._attempts.freed.clear()
            self._dispatched = asyncio.get_running_loop().time()
            soonest = await self._attempts.start_due(self._live) if self._live else None
            wait = LOOK_EVERY if soonest is None else min(LOOK_EVERY, max(0.0, soonest - self._now().timestamp()))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._attempts.freed.wait(), wait)

    async def _write(self, partition: int, delivery: Delivery) -> None:
        """An outcome counts when the broker has it."""
        self._failpoints.hit("after-handle", STAGE)
        attempt = 0
        while not await self._store(partition, delivery):
            await asyncio.sleep(SEND_DELAYS[min(attempt, len(SEND_DELAYS) - 1)])
            attempt += 1
        self._failpoints.hit("after-send", STAGE)

    async def _store(self, partition: int, delivery: Delivery) -> bool:
        """Write a record once, and fold it at the offset that it got; False where the broker does not acknowledge it."""
        (sending,) = encode([Output(DELIVERIES, key_of(delivery.endpoint, delivery.id), delivery)])
        try:
            stored = await (await self._publisher.enqueue(sending))
        except KafkaError as error:
            log.warning("delivery.unacknowledged", delivery=delivery.id, error=type(error).__name__)
            self._unacknowledged += 1
            self._beat = asyncio.get_running_loop().time()
            return False
        self._unacknowledged = 0
        self._heap.fold(partition, [(stored.offset, delivery)])
        return True

    async def _send(self, outputs: list[Output]) -> bool:
        """Write until acknowledged; False if told to stop before."""
        attempt = 0
        while outputs:
            try:
                await self._publisher.send(outputs)
            except KafkaError as error:
                log.warning("records.unacknowledged", error=type(error).__name__)
                self._unacknowledged += 1
            else:
                self._unacknowledged = 0
                return True
            self._beat = asyncio.get_running_loop().time()
            if await pause(self._stopping, SEND_DELAYS[min(attempt, len(SEND_DELAYS) - 1)]):
                return False
            attempt += 1
        return True

    async def _tell(self, consumer: AIOKafkaConsumer) -> None:
        """Count what is pending, and commit, so that the group's lag can be seen; what is read never depends on it."""
        while not self._stopping.is_set():
            count, oldest = self._heap.pending()
            PENDING.set(count)
            OLDEST_PENDING.set(oldest or 0)
            with contextlib.suppress(KafkaError):
                if self._live:
                    await consumer.commit({TopicPartition(self._topic, number): self._told[number] for number in self._live})
                    self._failpoints.hit("after-commit", STAGE)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), TELL_EVERY)
