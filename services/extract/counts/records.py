"""Tallies -> event records: counts with ids, spans and confidence, grouped by what they tell of."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from schemas import Count, EventRecord, EventType, Measure, Span, SpanField
from schemas.event import MAX_COUNTS, MAX_EVENTS
from schemas.vocabulary import OF_STATES

from ..text.sentences import Sentence
from .confidence import confidence_of, shares_of
from .kinds import kind_of, own_words, scope_of
from .tallies import Evidence, Tally

MAX_QUOTED = 600
"""Characters of a sentence that a span carries; of a longer one, the part around its words."""


def records_of(
    article: str, tallies: Sequence[Tally], sentences: Mapping[int, Sentence], texts: Mapping[str, str]
) -> tuple[tuple[EventRecord, ...], str | None]:
    """The event records of an article's tallies, and what had to be left out."""
    ids = ids_of(article, tallies, texts)
    groups: dict[tuple[object, ...], list[Tally]] = defaultdict(list)
    for tally in tallies:
        groups[_key(tally)].append(tally)
    told = Counter(t.measure for t in tallies if t.counts)
    events = [_event(article, members, ids, told, sentences, texts) for members in list(groups.values())[:MAX_EVENTS]]
    beyond = f"events beyond {MAX_EVENTS}" if len(groups) > MAX_EVENTS else None
    return tuple(events), beyond


def _key(tally: Tally) -> tuple[object, ...]:
    """Counts with the same key belong to one event."""
    family = tally.event_type if tally.event_type in ("disaster", "accident", "drill", "crime") else tally.measure in OF_STATES
    return (
        tally.status.background,
        family,
        tuple(sorted(p.name for p in tally.places)) or None,
        (tally.period.start, tally.period.end) if tally.period else None,
    )


def ids_of(article: str, tallies: Sequence[Tally], texts: Mapping[str, str]) -> dict[int, str]:
    """The id of each tally's count, by the tally's identity."""
    seen: Counter[tuple[str, str]] = Counter()
    ids: dict[int, str] = {}
    for tally in tallies:
        first = tally.evidence[0]
        words = texts[first.field][first.start : first.end]
        ids[id(tally)] = Count.identify(article, tally.measure, words, seen[tally.measure, words])
        seen[tally.measure, words] += 1
    return ids


def _event(
    article: str,
    members: Sequence[Tally],
    ids: Mapping[int, str],
    told: Mapping[Measure, int],
    sentences: Mapping[int, Sentence],
    texts: Mapping[str, str],
) -> EventRecord:
    members = members[:MAX_COUNTS]
    counts = tuple(_count(tally, ids, told[tally.measure], sentences, texts) for tally in members)
    types = Counter(tally.event_type for tally in members if not (tally.event_type == "other" and len(members) > 1))
    first = members[0]
    return EventRecord(
        id=EventRecord.identify(article, tuple(c.id for c in counts)),
        type=EventType(_leading(types)),
        actors=tuple(dict.fromkeys(c.actor for c in counts if c.actor))[:50],
        targets=tuple(dict.fromkeys(c.side for c in counts if c.side))[:50],
        places=first.places,
        period=first.period,
        background=first.status.background,
        counts=counts,
    )


def _leading(types: Counter[str]) -> str:
    if not types:
        return EventType.OTHER
    if EventType.OPERATION in types:
        return EventType.OPERATION
    violent = [name for name in types if name not in (EventType.DETENTION, EventType.OPERATION, EventType.RELEASE, EventType.OTHER)]
    return violent[0] if violent else next(iter(types))


def _count(tally: Tally, ids: Mapping[int, str], told: int, sentences: Mapping[int, Sentence], texts: Mapping[str, str]) -> Count:
    first = tally.evidence[0]
    sentence = sentences[first.sentence]
    words = own_words(sentence.text, first.start - sentence.start, base=sentence.start, field=first.field)
    kind, tally.why["kind"] = kind_of(tally.measure, cumulative=tally.cumulative, period=tally.period, words=words)
    scope, tally.why["scope"] = scope_of(kind, tally.period, words)
    tally.shares = shares_of(tally, beside=told - (tally.parent is None))
    return Count(
        id=ids[id(tally)],
        measure=tally.measure,
        value=tally.value,
        qualifier=tally.qualifier,
        low=tally.low,
        high=tally.high,
        kind=kind,
        scope=scope,
        realis=tally.status.realis,
        who=tally.who.strip(),
        group=tally.group,
        side=tally.side,
        actor=tally.actor,
        claimant=tally.claimant,
        parent=ids.get(id(tally.parent)) if tally.parent is not None else None,
        evidence=tuple(_span(evidence, sentences, texts) for evidence in tally.evidence),
        confidence=confidence_of(tally.shares),
    )


def _span(evidence: Evidence, sentences: Mapping[int, Sentence], texts: Mapping[str, str]) -> Span:
    sentence = sentences[evidence.sentence]
    quoted = sentence.text
    if len(quoted) > MAX_QUOTED:
        middle = (evidence.start + evidence.end) // 2 - sentence.start
        first = max(0, min(middle - MAX_QUOTED // 2, len(quoted) - MAX_QUOTED))
        quoted = quoted[first : first + MAX_QUOTED]
    return Span(
        field=SpanField(evidence.field),
        start=evidence.start,
        end=evidence.end,
        words=texts[evidence.field][evidence.start : evidence.end],
        sentence=quoted,
    )
