"""Folds the records of one stage, with all that the promise says of errors: tried again, dead-lettered, held, or the end.

Records that were fetched together are folded in one go that ends when others must have their turn of the event loop; one that
raises, or is too long to be read there, is handled by itself.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from time import perf_counter

from schemas import Cause, DeadLetter
from schemas.topics import DEAD_LETTERS
from services.stage import Invalid, Output, Record, SlowDown, Stage, Stop

from .checkpoint import Unusable
from .failpoints import Failpoints
from .failures import RETRY_DELAYS, Held, Run, TooMany, as_error
from .lane import Lane
from .logs import logger
from .metrics import DEAD, HANDLING, HELD, RECORDS_IN, RETRIES
from .slices import SLICE

log = logger(__name__)

LONG = 2 * 1024
"""Bytes of a record that take up to 50 ms to read if they hold nothing but numbers, half of what may hold the event loop (measured)."""

LOOK_AGAIN = 0.5
"""Seconds between two looks at whether the other partitions have caught up."""

MAX_KEY = 64 * 1024
"""Longest key that a dead letter repeats: one of a megabyte would make the letter larger than any topic takes; it stands at the offset."""

Clock = Callable[[], datetime]
"""Now, in UTC."""


class Turns:
    """What all that folds in this process shares: whose turn it is, and who is to be told of what has changed."""

    def __init__(self, lanes: Mapping[tuple[str, int], Lane]) -> None:
        self._lanes = lanes
        self.turn = asyncio.Lock()
        """Held while a slice is folded: one slice in each turn of the event loop, the partitions one after the other."""
        self.work = asyncio.Event()
        """Set when there may be something to flush."""
        self.room = asyncio.Event()
        """Set when there may be room for more to fetch."""
        self.over = False
        """Whether nothing more is folded: partitions are about to be given up, or the service ends."""

    @property
    def catching_up(self) -> bool:
        """Whether some partition is not as far as it was: that comes before what can wait."""
        return any(lane.silent for lane in self._lanes.values())


class Handling:
    """The records of one stage in this process."""

    def __init__(self, stage: Stage, service: str, failures_to_stop: int, turns: Turns, failpoints: Failpoints, clock: Clock) -> None:
        self.stage = stage
        self._service = service
        self._turns = turns
        self._failpoints = failpoints
        self._clock = clock
        self._run: Run[Lane] = Run(failures_to_stop)
        self._slowed: dict[Lane, str] = {}
        self._alone = asyncio.Lock()
        self._seconds = HANDLING.labels(stage.name)
        self._handled = RECORDS_IN.labels(stage.name, "handled")

    @property
    def waiting_for(self) -> str | None:
        """The downstream that holds a partition back, if one does."""
        return next(iter(self._slowed.values()), None)

    async def work(self, lane: Lane) -> None:
        """Fold what comes to a lane, until it is given up.

        Raises:
            Stop: nothing more can be processed.

        """
        while not lane.closed:
            lane.changed.clear()
            if lane.digests and not (self._turns.over or lane.full):
                await self._digest(lane)
                continue
            if self._turns.over or lane.waits:
                await self._wait_for_more(lane)
                continue
            async with self._alone, self._turns.turn:
                trouble = self._slice(lane)
                self._turns.work.set()
                await asyncio.sleep(0)  # with the turn still held, so that the event loop comes round before another partition's slice
            if trouble is not None:
                await self._persist(lane, *trouble)
                self._turns.work.set()
            if lane.inbox.has_room:
                self._turns.room.set()
            if self._may_digest(lane):
                await self._digest(lane)  # or it would never end where records never do

    def _may_digest(self, lane: Lane) -> bool:
        return lane.undigested and not (self._turns.over or lane.full or lane.closed or self._turns.catching_up)

    async def _wait_for_more(self, lane: Lane) -> None:
        """Wait for records; in the meantime decide on what none has asked for yet."""
        if self._may_digest(lane):
            await self._digest(lane)
        elif lane.undigested and self._turns.catching_up:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_AGAIN):
                    await lane.changed.wait()
        else:
            await lane.changed.wait()

    async def _digest(self, lane: Lane) -> None:
        """Decide on what was absorbed, for a slice of time."""
        async with self._alone, self._turns.turn:
            begun = perf_counter()
            while lane.undigested and not lane.full and not lane.closed and perf_counter() - begun < SLICE:
                lane.digest()
            self._turns.work.set()
            await asyncio.sleep(0)

    def _slice(self, lane: Lane) -> tuple[Record, Exception | None] | None:
        """Fold until nothing is left or the time is up; or up to a record that is long or has raised, which is given back."""
        begun = before = perf_counter()
        folded = 0
        try:
            while not lane.waits and not self._turns.over and before - begun < SLICE:
                record = lane.inbox.first
                if self._is_long(record):
                    return record, None
                try:
                    if lane.prepare(record):
                        before = perf_counter()
                        continue
                    self._failpoints.hit("before-handle", self.stage.name, record.key)
                    lane.fold(record)
                except BaseException as error:  # noqa: BLE001  # whoever gets it tells one from another
                    return record, as_error(error)
                now = perf_counter()
                self._seconds.observe(now - before)
                before = now
                folded += 1
                self._done(lane, record)
        finally:
            self._handled.inc(folded)
        return None

    def _is_long(self, record: Record) -> bool:
        """Whether it is read in a thread, so that it does not hold the event loop; a fold's state is not for threads."""
        return self.stage.version is None and len(record.value or b"") > LONG

    def _done(self, lane: Lane, record: Record) -> None:
        lane.inbox.drop()
        if self._run:
            self._give_up(self._run.release())
        self._failpoints.hit("after-handle", self.stage.name, record.key)

    async def _persist(self, lane: Lane, record: Record, error: Exception | None) -> None:
        """Try a record that has raised (or that is long) until it is folded, buried or held; or the lane is gone, and another reads it."""
        tries = 0
        while True:
            if error is None:
                error = await self._attempt(lane, record)
            if lane.closed:
                return
            if error is None:
                self._handled.inc()
                self._done(lane, record)
                return
            if isinstance(error, Stop | Unusable):
                raise error
            if isinstance(error, Invalid):
                self._bury(lane, record, error.cause, str(error), tries + 1)
                break
            if isinstance(error, SlowDown):
                await self._wait(lane, error)
            else:
                tries += 1
                log.error(
                    "record.failed", stage=self.stage.name, partition=record.partition, offset=record.offset, tries=tries, exc_info=error
                )
                if tries > len(RETRY_DELAYS):
                    self._hold(lane, record, error, tries)
                    break
                RETRIES.labels(self.stage.name).inc()
                await asyncio.sleep(RETRY_DELAYS[tries - 1])
            if self._turns.over:
                return
            error = None
        lane.inbox.drop()

    async def _attempt(self, lane: Lane, record: Record) -> Exception | None:
        """Fold one record, if its lane is still held; what it raised. A stage sees one record at a time, whatever its partition."""
        async with self._alone:
            begun = perf_counter()
            try:
                self._failpoints.hit("before-handle", self.stage.name, record.key)
                if self._is_long(record):
                    sendings = await asyncio.to_thread(lane.read, record)
                    if not lane.closed:
                        lane.accept(record, sendings)
                elif not lane.closed:
                    lane.fold(record)
            except BaseException as error:  # noqa: BLE001  # the caller tells one from another
                return as_error(error)
            self._seconds.observe(perf_counter() - begun)
        return None

    async def _wait(self, lane: Lane, error: SlowDown) -> None:
        self._slowed[lane] = str(error)
        try:
            await asyncio.sleep(error.seconds)
        finally:
            self._slowed.pop(lane, None)

    # Messages that fail

    def _hold(self, lane: Lane, record: Record, error: Exception, tries: int) -> None:
        lane.hold(record)
        held = Held(lane, record, f"{type(error).__name__}: {error}", tries, self._clock())
        if not self._run.hold(held):
            raise TooMany(
                f"{self.stage.name} failed on {len(self._run)} messages in a row, the last at {record.topic}[{record.partition}]"
                f"@{record.offset} with {held.error}; none of them is committed: mend the cause and start again"
            )
        HELD.labels(self.stage.name).set(len(self._run))

    def give_up_overdue(self) -> None:
        """Dead-letter what has been held for too long without another success."""
        self._give_up(self._run.overdue(self._clock()))

    def _give_up(self, held: Sequence[Held[Lane]]) -> None:
        for one in held:
            self._bury(one.lane, one.record, Cause.FAILED, one.error, one.attempts)
        if held:
            HELD.labels(self.stage.name).set(0)
            self._turns.work.set()

    def forget(self, lane: Lane) -> None:
        """The lane was given up: whoever has it next reads what it held again."""
        self._run.forget(lane)
        HELD.labels(self.stage.name).set(len(self._run))

    def _bury(self, lane: Lane, record: Record, cause: Cause, detail: str, attempts: int) -> None:
        key = record.key if len(record.key or b"") <= MAX_KEY else None
        letter = DeadLetter.of_record(
            self._service,
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
        RECORDS_IN.labels(self.stage.name, "dead").inc()
        DEAD.labels(self._service, cause).inc()
        log.warning(
            "record.dead",
            stage=self.stage.name,
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            cause=str(cause),
            detail=detail,
        )
