"""Where: the places that a text names, told apart by what the whole article speaks of."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice, pairwise

from schemas import Place, PlacePrecision

from . import actors, beside
from .actors import ActorMention
from .gazetteer import Candidate, gazetteer
from .names import Found, fold, longest
from .nations import countries_hinted, nations, regions
from .number_words import FULL_MONTHS, WEEKDAYS


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

SHORT = 4
"""A name in capitals, up to this long, is taken for an acronym where the words around it are not in capitals."""

_SHORT_NAMES = frozenset({"UAE", "DRC", "USA", "US", "UK", "DPRK", "OPT"})

ONE_VOTE = 2
"""What a place that can be in one country only says for that country; it does not count for itself."""

MAX_PLACES = 2_000
"""Names that are weighed against each other in one text: a round-up of a year names fewer; a list of all towns tells of nothing."""

MAX_MEANINGS = 40
"""Most places of one name that are weighed, the table's first."""

FAR_POWERS = frozenset({"US", "GB", "FR", "RU", "DE", "CN", "IN", "CA", "AU", "SA", "TR", "IR", "IL", "ES", "IT", "NL", "NO", "JP"})
"""Countries that are named in news of others' wars: their being named says little about where."""

_PARTICLES = frozenset(
    "au aux al el ad an ar as ash at az ez es de la le les du des da do dos di of the and e i y wa bin ibn abu umm on upon in am im".split()
)
_BEFORE = re.compile(r"[^\W\d_]+(?:[.'’-][^\W\d_]+)*\.?|[^\w\s]")
_AFTER = re.compile(r"\s*([^\W\d_]+(?:-[^\W\d_]+)*|[^\w\s])")
_HYPHENED = re.compile(r"[-‐‑–]([^\W\d_]+)")
_ORIGIN = re.compile(r"[-‐‑–][a-z]|\s(?:based|backed|led|aligned|linked|sponsored)\b")
"""What makes a place someone's origin ("Iran-backed", "Pakistan based")."""
_OF_NAMES = frozenset("de del la do da dos das di du des".split())
"""Small words within names of two languages ("Puerto del Rio"): behind a name, what follows them is its end."""


@cache
def country(code: str) -> Place | None:
    """A whole country, by its ISO 3166-1 alpha-2 code."""
    nation = nations().get(code)
    found = find(nation.names[0]) if nation is not None else []
    return found[0].place if found and found[0].place.country == code else None


@dataclass(slots=True)
class _Sight:
    """A name of places in the text, and the words around it."""

    found: Found[int]
    candidates: list[Candidate]
    before: tuple[str, ...]
    """Up to four words or marks, the nearest last; as they stand."""
    after: str
    """The next word or mark."""
    line_start: bool
    joined: bool
    """Whether the next word follows with a blank or a hyphen between only."""
    province: bool = False
    """Whether words farther off show that it is a province."""
    chosen: Candidate | None = None
    inside: str | None = None
    """Country or division of the next name, where that contains this ("Tripoli, Lebanon")."""
    around: str | None = None
    """What this is for the name before it, where it contains that."""
    voted: str | None = None
    """The country that it speaks for, where it can be in one only."""


def find(text: str, named: Sequence[ActorMention] | None = None) -> list[PlaceMention]:
    """The places in a text, in their order; nationalities, people and governments called by a capital's name are none.

    `named` are the actors that the lexicon knows in it, looked for where they are not given.
    """
    if named is None:
        named = actors.find(text)
    inside = _Inside(named)
    sights = [
        sight
        for found in islice(longest(f for f in gazetteer().find(text) if _looks(f.words)), MAX_PLACES)
        if found not in inside and (sight := _sight(text, found)) is not None
    ]
    for sight, following in pairwise(sights):
        sight.inside = _container(text, sight, following)
        following.around = sight.inside
        if following.found.start - sight.found.end == 1:
            sight.joined = False
    _find_provinces(text, sights)
    votes = _votes(text, sights, named)
    mentions = []
    for sight in sights:
        sight.chosen = _choose(sight, votes)
        if sight.chosen is not None:
            mentions.append(_mention(text, sight, sight.chosen))
    return mentions


class _Inside:
    """Which stretches of the text are names of actors: a place in "Palestine Red Crescent" is none."""

    def __init__(self, mentions: Sequence[ActorMention]) -> None:
        self._starts = [m.start for m in mentions]
        self._ends = [m.end for m in mentions]

    def __contains__(self, found: Found[int]) -> bool:
        """Whether an actor's name reaches over this one and further."""
        place = bisect_right(self._starts, found.start) - 1
        return place >= 0 and self._ends[place] >= found.end and (self._starts[place], self._ends[place]) != (found.start, found.end)


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(fold(str(w)) for w in regions()[name])


def _looks(words: str) -> bool:
    """Whether the words stand as a name does: each with a capital but for small words."""
    pieces = [w for w in re.split(r"[\s\-‐‑–—]+", words) if w]
    if fold(words) in _acronyms() and not words.replace(".", "").isupper():
        return False  # a car is not the CAR
    if any(
        any(c.isupper() for c in p[1:]) and not p.isupper() and not p.startswith(("Mc", "Mac", "N'D", "N’D")) and "'" not in p
        for p in pieces
    ):
        return False
    return any(p[:1].isupper() for p in pieces) and all(p.lstrip("'’‘`ʿʾ")[:1].isupper() or fold(p) in _PARTICLES for p in pieces)


@cache
def _acronyms() -> frozenset[str]:
    """Countries' names that stand in capitals, folded."""
    return frozenset(fold(name) for nation in nations().values() for name in nation.names if name.replace(".", "").isupper())


def _sight(text: str, found: Found[int]) -> _Sight | None:
    start, end = found.start, found.end
    tail = text[end : end + 40]
    if _ORIGIN.match(tail) or (start and text[start - 1] in "-‐‑@#/_" and text[max(0, start - 5) : start - 1].isalpha()):
        return None
    if (
        len(found.words) <= SHORT
        and found.words.isupper()
        and found.words not in _SHORT_NAMES
        and not text[max(0, start - 20) : end + 20].isupper()
    ):
        return None
    before = tuple(_BEFORE.findall(text[max(0, start - 60) : start]))[-4:]
    following = _HYPHENED.match(text, end) or _AFTER.match(text, end)
    numbers = found.meanings[:MAX_MEANINGS]
    candidates = [gazetteer().candidate(number, found.words) for number in numbers]
    line_start = not text[max(0, start - 3) : start].strip() and (start == 0 or "\n" in text[max(0, start - 3) : start])
    return _Sight(found, candidates, before, following.group(1) if following else "", line_start, joined=text[end : end + 1] in ("-", " "))


def _container(text: str, sight: _Sight, following: _Sight) -> str | None:
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


def _find_provinces(text: str, sights: Sequence[_Sight]) -> None:
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


def _votes(text: str, sights: Sequence[_Sight], named: Sequence[ActorMention]) -> Counter[str]:
    """How much the text speaks of each country: by name, by its people and groups, by places that can be in one country only."""
    votes: Counter[str] = Counter()
    for country, count in countries_hinted(text).items():
        votes[country] += min(count, 4) * (1 if country in FAR_POWERS else 3)
    for slug in {m.slug for m in named}:
        actor = actors.known(slug)
        countries = actor.countries if actor is not None else ()
        for country in countries:
            votes[country] += 0 if country in FAR_POWERS else 2 if len(countries) == 1 else 1
    for sight in sights:
        possible = {c.country for c in sight.candidates if c.country}
        if sight.inside is not None:
            votes[sight.inside[:2]] += 4
        elif (
            len(possible) == 1
            and not _partial(sight)
            and fold(sight.found.words) not in _words("doubtful")
            and any(_telling(c) for c in sight.candidates)
        ):
            sight.voted = possible.pop()
    for _, country in {(fold(s.found.words), s.voted) for s in sights if s.voted}:
        votes[country] += ONE_VOTE
    return votes


def _telling(candidate: Candidate) -> bool:
    """Whether this alone shows which country an article speaks of."""
    return candidate.level in "AS" or (candidate.main and candidate.population >= (LARGE if candidate.country in FAR_POWERS else SMALL))


def _choose(sight: _Sight, votes: Counter[str]) -> Candidate | None:
    strong = _strong(sight)
    if sight.voted is not None:
        votes = votes.copy()
        votes[sight.voted] -= ONE_VOTE
    if _partial(sight) or (not strong and _personal(sight)):
        return None
    fitting = [c for c in sight.candidates if _believed(c, sight, votes, strong=strong)]
    return max(fitting, key=lambda c: (_weight(c, sight, votes), c.population, -(c.geonames or 0)), default=None)


def _weight(candidate: Candidate, sight: _Sight, votes: Counter[str]) -> float:
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
        said = sight.province or after in _words("provinces") or "province" in [fold(w) for w in sight.before[-2:]]
        weight += 10 if said else 3.5
    if candidate.level == "C":
        weight += 3
    if candidate.level in "SR":
        weight += 3
    if candidate.country in FAR_POWERS:
        weight -= 1
    return weight + (1 if candidate.main else 0)


def _believed(candidate: Candidate, sight: _Sight, votes: Counter[str], *, strong: bool) -> bool:
    """Whether the words allow this place at all."""
    name = sight.found.words
    if candidate.level == "R":
        return True
    if candidate.level == "S":
        return strong or votes[candidate.country] > 0 or candidate.population >= LARGE
    if candidate.level == "C":
        return name not in regions()["wary"] or _sure_word(sight) or (len(name) > 4 and votes[candidate.country] > 3)
    contained = sight.inside is not None and sight.inside in (candidate.admin1, candidate.country)
    if fold(name) in _words("doubtful"):
        return contained or (_sure_word(sight) and (votes[candidate.country] > 0 or candidate.population >= LARGE))
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


def _strong(sight: _Sight) -> bool:
    """Whether a word beside shows that this is a place."""
    return _sure_word(sight) or (bool(sight.before) and fold(sight.before[-1]) in _words("lead"))


def _sure_word(sight: _Sight) -> bool:
    """Whether a word beside leaves little doubt ("in", "near", "province"), or the name stands as a dateline does."""
    if sight.inside is not None or fold(sight.after) in _words("tail"):
        return True
    if sight.line_start and sight.found.words.isupper() and len(sight.found.words) > 3:
        return True
    words = [w for w in sight.before if fold(w) not in ("the", *_words("compass"))]
    if len(words) > 2 and words[-1] == "," and words[-2][:1].isupper() and fold(words[-3]) in _SURE:
        return fold(sight.after) not in _words("speaks")
    return bool(words) and fold(words[-1]) in _SURE


def _partial(sight: _Sight) -> bool:
    """Whether the name goes on beyond what was found ("Kola Tembien", "Tulo-Burago"), or began before it ("Boca del Rio")."""
    if fold(sight.before[-1] if sight.before else "") in _OF_NAMES and len(sight.before) > 1 and sight.before[-2][:1].isupper():
        return True
    if all(c.level in "CRA" for c in sight.candidates):
        return False
    after = sight.after
    return (
        sight.joined and after[:1].isupper() and after[1:2].islower() and fold(after) not in _words("tail") and fold(after) not in _CALENDAR
    )


_CALENDAR = WEEKDAYS | FULL_MONTHS
_SURE = frozenset({"in", "near", "at", "outside", "inside", "around", "across", "throughout", "within", "downtown"})


def _personal(sight: _Sight) -> bool:
    """Whether the words around make the name a person's or a government's."""
    last = sight.before[-1] if sight.before else ""
    if fold(last) in _words("titles"):
        return True
    country = any(c.level == "C" for c in sight.candidates)
    if (
        fold(sight.after) in _words("speaks")
        or _governs(sight)
        or (fold(last) in ("with", "by") and any(c.population >= LARGE for c in sight.candidates) and not country)
    ):
        return True
    named_after = sight.after[:1].isupper() and sight.after[1:2].islower() and not country
    return (_named_before(sight) or named_after) and not country and not any(c.level in "AR" for c in sight.candidates)


def _governs(sight: _Sight) -> bool:
    """Whether a town does what only a government does ("Kyiv withdraws")."""
    towns = all(c.level in "PS" for c in sight.candidates)
    return towns and fold(sight.after) in _words("acts") and fold(sight.before[-1] if sight.before else "") not in _words("lead")


def _named_before(sight: _Sight) -> bool:
    """Whether a name goes before within the sentence, of which this may be the end."""
    last = sight.before[-1] if sight.before else ""
    return (
        last[:1].isupper()
        and last[1:2].islower()
        and fold(last) not in _words("compass")
        and not sight.line_start
        and len(sight.before) > 1
    )


def _mention(text: str, sight: _Sight, place: Candidate) -> PlaceMention:
    start, end = sight.found.start, sight.found.end
    level = {"C": PlacePrecision.COUNTRY, "A": PlacePrecision.ADMIN1, "R": PlacePrecision.REGION}.get(place.level, PlacePrecision.SITE)
    if place.level in "CA":
        part = beside.part_of(text, start) or beside.side_of(text, start, end)
        if part is not None:
            level = PlacePrecision.REGION if place.level == "C" else PlacePrecision.AREA
            return PlaceMention(part.start, end, _place(place, f"{part.side} {place.name}", level))
    if level is PlacePrecision.SITE and beside.is_far(text, start) and (whole := country(place.country)) is not None:
        return PlaceMention(start, end, whole)
    if level is PlacePrecision.SITE and (fold(sight.after) in _words("areas") or beside.is_around(text, start)):
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
