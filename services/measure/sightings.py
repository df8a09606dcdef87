"""A claim as a clue to one incident: where, when and of whom, and how vaguely."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Protocol

from schemas import Kind, Place
from schemas.vocabulary import OF_DEEDS

from .entries import CACHED, Entry
from .moments import shifted
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


class Meant(Protocol):
    """What a clue asks of an incident."""

    day: date
    place: Place
    party: Party
    firm: bool
    entries: list[Entry]


class Sighting:
    """A claim as a clue to one incident."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        places = entry.where
        self.place = narrowest(places)
        self.day = entry.day
        self.party: Party = (entry.side, entry.actor)
        start, end = entry.days
        self.stretch = end - start
        if not entry.dated:
            start = shifted(end, -(TOLL_LATE if entry.kind == Kind.CUMULATIVE else TOLD_LATE))
        self.window = (start, end)
        """The days on which it can have happened."""
        self.when = self._when(len({place.country for place in places}))
        self.step = self._step()
        """When its turn is, the exact first: by time, by whom, by place."""
        self.spot = (place_id(self.place) if self.place else "", self.party)
        """Where and of whom, as far as it says."""

    @staticmethod
    @lru_cache(maxsize=CACHED)
    def of(entry: Entry) -> Sighting:
        """The clue that a claim is."""
        return Sighting(entry)

    def _when(self, countries: int) -> int:
        """How exactly it tells the day; no better than vague where it could not begin an incident for want of a place."""
        if self.place is None or self.stretch > SAME_DAY:
            return VAGUE
        if rank(self.place) == WIDE and (self.place.country is None or countries > 1):
            return VAGUE
        return EXACT if self.entry.dated and not self.stretch else LOOSE

    def _step(self) -> tuple[int, int, int]:
        nameless = (self.party[0] is None) + (self.entry.measure in OF_DEEDS and self.party[1] is None)
        return self.when, nameless, rank(self.place) if self.place else WIDE + 1

    def can_mean(self, incident: Meant) -> bool:
        """Whether it can be a clue to this incident.

        Of loose ones only those of one day can be the same, so that each day's incidents depend on few days around it.
        """
        if incident.firm or self.when == VAGUE:
            start, end = self.window
            if not start <= incident.day <= end:
                return False
        elif incident.day != self.day:
            return False
        (side, actor), (its_side, its_actor) = self.party, incident.party  # spelled out: asked a thousand times for a claim
        if side is not None and its_side is not None and side != its_side:
            return False
        if actor is not None and its_actor is not None and actor != its_actor:
            return False
        return self.place is None or same(self.place, incident.place)

    def fits(self, incident: Meant) -> bool:
        """Whether its figure can be one of this incident's; asked only of what says so little that it might as well be a round-up."""
        rough = self.when == VAGUE or self.place is None or rank(self.place) >= ADMIN1
        return not rough or any(alike(self.entry.value, entry.value) for entry in incident.entries)


def alike(one: int, other: int) -> bool:
    """Whether two figures can be counts of one thing."""
    return max(one, other) <= ALIKE * min(one, other) or one == other
