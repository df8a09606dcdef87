"""What is a part of what: a figure that its article or its group makes a part of another never adds to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from schemas import Group

from .incidents import Incident
from .places import same

NEXT_DAY = timedelta(days=1)
"""How far apart in days a part and its whole may be told."""

NEXT_TO = 2 * NEXT_DAY.days
"""How far from an incident's day those lie that decide what it is part of: its whole, and what that would be part of in turn."""

WIDER: dict[str, frozenset[str]] = {
    Group.CHILDREN: frozenset({Group.CIVILIANS}),
    Group.WOMEN: frozenset({Group.CIVILIANS}),
    Group.AID_WORKERS: frozenset({Group.CIVILIANS}),
    Group.JOURNALISTS: frozenset({Group.CIVILIANS}),
    Group.LEADERS: frozenset({Group.MILITANTS}),
}
"""Group -> the groups it lies in, beside `people`, in which all lie."""


def wider(group: str) -> tuple[frozenset[str], ...]:
    """The groups that a group lies in, the nearest first."""
    if group == Group.PEOPLE:
        return ()
    return (*((WIDER[group],) if group in WIDER else ()), frozenset({Group.PEOPLE}))


def facts_of_wholes(incidents: Sequence[Incident]) -> dict[str, str]:
    """Fact of each part -> fact of its whole."""
    around = _Around(incidents)
    wholes = {part.fact: whole.fact for part in incidents if (whole := around.whole_of(part)) is not None}
    return {part: whole for part, whole in wholes.items() if wholes.get(whole) != part}


class _Around:
    """Incidents as wholes are looked for: by a claim, or by day and group."""

    def __init__(self, incidents: Sequence[Incident]) -> None:
        parents = {sighting.parent for one in incidents for sighting in one.sightings if sighting.parent}
        self._by_claim: dict[str, list[Incident]] = defaultdict(list)
        self._by_group: dict[tuple[date, str], list[Incident]] = defaultdict(list)
        for one in incidents:
            self._by_group[one.day, one.group].append(one)
            if parents:
                for sighting in one.sightings:
                    if sighting.claim in parents:
                        self._by_claim[sighting.claim].append(one)

    def whole_of(self, part: Incident) -> Incident | None:
        """The incident's whole: the one with the claim that its article names, or else the only one of a wider group that it fits in."""
        named = {
            one.fact: one
            for parent in {sighting.parent for sighting in part.sightings if sighting.parent}
            for one in self._by_claim.get(parent, ())
            if one is not part and abs(one.day - part.day) <= NEXT_DAY
        }
        if named:
            return named[min(named)]
        for groups in wider(part.group):
            near = (one for group in groups for one in self._by_group.get((part.day, group), ()))
            fitting = [one for one in near if one is not part and _fits(part, one)]
            if fitting:
                return fitting[0] if len(fitting) == 1 else None
        return None


def _fits(part: Incident, whole: Incident) -> bool:
    parties = zip(part.party, whole.party, strict=True)
    return (
        part.day == whole.day
        and same(part.place, whole.place)
        and all(mine is None or its is None or mine == its for mine, its in parties)
        and _least(part) <= _most(whole)
    )


def _least(incident: Incident) -> int:
    return min(sighting.value for sighting in incident.sightings)


def _most(incident: Incident) -> int:
    return max(sighting.value for sighting in incident.sightings)
