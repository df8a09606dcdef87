"""What is held against the levels: a figure or what a window comes to, how far it has moved, or whether it is a record. Pure arithmetic.

Each amount has bounds, as figures have: a rise is surely at least what lies between the least that the figure can be now and the most
that it can have been before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from math import floor
from typing import NamedTuple

from schemas import Line, Reason, Reckoned
from schemas.rule import OF_CHANGE, OF_RECORDS, Reckoning

from . import windows
from .crossing import Bounds
from .windows import Share


@dataclass(frozen=True, slots=True)
class Amount:
    """What is held against the levels, and what it was made of."""

    bounds: Bounds
    figure: Bounds
    """The figure, or what the window comes to."""
    base: Bounds | None = None
    """What it is compared with."""


@dataclass(frozen=True, slots=True)
class Unreckoned:
    """There is nothing that could be held against the levels."""

    reason: Reason
    detail: str
    figure: Bounds


def reach(line: Line) -> timedelta:
    """How far a line on windows looks back: over the window, and over those that it is compared with."""
    window = line.window or timedelta(0)
    if line.of in OF_CHANGE and line.reckoning is not None:
        return window * (1 + line.reckoning.windows)
    if line.of in OF_RECORDS and line.reckoning is not None:
        return window + (line.reckoning.within or window)
    return window


def of_windows(line: Line, window: timedelta, days: Mapping[date, Share], now: datetime, began: datetime | None) -> Amount | Unreckoned:
    """What the window that ends today comes to, by itself or against those before.

    `began` is when the first was published that is known of any group: what lies before it was not watched, and is not nothing.
    """
    reckoning = line.reckoning or Reckoning()
    figure = _ending(window, days, now, 0, reckoning)
    if line.of not in OF_CHANGE and line.of not in OF_RECORDS:
        return Amount(figure, figure)
    first, _ = windows.covered(reach(line), now)
    if began is None or began.date() > first:
        since = "nothing" if began is None else f"nothing before {began.date()}"
        return Unreckoned(Reason.TOO_LITTLE_HISTORY, f"{since} is known, and the line looks back to {first}", figure)
    size = windows.length(window)
    if line.of in OF_RECORDS:
        back = range(size, windows.length(reckoning.within or window) + 1)
        return against_all(reckoning, figure, [_ending(window, days, now, before, reckoning) for before in back])
    earlier = [_ending(window, days, now, size * number, reckoning) for number in range(1, reckoning.windows + 1)]
    return against(reckoning, figure, _average(earlier))


def _ending(window: timedelta, days: Mapping[date, Share], now: datetime, before: int, reckoning: Reckoning) -> Bounds:
    return windows.total(windows.within(days, *windows.covered(window, now, before)).values(), reckoning.total)


def of_figure(reckoning: Reckoning, figure: Bounds, before: Sequence[Bounds]) -> Amount | Unreckoned:
    """A figure against those that were believed before it: a rise against the lowest of them, a fall against the highest."""
    if not before:
        return Unreckoned(Reason.TOO_LITTLE_HISTORY, "no earlier figure is known", figure)
    if reckoning.of in OF_RECORDS:
        return against_all(reckoning, figure, before)
    pick = min if reckoning.of is Reckoned.RISE else max
    return against(reckoning, figure, _base(pick(before, key=lambda one: one.value)))


def against(reckoning: Reckoning, figure: Bounds, base: _Base) -> Amount | Unreckoned:
    """How far a figure has moved from a base, in the direction and the unit that the line asks for."""
    least = max(reckoning.min_base, 1 if reckoning.percent else 0)
    if base.value < least:
        before = floor(base.value)
        return Unreckoned(Reason.BASE_TOO_SMALL, f"{figure.value:,} after {before:,}: a change is reckoned from {least:,} on", figure)
    if reckoning.of is Reckoned.RISE:
        low, high = _moved(figure.low, base.high, base.high, reckoning), _moved(figure.high, base.low, base.low, reckoning)
        value = _moved(figure.value, base.value, base.value, reckoning)
    else:
        low, high = _moved(base.low, figure.high, base.low, reckoning), _moved(base.high, figure.low or 0, base.high, reckoning)
        value = _moved(base.value, figure.value, base.value, reckoning)
    return Amount(_whole(value, low, high), figure, base.bounds())


def against_all(reckoning: Reckoning, figure: Bounds, before: Sequence[Bounds]) -> Amount:
    """By how much a figure passes all before it; what is told of a record is the one that it passes."""
    if reckoning.of is Reckoned.HIGHEST:
        record = max(before, key=lambda one: one.value)
        top = _known([one.high for one in before], max)
        low = _moved(figure.low, top, None, reckoning)
        high = _moved(figure.high, max(one.low or 0 for one in before), None, reckoning)
        return Amount(_whole(_moved(figure.value, record.value, None, reckoning), low, high), figure, record)
    record = min(before, key=lambda one: one.value)
    low = _moved(min(one.low or 0 for one in before), figure.high, None, reckoning)
    high = _moved(_known([one.high for one in before if one.high is not None], min), figure.low or 0, None, reckoning)
    return Amount(_whole(_moved(record.value, figure.value, None, reckoning), low, high), figure, record)


_Number = int | Fraction


class _Base(NamedTuple):
    """What a change begins from; an average is seldom whole."""

    value: Fraction
    low: Fraction
    high: Fraction | None

    def bounds(self) -> Bounds:
        """As whole numbers, to be shown."""
        return Bounds(round(self.value), round(self.low), None if self.high is None else round(self.high))


def _base(one: Bounds) -> _Base:
    return _Base(Fraction(one.value), Fraction(one.low or 0), None if one.high is None else Fraction(one.high))


def _average(earlier: Sequence[Bounds]) -> _Base:
    number, most = len(earlier), _known([one.high for one in earlier], sum)
    return _Base(
        Fraction(sum(one.value for one in earlier), number),
        Fraction(sum(one.low or 0 for one in earlier), number),
        None if most is None else Fraction(most, number),
    )


def _known(numbers: Sequence[int | None], fold: Callable[[list[int]], int]) -> int | None:
    """What becomes of numbers, if all of them are known and there are any."""
    known = [number for number in numbers if number is not None]
    return fold(known) if known and len(known) == len(numbers) else None


def _moved(more: _Number | None, less: _Number | None, base: Fraction | None, reckoning: Reckoning) -> Fraction | None:
    """By how much one number passes another, of their base in percent where the line asks for that; None: without bound."""
    if more is None or less is None:
        return None
    change = Fraction(more) - Fraction(less)
    if not reckoning.percent or base is None:
        return change
    return change * 100 / base if base > 0 else None


def _whole(value: Fraction | None, low: Fraction | None, high: Fraction | None) -> Bounds:
    """Whole numbers, rounded down: levels are whole and are crossed upwards, so that nothing is promised that is not so."""
    return Bounds(floor(value or 0), None if low is None else floor(low), None if high is None else floor(high))
