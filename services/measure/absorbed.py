"""What has come into the ledger without being decided on: marks in the state itself, so that they outlive a kill and no memory holds them.

| key | row |
|---|---|
| `owed|day|<book>|<day>` | offset of the last record that bears on incidents of about this day, and how many do |
| `owed|line|<book>|<fact>` | the same of a line |
| `settled` | the mark up to which all are gone; empty once more was absorbed |
"""

from __future__ import annotations

from datetime import date
from typing import Final

from schemas import key_of, parts_of
from services.stage import State

from .changes import Changes

TOGETHER: Final = 365
"""Days decided on at once at most, where many in a row are owed: beside them some fifty around must be read."""

ENOUGH: Final = 100
"""Claims with whose days it ends before: they and those around take thirty milliseconds."""

_OWED, _SETTLED = "owed|", "settled"


def owe(state: State, changes: Changes, offset: int) -> None:
    """Mark what a record bears on."""
    keys = [key_of("owed", "line", book, fact) for book, fact in changes.lines]
    keys += [key_of("owed", "day", book, f"{day.toordinal():07d}") for book, day in changes.days]
    for key in keys:
        mark = state.get(key)
        state.put(key, b"%d %d" % (offset, 1 + (_read(mark)[1] if mark else 0)))
    if keys:
        state.put(_SETTLED, b"")


def settle(state: State) -> tuple[Changes, int] | None:
    """What to decide on next, a line or some days of a book, with the offset that it came of; its marks are gone. None where nothing is owed."""
    settled = state.get(_SETTLED)
    changes = Changes()
    keys: list[str] = []
    newest = claims = 0
    for key, mark in state.scan(_OWED, (settled or b"").decode()):
        _, kind, book, what = parts_of(key)
        if keys and (kind == "line" or not _goes_with(changes, book, int(what))):
            break
        keys.append(key)
        offset, count = _read(mark)
        newest, claims = max(newest, offset), claims + count
        if kind == "line":
            changes.lines.add((book, what))
            break
        changes.days.add((book, date.fromordinal(int(what))))
        if claims >= ENOUGH:
            break
    for key in keys:
        state.delete(key)
    if keys:
        state.put(_SETTLED, keys[-1].encode())
        return changes, newest
    if settled is not None:
        state.delete(_SETTLED)
    return None


def _goes_with(changes: Changes, book: str, day: int) -> bool:
    """Whether a day is of the book that the others are of, and near enough."""
    of, first = min(changes.days)
    return book == of and day - first.toordinal() < TOGETHER


def _read(mark: bytes) -> tuple[int, int]:
    offset, count = mark.split()
    return int(offset), int(count)
