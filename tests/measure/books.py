"""Books of claims without articles: claims as the ledger keeps them, entered and taken out one by one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import orjson

from services.measure.calendar import Calendar, Kept, kept
from services.measure.entries import Entry
from services.measure.incidents import Finished
from services.measure.ledger import Ledger, row_key
from services.measure.moments import micros
from tests.support.state import MemoryState

from .newsroom import at, period, place

BOOK = "killed:SY"
FIRST = date(2024, 3, 1)
"""Days of these tests are counted from here."""

LONG_AGO, FAR_AHEAD = FIRST.toordinal() - 20, FIRST.toordinal() + 50
"""Well before and behind all that is told."""

PLAIN: dict[str, Any] = {
    "event": "1",
    "event_type": "attack",
    "background": False,
    "measure": "killed",
    "qualifier": "exact",
    "low": None,
    "high": None,
    "kind": "flow",
    "scope": "incident",
    "realis": "asserted",
    "group": "people",
    "side": None,
    "actor": None,
    "claimant": None,
    "parent": None,
    "whole": None,
    "confidence": 0.8,
    "publisher": "wire",
    "simhash": 0,
    "url": None,
    "title": "",
    "source": "Wire",
    "words": "",
    "sentence": "",
}


def day(number: int) -> str:
    """The day with this number."""
    return str(FIRST + timedelta(days=number))


@lru_cache(maxsize=1_000)
def _place(name: str) -> dict[str, Any]:
    return place(name).model_dump(mode="json")


def entry(claim: str, value: int, **told: Any) -> Entry:
    """A claim: `when` as the newsroom tells periods, `published` a moment or a day's number, `places` names or as they are kept."""
    published, when = told.pop("published", 0), told.pop("when", None)
    moment = at(f"{day(published)}T12:00" if isinstance(published, int) else published)
    told["places"] = [_place(one) if isinstance(one, str) else one for one in told.pop("places", ())]
    span = period(when)
    fields = PLAIN | told | {"claim": claim, "article": told.get("article", claim), "value": value, "published": micros(moment)}
    fields["period"] = (str(span.start), str(span.end), str(span.precision), span.inferred) if span else None
    keeping = tuple(fields[name] for name in Entry.__annotations__)
    return Entry(keeping, orjson.dumps(keeping))


class Counted(Ledger):
    """A ledger that remembers whose claims were read."""

    def __init__(self, state: MemoryState) -> None:
        super().__init__(state)
        self.read: list[tuple[str, int, int]] = []
        """Group, day and sort."""

    def rows(self, book: str, group: str, day: int, sort: int) -> Iterable[bytes]:
        """The claims of one day and sort."""
        self.read.append((group, day, sort))
        return super().rows(book, group, day, sort)


class Shelf:
    """One book, and what is kept in memory of it over all its changes."""

    def __init__(self, *entries: Entry, memory: Kept | None = None) -> None:
        self.ledger = Counted(MemoryState())
        self.memory = kept() if memory is None else memory
        for one in entries:
            self.enter(one)

    def enter(self, one: Entry) -> int:
        """Let a claim in, or a new one of its id instead of it; its day."""
        self.ledger.enter(BOOK, one)
        return one.day.toordinal()

    def remove(self, one: Entry) -> int:
        """Take a claim out; its day."""
        self.ledger.remove(row_key(BOOK, one))
        return one.day.toordinal()

    def calendar(self, group: str = "people", first: int = LONG_AGO, last: int = FAR_AHEAD) -> Calendar:
        """The incidents as they are found with what is in memory."""
        return Calendar(self.ledger, self.memory, BOOK, group, first, last)

    def afresh(self, group: str = "people") -> Calendar:
        """The incidents as they are found with nothing in memory."""
        return Calendar(self.ledger, kept(), BOOK, group, LONG_AGO, FAR_AHEAD)


def spelled(found: Finished) -> list[str]:
    """What is found of a day, to be compared: all that belief in it is made of."""
    return [
        " ".join(
            (
                one.fact,
                str(one.day),
                str(one.firm),
                one.place.model_dump_json(),
                *sorted(s.claim for s in one.sightings),
                str(sorted(one.aside.items())),
            )
        )
        for one in found.incidents
    ]
