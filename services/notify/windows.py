"""Incidents over days: which days a window covers, what they come to, and when that changes by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from schemas import Indicator, Total

from .crossing import Bounds
from .moments import days_before, later, midnight

LATE = 30
"""Days behind a window for which its incidents are still kept: so late a correction may yet move one into it."""


class Share(NamedTuple):
    """What one incident, or all of one day, adds to a window."""

    value: int
    low: int | None
    high: int | None
    published_at: str
    """When it was published, the newest of a day; in a spelling that sorts."""
    indicator: str
    """Id of the incident's indicator; of a day, that of its newest."""
    aside: int = 0
    """What is left out, because too little stands behind it."""


def day_of(indicator: Indicator) -> date:
    """The day that counts: when it ended, or, where the words do not say when, when it was published."""
    return indicator.period.end if indicator.period is not None else indicator.published_at.astimezone(UTC).date()


def length(window: timedelta) -> int:
    """Whole days of a window."""
    return max(1, -(-window // timedelta(days=1)))


def covered(window: timedelta, now: datetime, before: int = 0) -> tuple[date, date]:
    """First and last day of the window that ends so many days before today; "today" is that of the data's clock."""
    last = days_before(now.astimezone(UTC).date(), before)
    return days_before(last, length(window) - 1), last


def forgotten(reach: timedelta, now: datetime) -> date:
    """Days before this one can no longer come into what a rule looks back on."""
    return days_before(covered(reach, now)[0], LATE)


def within(days: Mapping[date, Share], first: date, last: date) -> dict[date, Share]:
    """The days of a stretch that hold incidents."""
    return {day: share for day, share in days.items() if first <= day <= last}


def total(shares: Iterable[Share], of: Total = Total.SUM) -> Bounds:
    """What a window comes to, and what that can be.

    What has no least adds at least nothing to a sum, what has no most makes it unbounded; of the largest as well.
    """
    listed = list(shares)
    fold = _largest if of is Total.LARGEST else sum
    highs = [share.high for share in listed if share.high is not None]
    return Bounds(
        value=fold([share.value for share in listed]),
        low=fold([share.low or 0 for share in listed]),
        high=fold(highs) if len(highs) == len(listed) else None,
    )


def together(shares: Iterable[Share], of: Total = Total.SUM) -> Share:
    """What several add, as one; what counts goes before what is left out.

    Raises:
        ValueError: there is none.

    """
    listed = list(shares)
    figure, newest = total(listed, of), max(listed, key=lambda share: (not share.aside, share.published_at, share.indicator))
    aside = [share.aside for share in listed]
    return Share(
        figure.value,
        figure.low,
        figure.high,
        newest.published_at,
        newest.indicator,
        max(aside) if of is Total.LARGEST else sum(aside),
    )


def _largest(numbers: Iterable[int]) -> int:
    return max(numbers, default=0)


def changes_at(window: timedelta, days: Iterable[date], now: datetime, reach: timedelta | None = None) -> datetime | None:
    """When what a window comes to next changes although nothing new is heard.

    A day leaves the window, or one that lies ahead begins. Where windows before it are looked back on, as far as `reach`, each day
    that passes shifts them.
    """
    listed = list(days)
    first, today = covered(reach or window, now)
    inside = [day for day in listed if first <= day <= today]
    if reach is not None:
        leaving = [later(midnight(today), timedelta(days=1))] if inside else []
    else:
        leaving = [later(midnight(day), timedelta(days=length(window))) for day in inside]
    coming = [midnight(day) for day in listed if day > today]
    return min(leaving + coming, default=None)
