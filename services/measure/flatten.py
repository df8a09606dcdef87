"""From what an article says to rows of the ledger: counts made flat, and what is taken back, in batches for each book."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from schemas import (
    ArticleStatus,
    Batch,
    Claim,
    Count,
    EventRecord,
    EventType,
    Indicator,
    Kind,
    Measure,
    Part,
    Reading,
    Scope,
    identify,
    plain,
)

from .books import book_of, is_incident
from .entries import Entry
from .facts import line_fact
from .moments import micros
from .publishers import publisher_of
from .reading import believed

UNBATCHED = Batch(id="", i=1, n=1)
"""Stands until all that a revision changes in a book is known."""


class Stub(Part):
    """What must be known of a claim to take it back."""

    id: str
    """The claim's id."""
    book: str
    """Where it went."""
    event: str
    """Id of its event record."""
    event_type: EventType
    """What sort of thing happened."""
    measure: Measure
    """What was counted."""
    value: int
    """The number."""
    kind: Kind
    """Flow, cumulative or stock."""
    scope: Scope
    """Incident, period or campaign."""

    @classmethod
    def of(cls, claim: Claim) -> Stub:
        """The stub of a claim."""
        return cls(
            id=claim.id,
            book=claim.book,
            event=claim.event,
            event_type=claim.event_type,
            measure=claim.measure,
            value=claim.value,
            kind=claim.kind,
            scope=claim.scope,
        )

    def withdraw(self, reading: Reading) -> Claim:
        """The claim that takes it back, in the name of the reading that no longer says it."""
        return Claim(
            **{name: getattr(self, name) for name in type(self).model_fields},
            batch=UNBATCHED,
            withdrawn=True,
            article=reading.article,
            extractor=reading.extractor,
            publisher=publisher_of(reading.article.source, reading.article.url),
            evidence=(),
        )


def flatten(reading: Reading) -> tuple[Claim, ...]:
    """The claims of a reading, each with its event's places and period where its count has none; of a withdrawn article none."""
    if reading.article.status is ArticleStatus.WITHDRAWN:
        return ()
    publisher = publisher_of(reading.article.source, reading.article.url)
    claims: dict[str, Claim] = {}
    for event in reading.events:
        for count in event.counts:
            claim = _claim(reading, publisher, event, count)
            claims.setdefault(claim.id, claim)
    return tuple(
        claim if (whole := _whole(claim, claims)) is None else claim.model_copy(update={"whole": whole}) for claim in claims.values()
    )


def _whole(part: Claim, claims: Mapping[str, Claim]) -> str | None:
    """The indicator of the line that another line is part of; only the article knows, for the two may lie in different books."""
    whole = claims.get(part.parent) if part.parent else None
    if whole is None or is_incident(whole.kind, whole.scope) or is_incident(part.kind, part.scope):
        return None
    return Indicator.identify(
        whole.book, line_fact(Entry.of(plain(whole), micros(believed(whole.article.published_at, whole.article.collected_at))))
    )


def _claim(reading: Reading, publisher: str, event: EventRecord, count: Count) -> Claim:
    places = count.places or event.places
    extractor = reading.extractor.name
    return Claim(
        id=Claim.identify(count.id, extractor),
        book=book_of(count.measure, count.kind, count.scope, places),
        batch=UNBATCHED,
        article=reading.article,
        extractor=reading.extractor,
        publisher=publisher,
        event=event.id,
        event_type=event.type,
        background=event.background,
        actors=event.actors,
        targets=event.targets,
        measure=count.measure,
        value=count.value,
        qualifier=count.qualifier,
        low=count.low,
        high=count.high,
        kind=count.kind,
        scope=count.scope,
        realis=count.realis,
        who=count.who,
        group=count.group,
        side=count.side,
        actor=count.actor,
        claimant=count.claimant,
        period=count.period or event.period,
        places=places,
        parent=Claim.identify(count.parent, extractor) if count.parent else None,
        evidence=count.evidence,
        confidence=count.confidence,
    )


def batches(reading: Reading, claims: Iterable[Claim], taken_back: Iterable[Stub]) -> Iterator[Claim]:
    """All that a reading changes, book by book in a fixed order: what is taken back first, then what is said."""
    withdrawn = [stub.withdraw(reading) for stub in taken_back]
    books: dict[str, list[Claim]] = defaultdict(list)
    for claim in chain(withdrawn, claims):
        books[claim.book].append(claim)
    for book, changes in sorted(books.items()):
        ordered = sorted(changes, key=lambda claim: (not claim.withdrawn, claim.id))
        batch = _batch_id(reading, book)
        for i, claim in enumerate(ordered, 1):
            yield claim.model_copy(update={"batch": Batch(id=batch, i=i, n=len(ordered))})


def _batch_id(reading: Reading, book: str) -> str:
    article, extractor = reading.article, reading.extractor
    return identify("batch", article.id, article.revision.model_dump(mode="json"), extractor.name, extractor.version, book)
