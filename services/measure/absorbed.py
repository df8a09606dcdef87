"""What has come into the ledger without being decided on: marks in the state itself, so that they outlive a kill and no memory holds them.

| key | row |
|---|---|
| `owed|line|<book>|<fact>` | offset of the last record that bears on a line |
| `owed|day|<book>|<day>` | offset of the last record that bears on incidents of about this day |
"""

from __future__ import annotations

from datetime import date
from typing import Final

from schemas import key_of, parts_of
from services.stage import State

from .changes import Changes

TOGETHER: Final = 30
"""Days decided on at once, where many in a row are owed: beside them the days around must be read, twice as many again."""

_LINES, _DAYS = "owed|line|", "owed|day|"


def owe(state: State, changes: Changes, offset: int) -> None:
    """Mark what a record bears on."""
    at = str(offset).encode()
    for book, fact in changes.lines:
        state.put(key_of("owed", "line", book, fact), at)
    for book, day in changes.days:
        state.put(key_of("owed", "day", book, f"{day.toordinal():07d}"), at)


def settle(state: State) -> tuple[Changes, int] | None:
    """What to decide on next, a line or some days of a book, with the offset that it came of; its marks are gone. None where nothing is owed."""
    for key, at in state.scan(_LINES):
        _, _, book, fact = parts_of(key)
        state.delete(key)
        return Changes(lines={(book, fact)}), int(at)
    marks: list[tuple[str, str, date, int]] = []
    for key, at in state.scan(_DAYS):
        _, _, book, number = parts_of(key)
        day = date.fromordinal(int(number))
        if marks and (book != marks[0][1] or (day - marks[0][2]).days >= TOGETHER):
            break
        marks.append((key, book, day, int(at)))
    for key, *_ in marks:
        state.delete(key)
    if not marks:
        return None
    return Changes(days={(book, day) for _, book, day, _ in marks}), max(offset for *_, offset in marks)
