"""A fold whose log has lost its head begins from what it told: the compacted topics are read to their end before it folds anything.

What was recalled counts only when all of it is in: until then the state has no position, so that a kill on the way starts over.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable
from contextlib import aclosing
from time import perf_counter

from aiokafka.errors import KafkaError

from schemas import Topic, partition_of
from services.stage import Invalid, Recalling, Record, Stage, Stop

from .checkpoint import Checkpoint
from .handling import Turns
from .lane import Lane
from .logs import logger
from .metrics import RECALLS
from .reader import read_batches
from .security import denied
from .settings import Settings
from .slices import SLICE

log = logger(__name__)

RETRY_EVERY = 1.0
"""Seconds after which brokers that were away are asked again."""


def prepare(stage: Stage, checkpoint: Checkpoint, committed: int | None, start: int) -> None:
    """Let a fold begin from what it told, where its log begins at `start` and neither that nor its checkpoint says all of it."""
    if not isinstance(stage, Recalling):
        return
    if committed and start and _lacks(checkpoint, committed, start):
        if checkpoint.position is not None and checkpoint.recalled is None:
            checkpoint.discarded = "truncated"
        checkpoint.reset(recalled=committed)
    elif checkpoint.recalled is not None and checkpoint.position is None:
        checkpoint.reset()  # begun for a log, or a committed offset, that is no more


def _lacks(checkpoint: Checkpoint, committed: int, start: int) -> bool:
    """Whether the state does not know all that was told: it never did, or others have told more, from records that are gone."""
    position, recalled = checkpoint.position, checkpoint.recalled
    if position is None:
        return True
    if recalled is not None and committed > max(recalled, position):
        return True  # what was recalled is older than what others have told since
    return position < start and (recalled is not None or committed > position)


class Recall:
    """Takes in what the lanes of this process told."""

    def __init__(self, settings: Settings, turns: Turns) -> None:
        self.moved_at = 0.0
        """When it last took something in, by the event loop's clock."""
        self._settings = settings
        self._turns = turns
        self._alone = asyncio.Lock()

    async def take(self, lane: Lane, start: int, partitions: int) -> None:
        """Read all that a lane of so many told, then let it fold from `start`; cancelled where the lane is given up.

        One lane after the other, so that no more is fetched at once than one needs.

        Raises:
            Stop: a topic is missing, or may not be read.

        """
        async with self._alone:
            await self._take_all(lane, start, partitions)

    async def _take_all(self, lane: Lane, start: int, partitions: int) -> None:
        while not self._turns.over:
            taken = 0
            try:
                for topic in lane.tells:
                    taken += await self._read(lane, topic, partitions)
            except KafkaError as error:
                if (reason := denied(self._settings, error)) is not None:
                    raise Stop(reason) from error
                log.warning("recall.failed", stage=lane.stage.name, partition=lane.partition, error=f"{type(error).__name__}: {error}")
                await asyncio.sleep(RETRY_EVERY)
            else:
                if not self._turns.over:
                    lane.recalled(start)
                    RECALLS.labels(lane.stage.name).inc()
                    log.info("partition.recalled", stage=lane.stage.name, partition=lane.partition, records=taken, start=start)
                return

    async def _read(self, lane: Lane, topic: Topic, partitions: int) -> int:
        taken = 0
        self.moved_at = asyncio.get_running_loop().time()
        async with aclosing(read_batches(self._settings, topic, share=(lane.partition, partitions))) as batches:
            async for batch in batches:
                taken += await self._take(lane, batch, partitions)
                self.moved_at = asyncio.get_running_loop().time()
                if self._turns.over:
                    break
        return taken

    async def _take(self, lane: Lane, batch: Iterable[Record], partitions: int) -> int:
        """Take in those of some records that are of the lane's partition, in slices, no faster than they are written down; how many are."""
        taken = 0
        waiting = deque(batch)
        while waiting and not self._turns.over:
            async with self._turns.turn:
                begun = perf_counter()
                while waiting and not lane.full and perf_counter() - begun < SLICE:
                    taken += _recalled(lane, waiting.popleft(), partitions)
                self._turns.work.set()
                await asyncio.sleep(0)  # with the turn still held, as where records are folded
            while lane.full and not lane.closed:
                lane.changed.clear()
                await lane.changed.wait()
        return taken


def _recalled(lane: Lane, record: Record, partitions: int) -> bool:
    """Whether a record is of the lane's partition and says something."""
    if record.key is None or partition_of(record.key, partitions) != lane.partition:
        return False
    try:
        lane.recall(record)
    except Invalid as error:
        log.warning(
            "recall.unreadable",
            stage=lane.stage.name,
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            error=str(error),
        )
        return False
    return True
