"""Sums of incidents over days: which days a window covers, what lies in them, and when that changes by itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from schemas import Indicator

from .crossing import Bounds
from .moments import days_before, later, midnight

LATE = 30
"""Days behind a window for which its incidents are still kept: so late a correction may yet move one into it."""


class Share(NamedTuple):
    """What one incident, or all of one day, adds to a sum."""

    value: int
    low: int | None
    high: int | None
    published_at: str
    """When it was published, the newest of a day; in a spelling that sorts."""
    indicator: str
    """Id of the incident's indicator; of a day, that of its newest."""
    aside: int = 0
    """What is left out of the sum, because too little stands behind it."""


def day_of(indicator: Indicator) -> date:
    """The day that counts: when it ended, or, where the words do not say when, when it was published."""
    return indicator.period.end if indicator.period is not None else indicator.published_at.astimezone(UTC).date()


def length(window: timedelta) -> int:
    """Whole days of a window."""
    return max(1, -(-window // timedelta(days=1)))


def covered(window: timedelta, now: datetime) -> tuple[date, date]:
    """First and last day of a window that ends today; "today" is that of the data's clock."""
    today = now.astimezone(UTC).date()
    return days_before(today, length(window) - 1), today


def forgotten(window: timedelta, now: datetime) -> date:
    """Days before this one can no longer come into the window."""
    return days_before(covered(window, now)[0], LATE)


def total(shares: Iterable[Share]) -> Bounds:
    """The sum, and what it can be: what has no least adds at least nothing, what has no most makes the sum unbounded."""
    listed = list(shares)
    highs = [share.high for share in listed if share.high is not None]
    return Bounds(
        value=sum(share.value for share in listed),
        low=sum(share.low or 0 for share in listed),
        high=sum(highs) if len(highs) == len(listed) else None,
    )


def together(shares: Iterable[Share]) -> Share:
    """What several add, as one; what counts goes before what is left out.

    Raises:
        ValueError: there is none.

    """
    listed = list(shares)
    figure, newest = total(listed), max(listed, key=lambda share: (not share.aside, share.published_at, share.indicator))
    return Share(figure.value, figure.low, figure.high, newest.published_at, newest.indicator, sum(share.aside for share in listed))


def changes_at(window: timedelta, days: Iterable[date], now: datetime) -> datetime | None:
    """When the sum next changes although nothing new is heard: a day leaves the window, or one that lies ahead begins."""
    first, today = covered(window, now)
    leaving = [later(midnight(day), timedelta(days=length(window))) for day in days if first <= day <= today]
    coming = [midnight(day) for day in days if day > today]
    return min(leaving + coming, default=None)
