"""Drives stages: folds what is delivered, flushes what came of it, then checkpoints, then lets it be committed.

The order is the promise. Outputs are acknowledged by the broker *before* the checkpoint is written, and the checkpoint *before* the
offset may be committed; so a crash anywhere repeats at most the last batch, with the same ids and bytes. Folding is synchronous,
partition by partition in slices (handling.py); one flusher does all the awaiting (flusher.py).
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from services.stage import Record, Stage

from .checkpoint import Belongs, Checkpoint
from .failpoints import Failpoints
from .failures import as_error
from .flusher import Flusher, Observe
from .handling import Clock, Handling, Turns
from .idling import IDLE_EVERY, Idling
from .lane import Lane
from .logs import logger
from .metrics import IN_FLIGHT, REFOLDS, UNDECIDED, WATERMARK_AGE
from .publisher import Publisher
from .recall import Recall, prepare
from .settings import Settings
from .watermark import Watermark

log = logger(__name__)

FLUSH_PAUSE = 0.01
"""Seconds that a batch gathers: below what anyone notices, and hundreds of records under load."""

FLUSH_GRACE = 2.0
"""Seconds that a flush under way is waited for before its partitions are closed under it."""


class Worker:
    """All lanes of one service's stages in this process."""

    def __init__(
        self, settings: Settings, service: str, stages: Sequence[Stage], publisher: Publisher, clock: Clock, observe: Observe | None = None
    ) -> None:
        self.settings = settings
        self.service = service
        self.stages = {stage.topic.name: stage for stage in stages}
        self.lanes: dict[tuple[str, int], Lane] = {}
        self.beat = 0.0
        """When the flusher last turned, by the event loop's clock."""
        self.failpoints = Failpoints(settings.failpoints)
        self._clock = clock
        self._turns = Turns(self.lanes)
        self._handlings = {
            topic: Handling(stage, service, settings.failures_to_stop, self._turns, self.failpoints, clock)
            for topic, stage in self.stages.items()
        }
        self._flusher = Flusher(settings, service, self.lanes, publisher, self.failpoints, observe)
        self.recall = Recall(settings, self._turns)
        self._idling = Idling(settings.failures_to_stop)
        self._working: dict[Lane, asyncio.Task[None]] = {}
        self._failed = asyncio.Event()
        self._failure: Exception | None = None
        self._drained = False
        self._opening = threading.Lock()

    @property
    def waiting_for(self) -> str | None:
        """Who holds the stream back, when somebody else does: `brokers` or a downstream by its name."""
        return self._flusher.waiting_for or next((who for one in self._handlings.values() if (who := one.waiting_for)), None)

    @property
    def sending(self) -> bool:
        """Whether a send is under way: it may take half a minute to fail, and says nothing of this process until then."""
        return self._flusher.sending

    @property
    def room(self) -> asyncio.Event:
        """Set when there may be room for more records in some partition."""
        return self._turns.room

    # Partitions come and go

    async def open(
        self,
        committed: Mapping[tuple[str, int], int | None],
        beginning: Mapping[tuple[str, int], int],
        end: Mapping[tuple[str, int], int],
        identity: Mapping[str, tuple[str, str, int]],
        folded_by: Mapping[tuple[str, int], str] | None = None,
    ) -> dict[tuple[str, int], int]:
        """Take partitions over: open their checkpoints and say from which offset each is to be read.

        `identity` gives for each topic the cluster's id, the topic's id and how many partitions it has; `folded_by` what was written
        beside the committed offsets.
        """
        await self.close(list(self.lanes))
        self._turns.over = self._drained = self._failure is not None
        positions = {}
        for partition, start in beginning.items():
            lane = await asyncio.to_thread(self._open, partition, committed.get(partition), start, end[partition], identity[partition[0]])
            if (folded_by or {}).get(partition, "") not in ("", self.folded_by(partition[0])):
                await asyncio.to_thread(lane.owe)
            self.lanes[partition] = lane
            positions[partition] = max(lane.position or 0, start)
            lane.watermark = Watermark(positions[partition])
            self._working[lane] = asyncio.create_task(self._work(lane, start, identity[partition[0]][2]))
        self.room.set()
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
        position = checkpoint.position
        prepare(stage, checkpoint, committed, start)
        if checkpoint.position is None and (committed or checkpoint.discarded):
            reason = checkpoint.discarded or "absent"
            REFOLDS.labels(stage.name, reason).inc()
            log.info("partition.refold", stage=stage.name, partition=number, reason=reason, start=start, committed=committed)
        if start > 0 and (position or 0) < start:
            recalls = checkpoint.recalled is not None
            log.warning("partition.truncated", stage=stage.name, partition=number, start=start, position=position, recalls=recalls)
        return Lane(stage, number, checkpoint, committed)

    def folded_by(self, topic: str) -> str:
        """What is written beside a committed offset of this topic: the version of its fold, nothing for a stage that keeps no state.

        A checkpoint knows as much, but not all of them outlive the process that a new version takes the place of.
        """
        version = self.stages[topic].version
        return "" if version is None else str(version)

    def _path(self, stage: Stage, partition: int) -> Path:
        return self.settings.state_dir / f"{self.settings.prefix}{stage.name}" / f"{partition}.sqlite"

    async def drain(self) -> None:
        """Finish what is folded: flush every lane, within the limit of a stop. Nothing new is folded from here on.

        A batch whose flush has failed before stays as it is, and is folded again by whoever gets the partition. What could not be flushed
        within the limit is not tried again.
        """
        self._turns.over = True
        if self._drained:
            return
        self._drained = True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.settings.stop_timeout):
                while any(not lane.idle for lane in self.lanes.values()) and await self.flush():
                    pass

    async def close(self, partitions: Sequence[tuple[str, int]]) -> None:
        """Give partitions up; what is not flushed is folded again by whoever gets them.

        A flush under way may finish first, unless it hangs on absent brokers: then its lanes are closed under it, and it writes nothing.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(FLUSH_GRACE), self._flusher.under_way:
                self._close(partitions)
        self._close(partitions)

    def _close(self, partitions: Sequence[tuple[str, int]]) -> None:
        for partition in partitions:
            lane = self.lanes.pop(partition, None)
            if lane is not None:
                lane.close()
                self._handlings[partition[0]].forget(lane)
                if (task := self._working.pop(lane, None)) is not None:
                    task.cancel()

    # Records go through

    def deliver(self, lane: Lane, records: Iterable[Record]) -> None:
        """Take what was fetched from a lane's partition: pending from here on, until its outputs are acknowledged."""
        lane.inbox.put(record for record in records if lane.watermark.deliver(record.offset))
        lane.changed.set()

    async def _work(self, lane: Lane, start: int, partitions: int) -> None:
        try:
            if lane.recalls:
                await self.recall.take(lane, start, partitions)
            await self._handlings[lane.stage.topic.name].work(lane)
        except BaseException as raised:  # noqa: BLE001  # `run` raises it: a lane that is not worked on must end the process
            error = as_error(raised)
            self._turns.over = True  # or the next success in another partition would give up what failed here, and let it be committed
            self._failure = self._failure or error
            self._failed.set()

    async def flush(self) -> bool:
        """Send, checkpoint and settle what has been folded; False where there was nothing. Raises what the flusher raises."""
        return await self._flusher.flush()

    async def run(self) -> None:
        """Flush until cancelled.

        Raises:
            Stop: nothing more can be processed, or the brokers refuse what is sent, for good.
            Fenced, Unusable: a checkpoint cannot be written.

        """
        turning = asyncio.create_task(self._turn())
        failed = asyncio.create_task(self._failed.wait())
        try:
            await asyncio.wait([turning, failed], return_when=asyncio.FIRST_COMPLETED)
            if self._failure is not None:
                raise self._failure
            turning.result()
        finally:
            turning.cancel()
            failed.cancel()

    async def _turn(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(IDLE_EVERY):
                    await self._turns.work.wait()
            self._turns.work.clear()
            self.beat = loop.time()
            await asyncio.sleep(FLUSH_PAUSE)
            if not self._turns.over:
                for handling in self._handlings.values():
                    handling.give_up_overdue()
                if await self._idling.ask(list(self.lanes.values()), self._clock(), loop.time()):
                    self._turns.work.set()
            await self.flush()
            self._show()

    def _show(self) -> None:
        """Set the gauges of what is under way."""
        now = self._clock()
        for stage in self.stages.values():
            lanes = [lane for lane in self.lanes.values() if lane.stage is stage]
            IN_FLIGHT.labels(stage.name).set(sum(lane.waiting for lane in lanes))
            UNDECIDED.labels(stage.name).set(sum(lane.silent or lane.undigested for lane in lanes))
            oldest = min((lane.oldest for lane in lanes if lane.oldest is not None), default=now)
            WATERMARK_AGE.labels(stage.name).set(max(0.0, (now - oldest).total_seconds()))
