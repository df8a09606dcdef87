"""What is told of one incident in the end: its claims, vague ones among them, whom it befell, and by which name it is known."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from schemas import Place, digest

from .anchors import Anchor, Day, chosen
from .facts import spell
from .places import place_id
from .sightings import VAGUE, Party, Sheet, Sighting


@dataclass(slots=True, eq=False)
class Incident:
    """One incident: its place and day, and all that tells of it."""

    group: str
    day: date
    place: Place
    party: Party
    """Side, and of deeds who did them."""
    firm: bool
    """Whether its day is told by its date."""
    nth: int
    sightings: Sequence[Sighting]
    placed: bytes
    """Mark of the claim that tells its place."""
    aside: Mapping[str, int]
    """Claims that would concern it but move nothing, by reason."""
    fact: str = field(init=False)
    """Its fact; the day stands first, so that facts sort by it."""
    made_of: str = field(init=False, default="")
    """A fingerprint of all that belief in it is made of, but for the whole that it is part of."""

    def __post_init__(self) -> None:
        """Spell its fact."""
        self.name(self.party)

    def name(self, party: Party) -> None:
        """Say whom it befell, and of deeds who did them."""
        self.party = party
        side, actor = party
        nth = str(self.nth) if self.nth > 1 else None
        self.fact = fact_prefix(self.day, self.group) + spell("", place=place_id(self.place), side=side, actor=actor, nth=nth)

    def signature(self, whole: str | None) -> str:
        """What belief in it is made of, so that it is built only where that has changed."""
        return self.made_of if whole is None else f"{self.made_of} {whole}"


@lru_cache(maxsize=1_000)
def fact_prefix(day: date, group: str | None = None) -> str:
    """How the facts of all incidents of a day begin, or of those of a group."""
    return spell("incident", day=str(day), group=group)


@dataclass(frozen=True, slots=True, eq=False)
class Followed:
    """What the vague claims of a day mean, and those that move nothing."""

    by_day: dict[int, tuple[tuple[int, Sighting], ...]]
    """Day -> the incident's number on it, and the claim."""

    def on(self, day: int) -> tuple[tuple[int, Sighting], ...]:
        """Those that mean an incident of this day."""
        return self.by_day.get(day, ())

    @property
    def signature(self) -> object:
        """All that tells it from another."""
        return {day: [(at, s.mark) for at, s in told] for day, told in self.by_day.items()}

    @property
    def weight(self) -> int:
        """How much it holds."""
        return 1 + sum(map(len, self.by_day.values()))


NOTHING = Followed({})
"""Where nothing is vague."""


def followed(sheet: Sheet, first: int, days: Sequence[Day]) -> Followed:
    """The incident that each vague claim of a day means, given the incidents from a first day on.

    A claim that can mean several incidents, or none that is known, is in none of them.
    """
    by_day: dict[int, list[tuple[int, Sighting]]] = defaultdict(list)
    for sighting in sheet.sightings:
        if sighting.long:
            continue
        start, end = sighting.window
        around = [anchor for day in days[start - first : end - first + 1] for anchor in day.meant_by(sighting)]
        meant = [anchor for anchor in around if anchor.firm or sighting.when == VAGUE or anchor.day == sighting.day]
        if sighting.aside is None:
            meant = chosen(sighting, meant, sighting.day)
            if len(meant) == 1 and not sighting.fits(meant[0]):
                continue
        if len(meant) == 1:
            by_day[meant[0].day].append((meant[0].at, sighting))
    return Followed({day: tuple(told) for day, told in by_day.items()}) if by_day else NOTHING


@dataclass(frozen=True, slots=True, eq=False)
class Finished:
    """The incidents of one day and group, as they are believed."""

    incidents: tuple[Incident, ...]

    @property
    def signature(self) -> str:
        """What they are made of; empty where there are none."""
        return digest(*(one.made_of for one in self.incidents)) if self.incidents else ""

    @property
    def weight(self) -> int:
        """How much it holds."""
        return 1 + len(self.incidents)


NOBODY: Mapping[str, int] = {}
"""Where nothing is set aside."""

NONE = Finished(())
"""A day on which nothing happened."""


def finished(group: str, day: Day, following: Iterable[tuple[tuple[int, Sighting], ...]]) -> Finished:
    """The incidents of a day with what follows them."""
    if not day.anchors:
        return NONE
    joining: dict[int, list[Sighting]] = defaultdict(list)
    for each in following:
        for at, sighting in each:
            joining[at].append(sighting)
    incidents = [_incident(group, anchor, joining.get(anchor.at, ())) for anchor in day.anchors]
    _name_parties(incidents)
    for incident in incidents:
        marks = sorted(sighting.mark.hex() for sighting in incident.sightings)
        incident.made_of = digest(incident.fact, incident.firm, incident.placed.hex(), marks, incident.aside)
    return Finished(tuple(sorted(incidents, key=lambda incident: incident.fact)))


def _incident(group: str, anchor: Anchor, following: Iterable[Sighting]) -> Incident:
    """An incident with what follows it. A part that came to the same one as its whole is no statement about the whole."""
    joined = [sighting for sighting in following if sighting.aside is None]
    aside = Counter(sighting.aside for sighting in following if sighting.aside is not None)
    sightings = [*anchor.sightings, *joined] if joined else anchor.sightings
    claims = {sighting.claim for sighting in sightings}
    wholes = [s for s in sightings if s.parent is None or s.parent not in claims or s.parent == s.claim]
    if wholes and len(wholes) < len(sightings):
        aside["part"] += len(sightings) - len(wholes)
        sightings = wholes
    day = date.fromordinal(anchor.day)
    return Incident(group, day, anchor.place, anchor.party, anchor.firm, anchor.nth, sightings, anchor.placed, aside or NOBODY)


def _name_parties(incidents: Sequence[Incident]) -> None:
    """Give an incident that began without a party the one that all who name one name, unless another has that name."""
    taken = Counter(incident.fact for incident in incidents)
    renamed = []
    for incident in incidents:
        if None not in incident.party:
            continue
        side = incident.party[0] or _only(sighting.side for sighting in incident.sightings)
        actor = incident.party[1] or _only(sighting.actor for sighting in incident.sightings)
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
