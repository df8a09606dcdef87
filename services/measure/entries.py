"""What the ledger keeps of a claim: all that belief is made of, as one small row."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, Self

import orjson

from schemas import Claim, EventType, Group, Kind, Measure, Place, Qualifier, Realis, Scope, digest
from schemas.vocabulary import OF_DEEDS, TOLD_AS_REAL, is_conflict

from .books import is_incident
from .moments import moment
from .publishers import UNNAMED

MAX_QUOTE = 1_000
"""Characters kept of a headline or sentence: what a person reads of a citation; the claim has the rest."""

CACHED = 10_000
"""Rows kept read: those of the facts that are told again and again; about 20 MiB."""

MAX_PLACES = 20
"""Places kept: more are no place but a list."""


@dataclass(frozen=True, eq=False)
class Entry:
    """One claim as the ledger keeps it; members of closed lists as plain strings, times in microseconds since 1970."""

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

    @classmethod
    def of(cls, claim: Claim, published: int) -> Self:
        """What is kept of a claim that was published then (microseconds since 1970)."""
        article, span, period = claim.article, claim.evidence[0] if claim.evidence else None, claim.period
        return cls(
            claim=claim.id,
            article=article.id,
            event=claim.event,
            event_type=str(claim.event_type),
            background=claim.background,
            measure=str(claim.measure),
            value=claim.value,
            qualifier=str(claim.qualifier),
            low=claim.low,
            high=claim.high,
            kind=str(claim.kind),
            scope=str(claim.scope),
            realis=str(claim.realis),
            group=str(claim.group),
            side=claim.side,
            actor=claim.actor if claim.measure in OF_DEEDS else None,
            claimant=claim.claimant,
            period=(str(period.start), str(period.end), str(period.precision), period.inferred) if period else None,
            places=tuple(place.model_dump(mode="json") for place in claim.places[:MAX_PLACES]),
            parent=claim.parent,
            whole=claim.whole,
            confidence=claim.confidence,
            publisher=claim.publisher or UNNAMED,
            simhash=int(article.simhash, 16),
            published=published,
            url=article.url,
            title=article.title[:MAX_QUOTE],
            source=article.source,
            words=span.words[:MAX_QUOTE] if span else "",
            sentence=span.sentence[:MAX_QUOTE] if span else "",
        )

    def to_row(self) -> bytes:
        """As it stands in the state."""
        return orjson.dumps([getattr(self, name) for name in _NAMES])

    @staticmethod
    @lru_cache(maxsize=CACHED)
    def from_row(row: bytes) -> Entry:
        """Read a row; what it says never changes, so that rows read again and again are read once."""
        return Entry(*orjson.loads(row))

    @cached_property
    def mark(self) -> str:
        """A fingerprint of all of it."""
        return f"{self.claim}{digest(self.to_row().hex())}"

    @cached_property
    def teller(self) -> str:
        """Who says so: the claimant, or the publisher where none is named."""
        return f"claimant:{self.claimant}" if self.claimant else f"publisher:{self.publisher}"

    @cached_property
    def published_on(self) -> date:
        """Day of publication (UTC)."""
        return moment(self.published).date()

    @cached_property
    def incident(self) -> bool:
        """Whether it tells of one thing that happened."""
        return is_incident(Kind.carry(self.kind), Scope.carry(self.scope))

    @cached_property
    def dated(self) -> bool:
        """Whether the text itself gives a date."""
        return self.period is not None and not self.period[3]

    @cached_property
    def days(self) -> tuple[date, date]:
        """First and last day for which it is told; the day of publication where nothing is said."""
        if self.period is None:
            return self.published_on, self.published_on
        return date.fromisoformat(self.period[0]), date.fromisoformat(self.period[1])

    @cached_property
    def day(self) -> date:
        """The day that stands for it: its first, or of an undated one its last, which is its publication."""
        return self.days[0] if self.dated else self.days[1]

    @cached_property
    def where(self) -> tuple[Place, ...]:
        """Its places as models."""
        return tuple(Place.model_validate(place, context={"reading": True}) for place in self.places)

    @cached_property
    def set_aside(self) -> str | None:
        """Why it is kept and shown but moves nothing; None where it counts."""
        return _set_aside(self)


_NAMES = tuple(field.name for field in fields(Entry))


def _set_aside(entry: Entry) -> str | None:
    terms = (
        Measure.carry(entry.measure),
        Qualifier.carry(entry.qualifier),
        Kind.carry(entry.kind),
        Scope.carry(entry.scope),
        Group.carry(entry.group),
        Realis.carry(entry.realis),
        EventType.carry(entry.event_type),
    )
    if not all(term.known for term in terms):
        return "unknown"
    if Realis(entry.realis) not in TOLD_AS_REAL:
        return entry.realis
    if entry.background:
        return "background"
    return None if is_conflict(EventType(entry.event_type)) else "not_conflict"
