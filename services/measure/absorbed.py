"""What has come into the ledger without being decided on: marks in the state itself, so that they outlive a kill and no memory holds them.

| key | row |
|---|---|
| `owed|<book>|<fact>` | offset of the last record that bears on a line |
| `settled` | the mark up to which all are gone; empty once more was absorbed |

Of incidents the mark stands in the heading of their sheet (sheets.py), where the ledger has left it.
"""

from __future__ import annotations

from typing import Final

from schemas import key_of, parts_of
from services.stage import State

from .calendar import CHANGES
from .changes import Changes
from .ledger import Ledger
from .parts import NEXT_TO
from .sheets import SHEET, Heading

ENOUGH: Final = 100
"""Claims with whose sheets it ends: they and those around take some ten milliseconds."""

TOGETHER: Final = 60
"""Days between the sheets decided on at once at most: what lies between is looked at as well."""

LOOKED_AT: Final = 1_000
"""Headings that are looked at in one go: where few are owed, most of a large ledger's are not."""

NEAR: Final = sum(CHANGES) + 2 * NEXT_TO
"""Days between two sheets that can bear on the same incidents, or on their wholes."""

_OWED, _SETTLED = "owed", "settled"


def owe(state: State, changes: Changes, offset: int) -> None:
    """Mark what a record bears on."""
    for book, fact in changes.lines:
        state.put(key_of(_OWED, book, fact), b"%d" % offset)
    if changes.size:
        state.put(_SETTLED, b"")


def owes(state: State) -> bool:
    """Whether anything is still to be decided on."""
    return state.get(_SETTLED) is not None


def settle_near(state: State, ledger: Ledger, concerned: Changes) -> tuple[Changes, int] | None:
    """What to decide on next of what must be, before these facts may change; its marks are gone. None where nothing of it is owed."""
    for book, fact in sorted(concerned.lines):
        key = key_of(_OWED, book, fact)
        if (mark := state.get(key)) is not None:
            state.delete(key)
            return Changes(lines={(book, fact)}), int(mark)
    near = {(book, day) for book, _, day in concerned.sheets}
    for book, first, last in sorted((book, day - NEAR, day + NEAR) for book, day in near):
        for group in ledger.groups(book):
            owed = [(day, heading) for day, heading in ledger.headings(book, group, first, last) if heading.owed >= 0]
            if owed:
                return _settled(ledger, book, group, owed)
    return None


def _settled(ledger: Ledger, book: str, group: str, owed: list[tuple[int, Heading]]) -> tuple[Changes, int]:
    changes, newest, claims = Changes(), -1, 0
    for day, heading in owed:
        if claims >= ENOUGH:
            break
        changes.sheets.add((book, group, day))
        newest, claims = max(newest, heading.owed), claims + heading.claims
        ledger.settle(book, group, day)
    return changes, newest


def settle(state: State, ledger: Ledger) -> tuple[Changes, int] | None:
    """What to decide on next, with the offset that it came of; its marks are gone. None where nothing is owed.

    It is a line, or some sheets of a book; or nothing, where only sheets of which nothing is owed have been looked at.
    """
    settled = state.get(_SETTLED)
    if settled is None:
        return None
    cursor = settled.decode()
    found = None if cursor.startswith(f"{SHEET}|") else _line(state, cursor)
    found = found or _sheets(state, ledger, cursor)
    if found is None:
        state.delete(_SETTLED)
        return None
    changes, offset, cursor = found
    state.put(_SETTLED, cursor.encode())
    return changes, offset


def _line(state: State, cursor: str) -> tuple[Changes, int, str] | None:
    for key, mark in state.scan(f"{_OWED}|", cursor):
        state.delete(key)
        _, book, fact = parts_of(key)
        return Changes(lines={(book, fact)}), int(mark), key
    return None


def _sheets(state: State, ledger: Ledger, cursor: str) -> tuple[Changes, int, str] | None:
    changes, newest, claims, last = Changes(), -1, 0, cursor
    for number, (key, row) in enumerate(state.scan(f"{SHEET}|", cursor)):
        if number == LOOKED_AT:
            break
        heading = Heading.read(row)
        if heading.owed >= 0:
            _, book, group, told = parts_of(key)
            day = int(told)
            if changes.sheets and (claims >= ENOUGH or not _near(changes, book, group, day)):
                break
            changes.sheets.add((book, group, day))
            newest, claims = max(newest, heading.owed), claims + heading.claims
        last = key
    else:
        if not changes.sheets:
            return None
    for book, group, day in changes.sheets:
        ledger.settle(book, group, day)
    return changes, newest, last


def _near(changes: Changes, book: str, group: str, day: int) -> bool:
    """Whether a sheet is of the book and group that the others are of, and near enough."""
    of, its_group, first = min(changes.sheets)
    return (book, group) == (of, its_group) and day - first < TOGETHER
