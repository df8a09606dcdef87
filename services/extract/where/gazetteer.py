"""The places of the world that news name: the shipped table, and all the places that a name may mean."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from ..words.names import Found, Names, key_of_name
from ..words.nations import regions


@dataclass(frozen=True, slots=True)
class Candidate:
    """One place that a name may mean."""

    level: str
    """`C` country, `A` first-level division, `R` region, `S` site of our own list, `P` populated place."""
    name: str
    country: str
    """ISO 3166-1 alpha-2; empty for a region over several countries."""
    admin1: str
    """ISO 3166-2, or empty."""
    lat: float
    lon: float
    population: int
    geonames: int | None
    main: bool
    """Whether the name that was found is the place's first."""


class Gazetteer:
    """All places by all their names."""

    def __init__(self, table: str) -> None:
        """`table` holds one place a line: GeoNames id, name, country, division, latitude, longitude, population, level, names."""
        lines = table.splitlines()
        self._lines = [*lines, *_sites({tuple(line.split("\t")[1:3]) for line in lines if "\tS\t" in line}), *_regions()]
        self._names = Names(self._pairs(), folded=True)

    def _pairs(self) -> Iterator[tuple[str, int]]:
        for number, line in enumerate(self._lines):
            for key in line[line.rindex("\t") + 1 :].split("|"):
                yield key, number

    def find(self, text: str) -> Iterator[Found[int]]:
        """Every name in the text, with the numbers of the places that it may mean."""
        return self._names.find(text)

    def candidate(self, number: int, words: str) -> Candidate:
        """The place with this number, called by these words."""
        geonames, name, country, admin1, lat, lon, population, level, names = self._lines[number].split("\t")
        main = names.partition("|")[0] == key_of_name(words) or level != "P"
        return Candidate(level, name, country, admin1, float(lat), float(lon), int(population), int(geonames) if geonames else None, main)


def _regions() -> Iterator[str]:
    """The regions of our own list, as lines of the table."""
    return (_line(entry, "R") for entry in regions()["regions"])


def _sites(held: AbstractSet[tuple[str, ...]]) -> Iterator[str]:
    """The sites of our own list that the table does not hold, by name and country, as lines of it: their province is not known."""
    return (_line(entry, "S") for entry in regions()["sites"] if (entry["name"], entry["of"]) not in held)


def _line(entry: Mapping[str, Any], level: str) -> str:
    keys = "|".join(key_of_name(n) for n in (entry["name"], *entry.get("also", ()), *entry.get("precise", ())))
    return "\t".join(
        (
            "",
            entry["name"],
            entry.get("of", ""),
            "",
            str(entry["at"][0]),
            str(entry["at"][1]),
            str(entry.get("inhabitants", 0)),
            level,
            keys,
        )
    )


@cache
def gazetteer() -> Gazetteer:
    """The one gazetteer, read at first use."""
    packed = resources.files("services.extract").joinpath("data", "places.tsv.gz").read_bytes()
    return Gazetteer(gzip.decompress(packed).decode("utf-8"))
