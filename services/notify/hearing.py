"""Whose figures are heard: tellers that are not stale, and whether there are enough of them to speak."""

from __future__ import annotations

from datetime import datetime

from schemas import Condition, Indicator, Reason, Teller

from .crossing import Bounds, bounds
from .moments import later


def voices(condition: Condition, indicator: Indicator, now: datetime) -> tuple[Bounds, ...]:
    """What each teller's current figure can be; of tellers of whom some are stale, only the others are heard."""
    if not indicator.tellers:
        return (bounds(indicator.value, indicator.qualifier, indicator.low, indicator.high, condition.tolerance),)
    fresh = [teller for teller in indicator.tellers if not stale(condition, teller.published_at, now)]
    return tuple(_bounds(condition, teller) for teller in fresh or indicator.tellers)


def spoken(condition: Condition, indicator: Indicator) -> list[tuple[str, datetime, Bounds]]:
    """Who tells the figure, since when, and what it can be; nobody by name where no teller is known."""
    if not indicator.tellers:
        return [("", indicator.published_at, whole(condition, indicator))]
    return [(teller.who, teller.published_at, _bounds(condition, teller)) for teller in indicator.tellers]


def whole(condition: Condition, indicator: Indicator) -> Bounds:
    """What the believed figure can be, all tellers taken together."""
    return bounds(indicator.value, indicator.qualifier, indicator.low, indicator.high, condition.tolerance)


def stale(condition: Condition, published_at: datetime, now: datetime) -> bool:
    """Whether what was published then is older than the rule's `max_age`."""
    return later(published_at, condition.max_age) < now


def lacking(condition: Condition, indicator: Indicator) -> tuple[Reason, str] | None:
    """What support a figure lacks to open an episode; None where it has enough."""
    tellers = max(indicator.teller_count, len(indicator.tellers))
    publishers = max(indicator.publisher_count, max((teller.publishers for teller in indicator.tellers), default=0))
    confidence = max((teller.confidence for teller in indicator.tellers), default=0.0)
    if tellers < condition.min_tellers:
        return Reason.TOO_FEW_TELLERS, f"{_told(tellers, 'teller')}, the rule wants {condition.min_tellers}"
    if publishers < condition.min_publishers:
        return Reason.TOO_FEW_PUBLISHERS, f"{_told(publishers, 'publisher')}, the rule wants {condition.min_publishers}"
    if confidence < condition.min_confidence:
        return Reason.TOO_UNSURE, f"confidence {confidence:.2f}, the rule wants {condition.min_confidence:.2f}"
    return None


def _told(number: int, noun: str) -> str:
    return f"told by {number} {noun}{'' if number == 1 else 's'}"


def _bounds(condition: Condition, teller: Teller) -> Bounds:
    return bounds(teller.value, teller.qualifier, teller.low, teller.high, condition.tolerance)
