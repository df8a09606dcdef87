"""Moments of the data, with no date so far off that it could stop the stream."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

LATEST = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
"""As late as a moment can be."""


def later(moment: datetime, length: timedelta) -> datetime:
    """So much after a moment, or as late as a moment can be."""
    try:
        return moment + length
    except OverflowError:
        return LATEST


def midnight(day: date) -> datetime:
    """When a day begins."""
    return datetime.combine(day, time(), UTC)


def days_before(day: date, days: int) -> date:
    """So many days before, or the first day that there is."""
    try:
        return day - timedelta(days=days)
    except OverflowError:
        return date.min


def sortable(moment: datetime) -> str:
    """A spelling of which the order of letters is the order of time."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")


def read_back(spelling: str) -> datetime:
    """The moment that `sortable` spelled."""
    return datetime.fromisoformat(spelling).replace(tzinfo=UTC)
