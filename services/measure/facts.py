"""Which fact of its book a figure states: what must agree for two figures to be about one thing."""

from __future__ import annotations

from datetime import date, timedelta

from schemas import Kind, PeriodPrecision, Scope

from .entries import Entry
from .places import narrowed, place_id

FRESH = timedelta(days=1)
"""A stretch that ends this close to its publication ends "now": a running total, known by its first day."""

_CALENDAR = frozenset({PeriodPrecision.WEEK, PeriodPrecision.MONTH, PeriodPrecision.QUARTER, PeriodPrecision.HALF, PeriodPrecision.YEAR})


def line_fact(entry: Entry) -> str:
    """The fact of a stock, a total of a period or a campaign's toll: exact places, exact side, and which stretch of time."""
    return spell(
        _family(entry),
        group=entry.group,
        side=entry.side,
        actor=entry.actor,
        place="+".join(sorted(place_id(place) for place in narrowed(entry.where))) or None,
        time=_stretch(entry),
    )


def spell(family: str, **parts: str | None) -> str:
    """A fact as it stands in keys and ids: `stock,group=militants,side=isis,place=IQ+SY`."""
    return ",".join([_word(family), *(f"{name}={_word(value)}" for name, value in parts.items() if value is not None)])


def _word(word: str) -> str:
    """A word that cannot pass for several: those of a later version may be any."""
    return word.replace(",", "%2C")


def _family(entry: Entry) -> str:
    if entry.kind == Kind.STOCK:
        return "stock"
    return {Scope.CAMPAIGN: "toll", Scope.PERIOD: "total"}.get(Scope.carry(entry.scope), entry.scope)


def _stretch(entry: Entry) -> str | None:
    """The stretch of time that tells totals apart; a stock has none, its figures follow one another."""
    if entry.kind == Kind.STOCK or entry.period is None:
        return None
    start, end = entry.days
    if entry.scope == Scope.CAMPAIGN or running(entry):
        return f"since-{start}" if entry.dated and start < end else None
    return f"{start}..{end}"


def running(entry: Entry) -> bool:
    """Whether a figure is of a stretch that still goes on, so that a newer one of the same stretch takes its place."""
    if entry.kind == Kind.STOCK or entry.scope == Scope.CAMPAIGN or entry.kind == Kind.CUMULATIVE:
        return True
    if entry.period is None or entry.period[2] in _CALENDAR:
        return False
    return entry.period[2] == PeriodPrecision.RANGE and abs(entry.published_on - _end(entry)) <= FRESH


def _end(entry: Entry) -> date:
    return entry.days[1]
