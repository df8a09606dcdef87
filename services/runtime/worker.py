"""Drives stages: folds what is delivered, flushes what came of it, then checkpoints, then lets it be committed.

The order is the promise. Outputs are acknowledged by the broker *before* the checkpoint is written, and the checkpoint *before* the
offset may be committed; so a crash anywhere repeats at most the last batch, with the same ids and bytes. Folding is synchronous;
one flusher does all the awaiting.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path

from aiokafka.errors import KafkaError

from schemas import Cause, DeadLetter, Message
from schemas.topics import DEAD_LETTERS
from services.stage import Invalid, Output, Record, SlowDown, Stage, Stop

from .checkpoint import Belongs, Checkpoint, Unusable
from .encoding import Sending
from .failpoints import Failpoints, Point
from .failures import RETRY_DELAYS, Held, Run
from .lane import Batch, Lane
from .logs import logger
from .metrics import (
    CHECKPOINT_SECONDS,
    CHECKPOINTS,
    DEAD,
    HANDLING,
    HELD,
    IN_FLIGHT,
    RECORDS_IN,
    RECORDS_OUT,
    REFOLDS,
    RETRIES,
    SEND_FAILURES,
    WATERMARK_AGE,
)
from .publisher import Publisher
from .settings import Settings
from .watermark import Watermark

log = logger(__name__)

FLUSH_PAUSE = 0.01
"""Seconds that a batch gathers: below what anyone notices, and hundreds of records under load."""

IDLE_EVERY = 0.5
"""Seconds between two calls of a stage's `idle`."""

LONG = 16 * 1024
"""Bytes of a record that take some 50 ms to read, half of what may hold the event loop; most articles are shorter."""

FLUSH_GRACE = 2.0
"""Seconds that a flush under way is waited for before its partitions are closed under it."""

REPUBLISH_SLICE = 500
"""Figures told in one batch after a new version of a fold."""

MAX_KEY = 64 * 1024
"""Longest key that a dead letter repeats: one of a megabyte would make the letter larger than any topic takes; it stands at the offset."""

SEND_DELAYS = (0.2, 1.0, 5.0)
"""Seconds between sends while the brokers do not acknowledge; the last one repeats."""

Clock = Callable[[], datetime]
"""Now, in UTC."""

Observe = Callable[[Message], None]
"""Told of each message that the brokers have acknowledged; counts it."""


class Worker:
    """All lanes of one service's stages in this process."""

    def __init__(
        self, settings: Settings, service: str, stages: Sequence[Stage], publisher: Publisher, clock: Clock, observe: Observe | None = None
    ) -> None:
        self._observe = observe
        self.settings = settings
        self.service = service
        self.stages = {stage.topic.name: stage for stage in stages}
        self.lanes: dict[tuple[str, int], Lane] = {}
        self.waiting_for: str | None = None
        """Who holds the stream back, when somebody else does: `brokers` or a downstream by its name."""
        self.sending = False
        """Whether a send is under way: it may take half a minute to fail, and says nothing of this process until then."""
        self.beat = 0.0
        """When the flusher last turned, by the event loop's clock."""
        self.failpoints = Failpoints(settings.failpoints)
        self._publisher = publisher
        self._clock = clock
        self._runs: dict[str, Run[Lane]] = {stage.name: Run(settings.failures_to_stop) for stage in stages}
        self._work = asyncio.Event()
        self._room = asyncio.Condition()
        self._flushing = asyncio.Lock()
        self._draining = False
        self._idled = 0.0
        self._opening = threading.Lock()

    # Partitions come and go

    async def open(
        self,
        committed: Mapping[tuple[str, int], int | None],
        beginning: Mapping[tuple[str, int], int],
        end: Mapping[tuple[str, int], int],
        identity: Mapping[str, tuple[str, str, int]],
    ) -> dict[tuple[str, int], int]:
        """Take partitions over: open their checkpoints and say from which offset each is to be read.

        `identity` gives for each topic the cluster's id, the topic's id and how many partitions it has.
        """
        await self.close(list(self.lanes))
        self._draining = False
        positions = {}
        for partition, start in beginning.items():
            lane = await asyncio.to_thread(self._open, partition, committed.get(partition), start, end[partition], identity[partition[0]])
            self.lanes[partition] = lane
            positions[partition] = max(lane.position or 0, start)
            lane.watermark = Watermark(positions[partition])
        return positions

    def _open(self, partition: tuple[str, int], committed: int | None, start: int, end: int, identity: tuple[str, str, int]) -> Lane:
        with self._opening:  # one that a rebalance has cancelled still runs in its thread, and would take the file from its successor
            return self._lane(partition, committed, start, end, identity)

    def _lane(self, partition: tuple[str, int], committed: int | None, start: int, end: int, identity: tuple[str, str, int]) -> Lane:
        topic, number = partition
        stage = self.stages[topic]
        if committed is not None and committed > end:
            log.warning("partition.shorter", topic=topic, partition=number, committed=committed, end=end)
            committed = None
        if stage.version is None:
            return Lane(stage, number, None, committed)
        cluster, topic_id, partitions = identity
        belongs = Belongs(cluster, self.settings.topic(topic), topic_id, partitions, number, stage.name, stage.version)
        checkpoint = Checkpoint(self._path(stage, number), belongs)
        if checkpoint.position is not None and checkpoint.position > end:
            checkpoint.reset()
            checkpoint.discarded = "beyond"
        if checkpoint.position is None and (committed or checkpoint.discarded):
            reason = checkpoint.discarded or "absent"
            REFOLDS.labels(stage.name, reason).inc()
            log.info("partition.refold", stage=stage.name, partition=number, reason=reason, start=start, committed=committed)
        if start > 0 and (checkpoint.position or 0) < start:
            log.warning("partition.truncated", stage=stage.name, partition=number, start=start, position=checkpoint.position)
        return Lane(stage, number, checkpoint, committed)

    def _path(self, stage: Stage, partition: int) -> Path:
        return self.settings.state_dir / f"{self.settings.prefix}{stage.name}" / f"{partition}.sqlite"

    async def drain(self) -> None:
        """Finish what is folded: flush every lane, within the limit of a stop. Nothing new is folded from here on.

        A batch whose flush has failed before stays as it is, and is folded again by whoever gets the partition.
        """
        self._draining = True
        await self._wake_waiters()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.settings.stop_timeout):
                while any(not lane.idle for lane in self.lanes.values()) and await self.flush():
                    pass

    async def close(self, partitions: Sequence[tuple[str, int]]) -> None:
        """Give partitions up; what is not flushed is folded again by whoever gets them.

        A flush under way may finish first, unless it hangs on absent brokers: then its lanes are closed under it, and it writes nothing.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(FLUSH_GRACE), self._flushing:
                self._close(partitions)
        self._close(partitions)
        await self._wake_waiters()

    def _close(self, partitions: Sequence[tuple[str, int]]) -> None:
        for partition in partitions:
            lane = self.lanes.pop(partition, None)
            if lane is not None:
                lane.close()
                for run in self._runs.values():
                    run.forget(lane)

    async def _wake_waiters(self) -> None:
        async with self._room:
            self._room.notify_all()

    # Records come in

    async def take(self, stage: Stage, lane: Lane, record: Record) -> None:
        """Fold one record, with all that the promise says of errors; returns when it is folded, buried, held, or the lane is gone.

        Raises:
            Stop: nothing more can be processed.

        """
        async with self._room:
            await self._room.wait_for(lambda: lane.closed or self._draining or not (lane.full or (lane.republish and not lane.silent)))
        tries = 0
        while not (lane.closed or self._draining):
            try:
                self.failpoints.hit("before-handle", stage.name, record.key)
                with HANDLING.labels(stage.name).time():
                    if not await self._fold(stage, lane, record):
                        break
            except Invalid as error:
                self._bury(lane, record, error.cause, str(error), tries + 1)
                break
            except SlowDown as error:
                self.waiting_for = str(error)
                await asyncio.sleep(error.seconds)
                self.waiting_for = None
            except (Stop, Unusable):
                raise
            except Exception as error:
                tries += 1
                log.exception("record.failed", stage=stage.name, partition=record.partition, offset=record.offset, tries=tries)
                if tries > len(RETRY_DELAYS):
                    self._hold(stage, lane, record, error, tries)
                    break
                RETRIES.labels(stage.name).inc()
                await asyncio.sleep(RETRY_DELAYS[tries - 1])
            else:
                RECORDS_IN.labels(stage.name, "handled").inc()
                self.failpoints.hit("after-handle", stage.name, record.key)
                self._give_up(stage, self._runs[stage.name].release())
                break
        self._work.set()

    async def _fold(self, stage: Stage, lane: Lane, record: Record) -> bool:
        """Fold one record; False if the lane was given up meanwhile, and whoever gets it reads the record again.

        A long record of a stage that keeps no state is read in a thread, so that it does not hold the event loop.
        """
        if stage.version is not None or len(record.value or b"") <= LONG:
            lane.fold(record)
            return True
        sendings = await asyncio.to_thread(lane.read, record)
        if lane.closed:
            return False
        lane.accept(record, sendings)
        return True

    def _hold(self, stage: Stage, lane: Lane, record: Record, error: Exception, tries: int) -> None:
        run = self._runs[stage.name]
        lane.hold(record)
        held = Held(lane, record, f"{type(error).__name__}: {error}", tries, self._clock())
        if not run.hold(held):
            raise Stop(
                f"{stage.name} failed on {len(run)} messages in a row, the last at {record.topic}[{record.partition}]@{record.offset} "
                f"with {held.error}; none of them is committed: mend the cause and start again"
            )
        HELD.labels(stage.name).set(len(run))

    def _give_up(self, stage: Stage, held: Sequence[Held[Lane]]) -> None:
        for one in held:
            self._bury(one.lane, one.record, Cause.FAILED, one.error, one.attempts)
        if held:
            HELD.labels(stage.name).set(0)

    def _bury(self, lane: Lane, record: Record, cause: Cause, detail: str, attempts: int) -> None:
        key = record.key if len(record.key or b"") <= MAX_KEY else None
        letter = DeadLetter.of_record(
            self.service,
            cause,
            detail,
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            key=key,
            value=record.value,
            attempts=attempts,
            at=record.timestamp,
        )
        lane.bury(record, [Output(DEAD_LETTERS, (key or b"").decode(errors="replace"), letter)])
        RECORDS_IN.labels(lane.stage.name, "dead").inc()
        DEAD.labels(self.service, cause).inc()
        log.warning(
            "record.dead",
            stage=lane.stage.name,
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            cause=str(cause),
            detail=detail,
        )

    # Outputs go out

    async def run(self) -> None:
        """Flush until cancelled.

        Raises:
            Stop: the brokers refuse what is sent, for good.
            Fenced, Unusable: a checkpoint cannot be written.

        """
        loop = asyncio.get_running_loop()
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(IDLE_EVERY):
                    await self._work.wait()
            self._work.clear()
            self.beat = loop.time()
            await asyncio.sleep(FLUSH_PAUSE)
            if not self._draining:
                self._give_up_overdue()
                if loop.time() - self._idled >= IDLE_EVERY:
                    self._idled = loop.time()
                    self._idle()
            await self.flush()
            self._show()

    def _show(self) -> None:
        """Set the gauges of what is under way."""
        now = self._clock()
        for stage in self.stages.values():
            lanes = [lane for lane in self.lanes.values() if lane.stage is stage]
            IN_FLIGHT.labels(stage.name).set(sum(lane.waiting for lane in lanes))
            oldest = min((lane.oldest for lane in lanes if lane.oldest is not None), default=now)
            WATERMARK_AGE.labels(stage.name).set(max(0.0, (now - oldest).total_seconds()))

    def _give_up_overdue(self) -> None:
        for stage in self.stages.values():
            self._give_up(stage, self._runs[stage.name].overdue(self._clock()))

    def _idle(self) -> None:
        """Let each stage do what is due without a record; what it cannot now, it is asked again."""
        now = self._clock()
        for lane in list(self.lanes.values()):
            if lane.idle and not lane.closed and not lane.silent and not lane.republish and lane.idly(now):
                self._work.set()

    async def flush(self) -> bool:
        """Send what every lane has, write the checkpoints, and let the offsets be committed; False where nothing was to be sent."""
        async with self._flushing:
            await self._republish()
            cuts = [(lane, batch) for lane in list(self.lanes.values()) if not lane.closed and (batch := lane.cut())]
            if not cuts:
                return False
            await self._send([sending for _, batch in cuts for sending in batch.outputs])
            self._pass("after-send", cuts)
            await self._checkpoint(cuts)
            self._pass("after-checkpoint", cuts)
            for lane, batch in cuts:
                lane.settle(batch)
                for sending in batch.outputs:
                    RECORDS_OUT.labels(lane.stage.name, sending.topic).inc()
                    if self._observe is not None and sending.message is not None:
                        self._observe(sending.message)
        await self._wake_waiters()
        return True

    def _pass(self, point: Point, cuts: Sequence[tuple[Lane, Batch]]) -> None:
        for lane, batch in cuts:
            if batch.offsets:
                self.failpoints.hit(point, lane.stage.name)

    async def _send(self, sendings: list[Sending]) -> None:
        """Send until the broker has all; the same records again are the same bytes, and all in the same order."""
        failures = 0
        while sendings:
            self.sending = True
            try:
                await self._publisher.send_all(sendings)
            except KafkaError as error:
                if not _passing(error):
                    raise Stop(f"the brokers refuse what {self.service} sends: {type(error).__name__}: {error}") from error
                SEND_FAILURES.labels(self.service, type(error).__name__).inc()
                log.warning("send.failed", error=f"{type(error).__name__}: {error}", records=len(sendings))
                self.waiting_for = "brokers"
                await asyncio.sleep(SEND_DELAYS[min(failures, len(SEND_DELAYS) - 1)])
                failures += 1
            else:
                self.waiting_for = None
                return
            finally:
                self.sending = False

    async def _checkpoint(self, cuts: Sequence[tuple[Lane, Batch]]) -> None:
        """Write the checkpoints of folds, in a thread: a slow disk must not hold the event loop."""
        writes = [(lane, lane.checkpoint, batch) for lane, batch in cuts if lane.checkpoint is not None]
        if writes:
            await asyncio.to_thread(_write, writes)

    async def _republish(self) -> None:
        """After a new version of a fold has caught up: every current figure once, in slices, before anything else is folded."""
        for lane in list(self.lanes.values()):
            if lane.republish and not lane.silent and lane.idle and not lane.closed:
                figures = lane.stage.current(lane)
                while not _gone(lane) and (part := list(islice(figures, REPUBLISH_SLICE))):
                    lane.tell(part)
                    if (batch := lane.cut()) is not None:
                        await self._send(batch.outputs)
                        lane.settle(batch)
                await asyncio.to_thread(_told, lane)
                lane.republish = False
                await self._wake_waiters()


def _write(writes: Sequence[tuple[Lane, Checkpoint, Batch]]) -> None:
    for lane, checkpoint, batch in writes:
        if not lane.closed:
            with CHECKPOINT_SECONDS.labels(lane.stage.name).time(), _closed_meanwhile(lane):
                checkpoint.write(batch.changes, batch.position)
            CHECKPOINTS.labels(lane.stage.name).inc()


def _told(lane: Lane) -> None:
    if lane.checkpoint is not None and not lane.closed:
        with _closed_meanwhile(lane):
            lane.checkpoint.write({}, lane.checkpoint.position, told=True)


@contextlib.contextmanager
def _closed_meanwhile(lane: Lane) -> Iterator[None]:
    """Let a checkpoint be unusable because its lane has been closed under it."""
    try:
        yield
    except Unusable:
        if not lane.closed:
            raise


def _gone(lane: Lane) -> bool:
    """Whether the lane was closed while its caller awaited."""
    return lane.closed


def _passing(error: KafkaError) -> bool:
    """Whether the brokers may well take it next time."""
    return bool(error.retriable) or type(error).__name__ in PASSING


PASSING = frozenset(
    {
        "KafkaTimeoutError",
        "KafkaConnectionError",
        "NodeNotReadyError",
        "RequestTimedOutError",
        "OutOfOrderSequenceNumber",
        "UnknownProducerId",
    }
)
"""Errors that aiokafka does not call retriable, but that end when brokers come back."""
