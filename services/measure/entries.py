"""What the ledger keeps of a claim: all that belief is made of, as one small row."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Self

import orjson

from schemas import Claim, EventType, Group, Kind, Measure, Place, Qualifier, Realis, Scope
from schemas.vocabulary import OF_DEEDS, TOLD_AS_REAL, is_conflict

from .books import is_incident
from .moments import micros, moment
from .publishers import UNNAMED

MAX_QUOTE = 1_000
"""Characters kept of a headline or sentence: what a person reads of a citation; the claim has the rest."""

MAX_PLACES = 20
"""Places kept: more are no place but a list."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One claim as the ledger keeps it; lists of words as plain strings, times in microseconds since 1970."""

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
    def of(cls, claim: Claim) -> Self:
        """What is kept of a claim."""
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
            confidence=claim.confidence,
            publisher=claim.publisher or UNNAMED,
            simhash=int(article.simhash, 16),
            published=micros(believed_at(claim)),
            url=article.url,
            title=article.title[:MAX_QUOTE],
            source=article.source,
            words=span.words[:MAX_QUOTE] if span else "",
            sentence=span.sentence[:MAX_QUOTE] if span else "",
        )

    def to_row(self) -> bytes:
        """As it stands in the state."""
        return orjson.dumps(astuple(self))

    @classmethod
    def from_row(cls, row: bytes) -> Self:
        """Read a row."""
        return cls(*orjson.loads(row))

    @property
    def teller(self) -> str:
        """Who says so: the claimant, or the publisher where none is named."""
        return f"claimant:{self.claimant}" if self.claimant else f"publisher:{self.publisher}"

    @property
    def published_on(self) -> date:
        """Day of publication (UTC)."""
        return moment(self.published).date()

    @property
    def incident(self) -> bool:
        """Whether it tells of one thing that happened."""
        return is_incident(Kind.carry(self.kind), Scope.carry(self.scope))

    @property
    def dated(self) -> bool:
        """Whether the text itself gives a date."""
        return self.period is not None and not self.period[3]

    @property
    def days(self) -> tuple[date, date]:
        """First and last day for which it is told; the day of publication where nothing is said."""
        if self.period is None:
            return self.published_on, self.published_on
        return date.fromisoformat(self.period[0]), date.fromisoformat(self.period[1])

    def where(self) -> tuple[Place, ...]:
        """Its places as models."""
        return tuple(Place.model_validate(place, context={"reading": True}) for place in self.places)


def believed_at(claim: Claim) -> datetime:
    """When a claim was published: as the article says, unless that is later than it came in plus a day."""
    published, collected = claim.article.published_at, claim.article.collected_at
    return published if published is not None and published - collected <= timedelta(days=1) else collected.astimezone(UTC)


def set_aside(entry: Entry) -> str | None:
    """Why an entry is kept and shown but moves nothing; None where it counts."""
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
