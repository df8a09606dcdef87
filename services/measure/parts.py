"""What is a part of what: a figure that its article or its group makes a part of another never adds to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from schemas import Group

from .incidents import NEXT_DAY, Incident
from .moments import shifted
from .places import same

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


def facts_of_wholes(incidents: Iterable[Incident]) -> dict[str, str]:
    """Fact of each part -> fact of its whole."""
    calendar: dict[date, list[Incident]] = defaultdict(list)
    for incident in incidents:
        calendar[incident.day].append(incident)
    wholes: dict[str, str] = {}
    for day, parts in calendar.items():
        around = [one for near in (shifted(day, -NEXT_DAY), day, shifted(day, NEXT_DAY)) for one in calendar.get(near, ())]
        wholes |= {part.fact: whole.fact for part in parts if (whole := whole_of(part, around)) is not None}
    return {part: whole for part, whole in wholes.items() if wholes.get(whole) != part}


def whole_of(part: Incident, around: Sequence[Incident]) -> Incident | None:
    """The incident's whole: the one with the claim that its article names, or else the only one of a wider group that it fits in."""
    others = [incident for incident in around if incident is not part]
    parents = {entry.parent for entry in part.entries if entry.parent}
    named = [incident for incident in others if parents and any(entry.claim in parents for entry in incident.entries)]
    if named:
        return min(named, key=lambda incident: incident.fact)
    for groups in wider(part.group):
        fitting = [incident for incident in others if incident.group in groups and _fits(part, incident)]
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
    return min(entry.value for entry in incident.entries)


def _most(incident: Incident) -> int:
    return max(entry.value for entry in incident.entries)
