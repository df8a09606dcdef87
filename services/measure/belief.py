"""What is believed of a fact, given the claims that state it: the figure, its bounds, and who says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from schemas import Indicator, Kind, PeriodPrecision, Place, iso
from schemas.indicator import MAX_TELLERS

from .entries import Entry
from .facts import running
from .incidents import Incident
from .moments import DAY, midnight, moment
from .places import narrowed
from .statements import Cited, Statement, current, outlets, statements

SETTLING = DAY // 4
"""Microseconds (six hours) in which tellers catch up with each other: among statements so close the most widely told counts."""

MAX_WORDS = 500
"""Characters of a citation's words."""

Plain = dict[str, Any]
"""An indicator, or a part of one, as it stands on the topic: by the names of its fields, in their order. Most are only compared."""

Find = Callable[[Cited], Entry]
"""The claim that is cited."""


def line(book: str, fact: str, told: Iterable[Statement], aside: Mapping[str, int], find: Find) -> Plain | None:
    """What is believed of a stock, a total or a toll, of which each teller's newest statement is given; None where nothing that counts is told.

    `aside` are the claims that move nothing, counted by reason.
    """
    counted = current(told)
    if not counted:
        return None
    head = _leading(counted, find(counted[0].cited[0]).kind)
    like = find(head.cited[0])
    shown = _indicator(book, fact, like, counted, head, _line_period(head, like), aside, find)
    wholes = sorted({whole for statement in counted for whole in statement.wholes})
    return shown | {"part_of": wholes[0]} if wholes else shown


def incident(book: str, found: Incident, entries: Sequence[Entry], whole: str | None) -> Plain:
    """What is believed of an incident, of which these claims tell; `whole` is the fact of the one that it is part of."""
    by_claim = {entry.claim: entry for entry in entries}
    told = current(statements(entries, line=False))
    head = _most_told(told)
    day = _period(found.day, found.day, PeriodPrecision.DAY, inferred=not found.firm)

    def find(cited: Cited) -> Entry:
        return by_claim[cited.claim]

    shown = _indicator(book, found.fact, find(head.cited[0]), told, head, day, found.aside, find)
    part_of = Indicator.identify(book, whole) if whole else None
    return shown | {"places": _places([found.place]), "side": found.party[0], "actor": found.party[1], "part_of": part_of}


def _most_told(told: Sequence[Statement]) -> Statement:
    """Of an incident: the newest statement; among those within six hours of it the most widely told, the lower at a tie."""
    newest = max(statement.published for statement in told)
    close = [statement for statement in told if newest - statement.published <= SETTLING]
    width: Counter[int] = Counter()
    for value in {statement.value for statement in close}:
        width[value] = outlets(s for s in close if s.value == value)
    value = min(width, key=lambda value: (-width[value], value))
    return max((s for s in close if s.value == value), key=lambda s: (s.order, s.teller))


def _leading(told: Sequence[Statement], kind: str) -> Statement:
    """Of a line: the newest statement of a stock; a total or toll is lowered by its own teller only, so the highest leads.

    What is merely claimed leads only where nobody asserts.
    """
    sure = [s for s in told if s.asserted] or list(told)
    if kind == Kind.STOCK:
        return max(sure, key=lambda s: (s.order, s.teller))
    return max(sure, key=lambda s: (s.value, s.order, s.teller))


def _line_period(head: Statement, entry: Entry) -> Plain:
    if entry.kind == Kind.STOCK or entry.period is None:
        return _period(head.as_of, head.as_of, PeriodPrecision.DAY, inferred=not head.dated)
    start, end = entry.days
    if running(entry):
        end = max(start, head.as_of)
    return _period(start, end, entry.period[2], inferred=entry.period[3])


def _indicator(
    book: str, fact: str, like: Entry, told: Sequence[Statement], head: Statement, period: Plain, aside: Mapping[str, int], find: Find
) -> Plain:
    lows, highs = [s.low for s in told], [s.high for s in told]
    return {
        "id": Indicator.identify(book, fact),
        "revision": 0,
        "book": book,
        "fact": fact,
        "measure": like.measure,
        "actor": like.actor,
        "side": like.side,
        "group": like.group,
        "places": _places(narrowed(like.where)),
        "kind": like.kind,
        "scope": like.scope,
        "period": period,
        "value": head.value,
        "qualifier": head.qualifier,
        "low": None if None in lows else min(low for low in lows if low is not None),
        "high": None if None in highs else max(high for high in highs if high is not None),
        "tellers": [_teller(statement, find) for statement in told[:MAX_TELLERS]],
        "teller_count": len(told),
        "publisher_count": outlets(told),
        "set_aside": dict(sorted(aside.items())),
        "part_of": None,
        "conflict": _contradict(told),
        "previous": None,
        "retracted": False,
        "published_at": iso(moment(max(statement.published for statement in told))),
    }


def _places(places: Iterable[Place]) -> list[Plain]:
    return [place.model_dump(mode="json") for place in places]


def _period(start: date, end: date, precision: str, *, inferred: bool) -> Plain:
    return {"start": str(start), "end": str(end), "precision": precision, "inferred": inferred}


def _contradict(told: Iterable[Statement]) -> bool:
    """Whether two named tellers' figures leave no number that both allow; "about" contradicts nobody."""
    named = [s for s in told if s.named]
    highest = max((s.low for s in named if s.low is not None), default=None)
    lowest = min((s.high for s in named if s.high is not None), default=None)
    return highest is not None and lowest is not None and highest > lowest


def _teller(statement: Statement, find: Find) -> Plain:
    return {
        "who": statement.teller,
        "value": statement.value,
        "qualifier": statement.qualifier,
        "low": statement.low,
        "high": statement.high,
        "as_of": iso(midnight(statement.as_of)),
        "published_at": iso(moment(statement.published)),
        "publishers": statement.publishers,
        "citations": [_citation(find(cited)) for cited in statement.cited],
        "claims": statement.claims,
        "confidence": statement.confidence,
    }


def _citation(entry: Entry) -> Plain:
    return {
        "claim": entry.claim,
        "article": entry.article,
        "url": entry.url,
        "title": entry.title,
        "source": entry.source,
        "publisher": entry.publisher,
        "published_at": iso(moment(entry.published)),
        "words": entry.words[:MAX_WORDS],
        "sentence": entry.sentence,
    }
