"""Faust's consumer, made at-least-once: what is committed is the lowest unfinished offset, and nothing else.

Stock Faust acknowledges a message when its handler is *left*, in whatever way, and commits past messages that are still in flight.
Here an offset is pending from the moment it is fetched, and finished only by the worker (see worker.py); acknowledgements of
Faust's own are ignored. What was fetched together is handed to the worker together: Faust's way through a queue and an agent costs
three turns of the event loop and four tasks a message. The rest is Faust's: groups, rebalances, fetching, flow control.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, cast

import faust
import mode
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import IllegalStateError, KafkaError
from aiokafka.structs import OffsetAndMetadata, TopicPartition
from faust.transport.drivers import aiokafka as driver
from faust.types import TP, Message, StreamT
from mode.threads import WorkerThread

from schemas.topics import MAX_MESSAGE
from services.stage import Record, Stage, Stop

from .leaving import ended
from .logs import logger
from .security import denied, faust_credentials
from .watch import rebalance_timeout
from .worker import Worker

log = logger(__name__)

MAX_POLL_RECORDS = 1_000
"""Records taken from the client at once: a call into its thread costs as much as a hundred of them."""

FETCH_PARTITION = MAX_MESSAGE + 64 * 1024
"""Bytes fetched from one partition at once: one of the largest records; the client keeps no more than that of each until it is taken."""

FETCH_BYTES = 8 * 1024 * 1024
"""Bytes in one answer of a broker: the client holds it twice while it takes it apart."""

FETCH_WAIT = 1.0
"""Seconds that one fetch waits for records."""

CROWDED_WAIT = 0.02
"""The same while some partition has no room: the wait does not see it come, and would hold it up for all of its time."""

REQUEST_TIMEOUT = 90.0
"""Seconds after which an unanswered request is given up: Faust's own figure, which it lets no session be longer than."""

SEEK_SHARE = 0.9
"""Of the time after which Faust gives a seek up, ends its recovery without a word, and never fetches again: this ends the process."""

COMMIT_AT_LEAST = 0.5
"""Seconds that the last commit before partitions are given up has, even where a flush that hangs has used up the time for a stop."""

LEAVE_WITHIN = 1.5
"""Seconds in which the client may leave its group and close: brokers that hang give its partitions away by themselves."""


class Thread(WorkerThread):
    """One that cannot keep the process alive, nor hold its end up for more than a moment."""

    def __init__(self, service: ConsumerThread, **kwargs: Any) -> None:
        super().__init__(service, **kwargs)
        self.daemon = True

    def run(self) -> None:
        """Run until stopped, and let nothing out.

        Faust has told the app by then of what ended the thread's work. But what goes wrong in its end (a cancellation that a client of
        aiokafka lets out, an app that has not waited any longer) would only stand in the log as a trace without a form; and Faust does not
        say of a thread that was cancelled that it has ended, so that whoever stops it would wait.
        """
        try:
            super().run()
        except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001  # the last frame of a thread: there is nobody to raise it to
            log.warning("consumer.broken-off", error=f"{type(error).__name__}: {error}")
            with contextlib.suppress(RuntimeError):  # nobody waits: the loop is closed
                self.service.set_shutdown()

    def stop(self) -> None:
        """Wait for the thread's end, but not for ever: Faust calls this on the event loop."""
        self.is_stopped.wait(LEAVE_WITHIN)


class ConsumerThread(driver.AIOKafkaConsumerThread):
    """The thread in which aiokafka runs."""

    _refused: type[Exception] | None = None
    """The kind of error that the last commit met."""

    Worker = Thread

    async def on_thread_stop(self) -> None:
        """Leave the group and close, within a limit."""
        if not await ended(super().on_thread_stop(), LEAVE_WITHIN):
            log.warning("consumer.cut", within=LEAVE_WITHIN)

    def _create_worker_consumer(self, transport: driver.Transport) -> AIOKafkaConsumer:
        """Faust's own, but for limits that Faust does not let be set."""
        consumer = super()._create_worker_consumer(transport)
        consumer._fetch_max_bytes = FETCH_BYTES  # noqa: SLF001  # before it is started
        consumer._fetch_max_wait_ms = int(cast(App, self.app).worker.settings.fetch_wait * 1000)  # noqa: SLF001  # before it is started
        return consumer

    async def _commit(self, offsets: Mapping[TP, int]) -> bool:
        """Commit; False where the brokers do not take it now: it is tried again with the next commit, and no reason to crash."""
        try:
            done = await self._commit_or_raise(offsets)
        except (KafkaError, IllegalStateError) as error:
            if self._refused is not type(error):  # or it is said twice a second, all through an outage
                log.warning("commit.refused", error=f"{type(error).__name__}: {error}")
            self._refused = type(error)
            return False
        self._refused = None
        return done

    async def _commit_or_raise(self, offsets: Mapping[TP, int]) -> bool:
        consumer = self._ensure_consumer()
        assigned = {(tp.topic, tp.partition) for tp in consumer.assignment()}
        worker = cast(App, self.app).worker
        mine = {
            driver.ensure_aiokafka_TP(tp): OffsetAndMetadata(offset, worker.folded_by(tp.topic[len(worker.settings.prefix) :]))
            for tp, offset in offsets.items()
            if tuple(tp) in assigned
        }
        if mine:
            await consumer.commit(mine)
        return bool(mine)

    async def fetch_committed(self, partitions: Iterable[TP]) -> Mapping[TP, OffsetAndMetadata]:
        """What is committed of these partitions, and by which version of their fold; those of which nothing is are absent."""
        wanted = [driver.ensure_aiokafka_TP(tp) for tp in partitions]
        found: Mapping[TP, OffsetAndMetadata] = await self.call_thread(self._fetch_committed, wanted)
        return found

    async def _fetch_committed(self, partitions: list[TopicPartition]) -> Mapping[TP, OffsetAndMetadata]:
        coordinator = self._ensure_consumer()._coordinator  # noqa: SLF001  # aiokafka's `committed` leaves the metadata out
        return {TP(*tp): found for tp, found in (await coordinator.fetch_committed_offsets(partitions)).items()}


class Consumer(driver.Consumer):
    """Faust's consumer on a worker's watermarks."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.worker = cast(App, self.app).worker
        self._prefix = len(self.worker.settings.prefix)
        self._committed: dict[TP, int] = {}
        self._epoch = 0
        self._fetched_in = 0
        self._gave_up = False
        self._fetch_under_way = asyncio.Lock()

    def _new_consumer_thread(self) -> ConsumerThread:
        return ConsumerThread(self, loop=self.loop, beacon=self.beacon)

    def _logical(self, tp: TP) -> tuple[str, int]:
        return tp.topic[self._prefix :], tp.partition

    # Delivering

    async def _drain_messages(self, fetcher: Any) -> None:
        """Pass on what is fetched, until stopped."""
        try:
            while not (self.should_stop or fetcher.should_stop):
                if self.flow_active:
                    await self._fetch()
                else:
                    await self.wait(self.can_resume_flow)  # type: ignore[arg-type]  # mode waits for asyncio's events as well
        except self.consumer_stopped_errors:
            if not self.app.should_stop:
                raise
        except KafkaError as error:
            if (reason := denied(self.worker.settings, error)) is not None:
                cast(App, self.app).fail(Stop(reason))  # now: what it brings down would hide it
            raise
        except asyncio.CancelledError:
            if not self.app.should_stop:
                raise

    async def _fetch(self) -> None:
        """Hand the worker what is there for partitions that have room; what was fetched before a rebalance is read again after it."""
        active = self._get_active_partitions()
        room = {tp for tp in active if (lane := self.worker.lanes.get(self._logical(tp))) is not None and lane.inbox.has_room}
        if not room:
            await self._wait_for_room()
            return
        fetched = await self._getmany(room, FETCH_WAIT if len(room) == len(active) else CROWDED_WAIT)
        for tp, records in fetched.items():
            lane = self.worker.lanes.get(self._logical(tp))
            if lane is not None and self.flow_active and self._fetched_in == self._epoch:
                self.worker.deliver(lane, [_record(lane.stage.topic.name, record) for record in records])
        await asyncio.sleep(0)

    async def _wait_for_room(self) -> None:
        self.worker.room.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(FETCH_WAIT):
                await self.worker.room.wait()

    async def _getmany(self, active_partitions: set[TP] | None, timeout: float) -> Any:  # Faust's signature
        async with self._fetch_under_way:
            self._fetched_in = self._epoch  # not before: this may have waited for a whole rebalance to end
            return await super()._getmany(active_partitions, timeout)

    def verify_event_path(self, now: float, tp: TP) -> None:
        """Nothing: Faust would look for messages that went its own way. The watchdog sees to it (watchdog.py)."""

    # Committing

    def ack(self, message: Message) -> bool:  # noqa: ARG002  # Faust's signature
        """Faust's acknowledgement says only that a handler was left: it finishes nothing."""
        return False

    async def force_commit(self, topics: Any = None, start_new_transaction: bool = True) -> bool:  # noqa: ARG002, FBT001, FBT002  # Faust's signature
        """Commit each partition's watermark, where it has moved."""
        ahead = {}
        for (topic, partition), lane in self.worker.lanes.items():
            tp = TP(self.worker.settings.topic(topic), partition)
            position = lane.watermark.position
            if position is not None and position > self._committed.get(tp, 0):
                ahead[tp] = position
        if not ahead or not await self._commit(ahead):
            return False
        self._committed.update(ahead)
        for tp in ahead:
            self.worker.failpoints.hit("after-commit", self.worker.stages[self._logical(tp)[0]].name)
        return True

    async def wait_empty(self) -> None:
        """Finish and commit what is in flight, within a limit: Faust's own waits for ever when a handler has died.

        Faust calls this twice at a stop; what hung the first time is not waited for again.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self.worker.settings.stop_timeout
        try:
            await self.worker.drain()
        except Exception as error:  # noqa: BLE001  # it ends the process; the rest of a stop goes on, or a thread of Faust's never ends
            cast(App, self.app).fail(error)
        if self._gave_up:
            return
        try:
            async with asyncio.timeout_at(max(deadline, loop.time() + COMMIT_AT_LEAST)):
                await self.maybe_wait_for_commit_to_finish()  # or ours would take it for its own, which began before
                await self.commit()
        except TimeoutError:
            self._gave_up = True
            log.warning("commit.unanswered")

    # Partitions come and go

    async def perform_seek(self) -> None:
        """Take over what was assigned: read on from the checkpoint of a fold, from the committed offset otherwise."""
        self.stop_flow()  # until Faust resumes it, which empties the queues
        async with asyncio.timeout(SEEK_SHARE * self.app.conf.broker_request_timeout), self._fetch_under_way:
            self._epoch += 1
            self._gave_up = False
            await self._take_over()
        cast(App, self.app).assigned.set()

    async def _take_over(self) -> None:
        """Open the lanes and set the positions, with no fetch under way.

        One that spans this could bring records from behind the new positions, which would be thrown away, and never come again.
        """
        assigned = self.assignment()
        committed = await cast(ConsumerThread, self._thread).fetch_committed(assigned) if assigned else {}
        beginning = await self.earliest_offsets(*assigned) if assigned else {}
        end = await self.highwaters(*assigned) if assigned else {}
        self._committed = {tp: found.offset for tp, found in committed.items()}
        positions = await self.worker.open(
            {self._logical(tp): offset for tp, offset in self._committed.items()},
            {self._logical(tp): offset for tp, offset in beginning.items()},
            {self._logical(tp): offset for tp, offset in end.items()},
            cast(App, self.app).identity,
            {self._logical(tp): found.metadata for tp, found in committed.items()},
        )
        if positions:
            await self.seek_wait({TP(self.worker.settings.topic(t), p): offset for (t, p), offset in positions.items()})

    async def on_partitions_assigned(self, assigned: set[TP], generation_id: int = 0) -> None:
        """As Faust does; which then seeks, except where nothing is assigned."""
        await super().on_partitions_assigned(assigned, generation_id)
        if not assigned:
            await self.worker.close(list(self.worker.lanes))
            cast(App, self.app).assigned.set()

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Finish and commit first (Faust forgets its acknowledgements before it could), then give the partitions up."""
        cast(App, self.app).assigned.clear()
        self._active_partitions.difference_update(revoked)
        self._paused_partitions.difference_update(revoked)
        await self._on_partitions_revoked(revoked)
        self._epoch += 1
        await self.worker.close(list(self.worker.lanes))


class Transport(driver.Transport):
    """Kafka, by our consumer."""

    Consumer = Consumer


class App(faust.App):
    """A Faust app for one worker: one agent for each of its stages' topics, and not a file or topic of its own."""

    def __init__(self, worker: Worker, identity: Mapping[str, tuple[str, str, int]], *, client_id: str) -> None:
        settings = worker.settings
        self.worker = worker
        self.identity = identity
        self.assigned = asyncio.Event()
        """Set while partitions (perhaps none) are taken over."""
        self.failure: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Fails with whatever went wrong where Faust would only log it."""
        super().__init__(
            settings.group(worker.service),
            broker=[f"kafka://{server}" for server in settings.brokers.split(",")],
            broker_credentials=faust_credentials(settings),
            broker_client_id=client_id,
            consumer_group_instance_id=settings.instance,
            broker_session_timeout=settings.session_timeout,
            broker_request_timeout=max(REQUEST_TIMEOUT, settings.session_timeout),
            broker_heartbeat_interval=min(3.0, settings.session_timeout / 4),
            broker_rebalance_timeout=rebalance_timeout(settings),
            broker_commit_interval=settings.commit_interval,
            broker_max_poll_records=MAX_POLL_RECORDS,
            consumer_max_fetch_size=FETCH_PARTITION,
            consumer_auto_offset_reset="earliest",
            stream_wait_empty=True,
            topic_allow_declare=False,
            topic_disable_leader=True,
            table_standby_replicas=0,
            agent_supervisor=mode.CrashingSupervisor,
            web_enabled=False,
            value_serializer="raw",
            key_serializer="raw",
            datadir=str(settings.state_dir / "faust"),
            loghandlers=[],
        )
        for stage in worker.stages.values():
            self._agent_for(stage)

    def fail(self, error: Exception) -> None:
        """Let `failure` know: it must end the process, or the group waits for ever for what is not finished."""
        if not self.failure.done():
            self.failure.set_exception(error)

    def _new_transport(self) -> Transport:
        return Transport(self.conf.broker_consumer, self)

    def _create_directories(self) -> None:
        """Faust would make a folder for tables; there are none."""

    def _agent_for(self, stage: Stage) -> None:
        """Faust subscribes to what its agents read; records themselves do not come this way."""
        topic = self.topic(self.worker.settings.topic(stage.topic.name), key_serializer="raw", value_serializer="raw")

        async def subscribe(stream: StreamT[Any]) -> None:
            stream.enable_acks = False
            async for _ in stream.events():
                raise AssertionError("a record came through Faust's queue, past the worker")

        self.agent(topic, name=f"{self.conf.id}.{stage.name}")(subscribe)


def _record(topic: str, record: Any) -> Record:  # aiokafka has no types
    moment = datetime.fromtimestamp(max(record.timestamp or 0, 0) / 1000, UTC)
    return Record(topic, record.partition, record.offset, record.key, record.value, moment)
