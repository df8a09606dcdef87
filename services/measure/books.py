"""Which book of the ledger a count belongs to: one partition holds all that bears on its facts."""

from __future__ import annotations

from collections.abc import Sequence

from schemas import Kind, Measure, Place, Scope

from .places import UNKNOWN_COUNTRY, countries, narrowest


def is_incident(kind: str, scope: str) -> bool:
    """Whether a count tells of one thing that happened; all else is a line of figures: a stock, a total, a toll."""
    return scope == Scope.INCIDENT and kind != Kind.STOCK


def book_of(measure: Measure, kind: Kind, scope: Scope, places: Sequence[Place]) -> str:
    """The book: the measure with the country of the narrowest place, or with the exact set of countries of a line."""
    if is_incident(kind, scope):
        place = narrowest(places)
        told: tuple[str, ...] = (place.country,) if place is not None and place.country else countries(places)[:1]
    else:
        told = countries(places)
    return f"{measure}:{'+'.join(told) or UNKNOWN_COUNTRY}"
