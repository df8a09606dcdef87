"""What the ledger keeps of a claim: all that belief is made of, as one small row."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import orjson

from schemas import EventType, Group, Kind, Measure, Place, PlainClaim, Qualifier, Realis, Scope
from schemas.message import READING
from schemas.vocabulary import OF_DEEDS, TOLD_AS_REAL, is_conflict

from .books import is_incident
from .moments import moment
from .once import once
from .publishers import UNNAMED

MAX_QUOTE = 1_000
"""Characters kept of a headline or sentence: what a person reads of a citation; the claim has the rest."""

CACHED = 10_000
"""Rows kept read: those of the facts that are told again and again; about 20 MiB."""

NO_SPAN = {"words": "", "sentence": ""}
"""Stands where a claim has no evidence."""

MARK = 16
"""Bytes of a fingerprint: so many that no two rows have the same, whoever writes them."""

SUM = 64
"""Bytes of fingerprints added up. Of 16, whoever writes claims finds 128 that add up to nothing within a minute, so that they come and go
unseen; of 64 it takes some 2^51 steps even with four thousand claims of one day."""

NAMED = "claimant:"
"""How a teller begins that the text names."""

MAX_PLACES = 20
"""Places kept: more are no place but a list."""


class Entry:
    """One claim as the ledger keeps it; members of closed lists as plain strings, times in microseconds since 1970. Never changed."""

    claim: str
    article: str
    event: str
    event_type: str
    background: bool
    measure: str
    value: int
    qualifier: str
    low: int | None
    high: int | None
    kind: str
    scope: str
    realis: str
    group: str
    side: str | None
    actor: str | None
    claimant: str | None
    period: tuple[str, str, str, bool] | None
    """First day, last day, precision, inferred."""
    places: tuple[dict[str, Any], ...]
    parent: str | None
    whole: str | None
    confidence: float
    publisher: str
    simhash: int
    published: int
    url: str | None
    title: str
    source: str
    words: str
    sentence: str

    def __init__(self, kept: Sequence[Any], row: bytes) -> None:
        """`kept` are the fields in their order."""
        self.row = row
        """As it stands in the state."""
        self.__dict__.update(zip(_NAMES, kept, strict=True))

    @staticmethod
    def of(claim: PlainClaim, published: int) -> Entry:
        """What is kept of a claim that was published then (microseconds since 1970)."""
        article, period, evidence = claim["article"], claim["period"], claim["evidence"]
        span = evidence[0] if evidence else NO_SPAN
        kept = (
            claim["id"],
            article["id"],
            claim["event"],
            claim["event_type"],
            claim["background"],
            claim["measure"],
            claim["value"],
            claim["qualifier"],
            claim["low"],
            claim["high"],
            claim["kind"],
            claim["scope"],
            claim["realis"],
            claim["group"],
            claim["side"],
            claim["actor"] if claim["measure"] in OF_DEEDS else None,
            claim["claimant"],
            (str(period.start), str(period.end), str(period.precision), period.inferred) if period else None,
            claim["places"][:MAX_PLACES],
            claim["parent"],
            claim["whole"],
            claim["confidence"],
            claim["publisher"] or UNNAMED,
            int(article["simhash"], 16),
            published,
            article["url"],
            article["title"][:MAX_QUOTE],
            article["source"],
            span["words"][:MAX_QUOTE],
            span["sentence"][:MAX_QUOTE],
        )
        return Entry(kept, orjson.dumps(kept))

    @staticmethod
    def unkept(row: bytes) -> Entry:
        """Read a row, and keep nothing of it."""
        return Entry(orjson.loads(row), row)

    @staticmethod
    @lru_cache(maxsize=CACHED)
    def from_row(row: bytes) -> Entry:
        """Read a row; what it says never changes, so that rows read again and again are read once."""
        return Entry(orjson.loads(row), row)

    @once
    def teller(self) -> str:
        """Who says so: the claimant, or the publisher where none is named."""
        return f"{NAMED}{self.claimant}" if self.claimant else f"publisher:{self.publisher}"

    @once
    def published_on(self) -> date:
        """Day of publication (UTC)."""
        return moment(self.published).date()

    @once
    def incident(self) -> bool:
        """Whether it tells of one thing that happened."""
        return is_incident(self.kind, self.scope)

    @once
    def dated(self) -> bool:
        """Whether the text itself gives a date."""
        return self.period is not None and not self.period[3]

    @once
    def days(self) -> tuple[date, date]:
        """First and last day for which it is told; the day of publication where nothing is said."""
        if self.period is None:
            return self.published_on, self.published_on
        return date.fromisoformat(self.period[0]), date.fromisoformat(self.period[1])

    @once
    def day(self) -> date:
        """The day that stands for it: its first, or of an undated one its last, which is its publication."""
        return self.days[0] if self.dated else self.days[1]

    @once
    def where(self) -> tuple[Place, ...]:
        """Its places as models."""
        return tuple(_place(orjson.dumps(place)) for place in self.places)

    @once
    def set_aside(self) -> str | None:
        """Why it is kept and shown but moves nothing; None where it counts."""
        return _set_aside(self)


_NAMES = tuple(Entry.__annotations__)


@lru_cache(maxsize=CACHED)
def _place(told: bytes) -> Place:
    """A place as a model; one and the same for all claims that tell of it."""
    return Place.model_validate(orjson.loads(told), context=READING)


def mark_of(row: bytes) -> bytes:
    """A fingerprint of all that a row says, as long as `MARK`."""
    return hashlib.blake2b(row, digest_size=MARK).digest()


def summand_of(row: bytes) -> int:
    """What a row adds to a sum of `SUM` bytes."""
    return int.from_bytes(hashlib.blake2b(row, digest_size=SUM).digest())


_KNOWN = {
    "measure": frozenset(Measure),
    "qualifier": frozenset(Qualifier),
    "kind": frozenset(Kind),
    "scope": frozenset(Scope),
    "group": frozenset(Group),
    "realis": frozenset(Realis),
    "event_type": frozenset(EventType),
}
"""Field -> the words that this version knows."""

_CONFLICT = frozenset(event_type for event_type in EventType if is_conflict(event_type))


def _set_aside(entry: Entry) -> str | None:
    told = vars(entry)
    if not all(told[name] in words for name, words in _KNOWN.items()):
        return "unknown"
    if entry.realis not in TOLD_AS_REAL:
        return entry.realis
    if entry.background:
        return "background"
    return None if entry.event_type in _CONFLICT else "not_conflict"
