"""Where a figure holds, as codes that a rule can name: countries (`SY`) and provinces (`SY-DY`)."""

from __future__ import annotations

from collections.abc import Iterable

from schemas import Place, PlacePrecision

UNKNOWN = "ZZ"
"""Stands for no known country, as in the ledger's books (ISO 3166-1 leaves it to users)."""

_NARROWNESS = {
    PlacePrecision.SITE: 0,
    PlacePrecision.AREA: 1,
    PlacePrecision.ADMIN1: 2,
    PlacePrecision.REGION: 3,
    PlacePrecision.COUNTRY: 4,
}
"""Which of several places of one figure says most exactly where."""


def narrowest(places: Iterable[Place]) -> tuple[Place, ...]:
    """Those places that say most exactly where; the wider ones only name what they lie in."""
    ranked = [(_NARROWNESS.get(place.precision, len(_NARROWNESS)), place) for place in places]
    best = min((rank for rank, _ in ranked), default=0)
    return tuple(place for rank, place in ranked if rank == best)


def within(place: Place, codes: Iterable[str]) -> bool:
    """Whether a place lies in one of these countries or provinces."""
    return any(code in (place.country, place.admin1) for code in codes)


def exact_codes(places: Iterable[Place]) -> frozenset[str] | None:
    """The countries and provinces for which, as a whole, a figure is told; None where it is told for some part of one."""
    codes = set()
    for place in places:
        if place.precision is PlacePrecision.COUNTRY and place.country:
            codes.add(place.country)
        elif place.precision is PlacePrecision.ADMIN1 and place.admin1:
            codes.add(place.admin1)
        else:
            return None
    return frozenset(code for code in codes if not any(other.startswith(f"{code}-") for other in codes))


def country_label(places: Iterable[Place], *, incident: bool) -> str:
    """The country or countries as a group's label: `SY`, `IQ+SY`, `ZZ`."""
    told = narrowest(places) if incident else places
    return "+".join(sorted({place.country for place in told if place.country})) or UNKNOWN


def admin1_label(places: Iterable[Place]) -> str:
    """The province or provinces as a group's label: `SY-DY`, `ZZ`."""
    return "+".join(sorted({place.admin1 for place in narrowest(places) if place.admin1})) or UNKNOWN
