"""Stocks, totals and tolls: their claims by teller, and of each teller the newest statement, reckoned when it is next asked for.

A figure told by hundreds for a year has tens of thousands of claims; one claim more costs what its own teller said, and one look at each
other's newest statement.

| key | row |
|---|---|
| `line|<book>|<fact>|<teller>|<claim>` | a claim; for the teller of one that moves nothing stands `aside:` and the reason |
| `said|<book>|<fact>|<teller>` | the teller's newest statement; empty where its claims have changed since |
| `aside|<book>|<fact>` | how many claims move nothing, by reason |
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import orjson

from schemas import Indicator, key_of, parts_of
from services.stage import State

from .changes import LINE
from .entries import Entry
from .facts import line_fact
from .statements import Cited, Statement, newest

ASIDE = "aside:"
"""How the place of the teller begins where a claim moves nothing; those of tellers begin otherwise (`Entry.teller`)."""

_SAID, _COUNTED = "said", "aside"


class Line(NamedTuple):
    """What is told of one fact."""

    told: Iterable[Statement]
    """The newest of each teller."""
    aside: Mapping[str, int]
    """How many claims move nothing, by reason."""


def line_key(book: str, entry: Entry) -> str:
    """Where a claim's row stands."""
    fact = line_fact(entry)
    reason = entry.set_aside or ("part" if entry.whole == Indicator.identify(book, fact) else None)
    return key_of(LINE, book, fact, f"{ASIDE}{reason}" if reason else entry.teller, entry.claim)


def count(state: State, key: str, by: int) -> None:
    """A claim came into its row, or went out."""
    _, book, fact, teller, _ = parts_of(key)
    if not teller.startswith(ASIDE):
        state.put(key_of(_SAID, book, fact, teller), b"")
        return
    counted, reason = _aside(state, book, fact), teller.removeprefix(ASIDE)
    counted[reason] = counted.get(reason, 0) + by
    left = {reason: number for reason, number in sorted(counted.items()) if number}
    if left:
        state.put(key_of(_COUNTED, book, fact), orjson.dumps(left))
    else:
        state.delete(key_of(_COUNTED, book, fact))


def read_line(state: State, book: str, fact: str) -> Line:
    """What is told of a fact."""
    said = list(state.scan(key_of(_SAID, book, fact, "")))
    return Line(list(_statements(state, said)), _aside(state, book, fact))


def find(state: State, book: str, fact: str, cited: Cited) -> Entry:
    """A claim that a statement cites.

    Raises:
        KeyError: it is not there.

    """
    key = key_of(LINE, book, fact, cited.teller, cited.claim)
    row = state.get(key)
    if row is None:
        raise KeyError(key)
    return Entry.from_row(row)


def _statements(state: State, said: Iterable[tuple[str, bytes]]) -> Iterator[Statement]:
    for key, row in said:
        if row:
            yield Statement.read(row)
            continue
        _, book, fact, teller = parts_of(key)
        entries = [Entry.unkept(row) for _, row in state.scan(key_of(LINE, book, fact, teller, ""))]
        if entries:
            statement = newest(teller, entries, line=True)
            state.put(key, statement.row)
            yield statement
        else:
            state.delete(key)


def _aside(state: State, book: str, fact: str) -> dict[str, int]:
    row = state.get(key_of(_COUNTED, book, fact))
    return orjson.loads(row) if row else {}
