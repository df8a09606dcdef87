"""What the words beside a name say of its place: that it is a province, a part of a country, its surroundings, or far from it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from ..words.nations import regions

NEAR = 50
"""Kilometres up to which a place so far away lies in a town's surroundings; what is farther off is only somewhere in its country."""

LOOK = 90
"""Characters before a name in which a list, a distance or a part of a country is looked for."""

LIST = 160
"""Characters behind a name in which the word that ends a list is looked for."""

_MILE = 1.609
_NAME = r"[^\W\d_a-z][\w'’.-]*(?: (?:[a-z]{1,3}[ -])?[^\W\d_a-z][\w'’.-]*){0,2}"
_PARTS = {"north": "northern", "south": "southern", "east": "eastern", "west": "western", "centre": "central", "center": "central"}
_SIDES = r"(?:(?:north|south)[- ]?(?:east|west)|north|south|east|west)"
_PART_OF = re.compile(
    rf"(?<!\bto )\bthe (?:far |extreme )?(?P<side>{_SIDES}(?:ern)?|centre|center|central)(?: (?:parts?|half|regions?|provinces|areas?|districts))? of (?:the )?$",
    re.IGNORECASE,
)
"""Before a country of which a part is meant; "to the north of" it lies another."""
_OWN_PART = re.compile(rf"['’]s? (?:far |extreme )?(?P<side>(?i:{_SIDES}|centre|center))\b(?! *(?i:central|{_SIDES})|[ -][A-Z])")
"""Behind a country of which a part is meant ("Mali's north")."""
_DISTANCE = re.compile(
    rf"(?P<far>\d[\d,.]*)[ -]?(?P<unit>km|kilomet(?:er|re)s?|miles?)(?: \(\d[\d,.]* ?[a-z]+\))?,? (?:to the )?(?:{_SIDES}(?: of|from)|of|from|outside|away from) (?:the )?$",
    re.IGNORECASE,
)
_UNNUMBERED = re.compile(r"(?i:\b(?:km|kilometers?|kilometres?|miles?)\s+(?:\w+\s+)?(?:of|from)\s+)$")


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a country or province that the words mean."""

    start: int
    """Where its words begin."""
    side: str
    """As it stands before a name ("eastern")."""


@cache
def _any_of(name: str) -> str:
    return "|".join(sorted((re.escape(str(word)) for word in regions()[name]), key=len, reverse=True))


@cache
def _around() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_any_of('around')})\s+(?:the\s+)?$", re.IGNORECASE)


@cache
def _ends_list() -> re.Pattern[str]:
    return re.compile(rf"(?:, {_NAME}){{0,6}},? and {_NAME} (?i:{_any_of('several')})\b")


@cache
def _leads_list() -> re.Pattern[str]:
    return re.compile(rf"\b(?i:{_any_of('several')}) of (?:{_NAME}, ){{0,6}}(?:{_NAME},? and )?$|\b(?i:{_any_of('provinces')}) of $")


@cache
def _is_one() -> re.Pattern[str]:
    return re.compile(rf" (?i:is|was|remains?|remained|became|has been) (?:the|an?) (?:[\w-]+ ){{0,3}}(?i:{_any_of('provinces')})\b")


_UNKNOWN_IN = re.compile(rf"\b(?i:in|at|near|of|around|outside|from) {_NAME}, $")
_LISTED = re.compile(rf" and {_NAME}|, {_NAME},? and ")


def is_province(text: str, start: int, end: int) -> bool:
    """Whether words farther off call it a province: those of a list ("Diyala and Kirkuk provinces"), or what is said of it."""
    behind = text[end : end + LIST]
    return bool(_ends_list().match(behind) or _is_one().match(behind) or _leads_list().search(text[max(0, start - LOOK) : start]))


def contains_unknown(text: str, start: int, end: int, known: int) -> bool:
    """Whether it stands behind a town that is in no table, as what contains it; `known` is where the last known name before it ended."""
    before = text[max(0, start - LOOK) : start]
    return start - known > 2 and _UNKNOWN_IN.search(before) is not None and _LISTED.match(text[end : end + LOOK]) is None


def part_of(text: str, start: int, end: int) -> Part | None:
    """The part of a country that the words before or behind it name ("the east of", "'s east")."""
    base = max(0, start - LOOK)
    before, behind = _PART_OF.search(text[base:start]), _OWN_PART.match(text, end)
    found = before or behind
    if found is None:
        return None
    side = found["side"].lower()
    return Part(base + found.start("side") if before else start, _PARTS.get(side, side if side.endswith(("ern", "al")) else f"{side}ern"))


@cache
def _compass() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?P<side>{_any_of('compass')})\s+$", re.IGNORECASE)


@cache
def _set_apart() -> re.Pattern[str]:
    return re.compile(rf"(?:['’]s|\bthe) (?:{_any_of('compass')})\s+$", re.IGNORECASE)


@cache
def _province_behind() -> re.Pattern[str]:
    return re.compile(rf" (?i:{_any_of('provinces')})\b")


def side_of(text: str, start: int, end: int) -> Part | None:
    """The part of the country or province that an adjective right before names ("eastern Syria").

    With an article, and with the word for a province behind, it only says where that lies ("the northern Kunduz province").
    """
    base = max(0, start - LOOK)
    found = _compass().search(text[base:start])
    if found is None or (_set_apart().search(text[base:start]) and _province_behind().match(text, end)):
        return None
    return Part(base + found.start("side"), found["side"].lower())


def is_around(text: str, start: int) -> bool:
    """Whether the words before mean what lies around a town; a distance is near where it is not far."""
    before = text[max(0, start - LOOK) : start]
    return any(pattern.search(before) for pattern in (_around(), _UNNUMBERED, _DISTANCE))


def is_far(text: str, start: int) -> bool:
    """Whether the words before tell of a place so far away that it is not in the town's surroundings."""
    found = _DISTANCE.search(text[max(0, start - LOOK) : start])
    if found is None:
        return False
    far = float(found["far"].replace(",", "").rstrip(".") or 0)
    return far * (_MILE if found["unit"].lower().startswith("mile") else 1) > NEAR
