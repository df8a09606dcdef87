"""One partition of one stage: folded synchronously, flushed in batches, given up as a whole.

Nothing here awaits. State and the offset it stands for change together in `fold`, and are cut off together in `cut`; so no kill,
whenever it comes, can find one ahead of the other.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from schemas import Topic
from services.stage import Absorbing, Output, Recalling, Record, Stage

from .checkpoint import Checkpoint
from .encoding import Sending, encode
from .inbox import Inbox
from .layer import Layer
from .watermark import Watermark

MAX_BATCH_RECORDS = 2_000
"""Records folded ahead of the flusher in one partition; beyond, the partition waits."""

MAX_BATCH_BYTES = 4 * 1024 * 1024
"""Bytes of outputs that are folded ahead likewise: as much again may be on its way, and that for each partition; one record may go beyond."""

MAX_BATCH_CHANGES = 5_000
"""Changed keys that wait in one partition, some 4 MiB, beside as many each that are being written and that were written last; one record
may go beyond."""

_ABSENT = object()


@dataclass(slots=True)
class Batch:
    """What came of some records, and how far the fold has come with them."""

    outputs: list[Sending] = field(default_factory=list)
    offsets: list[int] = field(default_factory=list)
    changes: Layer = field(default_factory=Layer)
    position: int | None = None
    size: int = 0
    oldest: datetime | None = None
    """Broker time of the first record."""
    reconciled: bool = False
    """Whether what was recalled has been seen to with this."""


class Lane:
    """One partition of one stage, from its assignment until it is given up. It is the `State` that its stage sees."""

    def __init__(self, stage: Stage, partition: int, checkpoint: Checkpoint | None, committed: int | None) -> None:
        self.stage = stage
        self.partition = partition
        self.checkpoint = checkpoint
        self.position = checkpoint.position if checkpoint else committed
        """Offset of the next record to fold; None where nothing was."""
        self.silent_below = (committed or 0) if checkpoint else 0
        """Outputs of records below this are on the broker already."""
        self.republish = checkpoint is not None and checkpoint.owed
        """Whether every current figure is to be told once, when the new version of the fold has caught up."""
        self._absorbing = stage if isinstance(stage, Absorbing) else None
        self._undigested = self._absorbing is not None and checkpoint is not None
        """Whether something may have been absorbed, now or before a kill, on which nothing is decided yet."""
        self._recalling = stage if isinstance(stage, Recalling) and checkpoint is not None and checkpoint.recalled is not None else None
        self.recalls = self._recalling is not None and self.position is None
        """Whether what it told is to be taken in before anything is folded."""
        self.watermark = Watermark(self.position)
        self.closed = False
        self.inbox = Inbox()
        """What was fetched and is to be folded next."""
        self.changed = asyncio.Event()
        """Set when there may be something to fold again: records have come, a batch is settled, or the lane is closed."""
        self._open = Batch()
        self._cut: Batch | None = None
        self._written: Mapping[str, bytes | None] = {}
        """What was written to the checkpoint last, and is asked for again more often than the rest."""
        self._scratch = Layer()
        self._held: dict[int, None] = {}

    # The State that the stage sees

    def get(self, key: str) -> bytes | None:
        """The value of a key."""
        value = self._unsaved(key)
        if value is _ABSENT:
            value = self._written.get(key, _ABSENT)
        if value is _ABSENT:
            return self.checkpoint.get(key) if self.checkpoint else None
        return value  # type: ignore[return-value]  # mypy cannot see that only the mark is no bytes

    def _unsaved(self, key: str) -> bytes | object | None:
        """The value of a key that was changed since the checkpoint, None where it was removed."""
        value = self._scratch.get(key, _ABSENT)
        if value is _ABSENT:
            value = self._open.changes.get(key, _ABSENT)
            if value is _ABSENT and self._cut is not None:
                return self._cut.changes.get(key, _ABSENT)
        return value

    def put(self, key: str, value: bytes) -> None:
        """Set the value of a key."""
        self._scratch.put(key, value)

    def delete(self, key: str) -> None:
        """Remove a key."""
        self._scratch.put(key, None)

    def scan(self, prefix: str, after: str = "") -> Iterator[tuple[str, bytes]]:
        """Keys and values below a prefix, in order, behind `after`; it costs what is taken of it."""
        stored = self.checkpoint.scan(prefix, after) if self.checkpoint else iter(())
        unsaved = self._unsaved_below(prefix, after)
        key = next(unsaved, None)
        if key is None:
            yield from stored
            return
        for row in stored:
            while key is not None and key < row[0]:
                yield from self._changed(key)
                key = next(unsaved, None)
            if key == row[0]:
                yield from self._changed(key)
                key = next(unsaved, None)
            else:
                yield row
        while key is not None:
            yield from self._changed(key)
            key = next(unsaved, None)

    def _unsaved_below(self, prefix: str, after: str) -> Iterator[str]:
        """Keys that were changed since the checkpoint, each once."""
        layers = [self._scratch, self._open.changes, *([self._cut.changes] if self._cut else [])]
        before = None
        for key in heapq.merge(*(layer.below(prefix, after) for layer in layers if layer)):
            if key != before:
                before = key
                yield key

    def _changed(self, key: str) -> Iterator[tuple[str, bytes]]:
        value = self._unsaved(key)
        if isinstance(value, bytes):
            yield key, value

    # Folding

    @property
    def full(self) -> bool:
        """Whether the partition has to wait for the flusher."""
        waiting = self._open
        return len(waiting.offsets) >= MAX_BATCH_RECORDS or waiting.size >= MAX_BATCH_BYTES or len(waiting.changes) >= MAX_BATCH_CHANGES

    @property
    def waits(self) -> bool:
        """Whether nothing can be folded now: no record is there, the flusher is behind, or something must come first."""
        return not self.inbox or self.closed or self.full or self.recalls or self.digests or (self.republish and not self.silent)

    @property
    def undigested(self) -> bool:
        """Whether something may have been absorbed or recalled on which nothing is decided yet, and can be decided on now."""
        return (self._undigested or self._recalling is not None) and not (self._behind or self.recalls)

    @property
    def digests(self) -> bool:
        """Whether all is to be decided on before anything else is folded: because all of it, or what differs, is to be told."""
        return self.undigested and (self.republish or self._recalling is not None)

    @property
    def waiting(self) -> int:
        """Records folded whose outputs are not acknowledged."""
        return len(self._open.offsets) + (len(self._cut.offsets) if self._cut else 0)

    @property
    def oldest(self) -> datetime | None:
        """Broker time of the oldest record whose outputs are not acknowledged."""
        return self._cut.oldest if self._cut and self._cut.oldest else self._open.oldest

    @property
    def idle(self) -> bool:
        """Whether nothing is under way."""
        return self._cut is None and not (self._open.offsets or self._open.outputs or self._open.changes or self._open.reconciled)

    @property
    def silent(self) -> bool:
        """Whether it still folds what others told before, or is not yet at one with it."""
        return self._behind or self.digests or self._recalling is not None

    @property
    def _behind(self) -> bool:
        return (self.position or 0) < self.silent_below

    def fold(self, record: Record) -> int:
        """Fold one record, all or nothing; how many outputs came of it. Raises what the stage raises, with nothing changed by it."""
        while self.prepare(record):
            pass
        return self._take(record, self._decided(lambda: self._handle(record)))

    def _handle(self, record: Record) -> Iterable[Output]:
        if self._absorbing is None or record.offset >= self.silent_below:
            return self.stage.handle(record, self)
        self._undigested = True
        self._absorbing.absorb(record, self)
        return ()

    def prepare(self, record: Record) -> bool:
        """Decide on a part of what was absorbed and a record bears on, all or nothing; False where the record can be folded."""
        absorbing = self._absorbing
        return absorbing is not None and self.undigested and self._silently(lambda: absorbing.digest(self, record))

    def digest(self) -> None:
        """Decide on a part of what was absorbed, all or nothing, which tells nothing; then on what was recalled."""
        absorbing = self._absorbing
        if self._undigested:
            self._undigested = absorbing is not None and self._silently(lambda: absorbing.digest(self))
        else:
            self._add(self._decided(self._reconcile))

    def _silently(self, decide: Callable[[], bool]) -> bool:
        done = False

        def decided() -> Iterable[Output]:
            nonlocal done
            done = decide()
            return ()

        self._add(self._decided(decided))
        return done

    def _reconcile(self) -> Iterable[Output]:
        told = self._recalling.reconcile(self.position or 0, self) if self._recalling else None
        if told is None:
            self._recalling, self._open.reconciled = None, True
        return told or ()

    # Beginning from what was told

    @property
    def tells(self) -> tuple[Topic, ...]:
        """The topics that are to be recalled."""
        return self._recalling.tells if self._recalling is not None and self.recalls else ()

    def recall(self, told: Record) -> None:
        """Take in a record that this fold told, all or nothing. Raises what the stage raises, with nothing changed."""
        self._add(self._decided(lambda: self._recall(told)))
        self._open.size += len(told.value or b"")  # as much of it is to be written down before more is taken in

    def _recall(self, told: Record) -> Iterable[Output]:
        if self._recalling is not None and self.checkpoint is not None:
            self._recalling.recall(told, self.checkpoint.recalled or 0, self)
        return ()

    def recalled(self, start: int) -> None:
        """All that was told is in: only now is there a state, and the log is folded from where it begins."""
        self.recalls = False
        self.position = self._open.position = start
        self.changed.set()

    def read(self, record: Record) -> list[Sending]:
        """What comes of a record in a stage that keeps no state; changes nothing, and may run in any thread."""
        return encode(self.stage.handle(record, self))

    def accept(self, record: Record, sendings: list[Sending]) -> int:
        """Take a record with what `read` said of it; how many outputs came of it."""
        return self._take(record, sendings)

    def hold(self, record: Record) -> None:
        """Leave a record for later: no checkpoint stands for what is behind it, until it is buried."""
        self._held[record.offset] = None

    def bury(self, record: Record, letters: Iterable[Output]) -> None:
        """Take a record that cannot be folded: nothing comes of it but what tells so."""
        self._held.pop(record.offset, None)
        self._take(record, encode(letters))

    def idly(self, now: datetime) -> int:
        """Let the stage put into the log what is due without a record; how many outputs came of it."""
        sendings = self._decided(lambda: self.stage.idle(self.partition, self, now))
        self._add(sendings)
        return len(sendings)

    def owe(self) -> None:
        """Let every current figure be told once: what stands on the broker is of another version of the fold."""
        if self.checkpoint is not None:
            self.checkpoint.owe()
            self.republish = True

    def tell(self, outputs: Iterable[Output]) -> None:
        """Add outputs that come of no record."""
        self._add(encode(outputs))

    def _decided(self, decide: Callable[[], Iterable[Output]]) -> list[Sending]:
        """What the stage decides, as bytes; if it raises, nothing that it changed is left."""
        try:
            return encode(decide())
        except BaseException:
            self._scratch.wipe()
            raise

    def _take(self, record: Record, sendings: list[Sending]) -> int:
        silent = record.offset < self.silent_below
        self._add([] if silent else sendings)
        self._open.offsets.append(record.offset)
        self.position = max(self.position or 0, record.offset + 1)
        self._open.position = next(iter(self._held), self.position)
        if self._open.oldest is None:
            self._open.oldest = record.timestamp
        return 0 if silent else len(sendings)

    def _add(self, sendings: list[Sending]) -> None:
        self._open.outputs.extend(sendings)
        self._open.size += sum(sending.size for sending in sendings)
        if self._scratch:  # even to copy nothing takes longer than all the rest
            self._open.changes.cover(self._scratch)
            self._scratch.wipe()

    # Flushing

    def cut(self) -> Batch | None:
        """Cut off what has come together; None where nothing has, or the last one is not settled yet."""
        if self._cut is not None or self.idle:
            return None
        self._cut, self._open = self._open, Batch()
        self._open.position = self._cut.position
        if self._cut.position is None:
            self._cut.position = self.checkpoint.position if self.checkpoint else None
        return self._cut

    def settle(self, batch: Batch) -> None:
        """The batch that was cut off is on the broker and in the checkpoint: its offsets are finished."""
        for offset in batch.offsets:
            self.watermark.finish(offset)
        self._cut, self._written = None, batch.changes
        self.changed.set()

    def close(self) -> None:
        """Give the partition up; what is not settled is folded again by whoever gets it."""
        self.closed = True
        self.inbox.clear()
        self.changed.set()
        if self.checkpoint is not None:
            self.checkpoint.close()
