"""A claim as a clue to one incident: where, when and of whom, and how vaguely; no more is kept of it than finding incidents takes."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Protocol

from schemas import Kind, Place
from schemas.vocabulary import OF_DEEDS

from .entries import Entry, mark_of
from .places import ADMIN1, WIDE, narrowest, place_id, rank, same

REACH = timedelta(days=7)
"""The longest stretch that may still mean one incident ("this week"); what is told for longer is a summary."""

SAME_DAY = timedelta(days=1)
"""Longest stretch, counted from its first day, that is as good as a day: "overnight", "in the past 24 hours"."""

TOLD_LATE = timedelta(days=2)
"""How far before its publication an undated incident may lie."""

TOLL_LATE = timedelta(days=3)
"""How far before its publication an undated toll may lie that "has risen to"."""

ALIKE = 2
"""A vague claim's figure may be so many times that of the incident it joins: more is a round-up, or another incident."""

EXACT, LOOSE, VAGUE = range(3)
"""Of time: a day by its date; a day more or less; no day."""

Party = tuple[str | None, str | None]
"""Side, and of deeds who did them."""

Spot = tuple[str, Party]
"""Where and of whom."""


class Meant(Protocol):
    """What a clue asks of an incident."""

    place: Place
    party: Party

    @property
    def figures(self) -> set[int]:
        """Figures that are told of it."""
        ...


class Sighting:
    """A claim as a clue to one incident. Days are counted as `date.toordinal` does. Never changed."""

    __slots__ = (
        "actor",
        "article",
        "aside",
        "claim",
        "day",
        "event",
        "flow",
        "group",
        "long",
        "mark",
        "parent",
        "party",
        "place",
        "published",
        "rough",
        "side",
        "sort",
        "spot",
        "step",
        "teller",
        "undated",
        "value",
        "when",
        "window",
    )

    def __init__(self, entry: Entry, mark: bytes) -> None:
        self.mark = mark
        """A fingerprint of all that the claim says."""
        self.claim, self.article, self.event, self.parent = entry.claim, entry.article, entry.event, entry.parent
        self.value, self.published, self.group = entry.value, entry.published, sys.intern(entry.group)
        self.teller = sys.intern(entry.teller)
        self.flow = entry.kind == Kind.FLOW
        self.side, self.actor = entry.side, entry.actor
        self.party: Party = (self.side, self.actor)
        places = entry.where
        self.place = narrowest(places)
        self.undated = not entry.dated
        start, end = entry.days
        stretch = end - start
        first, last = start.toordinal(), end.toordinal()
        self.day = last if self.undated else first
        """The day that stands for it: its first, or of an undated one its last, which is its publication."""
        self.long = stretch > REACH
        """Whether it is told for too long to mean one incident."""
        self.window = (last - (TOLD_LATE if self.flow else TOLL_LATE).days, last) if self.undated else (first, last)
        """The first and the last day on which it can have happened."""
        self.when = _when(self.place, stretch, dated=entry.dated, countries=len({place.country for place in places}))
        narrowness = rank(self.place) if self.place else WIDE + 1
        nameless = (self.side is None) + (entry.measure in OF_DEEDS and self.actor is None)
        self.step = (nameless, narrowness)
        """When its turn is among those that tell the day as well: by whom, by place; the exact first."""
        self.rough = self.when == VAGUE or narrowness >= ADMIN1
        """Whether it says so little that it might as well be a round-up."""
        self.spot: Spot = (sys.intern(place_id(self.place)) if self.place else "", self.party)
        self.sort = sort_of(entry)
        """What becomes of it."""
        self.aside = entry.set_aside
        """Why it moves nothing; None where it counts."""

    def can_mean(self, incident: Meant) -> bool:
        """Whether it can be a clue to this incident, by whom and where; the days are up to whoever asks."""
        side, actor = incident.party
        if side is not None and self.side is not None and side != self.side:
            return False
        if actor is not None and self.actor is not None and actor != self.actor:
            return False
        return self.place is None or same(self.place, incident.place)

    def fits(self, incident: Meant) -> bool:
        """Whether its figure can be one of this incident's; asked only of what is rough."""
        return not self.rough or any(alike(self.value, figure) for figure in incident.figures)


class Sheet:
    """The claims of one book, group, day and sort."""

    __slots__ = ("by_mark", "figures", "sightings")

    def __init__(self, sightings: Iterable[Sighting]) -> None:
        self.sightings = tuple(sightings)
        self.by_mark = {sighting.mark: sighting for sighting in self.sightings}
        self.figures: dict[Spot, set[int]] = {}
        """Of each spot, what is told of it without a date."""
        for s in self.sightings:
            if s.when == LOOSE and s.undated:
                self.figures.setdefault(s.spot, set()).add(s.value)

    @staticmethod
    def of(rows: Iterable[bytes], known: Mapping[bytes, Sighting]) -> Sheet:
        """Read rows; those whose mark is known are not read again."""
        marked = ((mark_of(row), row) for row in rows)
        return Sheet(known.get(mark) or Sighting(Entry.unkept(row), mark) for mark, row in marked)

    @property
    def weight(self) -> int:
        """How much it holds."""
        return 1 + len(self.sightings)


NO_SHEET = Sheet(())
"""Where nothing is told."""


def sort_of(entry: Entry) -> int:
    """What becomes of a claim: `EXACT` and `LOOSE` ones can begin an incident; `VAGUE` stands for all others, those that move nothing among them."""
    if entry.set_aside is not None:
        return VAGUE
    start, end = entry.days
    places = entry.where
    return _when(narrowest(places), end - start, dated=entry.dated, countries=len({place.country for place in places}))


def alike(one: int, other: int) -> bool:
    """Whether two figures can be counts of one thing."""
    return max(one, other) <= ALIKE * min(one, other) or one == other


def _when(place: Place | None, stretch: timedelta, *, dated: bool, countries: int) -> int:
    """How exactly a claim tells the day; no better than vague where it could not begin an incident for want of a place."""
    if place is None or stretch > SAME_DAY:
        return VAGUE
    if rank(place) == WIDE and (place.country is None or countries > 1):
        return VAGUE
    return EXACT if dated and not stretch else LOOSE
