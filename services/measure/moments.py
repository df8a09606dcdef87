"""Moments and days as whole numbers, so that rows sort by time and arithmetic cannot overflow."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""From here moments are counted."""

DAY = 86_400_000_000
"""Microseconds."""

HOUR = DAY // 24
"""Microseconds."""


def micros(at: datetime) -> int:
    """Microseconds since 1970."""
    since = at - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def moment(at: int) -> datetime:
    """The moment of so many microseconds since 1970."""
    return EPOCH + timedelta(microseconds=at)


def midnight(day: date) -> datetime:
    """The first moment of a day (UTC)."""
    return datetime.combine(day, time(), UTC)


def shifted(day: date, by: timedelta) -> date:
    """A day so much earlier or later, but never before the first or after the last day there is."""
    try:
        return day + by
    except OverflowError:
        return date.max if by > timedelta(0) else date.min


def sortable(at: int) -> str:
    """A moment in digits that sort as the moments do, those before 1970 among them."""
    return f"{at + 10**17:019d}"
