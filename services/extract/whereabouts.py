"""When and where of a count: the places and dates of its sentence that are its own."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date

from schemas import Measure, Period, PeriodPrecision, Place

from . import periods, places
from .attribution import Named
from .chunks import Parsed
from .frames import Mention
from .parts import Part
from .sentences import Sentence


class Places:
    """The places of an article, by where they stand."""

    def __init__(self, text: str, named: Sequence[Named]) -> None:
        found = sorted(places.find(text), key=lambda p: p.start)
        self._found = [p for p in found if not _within(p.start, named)]
        self._starts = [p.start for p in self._found]

    def of(self, part: Part, mention: Mention) -> tuple[Place, ...]:
        """Places of the mention's sentence; of a part ("66 of them in Iraq") the first behind it."""
        if part.field == "title":
            return ()
        here = self._found[bisect_left(self._starts, part.sentence.start) : bisect_left(self._starts, part.sentence.end)]
        if mention.via == "part" and mention.part_of is not None:
            end = part.parsed.tokens[mention.noun.last].end
            behind = [p for p in here if p.start >= end]
            return (behind[0].place,) if behind and behind[0].start - end < 20 else ()
        unique: list[Place] = []
        for found in here:
            if found.place not in unique:
                unique.append(found.place)
        return tuple(unique[:8])


_EARLIER = re.compile(r"\b(?:behind|after|since|following|before)\s+(?:the|a|an)\s+\W?$", re.IGNORECASE)
"""Before a date that belongs to another event ("behind the May 11 attack")."""


def _within(start: int, named: Sequence[Named]) -> bool:
    """Whether a place's name is part of an actor's ("the United States military")."""
    at = bisect_right(named, start, key=lambda n: n.start)
    return any(n.start <= start < n.end for n in named[max(0, at - 3) : at])


class Dates:
    """The periods of a sentence, and the day that stands in where it gives none."""

    def __init__(self, sentence: Sentence, published: date | None) -> None:
        self._base = sentence.start
        self._published = published
        self._found = [p for p in periods.find(sentence.text, published) if not _EARLIER.search(sentence.text[: p.start])]

    def of(self, mention: Mention, parsed: Parsed, measure: Measure) -> Period | None:
        """The period that holds for a mention: the nearest of its sentence."""
        if self._found and not mention.noun.negative:
            at = parsed.tokens[mention.trigger.first].start - self._base
            wanted = [p for p in self._found if not _cut_off(parsed, mention, p.start + self._base)]
            if measure in (Measure.HELD, Measure.FIGHTERS_REMAINING):
                wanted = [p for p in wanted if p.role in ("as_of", "since")]
            if wanted:
                return min(wanted, key=lambda p: (min(abs(p.start - at), abs(p.end - at)), p.start)).period
        if self._published is None:
            return None
        return Period(start=self._published, end=self._published, precision=PeriodPrecision.DAY, inferred=True)


def _cut_off(parsed: Parsed, mention: Mention, date_at: int) -> bool:
    """Whether a date behind a mention belongs to another clause ("arrested 14, nine of whom were released on Monday")."""
    return any(
        c.kind in ("relative", "break") or (c.noun is not None and c.noun.whole is not None and c.noun.whole.sort == "pronoun")
        for c in parsed.chunks[mention.place + 1 :]
        if parsed.tokens[c.last].end <= date_at
    )
