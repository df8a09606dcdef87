"""Where: the places that a text names, told apart by what the whole article speaks of."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise, zip_longest

from schemas import Place, PlacePrecision

from ..numbers.number_words import FULL_MONTHS, WEEKDAYS
from ..who import actors
from ..who.actors import ActorMention
from ..words.names import Found, fold
from ..words.nations import countries_hinted, nations, regions
from . import beside, unlisted
from .gazetteer import Candidate
from .sights import Sight, sights_in, words_for


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A place in a text; `start` and `end` in its characters."""

    start: int
    end: int
    place: Place


SMALL = 5_000
"""A town of this size is believed where a word shows that it is one and the article speaks of no other country."""

LARGE = 100_000
"""A town of this size is believed without a word that shows it is one."""

METROPOLIS = 1_000_000
"""In a town of this size an unknown name is as likely one of its quarters as a village of the province that is called like it."""

ONE_VOTE = 2
"""What a place that can be in one country only says for that country; it does not count for itself."""

MAX_PLACES = 2_000
"""Names that are weighed against each other in one text: a round-up of a year names fewer; a list of all towns tells of nothing."""

FAR_POWERS = frozenset({"US", "GB", "FR", "RU", "DE", "CN", "IN", "CA", "AU", "SA", "TR", "IR", "IL", "ES", "IT", "NL", "NO", "JP"})
"""Countries that are named in news of others' wars: their being named says little about where."""

_OF_NAMES = frozenset("de del la do da dos das di du des".split())
"""Small words within names of two languages ("Puerto del Rio"): behind a name, what follows them is its end."""


@cache
def country(code: str) -> Place | None:
    """A whole country, by its ISO 3166-1 alpha-2 code."""
    nation = nations().get(code)
    found = find(nation.names[0]) if nation is not None else []
    return found[0].place if found and found[0].place.country == code else None


def find(text: str, named: Sequence[ActorMention] | None = None) -> list[PlaceMention]:
    """The places in a text, in their order; nationalities, people and governments called by a capital's name are none.

    `named` are the actors that the lexicon knows in it, looked for where they are not given.
    """
    if named is None:
        named = actors.find(text)
    inside = _Inside(named)
    sights = [sight for sight in sights_in(text, MAX_PLACES) if sight.found not in inside]
    for sight, following in pairwise(sights):
        following.within = _named_right_before(text, sight, following)
        sight.inside = _container(text, sight, following)
        following.around = sight.inside
        if following.found.start - sight.found.end == 1:
            sight.joined = False
    _find_provinces(text, sights)
    sights = [sight for sight, following in zip_longest(sights, sights[1:]) if not _lies_elsewhere(text, sight, following)]
    votes = _votes(text, sights, named)
    divisions = _divisions_named(sights)
    mentions = []
    for sight in sights:
        sight.chosen = _choose(sight, votes, divisions)
        if sight.chosen is not None:
            mentions.append(_mention(text, sight, sight.chosen))
    return _with_unlisted(text, mentions, named)


def _with_unlisted(text: str, mentions: list[PlaceMention], named: Sequence[ActorMention]) -> list[PlaceMention]:
    """The places with villages that no table holds."""
    countries = {m.place.country for m in mentions if m.place.country is not None}
    taken = [*((m.start, m.end) for m in mentions), *((n.start, n.end) for n in named)]
    known = unlisted.Known(taken, [(m.start, m.end, m.place) for m in mentions], next(iter(countries)) if len(countries) == 1 else None)
    villages = [PlaceMention(*one) for one in unlisted.find(text, known)]
    return sorted([*mentions, *villages], key=lambda m: m.start) if villages else mentions


class _Inside:
    """Which stretches of the text are names of actors: a place in "Palestine Red Crescent" is none."""

    def __init__(self, mentions: Sequence[ActorMention]) -> None:
        self._starts = [m.start for m in mentions]
        self._ends = [m.end for m in mentions]

    def __contains__(self, found: Found[int]) -> bool:
        """Whether an actor's name reaches over this one and further."""
        place = bisect_right(self._starts, found.start) - 1
        return place >= 0 and self._ends[place] >= found.end and (self._starts[place], self._ends[place]) != (found.start, found.end)


def _container(text: str, sight: Sight, following: Sight) -> str | None:
    """The division or country that is named right behind ("Sirte, Libya"; "Garmser district, Helmand province")."""
    gap = text[sight.found.end : following.found.start]
    if len(gap) > 40 or not re.fullmatch(r"\s?(?:[a-z-]+\s?)?(?:,|\(|\bin\b|\bof\b)\s?(?:the\s|in\s|[a-z]+ern\s|central\s)*", gap):
        return None
    for outer in following.candidates:
        for inner in sight.candidates:
            if outer.level == "A" and inner.admin1 == outer.admin1 and inner.level in "PS":
                return outer.admin1
    for outer in following.candidates:
        for inner in sight.candidates:
            if outer.level in "CRS" and outer.country and inner.country == outer.country and inner.level != "C":
                return outer.country
    return None


def _lies_elsewhere(text: str, sight: Sight, following: Sight | None) -> bool:
    """Whether the brackets behind a name give a province in which no place of this name lies ("Buenos Aires (Cauca)")."""
    if (
        following is None
        or text[sight.found.end : following.found.start] != " ("
        or text[following.found.end : following.found.end + 1] != ")"
    ):
        return False
    provinces = {c.admin1 for c in following.candidates if c.level == "A"}
    return bool(provinces) and provinces.isdisjoint(c.admin1 for c in sight.candidates)


def _named_right_before(text: str, sight: Sight, following: Sight) -> frozenset[str]:
    """The divisions that the name right before may be, where a list or a register's order puts a comma between."""
    if text[sight.found.end : following.found.start] != ", ":
        return frozenset()
    return frozenset(c.admin1 for c in sight.candidates if c.level == "A")


def _find_provinces(text: str, sights: Sequence[Sight]) -> None:
    """Look farther around the names that may be provinces' and towns' alike."""
    known = 0
    for sight in sights:
        start, end = sight.found.start, sight.found.end
        largest = max((c.population for c in sight.candidates if c.level == "P"), default=METROPOLIS)
        if any(c.level == "A" for c in sight.candidates):
            sight.province = beside.is_province(text, start, end) or (
                largest < METROPOLIS and beside.contains_unknown(text, start, end, known)
            )
        known = end


def _votes(text: str, sights: Sequence[Sight], named: Sequence[ActorMention]) -> Counter[str]:
    """How much the text speaks of each country: by name, by its people and groups, by places that can be in one country only."""
    votes: Counter[str] = Counter()
    for country, count in countries_hinted(text).items():
        votes[country] += min(count, 4) * (1 if country in FAR_POWERS else 3)
    for slug in {m.slug for m in named}:
        actor = actors.known(slug)
        countries = actor.countries if actor is not None else ()
        for country in countries:
            abroad = country in FAR_POWERS and actor is not None and actor.kind != "armed_group"
            votes[country] += 0 if abroad else 2 if len(countries) == 1 else 1
    for sight in sights:
        possible = {c.country for c in sight.candidates if c.country}
        if sight.inside is not None:
            votes[sight.inside[:2]] += 4
        elif (
            len(possible) == 1
            and not _partial(sight)
            and fold(sight.found.words) not in words_for("doubtful")
            and any(_telling(c) for c in sight.candidates)
        ):
            sight.voted = possible.pop()
    for _, country in {(fold(s.found.words), s.voted) for s in sights if s.voted}:
        votes[country] += ONE_VOTE
    return votes


def _divisions_named(sights: Sequence[Sight]) -> frozenset[str]:
    """The provinces that a text names, and nothing else of their names."""
    return frozenset(s.candidates[0].admin1 for s in sights if len(s.candidates) == 1 and s.candidates[0].level == "A")


def _telling(candidate: Candidate) -> bool:
    """Whether this alone shows which country an article speaks of."""
    return candidate.level in "AS" or (candidate.main and candidate.population >= (LARGE if candidate.country in FAR_POWERS else SMALL))


def _choose(sight: Sight, votes: Counter[str], divisions: frozenset[str]) -> Candidate | None:
    strong = _strong(sight)
    if sight.voted is not None:
        votes = votes.copy()
        votes[sight.voted] -= ONE_VOTE
    if _partial(sight) or (not strong and _personal(sight)):
        return None
    fitting = [c for c in sight.candidates if _believed(c, sight, votes, strong=strong)]
    return max(
        fitting, key=lambda c: (_weight(c, sight, votes) + 2 * (c.admin1 in divisions), c.population, -(c.geonames or 0)), default=None
    )


def _weight(candidate: Candidate, sight: Sight, votes: Counter[str]) -> float:
    """How likely a place is meant: by what contains it, by the article's countries, by its kind and size."""
    weight = math.log10(candidate.population + 10)
    if sight.inside is not None and sight.inside in (candidate.admin1, candidate.country):
        weight += 20
    if sight.around is not None and sight.around == (candidate.admin1 if candidate.level == "A" else candidate.country):
        weight += 20
    most = max(votes.values(), default=0)
    if most and candidate.country:
        weight += 6 * votes[candidate.country] / most
    after = fold(sight.after)
    if candidate.level == "A":
        said = sight.province or after in words_for("provinces") or "province" in [fold(w) for w in sight.before[-2:]]
        weight += 10 if said else 3.5
    if candidate.level == "C":
        weight += 3
    if candidate.level in "SR":
        weight += 3
    if candidate.country in FAR_POWERS:
        weight -= 1
    return weight + (1 if candidate.main else 0)


def _believed(candidate: Candidate, sight: Sight, votes: Counter[str], *, strong: bool) -> bool:
    """Whether the words allow this place at all."""
    name = sight.found.words
    if candidate.level == "R":
        return True
    if candidate.level == "A" and _is_direction(name) and not _called_province(sight):
        return False  # "troops in the North East"
    if candidate.level == "S":
        return strong or votes[candidate.country] > 0 or candidate.population >= LARGE
    if candidate.level == "C":
        return name not in regions()["wary"] or _sure_word(sight) or (len(name) > 4 and votes[candidate.country] > 3)
    contained = sight.inside is not None and sight.inside in (candidate.admin1, candidate.country)
    if fold(name) in words_for("doubtful"):
        return contained or (_sure_word(sight) and (votes[candidate.country] > 0 or candidate.population >= LARGE))
    if sight.within and not candidate.main and candidate.admin1 not in sight.within:
        return False  # by another spelling only, and in another province than the one said
    home = votes[candidate.country] > 0
    if contained or (home and strong):
        return True
    others = not home and any(number for country, number in votes.items() if country not in FAR_POWERS)
    if candidate.level == "A":
        return not others or (strong and not _named_before(sight))
    if candidate.population >= LARGE:
        return home or (candidate.main and (strong or not others)) or (strong and not others)
    if home:
        return not (candidate.country in FAR_POWERS and len(name.split()) == 1) and len(name) >= 4
    only = candidate.main or (len(sight.candidates) == 1 and _sure_word(sight))
    return strong and not others and only and candidate.population >= SMALL


def _is_direction(name: str) -> bool:
    """Whether a name is nothing but a direction."""
    return all(word.lower() in ("north", "south", "east", "west", "central", "centre") for word in re.split(r"[ -]", name))


def _called_province(sight: Sight) -> bool:
    """Whether the word for a province stands beside a name, or what contains it."""
    return sight.inside is not None or sight.province or fold(sight.after) in words_for("provinces")


def _strong(sight: Sight) -> bool:
    """Whether a word beside shows that this is a place."""
    return _sure_word(sight) or (bool(sight.before) and fold(sight.before[-1]) in words_for("lead"))


def _sure_word(sight: Sight) -> bool:
    """Whether a word beside leaves little doubt ("in", "near", "province"), or the name stands as a dateline does."""
    if sight.inside is not None or fold(sight.after) in words_for("tail"):
        return True
    if sight.line_start and sight.found.words.isupper() and len(sight.found.words) > 3:
        return True
    words = [w for w in sight.before if fold(w) not in ("the", *words_for("compass"))]
    if len(words) > 2 and words[-1] == "," and words[-2][:1].isupper() and fold(words[-3]) in _SURE:
        return fold(sight.after) not in words_for("speaks")
    return bool(words) and fold(words[-1]) in _SURE


def _partial(sight: Sight) -> bool:
    """Whether the name goes on beyond what was found ("Kola Tembien", "Tulo-Burago"), or began before it ("Boca del Rio")."""
    if fold(sight.before[-1] if sight.before else "") in _OF_NAMES and len(sight.before) > 1 and sight.before[-2][:1].isupper():
        return True
    if all(c.level in "CRA" for c in sight.candidates):
        return False
    after = sight.after
    return (
        sight.joined
        and after[:1].isupper()
        and after[1:2].islower()
        and fold(after) not in words_for("tail")
        and fold(after) not in _CALENDAR
    )


_CALENDAR = WEEKDAYS | FULL_MONTHS
_SURE = frozenset({"in", "near", "at", "outside", "inside", "around", "across", "throughout", "within", "downtown"})


def _personal(sight: Sight) -> bool:
    """Whether the words around make the name a person's or a government's."""
    last = sight.before[-1] if sight.before else ""
    if fold(last) in words_for("titles"):
        return True
    country = any(c.level == "C" for c in sight.candidates)
    if (
        fold(sight.after) in words_for("speaks")
        or _governs(sight)
        or (fold(last) in ("with", "by") and any(c.population >= LARGE for c in sight.candidates) and not country)
    ):
        return True
    named_after = sight.after[:1].isupper() and sight.after[1:2].islower() and not country
    return (_named_before(sight) or named_after) and not country and not any(c.level in "AR" for c in sight.candidates)


def _governs(sight: Sight) -> bool:
    """Whether a town does what only a government does ("Kyiv withdraws")."""
    towns = all(c.level in "PS" for c in sight.candidates)
    return towns and fold(sight.after) in words_for("acts") and fold(sight.before[-1] if sight.before else "") not in words_for("lead")


def _named_before(sight: Sight) -> bool:
    """Whether a name goes before within the sentence, of which this may be the end."""
    last = sight.before[-1] if sight.before else ""
    return (
        last[:1].isupper()
        and last[1:2].islower()
        and fold(last) not in words_for("compass")
        and not sight.line_start
        and len(sight.before) > 1
    )


def _mention(text: str, sight: Sight, place: Candidate) -> PlaceMention:
    start, end = sight.found.start, sight.found.end
    level = {"C": PlacePrecision.COUNTRY, "A": PlacePrecision.ADMIN1, "R": PlacePrecision.REGION}.get(place.level, PlacePrecision.SITE)
    if place.level in "CA":
        part = beside.part_of(text, start, end) or beside.side_of(text, start, end)
        if part is not None:
            level = PlacePrecision.REGION if place.level == "C" else PlacePrecision.AREA
            return PlaceMention(part.start, end, _place(place, f"{part.side} {place.name}", level))
    if level is PlacePrecision.SITE and beside.is_far(text, start) and (whole := country(place.country)) is not None:
        return PlaceMention(start, end, whole)
    if level is PlacePrecision.SITE and (fold(sight.after) in words_for("areas") or beside.is_around(text, start)):
        level = PlacePrecision.AREA
    return PlaceMention(start, end, _place(place, place.name, level))


def _place(place: Candidate, name: str, precision: PlacePrecision) -> Place:
    return Place(
        name=name,
        country=place.country or None,
        admin1=place.admin1 or None,
        lat=place.lat,
        lon=place.lon,
        precision=precision,
        geonames=place.geonames,
    )
