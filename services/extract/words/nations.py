"""Countries and regions as people call them, and which countries a text speaks of."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from .names import Names, fold, longest
from .tables import table


@dataclass(frozen=True, slots=True)
class Nation:
    """A country's names, and the words for its people; the first of each is the one that ids are made of."""

    code: str
    names: tuple[str, ...]
    people: tuple[str, ...]

    @property
    def adjectives(self) -> tuple[str, ...]:
        """Words that say whose something is: those for the people, and short names ("US", "UAE")."""
        return (*self.people, *(name for name in self.names if name.isupper()))


@cache
def regions() -> dict[str, Any]:
    """The table of countries, regions, sites and the words around places, read at first use."""
    known: dict[str, Any] = table("regions.yaml")
    return known


@cache
def nations() -> dict[str, Nation]:
    """Every country, by its ISO 3166-1 code."""
    return {
        code: Nation(code, (entry["name"], *entry.get("also", ())), tuple(entry["people"]))
        for code, entry in regions()["countries"].items()
    }


@cache
def _words() -> Names[str]:
    return Names((word, nation.code) for nation in nations().values() for word in (*nation.names, *nation.people))


def is_of_a_nation(word: str) -> bool:
    """Whether a word names a country or its people."""
    return fold(word) in _of_nations()


def country_of(word: str) -> str | None:
    """The one country that a word names or whose people, by its ISO 3166-1 code; None where it is none, or several."""
    codes = _of_nations().get(fold(word), frozenset())
    return next(iter(codes)) if len(codes) == 1 else None


@cache
def _of_nations() -> dict[str, frozenset[str]]:
    named: dict[str, frozenset[str]] = {}
    for nation in nations().values():
        for word in (*nation.names, *nation.people):
            named[fold(word)] = named.get(fold(word), frozenset()) | {nation.code}
    return named


@lru_cache(maxsize=4)
def countries_hinted(text: str) -> Counter[str]:
    """How often a text names each country or its people ("Syria", "Syrian", "Iraqi army"), by ISO 3166-1 code; not to be changed.

    Kept, since actors and places of one text are both told apart by it.
    """
    hints: Counter[str] = Counter()
    for found in longest(f for f in _words().find(text) if f.words[0].isupper() and (len(f.words) > 3 or f.words.isupper())):
        hints.update(found.meanings)
    return hints
