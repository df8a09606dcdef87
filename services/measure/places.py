"""How narrowly a place is told, what lies in what, and by which name a place is known in the ledger."""

from __future__ import annotations

import math
from collections.abc import Iterable
from urllib.parse import quote

from schemas import Place, PlacePrecision

UNKNOWN_COUNTRY = "ZZ"
"""Stands for no known country (ISO 3166-1 leaves it to users)."""

NEAR_KM = 5.0
"""Two sites or areas closer than this are one: spellings and gazetteers differ by as much."""

EARTH_KM = 6_371.0
"""Mean radius."""

NEAR_DEGREES = 1.01 * math.degrees(NEAR_KM / EARTH_KM)
"""Latitudes farther apart than this are never near, whatever the longitudes; spares most of the trigonometry."""

SITE, AREA, ADMIN1, WIDE = range(4)
"""Ranks of narrowness; countries and regions are both wide."""

_RANKS = {PlacePrecision.SITE: SITE, PlacePrecision.AREA: AREA, PlacePrecision.ADMIN1: ADMIN1}


def rank(place: Place) -> int:
    """How narrow a place is, narrowest first; what this version does not know is wide."""
    return _RANKS.get(place.precision, WIDE)


def narrowest(places: Iterable[Place]) -> Place | None:
    """The place that says most exactly where; the first told of several as exact; a country before a region."""
    return min(places, key=lambda place: (rank(place), place.country is None), default=None)


def narrowed(places: Iterable[Place]) -> tuple[Place, ...]:
    """Places without those that only say in what others lie ("Hajin, Deir ez-Zor, Syria" is Hajin)."""
    told = tuple(places)
    return tuple(place for place in told if not any(rank(other) < rank(place) and contains(place, other) for other in told))


def countries(places: Iterable[Place]) -> tuple[str, ...]:
    """The countries of places, sorted."""
    return tuple(sorted({place.country for place in places if place.country}))


def place_id(place: Place) -> str:
    """By what a place is known in the ledger: its code, its number in GeoNames, or its name and country."""
    if place.precision is PlacePrecision.COUNTRY and place.country:
        return place.country
    if place.precision is PlacePrecision.ADMIN1 and place.admin1:
        return place.admin1
    if place.geonames is not None:
        return f"g{place.geonames}"
    return f"{quote(place.name.casefold(), safe='')}.{place.country or UNKNOWN_COUNTRY}"


def contains(wide: Place, narrow: Place) -> bool:
    """Whether a place can lie in another that is told less exactly; a region is as wide as its country.

    Those known by one id always can, or two incidents would have one fact.
    """
    if rank(wide) == WIDE:
        return wide.country is None or wide.country == narrow.country or place_id(wide) == place_id(narrow)
    if rank(wide) == ADMIN1:
        if wide.admin1 and narrow.admin1:
            return wide.admin1 == narrow.admin1
        return place_id(wide) == place_id(narrow)
    return place_id(wide) == place_id(narrow) or _near(wide, narrow)


def same(one: Place, other: Place) -> bool:
    """Whether two places can be one: equal, or one within the other."""
    if one is other:
        return True
    if one.geonames is not None and other.geonames is not None and rank(one) <= AREA and rank(other) <= AREA:
        return one.geonames == other.geonames or _near(one, other)  # as below, but asked of every two sites of a day
    return contains(one, other) if rank(one) >= rank(other) else contains(other, one)


def _near(one: Place, other: Place) -> bool:
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None or one.country != other.country:
        return False
    if abs(one.lat - other.lat) > NEAR_DEGREES:
        return False
    a, b = math.radians(one.lat), math.radians(other.lat)
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(other.lon - one.lon) / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(half))) <= NEAR_KM
