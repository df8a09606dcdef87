"""Places found by where they are: of thousands on one day each is held against the few that it can be, not against all."""

from __future__ import annotations

import math
from collections import defaultdict
from functools import lru_cache

from schemas import Place

from .places import ADMIN1, AREA, NEAR_DEGREES, WIDE, rank

Cell = int
"""A part of a strip of latitude: the strip's number times `STRIDE`, and the part's."""

STRIDE = 1 << 16
"""More than a strip has parts."""

CACHED = 4_096
"""Places of which it is kept what lies around: those told of again and again; about 2 MiB."""

NARROWEST = 0.01
"""Cosine of a latitude so near to a pole that its strip is no longer parted: there what is near may have any longitude."""


class Grid:
    """Numbers of places, found by whatever may make them `same`."""

    def __init__(self) -> None:
        self._all: list[int] = []
        self._wide: list[int] = []
        """Those of countries and regions."""
        self._ids: dict[str, list[int]] = defaultdict(list)
        """By what they are known by."""
        self._cells: dict[Cell, list[int]] = defaultdict(list)
        """Sites and areas, by where they are."""
        self._provinces: dict[str, list[int]] = defaultdict(list)
        """Provinces by code,"""
        self._within: dict[str, list[int]] = defaultdict(list)
        """and sites and areas by that of theirs."""

    def put(self, number: int, place: Place, known_by: str) -> None:
        """Put a place in that is known by this id, with a number higher than all before."""
        self._all.append(number)
        narrowness = rank(place)
        if narrowness >= WIDE:
            self._wide.append(number)
            return
        self._ids[known_by].append(number)
        if place.admin1:
            (self._provinces if narrowness == ADMIN1 else self._within)[place.admin1].append(number)
        if narrowness <= AREA and place.lat is not None and place.lon is not None:
            self._cells[_cell(place.lat, place.lon)].append(number)

    def near(self, place: Place | None, known_by: str) -> list[int]:
        """Numbers of all that a place, known by this id, can be, perhaps of more, in order."""
        if place is None or (narrowness := rank(place)) >= WIDE:
            return self._all
        found = {*self._wide, *self._ids.get(known_by, ())}
        if place.admin1:
            found.update(self._provinces.get(place.admin1, ()))
            if narrowness == ADMIN1:
                found.update(self._within.get(place.admin1, ()))
        if narrowness <= AREA and place.lat is not None and place.lon is not None:
            for cell in _around(place.lat, place.lon):
                if cell in self._cells:
                    found.update(self._cells[cell])
        return sorted(found)


def _cell(lat: float, lon: float) -> Cell:
    strip = int(lat // NEAR_DEGREES)
    return strip * STRIDE + _part(strip, lon)


@lru_cache(maxsize=CACHED)
def _around(lat: float, lon: float) -> tuple[Cell, ...]:
    """The cells that hold all that is near a place."""
    middle = int(lat // NEAR_DEGREES)
    return tuple(
        {strip * STRIDE + (_part(strip, lon) + by) % _parts(strip) for strip in (middle - 1, middle, middle + 1) for by in (-1, 0, 1)}
    )


def _part(strip: int, lon: float) -> int:
    parts = _parts(strip)
    return int((lon + 180) * parts // 360) % parts


def _parts(strip: int) -> int:
    """How many parts a strip has: none narrower than what is near, measured where the strips beside it are the narrowest."""
    farthest = NEAR_DEGREES * max(abs(strip - 1), abs(strip + 2))
    narrow = math.cos(math.radians(min(farthest, 90.0)))
    return int(360 * narrow / NEAR_DEGREES) if narrow > NARROWEST else 1
