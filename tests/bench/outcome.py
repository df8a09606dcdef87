"""What one run came to, from the records alone: nothing here knows a broker or a clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles


@dataclass(frozen=True, slots=True)
class Written:
    """One record in a topic: which article it is of, and the broker's time at which it was appended, in seconds."""

    number: int
    at: float


@dataclass(frozen=True, slots=True)
class Delivered:
    """Whether every input has its output."""

    missing: int
    repeated: int


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle of some repeats, and their ends."""

    middle: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """Of at least one value."""
        return cls(median(values), min(values), max(values))


@dataclass(frozen=True, slots=True)
class Delay:
    """Seconds between the broker's taking the article and its taking the reading."""

    p50: float
    p99: float


@dataclass(frozen=True, slots=True)
class Race:
    """Figures of one run."""

    rate: float
    """Messages a second."""
    cpu: float
    """Seconds of CPU for one message, all threads,"""
    handling: float
    """of which the handler took these."""
    memory: int
    """Peak resident MiB."""
    delivered: Delivered
    behind: int | None
    """Inputs that were not committed in the end; None of one that commits none to Kafka."""
    delay: Delay | None = None
    pace: float = 0.0
    """Messages a second at which the delay was taken."""


def delivered(expected: range, outputs: Iterable[Written]) -> Delivered:
    """What is missing of the expected articles, and how many outputs were written more than once."""
    times = Counter(output.number for output in outputs)
    missing = sum(1 for number in expected if number not in times)
    return Delivered(missing, sum(times.values()) - len(times))


def rate(count: int, since: float, outputs: Iterable[Written], counted: range) -> float:
    """Messages a second from a moment to the last output of those that are counted; 0 where none came."""
    last = max((output.at for output in outputs if output.number in counted), default=since)
    return count / (last - since) if last > since else 0.0


def delay(inputs: Mapping[int, float], outputs: Iterable[Written]) -> Delay | None:
    """The time from input to first output of each article that has both; None where fewer than two have."""
    first: dict[int, float] = {}
    for output in outputs:
        if output.number in inputs:
            first[output.number] = min(output.at, first.get(output.number, output.at))
    took = [at - inputs[number] for number, at in first.items()]
    if len(took) < 2:  # quantiles need two
        return None
    cuts = quantiles(took, n=100, method="inclusive")
    return Delay(cuts[49], cuts[98])
