"""When a group was told of: how long it has been silent, or how long nothing had been told of it before it was."""

from __future__ import annotations

from datetime import datetime, timedelta

from schemas import Line, Part, Reckoned, Utc

from .crossing import Bounds
from .moments import later
from .reckoning import Amount

NEW_FOR = timedelta(days=7)
"""How long what was told of for the first time in long counts as new: then its alert is resolved by itself."""

FEED = timedelta(hours=6)
"""So long nothing at all was heard, of anybody: then it is the feed that is silent, and no group is said to be."""

EVER = 400 * 24
"""Hours of absence of what was never told of: as far as the ledger goes back."""

_HOUR = timedelta(hours=1)


class Presence(Part):
    """When a group was told of."""

    newest: Utc
    """When what was told of it last was published."""
    indicator: str
    """The indicator that said so."""
    began: Utc
    """When that began of which `newest` is the last: nothing had been told for as long as the line asks for."""
    opener: str
    """The indicator that began it."""
    before: Utc | None = None
    """When it was told of before that; None: never."""
    known: bool = False
    """Whether it stood already when the rule was first shown what stands: then it is not new, however long nothing was told before."""


def told(presence: Presence | None, indicator: str, published_at: datetime, line: Line, *, known: bool) -> Presence:
    """What an indicator adds; what was published before the newest adds nothing."""
    if presence is None:
        return Presence(newest=published_at, indicator=indicator, began=published_at, opener=indicator, known=known)
    if published_at <= presence.newest:
        return presence
    newest = {"newest": published_at, "indicator": indicator}
    if line.of is Reckoned.ABSENCE and _hours(presence.newest, published_at) >= min(line.levels.values()):
        newest |= {"began": published_at, "opener": indicator, "before": presence.newest, "known": known}
    return presence.model_copy(update=newest)


def taken_back(presence: Presence, indicator: str) -> Presence | None:
    """What is left where the indicator that told of the group again is taken back, and was the only one; None: nothing ever was."""
    if (presence.opener, presence.indicator) != (indicator, indicator):
        return presence
    if presence.before is None:
        return None
    return presence.model_copy(update={"newest": presence.before, "began": presence.before, "before": None, "known": True})


def amount(presence: Presence, line: Line, now: datetime) -> Amount:
    """So many hours of silence as of now, or of absence before it was told of again."""
    if line.of is Reckoned.SILENCE:
        hours = _hours(presence.newest, now)
    elif presence.known or now >= later(presence.began, NEW_FOR):
        hours = 0
    else:
        hours = EVER if presence.before is None else _hours(presence.before, presence.began)
    bounds = Bounds(hours, hours, hours)
    return Amount(bounds, bounds)


def changes_at(presence: Presence, line: Line, now: datetime) -> datetime | None:
    """When that next changes the verdict although nothing is heard."""
    marks = [later(presence.newest, level * _HOUR) for level in line.levels.values()]
    if line.of is Reckoned.ABSENCE:
        marks = [later(presence.began, NEW_FOR), forgotten_at(presence)]
    return min((mark for mark in marks if mark > now), default=None)


def forgotten_at(presence: Presence) -> datetime:
    """When it makes no difference any more whether the group was ever told of."""
    return later(presence.newest, EVER * _HOUR)


def feed_silent(heard: datetime | None, now: datetime) -> bool:
    """Whether nothing at all has been heard for a while."""
    return heard is not None and later(heard, FEED) < now


def _hours(start: datetime, end: datetime) -> int:
    return max(timedelta(0), end - start) // _HOUR
