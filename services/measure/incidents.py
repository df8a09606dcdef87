"""Which claims tell of one incident: a pure function of the set of claims, with fixed anchors, so that no chain can form.

The exact ones go first: those that name a site and a day are anchors by themselves. Step by step vaguer ones follow; each
joins the one incident that it can mean. Where it can mean several, it is unplaced; where none, it begins one itself if it
tells at least the day. What a step joins is decided by what stood before the step, never by its own order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from schemas import Kind, Place
from schemas.vocabulary import OF_DEEDS

from .entries import Entry, set_aside
from .facts import spell
from .places import WIDE, narrowest, place_id, rank, same

REACH = timedelta(days=7)
"""The longest stretch that may still mean one incident ("this week"); what is told for longer is a summary."""

SAME_DAY = timedelta(days=1)
"""Longest stretch, counted from its first day, that is as good as a day: "overnight", "in the past 24 hours"."""

TOLD_LATE = timedelta(days=2)
"""How far before its publication an undated incident may lie."""

TOLL_LATE = timedelta(days=7)
"""How far before its publication an undated toll may lie that "has risen to"."""


@dataclass
class Sighting:
    """A claim as one incident's clue: where, when, and of whom."""

    entry: Entry

    @cached_property
    def place(self) -> Place | None:
        """The narrowest place told."""
        return narrowest(self.entry.where())

    @cached_property
    def window(self) -> tuple[date, date]:
        """The days on which it can have happened."""
        start, end = self.entry.days
        if not self.entry.dated:
            late = TOLL_LATE if self.entry.kind == Kind.CUMULATIVE else TOLD_LATE
            start = end - late if end - date.min > late else end
        return start, end

    @cached_property
    def day(self) -> date:
        """The day that stands for it: of an undated one its publication, otherwise its first."""
        return self.entry.days[0] if self.entry.dated else self.entry.days[1]

    @cached_property
    def party(self) -> tuple[str | None, str | None]:
        """Side, and of deeds who did them."""
        return self.entry.side, self.entry.actor

    @cached_property
    def tier(self) -> tuple[int, int, int]:
        """How vague it is, the exact first: of whom, where, when."""
        deeds = self.entry.measure in OF_DEEDS
        nameless = (self.party[0] is None) + (deeds and self.party[1] is None)
        where = rank(self.place) if self.place else WIDE + 1
        when = (not self.entry.dated) + 2 * (not self.can_begin)
        return nameless, where, when

    @cached_property
    def can_begin(self) -> bool:
        """Whether it says enough to be an incident's first clue: a place, and the day."""
        start, end = self.entry.days
        return self.place is not None and end - start <= SAME_DAY

    @property
    def anchor(self) -> tuple[str, str, tuple[str, str]]:
        """What it begins, if it can mean nothing that is known: place, day, party."""
        assert self.place is not None
        return place_id(self.place), str(self.day), (self.party[0] or "", self.party[1] or "")


@dataclass
class Incident:
    """One incident: its anchor, and all that tells of it."""

    group: str
    day: date
    place: Place
    party: tuple[str | None, str | None]
    entries: list[Entry] = field(default_factory=list)
    aside: dict[str, int] = field(default_factory=dict)
    """Claims that would concern it but move nothing, by reason."""

    @property
    def fact(self) -> str:
        """Its fact; the day stands early, so that facts sort by it."""
        return fact_prefix(self.group, self.day) + spell("", place=place_id(self.place), side=self.party[0], actor=self.party[1])

    def can_be(self, sighting: Sighting) -> bool:
        """Whether a clue can mean this incident."""
        start, end = sighting.window
        return start <= self.day <= end and _parties_agree(sighting.party, self.party) and (sighting.place is None or same(sighting.place, self.place))



def fact_prefix(group: str, day: date) -> str:
    """How the facts of all incidents of a group on a day begin."""
    return spell("incident", group=group, day=str(day))


def _parties_agree(one: tuple[str | None, str | None], other: tuple[str | None, str | None]) -> bool:
    return all(a is None or b is None or a == b for a, b in zip(one, other, strict=True))


@dataclass
class Found:
    """What a set of claims comes to."""

    incidents: list[Incident]
    """In the order of their facts."""
    unplaced: list[Entry]
    """Claims that can mean more than one incident, or none that is known."""


def cluster(entries: Iterable[Entry]) -> Found:
    """The incidents that these claims of one book and group tell of; the same for every order of the claims."""
    steps: dict[tuple[int, int, int], list[Sighting]] = defaultdict(list)
    silent: list[Sighting] = []
    for entry in entries:
        sighting = Sighting(entry)
        if set_aside(entry) is None:
            steps[sighting.tier].append(sighting)
        else:
            silent.append(sighting)
    incidents: list[Incident] = []
    unplaced: list[Entry] = []
    for _, sightings in sorted(steps.items()):
        unplaced += _take(sightings, incidents)
    for sighting in silent:
        meant = _meant(sighting, incidents)
        if len(meant) == 1:
            reason = set_aside(sighting.entry) or ""
            meant[0].aside[reason] = meant[0].aside.get(reason, 0) + 1
    return Found(sorted(incidents, key=lambda incident: incident.fact), unplaced)


def _take(sightings: Sequence[Sighting], incidents: list[Incident]) -> list[Entry]:
    """Let clues of one step join or begin incidents; those that do neither."""
    joins: list[tuple[Incident, Entry]] = []
    begins: dict[tuple[str, str, tuple[str, str]], list[Sighting]] = defaultdict(list)
    unplaced = []
    for sighting in sightings:
        meant = _meant(sighting, incidents)
        if len(meant) == 1:
            joins.append((meant[0], sighting.entry))
        elif not meant and sighting.can_begin:
            begins[sighting.anchor].append(sighting)
        else:
            unplaced.append(sighting.entry)
    for incident, entry in joins:
        incident.entries.append(entry)
    for anchor in sorted(begins):
        first = min(begins[anchor], key=lambda sighting: (sighting.entry.published, sighting.entry.claim))
        assert first.place is not None
        incidents.append(Incident(first.entry.group, first.day, first.place, first.party, [s.entry for s in begins[anchor]]))
    return unplaced


def _meant(sighting: Sighting, incidents: Iterable[Incident]) -> list[Incident]:
    """The incidents that a clue can mean; where there are several, the one that has its very figure."""
    can_be = [incident for incident in incidents if incident.can_be(sighting)]
    if len(can_be) > 1:
        told = [incident for incident in can_be if any(entry.value == sighting.entry.value for entry in incident.entries)]
        return told if len(told) == 1 else can_be
    return can_be


