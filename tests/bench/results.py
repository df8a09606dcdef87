"""The runs of all contestants, put together: one row for each, and the ratios that were promised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from .contestants import BARE, CONTESTANTS, OURS, STOCK
from .outcome import Delay, Race, Spread


@dataclass(frozen=True, slots=True)
class Row:
    """One contestant with one handler."""

    name: str
    rate: Spread
    """Messages a second."""
    cpu: Spread
    """Seconds of CPU for one message,"""
    handling: float
    """of which the handler took these,"""
    carrying: float
    """and all else these."""
    memory: int
    """The highest peak of all repeats, in MiB."""
    delay: Delay | None
    pace: float
    """Messages a second at which the delay was taken."""
    missing: int
    """Inputs without an output, in all repeats."""
    repeated: int
    behind: int | None
    """Inputs not committed in the end, in all repeats; None of one that commits none to Kafka."""

    @property
    def kept(self) -> bool:
        """Whether every input has its output and, as far as it can be seen, is committed."""
        return not self.missing and not self.behind


@dataclass(frozen=True, slots=True)
class Ratio:
    """Ours to another: above 1 ours is ahead."""

    handler: str
    to: str
    value: float
    """Ours to theirs, by messages a second; what is wanted is said of this."""
    by_cpu: float
    """Theirs to ours, by CPU for one message: what a machine with other work to do says more surely,"""
    by_carrying: float
    """and most surely where the handler is taken to cost both the same: the median of all contestants."""


def row(name: str, races: Sequence[Race]) -> Row:
    """What the repeats of one contestant, at least one, come to."""
    delays = [race for race in races if race.delay is not None]
    behind = [race.behind for race in races if race.behind is not None]
    return Row(
        name,
        Spread.of([race.rate for race in races]),
        Spread.of([race.cpu for race in races]),
        median(race.handling for race in races),
        median(race.cpu - race.handling for race in races),
        max(race.memory for race in races),
        delays[-1].delay if delays else None,
        delays[-1].pace if delays else 0.0,
        sum(race.delivered.missing for race in races),
        sum(race.delivered.repeated for race in races),
        sum(behind) if behind else None,
    )


def rows(races: Mapping[tuple[str, str], Sequence[Race]], handler: str) -> list[Row]:
    """The rows of one handler, in the order of the table; whoever never came to an end has none."""
    return [row(one.name, races[handler, one.name]) for one in CONTESTANTS if races.get((handler, one.name))]


def ratios(handler: str, found: Sequence[Row]) -> list[Ratio]:
    """Ours to each of the others, by the medians of throughput."""
    own = next((one for one in found if one.name == OURS), None)
    if own is None:
        return []
    others = [one for one in found if one is not own and one.rate.middle > 0]
    handling = median(one.handling for one in found)
    return [
        Ratio(
            handler,
            one.name,
            own.rate.middle / one.rate.middle,
            one.cpu.middle / own.cpu.middle,
            (handling + one.carrying) / (handling + own.carrying),
        )
        for one in others
    ]


PROMISED = {("empty", STOCK): 3.0, ("extract", BARE): 0.9}
"""Handler and other -> the least ratio that is wanted."""
