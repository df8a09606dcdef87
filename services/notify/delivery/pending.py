"""What a partition of deliveries says is still to do: a fold of its records in which nothing goes back.

One delivery's records may repeat (an alert is scheduled again after a crash) or come from a worker that had lost the partition
without knowing it. So records are ordered by what they mean, not only by where they lie; and because compaction will keep the one that
lies last, a record that lies last without being the furthest is answered by writing the furthest again.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from schemas import Delivery, DeliveryStatus


@dataclass(frozen=True, slots=True, order=True)
class Progress:
    """How far a delivery has come; greater is further."""

    replays: int
    """How often it was put back by hand."""
    certainty: int
    """0 while it is pending, 1 when it was given up, 2 when it is delivered: what was received is never taken back."""
    attempts: int

    @classmethod
    def of(cls, delivery: Delivery) -> Progress:
        """The progress that a record tells."""
        certainty = 2 if delivery.status is DeliveryStatus.DELIVERED else 1 if delivery.status.final else 0
        return cls(delivery.replays, certainty, delivery.attempts)


class Step(StrEnum):
    """What one record does to what is known of its delivery."""

    TAKE = "take"
    """It is further than what is known, and takes its place."""
    CONFIRM = "confirm"
    """It says what is known, later in the log."""
    ECHO = "echo"
    """It lies before what is known, and has been heard."""
    ANSWER = "answer"
    """It lies last without being the furthest: what is known has to be written again."""


def step(known: tuple[Progress, int] | None, record: Progress, offset: int) -> Step:
    """Judge a record against the progress that is known and the offset at which that stands."""
    if known is None:
        return Step.TAKE
    progress, at = known
    if record > progress:
        return Step.TAKE
    if offset <= at:
        return Step.ECHO
    return Step.CONFIRM if record == progress else Step.ANSWER
