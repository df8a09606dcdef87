"""What each teller said of a figure before: so far as a rule looks back, and no more than is still believed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from schemas import Condition, Indicator

from .crossing import Bounds
from .hearing import spoken
from .moments import read_back, sortable

LONGEST = 200
"""Figures kept of one teller: more within the time that a rule looks back on are the oldest ones lost."""


class Said(NamedTuple):
    """A figure as it stood from a moment on."""

    at: str
    """When it was published, in a spelling that sorts."""
    value: int
    low: int | None
    high: int | None

    @property
    def bounds(self) -> Bounds:
        """What it can be."""
        return Bounds(self.value, self.low, self.high)


History = dict[str, tuple[Said, ...]]
"""What each teller said, the oldest first; the last one is what stands."""


def told(history: History, condition: Condition, indicator: Indicator) -> History:
    """The history with what an indicator says now.

    What a teller published later than the present statement is no longer believed, and what stands of the same moment was corrected:
    neither was a change.
    """
    return {who: _followed(history.get(who, ()), at, bounds) for who, at, bounds in spoken(condition, indicator)}


def before(said: Sequence[Said], within: timedelta, now: datetime) -> tuple[Bounds, ...]:
    """The figures that stood before the present one, within so long."""
    ends = [read_back(later.at) for later in said[1:]]
    return tuple(one.bounds for one, end in zip(said, ends, strict=False) if end >= now - within)


def _followed(said: Sequence[Said], at: datetime, bounds: Bounds) -> tuple[Said, ...]:
    moment = sortable(at)
    kept = tuple(one for one in said if one.at < moment)
    if kept and kept[-1].bounds == bounds:
        return kept
    return (*kept, Said(moment, bounds.value, bounds.low, bounds.high))[-LONGEST:]
