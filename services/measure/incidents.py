"""Which claims tell of one incident: a pure function of the set of claims, with fixed anchors, so that no chain can form.

The exact ones go first: those that name a site and a day are anchors by themselves. Step by step vaguer ones follow; each
joins the one incident that it can mean. Where it can mean several, it is unplaced; where none, it begins one itself if it
tells at least the day. What a step joins is decided by what stood before the step, never by its own order.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from schemas import Kind, Place, PlacePrecision, digest

from .entries import Entry
from .facts import spell
from .moments import shifted
from .places import place_id, same
from .sightings import EXACT, LOOSE, REACH, TOLD_LATE, TOLL_LATE, VAGUE, Party, Sighting, alike

NEXT_DAY = timedelta(days=1)
"""How far apart in days a part and its whole may be told, and a story that is printed over midnight."""

AFFECTED = REACH + 2 * TOLL_LATE + TOLD_LATE + NEXT_DAY
"""How far from a claim's day incidents lie that it can change: it takes a loose one's place, and a vague one moves over."""

SUPPORT = 2 * REACH + 2 * TOLL_LATE + 2 * TOLD_LATE + NEXT_DAY
"""How far from an incident's day the claims lie that decide it."""

NOWHERE = Place(name="", precision=PlacePrecision.REGION)
"""Where an incident would be of which no place is told; none begins so."""


@dataclass
class Incident:
    """One incident: its anchor, and all that tells of it."""

    group: str
    day: date
    place: Place
    party: Party
    """Side, and of deeds who did them."""
    firm: bool
    """Whether its day is told by its date."""
    entries: list[Entry]
    nth: int = 1
    """Which one, the largest first, where one article tells of several of that place, day and party."""
    aside: Counter[str] = field(default_factory=Counter)
    """Claims that would concern it but move nothing, by reason."""
    fact: str = field(init=False)
    """Its fact; the day stands first, so that facts sort by it."""

    def __post_init__(self) -> None:
        """Spell its fact."""
        self.name(self.party)

    def signature(self, whole: str | None) -> str:
        """What belief in it is made of, so that it is built only where that has changed."""
        return digest(self.fact, self.firm, sorted(entry.mark for entry in self.entries), self.aside, whole)

    def name(self, party: Party) -> None:
        """Say whom it befell, and of deeds who did them."""
        self.party = party
        side, actor = party
        nth = str(self.nth) if self.nth > 1 else None
        self.fact = fact_prefix(self.day) + spell("", group=self.group, place=place_id(self.place), side=side, actor=actor, nth=nth)


Calendar = dict[date, list[Incident]]
"""Incidents by day."""


@lru_cache(maxsize=1_000)
def fact_prefix(day: date) -> str:
    """How the facts of all incidents of a day begin."""
    return spell("incident", day=str(day))


def cluster(entries: Iterable[Entry]) -> list[Incident]:
    """The incidents that these claims of one book tell of, by their facts; the same for every order of the claims.

    Claims that can mean several incidents, or none that is known, are in none of them.
    """
    groups: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[entry.group].append(entry)
    found = [incident for group in groups.values() for incident in _of_group(group)]
    _name_parties(found)
    return sorted(found, key=lambda incident: incident.fact)


def _of_group(entries: Iterable[Entry]) -> list[Incident]:
    steps: dict[tuple[int, int, int], list[Sighting]] = defaultdict(list)
    silent: list[tuple[str, Sighting]] = []
    for entry in entries:
        sighting, reason = Sighting.of(entry), entry.set_aside
        if reason is None:
            steps[sighting.step].append(sighting)
        else:
            silent.append((reason, sighting))
    calendar: Calendar = defaultdict(list)
    for _, sightings in sorted(steps.items()):
        _take(sightings, calendar)
    incidents = [incident for day in calendar.values() for incident in day]
    for incident in incidents:
        _set_parts_aside(incident)
    for reason, sighting in silent:
        meant = _possible(sighting, calendar)
        if len(meant) == 1:
            meant[0].aside[reason] += 1
    return incidents


def _possible(sighting: Sighting, calendar: Calendar) -> list[Incident]:
    """The incidents that a clue can mean."""
    start, end = sighting.window
    if sighting.stretch > REACH:
        return []
    days = (shifted(start, timedelta(days=number)) for number in range((end - start).days + 1))
    return [incident for day in days for incident in calendar.get(day, ()) if sighting.can_mean(incident)]


def _take(sightings: Sequence[Sighting], calendar: Calendar) -> None:
    """Let the clues of one step join or begin incidents."""
    joins: list[tuple[Incident, Entry]] = []
    begins: list[Sighting] = []
    for sighting in sightings:
        meant = _meant(sighting, calendar)
        if len(meant) == 1 and sighting.fits(meant[0]):
            joins.append((meant[0], sighting.entry))
        elif not meant and sighting.when != VAGUE:
            begins.append(sighting)
    for incident, entry in joins:
        incident.entries.append(entry)
    for together in _gathered(begins):
        for incident in _begun_by(together):
            calendar[incident.day].append(incident)


def _meant(sighting: Sighting, calendar: Calendar) -> list[Incident]:
    """The incidents that a clue can mean; where there are several, the one that has its very figure, or the one of its day."""
    meant = _possible(sighting, calendar)
    if len(meant) < 2:  # noqa: PLR2004  # nothing to choose from
        return meant
    for narrower in (
        lambda incident: any(entry.value == sighting.entry.value for entry in incident.entries),
        lambda incident: incident.day == sighting.day,
    ):
        if len(meant) > 1 and len(fitting := [incident for incident in meant if narrower(incident)]) == 1:
            return fitting
    return meant


def _gathered(begins: Iterable[Sighting]) -> list[list[Sighting]]:
    """Clues that begin incidents, those of one incident together: of one party, place and day, or told over midnight."""
    spots: dict[tuple[str, Party], dict[date, list[Sighting]]] = defaultdict(lambda: defaultdict(list))
    for sighting in begins:
        spots[sighting.spot][sighting.day].append(sighting)
    by_day: dict[tuple[date, Party], list[list[Sighting]]] = defaultdict(list)
    for _, days in sorted(spots.items(), key=lambda item: str(item[0])):
        for day, together in _over_midnight(days).items():
            leaders = by_day[day, together[0].party]
            near = [leader for leader in leaders if _one_place(leader[0], together[0])]
            if near:
                near[0].extend(together)
            else:
                leaders.append(together)
    return [together for _, leaders in sorted(by_day.items(), key=lambda item: str(item[0])) for together in leaders]


def _one_place(one: Sighting, other: Sighting) -> bool:
    return one.place is not None and other.place is not None and same(one.place, other.place)


def _over_midnight(days: dict[date, list[Sighting]]) -> dict[date, list[Sighting]]:
    """Undated clues go to the day before where it has their very figure, unless that goes on from yet another day.

    So what is printed late and early is one incident, and a figure told day after day is not.
    """
    figures = {day: {sighting.entry.value for sighting in told if sighting.when == LOOSE} for day, told in days.items()}
    gathered: dict[date, list[Sighting]] = defaultdict(list)
    for day, told in sorted(days.items()):
        before, earlier = shifted(day, -NEXT_DAY), shifted(day, -2 * NEXT_DAY)
        repeated = figures[day] & figures.get(before, set()) - figures.get(earlier, set())
        for sighting in told:
            follows = before != day and sighting.when == LOOSE and sighting.entry.value in repeated
            gathered[before if follows else day].append(sighting)
    return gathered


def _begun_by(together: Sequence[Sighting]) -> list[Incident]:
    """The incident that clues begin, or the several where one article tells of several; placed as the first of them tells."""
    first = min(together, key=lambda sighting: (sighting.day, sighting.entry.published, sighting.entry.claim))
    place = first.place or NOWHERE
    return [
        Incident(first.entry.group, first.day, place, first.party, first.when == EXACT, entries, nth)
        for nth, entries in enumerate(_apart([sighting.entry for sighting in together]), 1)
    ]


def _apart(entries: list[Entry]) -> list[list[Entry]]:
    """Claims of one place and day, by incident: as many as the article that tells most of them tells apart."""
    figures = max(_told_apart(entries).items(), key=lambda item: (len(item[1]), item[0]), default=("", set()))[1]
    if len(figures) < 2:  # noqa: PLR2004  # one is not apart from itself
        return [entries]
    anchors: dict[int, list[Entry]] = {value: [] for value in sorted(figures, reverse=True)}
    for entry in entries:
        nearest = min(anchors, key=lambda value: (max(value, entry.value) / max(1, min(value, entry.value)), value))
        if alike(nearest, entry.value):
            anchors[nearest].append(entry)
    return list(anchors.values())


def _told_apart(entries: Iterable[Entry]) -> dict[str, set[int]]:
    """By article, the figures that one teller gives as different events; neither parts nor tolls that have risen."""
    told: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for entry in entries:
        if entry.parent is None and entry.kind == Kind.FLOW:
            events = told[entry.article, entry.teller]
            events[entry.event] = max(entry.value, events.get(entry.event, 0))
    apart: dict[str, set[int]] = defaultdict(set)
    for (article, _), events in told.items():
        if len(set(events.values())) > len(apart[article]):
            apart[article] = set(events.values())
    return apart


def _set_parts_aside(incident: Incident) -> None:
    """A part that came to the same incident as its whole is no statement about the whole."""
    claims = {entry.claim for entry in incident.entries}
    wholes = [entry for entry in incident.entries if entry.parent not in claims or entry.parent == entry.claim]
    parts = len(incident.entries) - len(wholes)
    if parts and wholes:
        incident.entries = wholes
        incident.aside["part"] += parts


def _name_parties(incidents: Sequence[Incident]) -> None:
    """Give an incident that began without a party the one that all who name one name, unless another has that name."""
    taken = Counter(incident.fact for incident in incidents)
    renamed = []
    for incident in incidents:
        side = incident.party[0] or _only(entry.side for entry in incident.entries)
        actor = incident.party[1] or _only(entry.actor for entry in incident.entries)
        if (side, actor) != incident.party:
            renamed.append((incident, incident.party))
            incident.name((side, actor))
            taken[incident.fact] += 1
    for incident, before in renamed:
        if taken[incident.fact] > 1:
            incident.name(before)


def _only(names: Iterable[str | None]) -> str | None:
    """The only name among them, if there is just one."""
    named = {name for name in names if name}
    return named.pop() if len(named) == 1 else None
