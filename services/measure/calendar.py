"""The incidents of one book and group, day by day, found again only where what they depend on has changed.

What is found of a day, step by step, is a pure function of the sheets around it:

| step | what | of which days' sheets |
|---|---|---|
| firm | incidents that exact claims begin | its own |
| loose | claims that tell the day more or less: what they join, and what they begin | `LOOSE` |
| hard | both together | `HARD` |
| followed | what the vague claims of its sheet mean | `FOLLOWED` |
| finished | the incidents with all that tells of them | `FINISHED` |

Each has a label: a fingerprint of the claims that it depends on, which is found without reading them, from those of the sheets. Who knows
a label knows what stands behind it, in whatever state it was found; so nobody has to be told what has changed, and what was rolled back,
or is another partition's, is no matter.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, Protocol, TypeVar

from cachetools import LRUCache

from .anchors import NO_DAY, NO_LOOSE, Day, Loose, firm, hard, loose
from .entries import MARK, SUM
from .incidents import NONE, NOTHING, Finished, Followed, finished, followed
from .sightings import EXACT, LOOSE, NO_SHEET, REACH, SAME_DAY, TOLL_LATE, VAGUE, Sheet

Around = tuple[int, int]
"""How many days before a day, and how many behind it."""

EARLY, LATE, LONG = TOLL_LATE.days, SAME_DAY.days, REACH.days
"""Days before its own, and behind it, on which what a claim tells more or less can have happened; and behind a vague one's first day."""

MOVED = 1
"""Days by which a claim is moved at most, to the day before; whether it is depends on the day before that as well."""

LOOSELY: Around = (max(EARLY, 2 * MOVED), max(LATE, MOVED))
"""Firm incidents that the claims of a day can mean, and sheets that say which are moved."""

HARD: Around = (LATE + LOOSELY[0], EARLY + LOOSELY[1])
"""What can join the firm incidents of a day."""

FOLLOWED: Around = (EARLY + HARD[0], LONG + HARD[1])
"""Incidents that the vague claims of a day can mean."""

FINISHED: Around = (LONG + FOLLOWED[0], EARLY + FOLLOWED[1])
"""Vague claims that can mean the incidents of a day."""

CHANGES: Around = (FINISHED[1], FINISHED[0])
"""Days on which a sheet can change what is found."""

KEPT = 30_000
"""Claims and incidents kept in memory over all days and steps, some 30 MiB: of the days of which much is told. The garbage collector looks at
each of them, and holds the event loop meanwhile."""

NO_LABEL = b""
"""Of what depends on nothing that was told."""


class Finding(Protocol):
    """What a step finds of a day."""

    @property
    def signature(self) -> object:
        """All that tells it from another."""
        ...

    @property
    def weight(self) -> int:
        """How much it holds."""
        ...


T = TypeVar("T", bound=Finding)


class Found(NamedTuple):
    """What one step found of one day."""

    label: bytes
    """Of what it depends on."""
    given: tuple[Any, ...]
    """What the step was given,"""
    result: Any
    """and what it found."""
    weight: int
    """How much it holds."""


Kept = LRUCache[tuple[str, str, str, int], Found]
"""What was found last: step, book, group and day -> that."""


def kept(room: int = KEPT) -> Kept:
    """Room for what is found; what is heavier than all of it takes all of it."""
    return LRUCache(room, getsizeof=lambda found: min(found.weight, room))


class Sheets(Protocol):
    """The ledger, as far as it is asked here. Sorts of claims are `EXACT`, `LOOSE` and, of all that begins nothing, `VAGUE`."""

    def labels(self, book: str, group: str, first: int, last: int) -> Mapping[int, tuple[bytes, ...]]:
        """Day -> the fingerprints of its claims added up, a sort of claims after the other, each of `SUM` bytes or empty; days without claims are absent."""
        ...

    def rows(self, book: str, group: str, day: int, sort: int) -> Iterable[bytes]:
        """The claims of one day and sort."""
        ...


class Labels:
    """By day, the labels of what each step finds; days of which it finds nothing are absent."""

    def __init__(self, told: Mapping[int, tuple[bytes, ...]]) -> None:
        self.sheets = {sort: _of(told, sort) for sort in (EXACT, LOOSE, VAGUE)}
        """By sort of claims, those of the sheets themselves."""
        self.exact, self.told_loosely, self.vague = self.sheets[EXACT], self.sheets[LOOSE], self.sheets[VAGUE]
        self.loose = {
            day: _joined(
                *(self.told_loosely.get(near, _NO_SUM) for near in range(day - 2 * MOVED, day + MOVED + 1)),
                *(self.exact.get(near, _NO_SUM) for near in range(day - LOOSELY[0], day + LOOSELY[1] + 1)),
            )
            for day in {near for day in self.told_loosely for near in range(day - MOVED, day + 1)}
        }
        joinable = {near for day in self.loose for near in range(day - EARLY, day + LATE + 1)}
        alone = {day: _joined(label) for day, label in self.exact.items() if day not in joinable}
        self.hard = alone | {
            day: _joined(self.exact.get(day, _NO_SUM), *(self.loose.get(near, _NO_MARK) for near in range(day - LATE, day + EARLY + 1)))
            for day in joinable
            if day in self.exact or day in self.loose
        }
        self.followed = {
            day: _joined(label, *(self.hard.get(near, _NO_MARK) for near in range(day - EARLY, day + LONG + 1)))
            for day, label in self.vague.items()
        }
        following = {near for day in self.followed for near in range(day - EARLY, day + LONG + 1)}
        self.finished = self.hard | {
            day: _joined(self.hard[day], *(self.followed.get(near, _NO_MARK) for near in range(day - LONG, day + EARLY + 1)))
            for day in following & self.hard.keys()
        }


class Calendar:
    """The incidents of one book and group from one day to another, as the ledger stands now."""

    def __init__(self, sheets: Sheets, memory: Kept, book: str, group: str, first: int, last: int) -> None:
        self._sheets = sheets
        self._memory = memory
        self._of = (book, group)
        self._labels = Labels(sheets.labels(book, group, first - FINISHED[0], last + FINISHED[1]))
        self._seen: dict[tuple[str, int], Any] = {}
        """What was found, by step and day."""

    def label(self, day: int) -> bytes:
        """Of the incidents of a day in the end; empty where there are none."""
        return self._labels.finished.get(day, NO_LABEL)

    # What is found

    def finished(self, day: int) -> Finished:
        """The incidents of a day, in the end."""
        following = self._labels.followed

        def given() -> tuple[Any, ...]:
            near = (near for near in range(day - LONG, day + EARLY + 1) if near in following)
            return self._hard(day), tuple(told for each in near if (told := self._followed(each).on(day)))

        return self._found("finished", day, self._labels.finished, NONE, given, lambda *told: finished(self._of[1], *told))

    def _followed(self, day: int) -> Followed:
        first = day - EARLY

        def given() -> tuple[Any, ...]:
            return self._sheet(VAGUE, day), *(self._hard(near) for near in range(first, day + LONG + 1))

        return self._found("followed", day, self._labels.followed, NOTHING, given, lambda sheet, *days: followed(sheet, first, days))

    def _hard(self, day: int) -> Day:
        def given() -> tuple[Any, ...]:
            return self._firm(day), self._loose(day), *(self._loose(near) for near in range(day - LATE, day + EARLY + 1))

        return self._found("hard", day, self._labels.hard, NO_DAY, given, lambda ones, own, *around: hard(day, ones, around, own))

    def _loose(self, day: int) -> Loose:
        first = day - LOOSELY[0]

        def given() -> tuple[Any, ...]:
            sheets = tuple(self._sheet(LOOSE, near) for near in range(day - 2 * MOVED, day + MOVED + 1))
            return sheets, tuple(self._firm(near) for near in range(first, day + LOOSELY[1] + 1))

        return self._found(
            "loose", day, self._labels.loose, NO_LOOSE, given, lambda sheets, ones: loose(day, sheets, lambda near: ones[near - first])
        )

    def _firm(self, day: int) -> Day:
        return self._found("firm", day, self._labels.exact, NO_DAY, lambda: (self._sheet(EXACT, day),), firm)

    def _sheet(self, sort: int, day: int) -> Sheet:
        label, key = self._labels.sheets[sort].get(day), (f"sheet {sort}", *self._of, day)
        if label is None:
            return NO_SHEET
        before = self._memory.get(key)
        if before is None or before.label != label:
            known = {} if before is None else before.result.by_mark
            sheet = Sheet.of(self._sheets.rows(*self._of, day, sort), known)
            before = self._memory[key] = Found(label, (), sheet, sheet.weight)
        told: Sheet = before.result
        return told

    def _found(
        self, step: str, day: int, labels: Mapping[int, bytes], nothing: T, given: Callable[[], tuple[Any, ...]], find: Callable[..., T]
    ) -> T:
        """What a step finds of a day: as it was found before, where it has the same label or was given the same."""
        label = labels.get(day)
        if label is None:
            return nothing
        seen: T | None = self._seen.get((step, day))
        if seen is None:
            seen = self._seen[step, day] = self._find(step, day, label, given, find)
        return seen

    def _find(self, step: str, day: int, label: bytes, given: Callable[[], tuple[Any, ...]], find: Callable[..., T]) -> T:
        key = (step, *self._of, day)
        before = self._memory.get(key)
        if before is not None and before.label == label:
            found: T = before.result
            return found
        told = given()
        if before is not None and before.given == told:
            found = before.result
        else:
            found = find(*told)
            if before is not None and before.result.signature == found.signature:
                found = before.result  # so that what builds on it is given the same
        self._memory[key] = Found(label, told, found, found.weight)
        return found


def _of(told: Mapping[int, tuple[bytes, ...]], sort: int) -> dict[int, bytes]:
    return {day: labels[sort] for day, labels in told.items() if labels[sort]}


def _joined(*labels: bytes) -> bytes:
    """One label of several."""
    return hashlib.blake2b(b"".join(labels), digest_size=MARK).digest()


_NO_MARK = bytes(MARK)
_NO_SUM = bytes(SUM)
