"""Sends what lanes have folded, then writes their checkpoints, then lets their offsets be committed: the order is the promise."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice

from aiokafka.errors import KafkaError

from schemas import Message
from services.stage import Stop

from .checkpoint import Checkpoint, Unusable
from .encoding import Sending
from .failpoints import Failpoints, Point
from .lane import Batch, Lane
from .logs import logger
from .metrics import CHECKPOINT_SECONDS, CHECKPOINTS, RECORDS_OUT, SEND_FAILURES
from .publisher import Publisher
from .security import denied
from .settings import Settings

log = logger(__name__)

REPUBLISH_SLICE = 500
"""Figures told in one batch after a new version of a fold."""

SEND_DELAYS = (0.2, 1.0, 5.0)
"""Seconds between sends while the brokers do not acknowledge; the last one repeats."""

TURN = 5_000
"""Outputs counted before others get their turn of the event loop: some ten milliseconds."""

Observe = Callable[[Message], None]
"""Told of each message that the brokers have acknowledged; counts it."""


class Flusher:
    """The one that awaits: everything else about a record is synchronous."""

    def __init__(
        self,
        settings: Settings,
        service: str,
        lanes: Mapping[tuple[str, int], Lane],
        publisher: Publisher,
        failpoints: Failpoints,
        observe: Observe | None = None,
    ) -> None:
        self.waiting_for: str | None = None
        """`brokers` while they do not acknowledge."""
        self.sending = False
        """Whether a send is under way: it may take half a minute to fail, and says nothing of this process until then."""
        self.under_way = asyncio.Lock()
        """Held by a flush."""
        self._settings = settings
        self._service = service
        self._lanes = lanes
        self._publisher = publisher
        self._failpoints = failpoints
        self._observe = observe

    async def flush(self) -> bool:
        """Send what every lane has, write the checkpoints, and let the offsets be committed; False where nothing was to be sent.

        Raises:
            Stop: the brokers refuse what is sent, for good.
            Fenced, Unusable: a checkpoint cannot be written.

        """
        async with self.under_way:
            await self._republish()
            cuts = [(lane, batch) for lane in list(self._lanes.values()) if not lane.closed and (batch := lane.cut())]
            if not cuts:
                return False
            await self._send([sending for _, batch in cuts for sending in batch.outputs])
            self._pass("after-send", cuts)
            await self._checkpoint(cuts)
            self._pass("after-checkpoint", cuts)
            settled = 0
            for lane, batch in cuts:
                lane.settle(batch)
                self._count(lane, batch)
                settled += len(batch.outputs)
                if settled > TURN:
                    settled = 0
                    await asyncio.sleep(0)
        return True

    def _count(self, lane: Lane, batch: Batch) -> None:
        for topic, count in Counter(sending.topic for sending in batch.outputs).items():
            RECORDS_OUT.labels(lane.stage.name, topic).inc(count)
        if self._observe is not None:
            for sending in batch.outputs:
                if sending.message is not None:
                    self._observe(sending.message)

    def _pass(self, point: Point, cuts: Sequence[tuple[Lane, Batch]]) -> None:
        for lane, batch in cuts:
            if batch.offsets:
                self._failpoints.hit(point, lane.stage.name)

    async def _send(self, sendings: list[Sending]) -> None:
        """Send until the broker has all; the same records again are the same bytes, and all in the same order."""
        failures = 0
        while sendings:
            self.sending = True
            try:
                await self._publisher.send_all(sendings)
            except KafkaError as error:
                if (reason := denied(self._settings, error, "Write")) is not None:
                    raise Stop(reason) from error
                if not _passing(error):
                    raise Stop(f"the brokers refuse what {self._service} sends: {type(error).__name__}: {error}") from error
                SEND_FAILURES.labels(self._service, type(error).__name__).inc()
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
        for lane in list(self._lanes.values()):
            if lane.republish and not lane.silent and lane.idle and not lane.closed:
                figures = lane.stage.current(lane)
                while not _gone(lane) and (part := list(islice(figures, REPUBLISH_SLICE))):
                    lane.tell(part)
                    if (batch := lane.cut()) is not None:
                        await self._send(batch.outputs)
                        lane.settle(batch)
                await asyncio.to_thread(_told, lane)
                lane.republish = False
                lane.changed.set()


def _write(writes: Sequence[tuple[Lane, Checkpoint, Batch]]) -> None:
    for lane, checkpoint, batch in writes:
        if not lane.closed:
            with CHECKPOINT_SECONDS.labels(lane.stage.name).time(), _closed_meanwhile(lane):
                checkpoint.write(batch.changes, batch.position, reconciled=batch.reconciled)
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
        "ProducerClosed",
        "UnknownProducerId",
        "InvalidProducerIdMapping",
        "ProducerFenced",
        "CorruptRecordException",
        "UnknownError",
    }
)
"""Errors that aiokafka does not call retriable, but that end when brokers come back, with a new client (see publisher.GAPS), or by themselves:
a batch was damaged on its way, or a broker met an error that it has no name for. Where they do not end, the watchdog sees that nothing moves."""
