"""Is a line crossed: surely, possibly, or surely not? Pure arithmetic of bounds, levels and tellers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from operator import ge, gt, le, lt

from schemas import Direction, Line, Qualifier, Severity, Whose


@dataclass(frozen=True, slots=True)
class Bounds:
    """A number and what it can be; None is unbounded on that side."""

    value: int
    low: int | None
    high: int | None


def bounds(value: int, qualifier: Qualifier, low: int | None, high: int | None, tolerance: float) -> Bounds:
    """What a told figure can be: as its words say, and of "about" the value give or take the rule's tolerance."""
    if qualifier is Qualifier.APPROXIMATELY and low is None and high is None:
        share = Decimal(str(tolerance))
        least = (value * (1 - share)).to_integral_value(ROUND_CEILING)
        most = (value * (1 + share)).to_integral_value(ROUND_FLOOR)
        return Bounds(value, int(least), int(most))
    return Bounds(value, low, high)


def surely(direction: Direction, level: int, figure: Bounds) -> bool:
    """Whether all that the figure can be lies beyond the level: above is judged on low, below on high."""
    if direction.upward:
        return figure.low is not None and _beyond(direction, level, figure.low)
    return figure.high is not None and _beyond(direction, level, figure.high)


def possibly(direction: Direction, level: int, figure: Bounds) -> bool:
    """Whether something that the figure can be lies beyond the level."""
    if direction.upward:
        return figure.high is None or _beyond(direction, level, figure.high)
    return _beyond(direction, level, figure.low or 0)


_BEYOND = {Direction.AT_LEAST: ge, Direction.ABOVE: gt, Direction.BELOW: lt, Direction.AT_MOST: le}


def _beyond(direction: Direction, level: int, number: int) -> bool:
    """Whether a number lies beyond a level; on a side that this version does not know, nothing does."""
    test = _BEYOND.get(direction)
    return test is not None and test(number, level)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where figures stand to the levels of a line."""

    sure: frozenset[Severity]
    """Levels that are surely crossed, by as many tellers as are wanted."""
    possible: frozenset[Severity]
    """Levels that are at least possibly crossed, by as many."""
    kept: frozenset[Severity]
    """Levels from which they are not surely back."""
    disputed: frozenset[Severity]
    """Levels that a teller is surely beyond, but not as many as are wanted."""


NOWHERE = Standing(frozenset(), frozenset(), frozenset(), frozenset())
"""Where nothing stands."""


def standing(line: Line, whose: Whose, figures: Sequence[Bounds]) -> Standing:
    """Where the tellers' figures stand to each level; nowhere, where nobody tells."""
    if not figures:
        return NOWHERE
    wanted = {Whose.ANY: 1, Whose.MOST: len(figures) // 2 + 1}.get(whose, len(figures))

    def reached(levels: dict[Severity, int], test: Callable[[Direction, int, Bounds], bool], least: int) -> frozenset[Severity]:
        return frozenset(s for s, level in levels.items() if sum(test(line.direction, level, figure) for figure in figures) >= least)

    sure = reached(line.levels, surely, wanted)
    return Standing(
        sure=sure,
        possible=reached(line.levels, possibly, wanted),
        kept=reached({**line.levels, **line.resolve}, possibly, wanted),
        disputed=reached(line.levels, surely, 1) - sure,
    )


def worst(severities: frozenset[Severity]) -> Severity | None:
    """The worst of them."""
    return max(severities, key=lambda severity: severity.rank, default=None)


def mildest(severities: frozenset[Severity]) -> Severity | None:
    """The mildest of them."""
    return min(severities, key=lambda severity: severity.rank, default=None)
