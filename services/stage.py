"""What a service's stream is to the runtime that drives it: a record in, outputs out, state of one partition between.

Plain Python without a clock or I/O: a stage can be driven by Faust, by a test with a list of records, or by a backtest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from schemas import Cause, Message, Topic


@dataclass(frozen=True, slots=True)
class Record:
    """One record as it was read from a partition."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    """None is a tombstone."""
    timestamp: datetime
    """The broker's: wall clock, never the data's time."""


@dataclass(frozen=True, slots=True)
class Output:
    """One record to write."""

    topic: Topic
    key: str
    value: Message | None
    """None writes a tombstone."""
    partition: int | None = None
    """None leaves the choice to the partitioner, which is right for all but marks that every partition must see."""


class State(Protocol):
    """The folded state of one partition: a sorted map, changed in memory and kept by a checkpoint.

    What a `handle` changed before it raised is undone.
    """

    def get(self, key: str) -> bytes | None:
        """The value of a key."""
        ...

    def put(self, key: str, value: bytes) -> None:
        """Set the value of a key."""
        ...

    def delete(self, key: str) -> None:
        """Remove a key, if it is there."""
        ...

    def scan(self, prefix: str, after: str = "") -> Iterator[tuple[str, bytes]]:
        """Keys and values below a prefix, in the order of the keys (by their UTF-8 bytes), beginning behind `after`."""
        ...


class Stage(Protocol):
    """One step of the flow. A **fold** is a stage with a version: a function of its partition in the order of offsets."""

    @property
    def name(self) -> str:
        """`service.step`, for metrics and logs (`measure.fold`)."""
        ...

    @property
    def topic(self) -> Topic:
        """What it reads."""
        ...

    @property
    def version(self) -> int | None:
        """Of its fold: another one makes every partition be folded again; None for a stage that keeps no state."""
        ...

    def handle(self, record: Record, state: State) -> Iterable[Output]:
        """Fold one record into the state, and say what follows from it. Synchronous, and done within milliseconds.

        Raises:
            Invalid: the record can never be processed; it is dead-lettered.
            SlowDown: it cannot be processed now; it is tried again after a while, and nothing overtakes it.
            Stop: nothing more can be processed; the service ends.

        Anything else is unexpected: tried three times more, then held, then dead-lettered (runtime/handling.py).

        """
        ...

    def idle(self, partition: int, state: State, now: datetime) -> Iterable[Output]:
        """What is due without a record: called for each partition about twice a second, when its batch is empty.

        A fold must not decide here what its log does not tell; it may put that into the log (ticks, priming in slices). What it raises is
        tried again after a while; an unexpected error that comes again and again ends the service (runtime/idling.py).
        """
        ...

    def current(self, state: State) -> Iterator[Output]:
        """Every current figure once, after a new version of the fold has gone through its partition again."""
        ...


@runtime_checkable
class Absorbing(Stage, Protocol):
    """A fold that can take in first and decide later: what others have told already is folded again so, in a fraction of the time."""

    def absorb(self, record: Record, state: State) -> None:
        """Take a record in without deciding what follows; what is to be decided stands in the state. Raises what `handle` raises."""
        ...

    def digest(self, state: State, record: Record | None = None) -> bool:
        """Decide on a part of what was absorbed, in milliseconds; False where nothing is left. Then the state is as `handle` leaves it.

        With a record it is only about what that one bears on: before it is handled, nothing of that is left.
        """
        ...


@runtime_checkable
class Recalling(Stage, Protocol):
    """A fold that can begin from what it told, where retention has deleted the head of its log and no checkpoint is left.

    What it told is recalled first, then what is left of the log is folded up to the committed offset, then the two are reconciled.
    """

    @property
    def tells(self) -> tuple[Topic, ...]:
        """The compacted topics that hold what it told, in the order in which they are recalled.

        What stands before the first `|` of their keys is a key of its input, so that a key says of which partition it is.
        """
        ...

    def recall(self, told: Record, before: int, state: State) -> None:
        """Take in a record that it told, tombstones included, before anything is folded. May come again, as all of its topic may.

        `before` is the committed offset: what follows from there on will be told again, though the topic may hold it already.

        Raises:
            Invalid: the record says nothing that this fold told; it is left out.

        """
        ...

    def reconcile(self, position: int, state: State) -> Iterable[Output] | None:
        """Tell a part of what differs between what was told and what follows from what is left of the log, in milliseconds.

        None where nothing is left. Asked when all before `position` is folded, and before anything from there on is.
        """
        ...


class Invalid(Exception):
    """This message can never be processed: dead-letter it.

    `cause` is the closed reason, the text says what is wrong and with which field.
    """

    def __init__(self, cause: Cause, detail: str) -> None:
        super().__init__(detail)
        self.cause = cause


class SlowDown(Exception):
    """Not now: wait and try the same message again. The text names who holds it back."""

    def __init__(self, downstream: str, seconds: float = 1.0) -> None:
        super().__init__(downstream)
        self.seconds = seconds


class Stop(Exception):
    """Nothing more can be processed: the service ends with a line that says why and what to do."""
