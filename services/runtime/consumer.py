"""Faust's consumer, made at-least-once: what is committed is the lowest unfinished offset, and nothing else.

Stock Faust acknowledges a message when its handler is *left*, in whatever way, and commits past messages that are still in flight.
Here an offset is pending from the moment it is fetched, and finished only by the worker (see worker.py); acknowledgements of
Faust's own are ignored. The rest is Faust's: groups, rebalances, fetching, flow control.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, cast

import faust
import mode
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import IllegalStateError, KafkaError
from aiokafka.structs import OffsetAndMetadata
from faust.transport.drivers import aiokafka as driver
from faust.types import TP, Message, StreamT

from schemas.topics import MAX_MESSAGE
from services.stage import Record, Stage

from .logs import logger
from .worker import Worker

log = logger(__name__)

MAX_POLL_RECORDS = 500
"""Records taken from the client at once."""

BUFFERED_MESSAGES = 500
"""Messages between the client and a stage: with the largest article 1 GiB at the very worst, with usual ones a few MiB."""

YIELD_EVERY = 100
"""Messages passed on before others get their turn."""

FETCH_WAIT = 1.0
"""Seconds that one fetch waits for records."""

BUFFERED_WAIT = 0.02
"""The same while some partition's buffer is full: the wait does not see it drain, and would hold it up for all of its time."""

SEEK_SHARE = 0.9
"""Of the time after which Faust gives a seek up, ends its recovery without a word, and never fetches again: this ends the process."""

BUFFER_FULL_PAUSE = 0.01
"""Seconds to wait while every partition's buffer is full; Faust's own second costs two thirds of the throughput (measured)."""


class ConsumerThread(driver.AIOKafkaConsumerThread):
    """The thread in which aiokafka runs."""

    def _create_worker_consumer(self, transport: driver.Transport) -> AIOKafkaConsumer:
        """Faust's own, but for a time that Faust does not let be set."""
        consumer = super()._create_worker_consumer(transport)
        consumer._fetch_max_wait_ms = int(cast(App, self.app).worker.settings.fetch_wait * 1000)  # noqa: SLF001  # before it is started
        return consumer

    async def _commit(self, offsets: Mapping[TP, int]) -> bool:
        """Commit; False where the brokers do not take it now: it is tried again with the next commit, and no reason to crash."""
        try:
            return await self._commit_or_raise(offsets)
        except (KafkaError, IllegalStateError) as error:
            log.warning("commit.refused", error=f"{type(error).__name__}: {error}")
            return False

    async def _commit_or_raise(self, offsets: Mapping[TP, int]) -> bool:
        consumer = self._ensure_consumer()
        assigned = {(tp.topic, tp.partition) for tp in consumer.assignment()}
        mine = {driver.ensure_aiokafka_TP(tp): OffsetAndMetadata(offset, "") for tp, offset in offsets.items() if tuple(tp) in assigned}
        if mine:
            await consumer.commit(mine)
        return bool(mine)


class Consumer(driver.Consumer):
    """Faust's consumer on a worker's watermarks."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._to_conductor = self.callback
        self.callback = self._deliver
        self.worker = cast(App, self.app).worker
        self._prefix = len(self.worker.settings.prefix)
        self._committed: dict[TP, int] = {}
        self._epoch = 0
        self._fetched_in = 0
        self._fetching: asyncio.Task[Any] | None = None
        self._fetch_under_way = asyncio.Lock()

    def _new_consumer_thread(self) -> ConsumerThread:
        return ConsumerThread(self, loop=self.loop, beacon=self.beacon)

    def _logical(self, tp: TP) -> tuple[str, int]:
        return tp.topic[self._prefix :], tp.partition

    # Delivering

    async def _deliver(self, message: Message) -> None:
        """Note the offset as pending, *before* it is decoded or queued, and pass the message on with its lane."""
        lane = self.worker.lanes.get(self._logical(message.tp))
        if lane is not None and lane.watermark.deliver(message.offset):
            message.lane = lane  # type: ignore[attr-defined]  # a consumer's message has room for it
            await self._to_conductor(message)

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, Message]]:  # Faust's signature
        """Fetched messages; none that was fetched before the positions were last set."""
        self._fetching = asyncio.current_task()
        async for tp, message in super().getmany(timeout):
            if self._fetched_in != self._epoch:
                return
            yield tp, message

    async def _drain_messages(self, fetcher: Any) -> None:
        """Pass on what is fetched, until stopped.

        Faust's own loop makes two tasks a message, to let go when the flow is suspended; here a message that is stuck then is passed
        on later, with a lane that is closed.
        """
        try:
            while not (self.should_stop or fetcher.should_stop):
                await asyncio.sleep(0)
                passed = 0
                async for _, message in self.getmany(timeout=BUFFERED_WAIT if self._buffered_partitions else FETCH_WAIT):
                    await self.callback(message)
                    passed += 1
                    if passed % YIELD_EVERY == 0:
                        await asyncio.sleep(0)
        except self.consumer_stopped_errors:
            if not self.app.should_stop:
                raise
        except asyncio.CancelledError:
            if not self.app.should_stop:
                raise

    async def _getmany(self, active_partitions: set[TP] | None, timeout: float) -> Any:  # Faust's signature
        async with self._fetch_under_way:
            self._fetched_in = self._epoch  # not before: Faust may have waited for a whole rebalance to end
            return await super()._getmany(active_partitions, timeout)

    async def _wait_next_records(self, timeout: float) -> Any:  # Faust's signature
        if self.flow_active and not self._get_active_partitions():
            await asyncio.sleep(BUFFER_FULL_PAUSE)
            return {}, self._get_active_partitions()
        return await super()._wait_next_records(timeout)

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
        """Finish and commit what is in flight, within a limit: Faust's own waits for ever when a handler has died."""
        try:
            await self.worker.drain()
        except Exception as error:  # noqa: BLE001  # it ends the process; the rest of a stop goes on, or a thread of Faust's never ends
            cast(App, self.app).fail(error)
        await self.maybe_wait_for_commit_to_finish()  # or ours would take it for its own, which began before
        await self.commit()

    async def ends(self, partitions: Sequence[tuple[str, int]]) -> dict[tuple[str, int], int]:
        """The offset behind the last record of each partition, as the brokers say now."""
        tps = [TP(self.worker.settings.topic(topic), partition) for topic, partition in partitions]
        return {self._logical(tp): offset for tp, offset in (await self.highwaters(*tps)).items()}

    # Partitions come and go

    async def perform_seek(self) -> None:
        """Take over what was assigned: read on from the checkpoint of a fold, from the committed offset otherwise.

        Faust also calls this from its fetch loop, when the flow was suspended during a fetch; then partitions are just being given up,
        and what was fetched is read again by whoever gets them.
        """
        if asyncio.current_task() is self._fetching:
            return
        self.stop_flow()  # until Faust resumes it, which empties the queues
        async with asyncio.timeout(SEEK_SHARE * self.app.conf.broker_request_timeout), self._fetch_under_way:
            self._epoch += 1
            await self._take_over()
        cast(App, self.app).assigned.set()

    async def _take_over(self) -> None:
        """Open the lanes and set the positions, with no fetch under way.

        One that spans this could bring records from behind the new positions, which would be thrown away, and never come again.
        """
        assigned = self.assignment()
        committed = await self.seek_to_committed() if assigned else {}
        beginning = await self.earliest_offsets(*assigned) if assigned else {}
        end = await self.highwaters(*assigned) if assigned else {}
        self._committed = {TP(*tp): offset for tp, offset in committed.items() if _is_offset(offset)}
        positions = await self.worker.open(
            {self._logical(tp): offset for tp, offset in self._committed.items()},
            {self._logical(tp): offset for tp, offset in beginning.items()},
            {self._logical(tp): offset for tp, offset in end.items()},
            cast(App, self.app).identity,
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
        self._active_partitions.difference_update(revoked)
        self._paused_partitions.difference_update(revoked)
        await self._on_partitions_revoked(revoked)
        self._epoch += 1
        await self.worker.close(list(self.worker.lanes))


class Transport(driver.Transport):
    """Kafka, by our consumer."""

    Consumer = Consumer


class App(faust.App):
    """A Faust app for one worker: one agent for each of its stages, and not a file or topic of its own."""

    def __init__(self, worker: Worker, identity: Mapping[str, tuple[str, str, int]], *, client_id: str) -> None:
        settings = worker.settings
        self.worker = worker
        self.identity = identity
        self.assigned = asyncio.Event()
        """Set once partitions (perhaps none) have been taken over."""
        self.failure: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Fails with whatever ended an agent."""
        super().__init__(
            settings.group(worker.service),
            broker=[f"kafka://{server}" for server in settings.brokers.split(",")],
            broker_client_id=client_id,
            broker_session_timeout=settings.session_timeout,
            broker_heartbeat_interval=min(3.0, settings.session_timeout / 4),
            broker_rebalance_timeout=max(30.0, 2 * settings.stop_timeout),
            broker_commit_interval=settings.commit_interval,
            broker_max_poll_records=MAX_POLL_RECORDS,
            consumer_max_fetch_size=2 * MAX_MESSAGE,
            consumer_auto_offset_reset="earliest",
            stream_buffer_maxsize=BUFFERED_MESSAGES,
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
        """Let `failure` know: an agent that dies must end the process, or its messages hang the group for ever."""
        if not self.failure.done():
            self.failure.set_exception(error)

    def _new_transport(self) -> Transport:
        return Transport(self.conf.broker_consumer, self)

    def _create_directories(self) -> None:
        """Faust would make a folder for tables; there are none."""

    def _agent_for(self, stage: Stage) -> None:
        topic = self.topic(self.worker.settings.topic(stage.topic.name), key_serializer="raw", value_serializer="raw")

        async def fold(stream: StreamT[Any]) -> None:
            stream.enable_acks = False
            try:
                async for event in stream.events():
                    await self.worker.take(stage, event.message.lane, _record(stage, event.message))
            except Exception as error:
                self.fail(error)
                raise

        self.agent(topic, name=f"{self.conf.id}.{stage.name}")(fold)


def _is_offset(committed: int | None) -> bool:
    """Whether anything was committed; Faust types what aiokafka gives as always a number."""
    return committed is not None and committed >= 0


def _record(stage: Stage, message: Message) -> Record:
    moment = datetime.fromtimestamp(max(message.timestamp or 0.0, 0.0), UTC)
    return Record(stage.topic.name, message.partition, message.offset, message.key, message.value, moment)
