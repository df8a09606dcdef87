"""Where a count was: the places of its sentence that are its own, else where its story is."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cached_property

from schemas import Place, PlacePrecision

from ..frames.mentions import Mention
from ..numbers.number_words import FULL_MONTHS, WEEKDAYS
from ..text.reasons import Reason
from ..text.sentences import Sentence
from ..when.datelines import Datelines
from ..where import places
from ..where.elsewhere import tells_where, without_others
from ..where.places import PlaceMention
from ..where.sights import is_word_of_names
from ..who.actors import UNKNOWN, ActorMention
from .parts import Part

BESIDE = 20
"""Characters behind a part in which its own place stands."""

LABEL = 120
"""Characters of a sentence that may be a register's label."""

CARRIED = 6
"""Sentences before one without a place among which that of its story is looked for; beyond stands what the report began with."""

MAX_HERE = 8
"""Places of one sentence that are kept: more are a list."""


STORY = Reason("its sentence names no place: where its story is at")
FILED = Reason("no place is told: where it was reported from")
LAND = Reason("no place is told: the only country whose places the text names")
HEADLINE = Reason("neither its sentence nor those before it name a place: where the headline is", field="title")


class Places:
    """The places of an article, by where they stand."""

    def __init__(
        self,
        title: str,
        text: str,
        named: Sequence[ActorMention],
        datelines: Datelines,
        sentences: Sequence[Sentence],
        telling: Callable[[str], bool],
    ) -> None:
        """`telling` says of a sentence whether it tells of an event."""
        self.datelines = datelines
        self._telling = telling
        self._sentences = sentences
        found = sorted(places.find(text, [n for n in named if n.kind != UNKNOWN]), key=lambda p: p.start)
        self._found = [p for p in found if not _within(p.start, named)]
        self._starts = [p.start for p in self._found]
        self._named = named
        self._heading = _unique(without_others(Sentence(0, len(title), title, -1, heading=True), places.find(title)))
        self._here: dict[int, list[PlaceMention]] = {}

    def of(self, part: Part, mention: Mention) -> tuple[PlaceMention, ...]:
        """Places of the mention's sentence; of a part ("66 of them in Iraq") the first behind it, else those of its whole."""
        if part.field == "title":
            return ()
        here = self._in(part.sentence)
        end = part.parsed.tokens[mention.noun.last].end
        if mention.sharer is not None:
            first, last = (part.parsed.tokens[at] for at in mention.sharer)
            return tuple(p for p in here if first.start <= p.start < last.end)
        if mention.placed or (mention.via == "part" and mention.part_of is not None):
            behind = next((p for p in here if p.start >= end), None)
            if behind is not None and behind.start - end < BESIDE:
                return (behind,)
            if mention.placed:
                return ()
        own = [p for p in here if not _is_of_a_share(part.sentence, p, end)]
        return _unique(own) if own or not here else _countries_of(here)

    def around(self, part: Part, *, sums: bool) -> tuple[tuple[PlaceMention, ...], Reason]:
        """Where that happened which a sentence without a place tells: where its story is at. Of a sum only the country is sure."""
        found, reason = self._around(part)
        if not (found or sums):
            return self._only_country, LAND
        points = sums and part.field != "title" and _POINTS_BACK.search(part.sentence.text) is not None
        return ((self._only_province(part.sentence) or _countries_of(found)) if sums and not points else found), reason

    def _only_province(self, sentence: Sentence) -> tuple[PlaceMention, ...]:
        """The one province that a whole text is about, by its name before a sentence, so that its sums are as well."""
        province = next((p for p in self._found if p.place.precision is PlacePrecision.ADMIN1 and p.start < sentence.start), None)
        if _OF_A_WAR.search(sentence.text):
            return ()
        return (province,) if province is not None and all(p.place.admin1 == province.place.admin1 for p in self._found) else ()

    def _around(self, part: Part) -> tuple[tuple[PlaceMention, ...], Reason]:
        if part.field != "title":
            if filed := self._filed(part.sentence):
                return filed, FILED
            if found := self._of_story(part.number):
                return (_countries_of(found) if self._is_elsewhere(part.sentence) else found), STORY
        return self._heading, HEADLINE

    def _is_elsewhere(self, sentence: Sentence) -> bool:
        """Whether a sentence says that it happened at a town or village which no table holds."""
        names = (m.end() for m in _VILLAGE.finditer(sentence.text))
        return any(not _within(sentence.start + start, self._named) for start in names)

    @cached_property
    def _only_country(self) -> tuple[PlaceMention, ...]:
        """The one country in which all places of the text lie."""
        countries = {p.place.country for p in self._found if p.place.country is not None}
        return _countries_of(self._found) if len(countries) == 1 else ()

    def _of_story(self, number: int) -> tuple[PlaceMention, ...]:
        """The places of the nearest sentence before that tells of an event or is a heading, or under whose dateline all stands."""
        for sentence in reversed(self._sentences[max(0, number - CARRIED) : number]):
            filed = self.datelines.within(sentence.start, sentence.end)
            here = self._in(sentence)
            if here and not tells_where(sentence, here):
                continue
            if here and (filed or sentence.heading or self._telling(sentence.text) or _is_label(sentence)):
                return _unique(here)
            if filed:
                return self._filed(sentence)
        opening = (s for s in self._sentences[: min(number, CARRIED)] if self._telling(s.text))
        return next((_unique(here) for sentence in opening if (here := self._in(sentence))), ())

    def _in(self, sentence: Sentence) -> list[PlaceMention]:
        """Of a sentence, by where it starts, without where its report was filed."""
        if sentence.start not in self._here:
            filed = self.datelines.within(sentence.start, sentence.end)
            here = [p for p in self._all_in(sentence) if not any(one.start <= p.start < one.end for one in filed)]
            self._here[sentence.start] = without_others(sentence, here, filed=bool(filed))
        return self._here[sentence.start]

    def _all_in(self, sentence: Sentence) -> list[PlaceMention]:
        return self._found[bisect_left(self._starts, sentence.start) : bisect_left(self._starts, sentence.end)]

    def _filed(self, sentence: Sentence) -> tuple[PlaceMention, ...]:
        """Where a sentence's report was filed: only the country is sure where it names a place that no table holds.

        A headline that is about another country knows better.
        """
        within = self.datelines.within(sentence.start, sentence.end)
        filed = _unique(p for p in self._all_in(sentence) if any(one.start <= p.start < one.end for one in within))
        countries = {p.place.country for p in filed}
        titled = {p.place.country for p in self._heading} - {None}
        if filed and titled and countries.isdisjoint(titled):
            return self._heading
        return _countries_of(filed) if filed and self._names_another(sentence, within[-1].end) else filed

    def _names_another(self, sentence: Sentence, behind: int) -> bool:
        """Whether a sentence says behind its dateline that it happened at a place which no table holds."""
        known = {p.start for p in self._all_in(sentence)}
        names = (sentence.start + m.start("name") for m in _SOMEWHERE.finditer(sentence.text, max(0, behind - sentence.start)))
        return any(start not in known and not _within(start, self._named) for start in names)


def _unique(found: Iterable[PlaceMention]) -> tuple[PlaceMention, ...]:
    first: dict[Place, PlaceMention] = {}
    for one in found:
        first.setdefault(one.place, one)
    return tuple(first.values())[:MAX_HERE]


def _is_of_a_share(sentence: Sentence, place: PlaceMention, counted: int) -> bool:
    """Whether a place behind a count is only that of most or some of them ("185 people, most of them in the north")."""
    return (
        place.start > counted and _SHARE.search(sentence.text[max(0, counted - sentence.start) : place.start - sentence.start]) is not None
    )


def _is_label(sentence: Sentence) -> bool:
    """Whether a sentence is nothing but names and dates, as a register labels its entries ("3 May 2024. Chad, Lac, Bol.")."""
    if len(sentence.text) > LABEL:
        return False
    words = re.findall(r"[^\W_]+", sentence.text)
    return all(word[0].isupper() or word[0].isdigit() or is_word_of_names(word) for word in words)


_SHARE = re.compile(
    r"(?:, |\()(?:most|mostly|mainly|many|the majority|more than half|nearly half|half|some|several)(?: of (?:them|whom|which|these|those))?(?: \w+)?"
    r" (?:in|from|at|near) (?:the )?(?:\w+ (?:of )?)?$"
)
_OF_A_WAR = re.compile(r"\b(?:war|conflict|insurgency|uprising|rebellion)\b")
"""Words of what is seldom of one province only."""
_POINTS_BACK = re.compile(
    r"\b(?:in|from|across|throughout|within|around) (?:the|this|that)(?: same)?"
    r" (?:district|province|city|town|village|camp|governorate|county|department|municipality|neighbou?rhood|settlement)\b(?! of\b)",
    re.IGNORECASE,
)
"""Words that point at the very place of the story."""
_VILLAGE = re.compile(
    r"\b(?:(?:village|town|hamlet|township|settlement|commune) of (?=[A-Z])|(?:near|outside) (?=[A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,2}"
    r"(?:[,.;)]|$| (?:in|on|and|where|when|after|during|by|at|killing|late|early|overnight)\b)))"
)
"""Where a name is surely that of a place, though no table holds it."""
_SOMEWHERE = re.compile(
    rf"\b(?:in|at|near|on|outside|around) (?:the )?(?!{'|'.join(sorted(day.title() for day in WEEKDAYS | FULL_MONTHS))})(?P<name>[A-Z][a-z]+)\b(?! Day\b)"
    r"(?![\w'’ -]{0,30} (?:district|quarter|neighbou?rhood|suburb|camp|street|square|market|hospital|mosque|church|hotel|university|prison|airport|bridge|highway)\b)"
)
"""Where a name may be that of a place other than a part of the town in which the report was filed."""


def _countries_of(found: Iterable[PlaceMention]) -> tuple[PlaceMention, ...]:
    first: dict[str, PlaceMention] = {}
    for one in found:
        if one.place.country:
            first.setdefault(one.place.country, one)
    return tuple(replace(one, place=country) for code, one in first.items() if (country := places.country(code)) is not None)


def _within(start: int, named: Sequence[ActorMention]) -> bool:
    """Whether a place's name is part of an actor's ("the United States military")."""
    at = bisect_right(named, start, key=lambda n: n.start)
    return any(n.start <= start < n.end for n in named[max(0, at - 3) : at])
