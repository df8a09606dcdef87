"""When to ask a feed again: evenly spread, less often while it fails, and never before its server asks for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from schemas import digest

SPREAD = 0.1
"""Share of the interval by which feeds are set apart: they must not all ask in the same second."""

MOST_SPREAD = timedelta(seconds=30)
"""Longest such shift: nobody waits for a feed much longer than configured."""

LONGEST_PAUSE = timedelta(hours=6)
"""Longest pause after failures: a feed that comes back is read on the same day."""

LONGEST_WISH = timedelta(days=1)
"""Longest `Retry-After` that is obeyed."""


def shift(feed: str, every: timedelta) -> timedelta:
    """By how much a feed is set apart from others; always the same for the same feed."""
    return min(every * SPREAD, MOST_SPREAD) * (int(digest("shift", feed), 16) / 2**64)


def pause(feed: str, every: timedelta, failures: int, wish: timedelta | None = None) -> timedelta:
    """How long to wait after a poll; it doubles with each failure in a row, and is no shorter than the server wishes."""
    longest = max(every, LONGEST_PAUSE)
    usual = min(every * 2 ** min(failures, 20), longest) if failures else every
    return max(usual, min(wish or timedelta(0), LONGEST_WISH)) + shift(feed, every)


def wish_of(header: str | None, now: datetime) -> timedelta | None:
    """What `Retry-After` asks for, in seconds or as a date; None where it asks for nothing that can be understood."""
    given = (header or "").strip()[:100]
    if given.isascii() and given.isdigit():
        return timedelta(seconds=min(int(given), int(LONGEST_WISH.total_seconds())))
    try:
        moment = parsedate_to_datetime(given)
        return max(timedelta(0), (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now)
    except (ValueError, OverflowError, IndexError, TypeError):
        return None
