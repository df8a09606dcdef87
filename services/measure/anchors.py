"""Which incidents there are: claims that name a place and a day begin them, and those that mean one of these join it.

The exact ones go first, each day by itself; then those that tell the day more or less. Whom a step joins is decided by what stood
before it, never by its own order; and a day's incidents depend on few days around it, so that no chain can form.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from schemas import Place, PlacePrecision

from .grid import Grid
from .places import place_id, same
from .sightings import EXACT, Party, Sheet, Sighting, alike

INDEXED = 16
"""Incidents of a day from which on an index of their places is worth its memory."""


NOWHERE = Place(name="", precision=PlacePrecision.REGION)
"""Where an incident would be of which no place is told; none begins so."""


@dataclass(slots=True, eq=False)
class Anchor:
    """One incident, by the claims that name its place and its day. Its `figures` are what vaguer ones are held against."""

    day: int
    place: Place
    party: Party
    firm: bool
    """Whether its day is told by its date."""
    nth: int
    """Which one, the largest first, where one article tells of several of that place, day and party."""
    sightings: list[Sighting]
    placed: bytes
    """Mark of the claim that tells its place; that may have gone elsewhere since, or nowhere."""
    at: int = 0
    """Its number among those of its day."""
    _figures: set[int] | None = None

    @property
    def figures(self) -> set[int]:
        """Its claims' figures."""
        if self._figures is None:
            self._figures = {sighting.value for sighting in self.sightings}
        return self._figures

    def join(self, sightings: Iterable[Sighting]) -> None:
        """Take claims in."""
        self.sightings = [*self.sightings, *sightings]
        self._figures = None

    def joined(self, sightings: Iterable[Sighting]) -> Anchor:
        """The same with more claims; this one stays as it is."""
        return Anchor(self.day, self.place, self.party, self.firm, self.nth, [*self.sightings, *sightings], self.placed, self.at)


class Day:
    """The incidents of one day, found by place; complete once it has a signature."""

    __slots__ = ("_grid", "_signature", "anchors")

    def __init__(self, anchors: Iterable[Anchor] = ()) -> None:
        self.anchors: list[Anchor] = []
        self._grid: Grid | None = None
        self._signature: bytes | None = None
        for anchor in anchors:
            self.add(anchor)

    def add(self, anchor: Anchor) -> None:
        """Put one in."""
        anchor.at = len(self.anchors)
        self.anchors.append(anchor)
        self._grid = None

    def meant_by(self, sighting: Sighting) -> list[Anchor]:
        """Those that a clue can mean, by whom and where."""
        return [anchor for anchor in self._near(sighting) if sighting.can_mean(anchor)]

    def _near(self, sighting: Sighting) -> Iterable[Anchor]:
        if len(self.anchors) < INDEXED:
            return self.anchors
        if self._grid is None:
            self._grid = Grid()
            for anchor in self.anchors:
                self._grid.put(anchor.at, anchor.place, place_id(anchor.place))
        return [self.anchors[number] for number in self._grid.near(sighting.place, sighting.spot[0])]

    @property
    def signature(self) -> bytes:
        """A fingerprint of all of it."""
        if self._signature is None:
            self._signature = _told_by(self.anchors)
        return self._signature

    @property
    def weight(self) -> int:
        """How much it holds."""
        return 1 + len(self.anchors)


NO_DAY = Day()
"""A day without incidents."""


@dataclass(frozen=True, slots=True, eq=False)
class Loose:
    """What became of the claims that tell this day more or less."""

    begun: tuple[Anchor, ...]
    """Incidents that they begin."""
    joined: tuple[tuple[int, int, Sighting], ...]
    """Those that join a firm one: its day, its number, and the claim."""

    @property
    def signature(self) -> tuple[object, ...]:
        """All that tells it from another."""
        return tuple((day, at, s.mark) for day, at, s in self.joined), _told_by(self.begun)

    @property
    def weight(self) -> int:
        """How much it holds."""
        return 1 + len(self.begun) + len(self.joined)


NO_LOOSE = Loose((), ())
"""Where nothing is told so."""


def firm(sheet: Sheet) -> Day:
    """The incidents that the exact claims of a day begin."""
    found = Day()
    for sightings in _in_turn(sheet.sightings):
        joins, begins = _sorted_out(sightings, found.meant_by)
        for anchor, joining in joins.items():
            anchor.join(joining)
        for anchor in _begun(begins):
            found.add(anchor)
    return found


def loose(day: int, sheets: Sequence[Sheet], firms: Callable[[int], Day]) -> Loose:
    """What becomes of the claims that mean this day more or less, given the sheets from two days before it to the day behind it.

    They join a firm incident on a day on which they can have happened, or one of their own that has begun on this day; or begin one.
    """
    begun = Day()
    joined: list[tuple[int, int, Sighting]] = []

    def meant_by(sighting: Sighting) -> list[Anchor]:
        first, last = sighting.window
        told = [anchor for near in range(first, last + 1) for anchor in firms(near).meant_by(sighting)]
        return told + begun.meant_by(sighting)

    for sightings in _in_turn(_of_day(sheets)):
        joins, begins = _sorted_out(sightings, meant_by, day)
        for anchor, joining in joins.items():
            if anchor.firm:
                joined += ((anchor.day, anchor.at, sighting) for sighting in joining)
            else:
                anchor.join(joining)
        for anchor in _begun(begins, day):
            begun.add(anchor)
    return Loose(tuple(begun.anchors), tuple(joined))


def hard(day: int, firm_ones: Day, around: Sequence[Loose], own: Loose) -> Day:
    """All incidents of a day: the firm ones with what joins them, and those that began loosely."""
    joined: dict[int, list[Sighting]] = defaultdict(list)
    for each in around:
        for near, at, sighting in each.joined:
            if near == day:
                joined[at].append(sighting)
    if not joined and not own.begun:
        return firm_ones
    firmly = [anchor.joined(joined[anchor.at]) if anchor.at in joined else anchor for anchor in firm_ones.anchors]
    return Day([*firmly, *(anchor.joined(()) for anchor in own.begun)])


def chosen(sighting: Sighting, meant: list[Anchor], day: int) -> list[Anchor]:
    """The incidents that a clue to a day can mean; where there are several, the one that has its very figure, or the one of its day."""
    if len(meant) < 2:  # noqa: PLR2004  # nothing to choose from
        return meant
    for narrower in (
        [anchor for anchor in meant if sighting.value in anchor.figures],
        [anchor for anchor in meant if anchor.day == day],
    ):
        if len(narrower) == 1:
            return narrower
    return meant


def _told_by(anchors: Iterable[Anchor]) -> bytes:
    told = hashlib.blake2b(digest_size=16)
    for anchor in anchors:
        told.update(repr((anchor.nth, anchor.firm, anchor.party, len(anchor.sightings))).encode())
        told.update(b"".join((anchor.placed, *(sighting.mark for sighting in anchor.sightings))))
    return told.digest()


def _in_turn(sightings: Iterable[Sighting]) -> Iterator[list[Sighting]]:
    """Clues step by step: the exact first."""
    steps: dict[tuple[int, int], list[Sighting]] = defaultdict(list)
    for sighting in sightings:
        steps[sighting.step].append(sighting)
    return (together for _, together in sorted(steps.items()))


def _sorted_out(
    sightings: Iterable[Sighting], meant_by: Callable[[Sighting], list[Anchor]], day: int | None = None
) -> tuple[dict[Anchor, list[Sighting]], list[Sighting]]:
    """Of the clues of one step, those that join an incident by that, and those that begin one."""
    joins: dict[Anchor, list[Sighting]] = defaultdict(list)
    begins: list[Sighting] = []
    for sighting in sightings:
        meant = chosen(sighting, meant_by(sighting), sighting.day if day is None else day)
        if len(meant) == 1 and sighting.fits(meant[0]):
            joins[meant[0]].append(sighting)
        elif not meant:
            begins.append(sighting)
    return joins, begins


def _of_day(sheets: Sequence[Sheet]) -> Iterator[Sighting]:
    """Of the claims that tell the day more or less, those that mean the day of the last sheet but one.

    An undated one goes to the day before where that has its very figure, unless that goes on from yet another day: so what is printed late
    and early is one incident, and a figure told day after day is not.
    """
    earlier, before, today, after = sheets
    yield from (s for s in today.sightings if not _follows(s, before, earlier))
    yield from (s for s in after.sightings if _follows(s, today, before))


def _follows(sighting: Sighting, before: Sheet, earlier: Sheet) -> bool:
    if not sighting.undated or sighting.value not in before.figures.get(sighting.spot, ()):
        return False
    return sighting.value not in earlier.figures.get(sighting.spot, ())


def _begun(begins: Iterable[Sighting], day: int | None = None) -> Iterator[Anchor]:
    """The incidents that the clues of one step begin, of this day or their own; those of one party and place together."""
    spots: dict[tuple[str, Party], list[Sighting]] = defaultdict(list)
    for sighting in begins:
        spots[sighting.spot].append(sighting)
    leaders: dict[Party, _Leaders] = defaultdict(_Leaders)
    for (_, party), together in sorted(spots.items(), key=lambda item: str(item[0])):
        leaders[party].take(together)
    for _, found in sorted(leaders.items(), key=lambda item: str(item[0])):
        for together in found.groups:
            yield from _begun_by(together, day)


class _Leaders:
    """Clues of one step and party, by place; those of one place together."""

    def __init__(self) -> None:
        self.groups: list[list[Sighting]] = []
        self._grid = Grid()

    def take(self, together: list[Sighting]) -> None:
        """Put the clues of one spot in, to the first of its place if there is one."""
        place, known_by = together[0].place or NOWHERE, together[0].spot[0]
        for number in self._grid.near(place, known_by):
            if _one_place(self.groups[number][0], together[0]):
                self.groups[number].extend(together)
                return
        self._grid.put(len(self.groups), place, known_by)
        self.groups.append(list(together))


def _one_place(one: Sighting, other: Sighting) -> bool:
    return one.place is not None and other.place is not None and same(one.place, other.place)


def _begun_by(together: Sequence[Sighting], day: int | None) -> Iterator[Anchor]:
    """The incident that clues begin, or the several where one article tells of several; placed as the first of them tells."""
    first = min(together, key=lambda sighting: (sighting.day, sighting.published, sighting.claim))
    for nth, sightings in enumerate(_apart(together), 1):
        yield Anchor(
            first.day if day is None else day, first.place or NOWHERE, first.party, first.when == EXACT, nth, list(sightings), first.mark
        )


def _apart(sightings: Sequence[Sighting]) -> Iterable[Sequence[Sighting]]:
    """Claims of one place and day, by incident: as many as the article that tells most of them tells apart."""
    if len(sightings) == 1:
        return [sightings]
    figures = max(_told_apart(sightings).items(), key=lambda item: (len(item[1]), item[0]), default=("", set()))[1]
    if len(figures) < 2:  # noqa: PLR2004  # one is not apart from itself
        return [sightings]
    ordered = sorted(figures)
    anchors: dict[int, list[Sighting]] = {value: [] for value in reversed(ordered)}
    for sighting in sightings:
        nearest = _nearest(sighting.value, ordered)
        if alike(nearest, sighting.value):
            anchors[nearest].append(sighting)
    return anchors.values()


def _nearest(value: int, ordered: Sequence[int]) -> int:
    """Of figures in order, the one that is the fewest times this one, or itself; the lower at a tie."""
    at = bisect_left(ordered, value)
    if at < len(ordered) and ordered[at] == value:
        return value
    return min(ordered[max(0, at - 1) : at + 1], key=lambda other: (max(other, value) / max(1, min(other, value)), other))


def _told_apart(sightings: Iterable[Sighting]) -> dict[str, set[int]]:
    """By article, the figures that one teller gives as different events; neither parts nor tolls that have risen."""
    told: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for sighting in sightings:
        if sighting.parent is None and sighting.flow:
            events = told[sighting.article, sighting.teller]
            events[sighting.event] = max(sighting.value, events.get(sighting.event, 0))
    apart: dict[str, set[int]] = defaultdict(set)
    for (article, _), events in told.items():
        if len(set(events.values())) > len(apart[article]):
            apart[article] = set(events.values())
    return apart
