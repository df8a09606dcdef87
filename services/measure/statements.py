"""Who told which figure when: a teller's claims of one figure are one statement, and only the newest of each teller is current."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

import orjson

from schemas import Qualifier, Realis
from schemas.indicator import MAX_CITATIONS

from .entries import CACHED, NAMED, Entry
from .moments import moment
from .publishers import copied

UNDATED_LAG = timedelta(days=92)
"""How long a figure with a date of its own stands against undated ones of the same teller: dated figures come in quarterly
reports, and what is printed without a date in the meantime is as likely older."""

_CAPPED = frozenset({Qualifier.AT_MOST, Qualifier.FEWER_THAN})


Words = tuple[str, int | None, int | None]
"""How far the words commit themselves: qualifier, low, high."""


class Cited(NamedTuple):
    """A claim that states a figure, by what finds it again."""

    published: int
    claim: str
    teller: str

    @property
    def order(self) -> tuple[int, str]:
        """The newest first."""
        return -self.published, self.claim


@dataclass(frozen=True, slots=True)
class Statement:
    """One figure of one teller, with what is known of all the claims that repeat it."""

    teller: str
    value: int
    direction: str
    """What keeps equal numbers apart: "up to 50" is another figure than "50" or "at least 50"."""
    words: tuple[Words, ...]
    """How it was put; first as most publishers repeat it."""
    as_of: date
    dated: bool
    """Whether the text gives the date."""
    published: int
    """When it was first published (microseconds): a repeat does not make it new."""
    outlets: frozenset[str]
    """Publishers that tell it; near-copies are one."""
    texts: frozenset[int]
    """Fingerprints of the texts in which a publisher tells it in its own name; of what a named claimant tells none are needed."""
    cited: tuple[Cited, ...]
    """The newest claims, newest first,"""
    claims: int
    """of so many."""
    confidence: float
    """The highest of a claim."""
    asserted: bool
    """Whether any of them asserts it, rather than only reports that somebody claims it."""
    wholes: tuple[str, ...]
    """Ids of indicators of which they say that it is a part."""
    order: tuple[date, int, int, int] = field(init=False, compare=False)
    """Newest last: by date, then first publication, then how widely it is told, the lower at a tie."""

    def __post_init__(self) -> None:
        """Reckon the order once: a figure of a thousand tellers is put in order with each claim."""
        order = (lagged(self.as_of, dated=self.dated), self.published, self.publishers, -self.value)
        object.__setattr__(self, "order", order)

    @property
    def named(self) -> bool:
        """Whether the text names who tells it."""
        return self.teller.startswith(NAMED)

    @property
    def qualifier(self) -> str:
        """As it is put."""
        return self.words[0][0]

    @property
    def low(self) -> int | None:
        """The least that it allows."""
        return self.words[0][1]

    @property
    def high(self) -> int | None:
        """The most that it allows."""
        return self.words[0][2]

    @property
    def publishers(self) -> int:
        """How many publishers tell it."""
        return len(self.outlets)

    @property
    def row(self) -> bytes:
        """As it stands in the state: the same bytes for the same statement."""
        kept = (
            self.teller,
            self.value,
            self.direction,
            self.words,
            self.as_of,
            self.dated,
            self.published,
            sorted(self.outlets),
            sorted(self.texts),
            [tuple(each) for each in self.cited],
            self.claims,
            self.confidence,
            self.asserted,
            self.wholes,
        )
        return orjson.dumps(kept)

    @staticmethod
    @lru_cache(maxsize=CACHED)
    def read(row: bytes) -> Statement:
        """A row of the state; what it says never changes, so that one read again and again is read once."""
        teller, value, direction, words, as_of, dated, published, told_by, texts, cited, claims, confidence, asserted, wholes = (
            orjson.loads(row)
        )
        return Statement(
            teller=teller,
            value=value,
            direction=direction,
            words=tuple((qualifier, low, high) for qualifier, low, high in words),
            as_of=date.fromisoformat(as_of),
            dated=dated,
            published=published,
            outlets=frozenset(told_by),
            texts=frozenset(texts),
            cited=tuple(Cited(*each) for each in cited),
            claims=claims,
            confidence=confidence,
            asserted=asserted,
            wholes=tuple(wholes),
        )


def outlets(told: Iterable[Statement]) -> int:
    """How many publishers stand behind statements; who tells two of them is counted once."""
    return len({outlet for statement in told for outlet in statement.outlets})


def lagged(as_of: date, *, dated: bool) -> date:
    """The date by which statements of a teller are compared."""
    return as_of if dated or as_of - date.min < UNDATED_LAG else as_of - UNDATED_LAG


def statements(entries: Iterable[Entry], *, line: bool) -> list[Statement]:
    """The newest statement of each teller.

    Figures of a line are told for a date; those of an incident (`line=False`) as of their publication.
    """
    by_teller: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_teller[entry.teller].append(entry)
    return [newest(teller, told, line=line) for teller, told in by_teller.items()]


def current(told: Iterable[Statement]) -> list[Statement]:
    """Of the newest statements of all tellers what counts, newest first: copies are one."""
    return sorted(_without_copies(told), key=lambda s: (*s.order, s.teller), reverse=True)


def _without_copies(told: Iterable[Statement]) -> Iterator[Statement]:
    """Statements of publishers that print the same text with the same figure are one, of the one that printed it first."""
    figures: dict[tuple[int, str], list[Statement]] = defaultdict(list)
    for statement in told:
        if statement.named:
            yield statement
        else:
            figures[statement.value, statement.direction].append(statement)
    for alike in figures.values():
        if len(alike) == 1:
            yield alike[0]
            continue
        first_of = copied((statement.teller, text) for statement in alike for text in statement.texts)
        copies: dict[str, list[Statement]] = defaultdict(list)
        for statement in alike:
            copies[first_of[statement.teller]].append(statement)
        for same in copies.values():
            yield _merged(same) if len(same) > 1 else same[0]


def _merged(copies: Sequence[Statement]) -> Statement:
    first = min(copies, key=lambda statement: (statement.published, statement.teller))
    told = Counter(words for statement in copies for words in statement.words)
    return replace(
        first,
        words=_by_width(told),
        outlets=frozenset({min(outlet for statement in copies for outlet in statement.outlets)}),
        texts=frozenset().union(*(statement.texts for statement in copies)),
        cited=_newest_first(each for statement in copies for each in statement.cited),
        claims=sum(statement.claims for statement in copies),
        confidence=max(statement.confidence for statement in copies),
        asserted=any(statement.asserted for statement in copies),
        wholes=tuple(sorted({whole for statement in copies for whole in statement.wholes})),
    )


@lru_cache(maxsize=CACHED)
def _alone(entry: Entry, *, line: bool) -> Statement:
    """The statement of a teller that told but once, as most do: made once."""
    dated = line and entry.dated
    return _statement(entry.teller, [entry], as_of=entry.days[1] if dated else entry.published_on, dated=dated)


def newest(teller: str, told: Sequence[Entry], *, line: bool) -> Statement:
    """The newest statement of a teller; of those told for an earlier date, or first told earlier, none is built."""
    if len(told) == 1:
        return _alone(told[0], line=line)
    figures: dict[tuple[int, str], list[Entry]] = defaultdict(list)
    for entry in told:
        figures[entry.value, _direction(entry)].append(entry)
    dates = [told_for for entries in figures.values() for told_for in _by_date(entries, line=line).items()]
    latest = max(_since(as_of, same, dated=dated) for (as_of, dated), same in dates)
    statements = (
        _statement(teller, same, as_of=as_of, dated=dated) for (as_of, dated), same in dates if _since(as_of, same, dated=dated) == latest
    )
    alike = sorted(statements, key=lambda statement: statement.direction)  # whichever of two told at once came first
    return max(alike, key=lambda statement: statement.order)


def _since(as_of: date, same: Iterable[Entry], *, dated: bool) -> tuple[date, int]:
    """How a statement's order begins: known without building it, which costs a comparison of its texts."""
    return lagged(as_of, dated=dated), min(entry.published for entry in same)


def _direction(entry: Entry) -> str:
    """What keeps equal numbers apart: "up to 50" is another figure than "50" or "at least 50"."""
    if entry.qualifier == Qualifier.BETWEEN:
        return f"to {entry.high}"
    return "up to" if entry.qualifier in _CAPPED else ""


def _by_date(entries: list[Entry], *, line: bool) -> dict[tuple[date, bool], list[Entry]]:
    """One figure's entries by the date it is told for; undated ones repeat the newest dated telling before them, if there is one."""
    dates: dict[tuple[date, bool], list[Entry]] = defaultdict(list)
    undated = [entry for entry in entries if not (line and entry.dated)]
    for entry in entries:
        if line and entry.dated:
            dates[entry.days[1], True].append(entry)
    explicit = sorted(as_of for as_of, _ in dates)
    rest = []
    for entry in undated:
        earlier = [as_of for as_of in explicit if as_of <= entry.published_on]
        if earlier:
            dates[earlier[-1], True].append(entry)
        else:
            rest.append(entry)
    if rest:
        first = min(entry.published for entry in rest)
        dates[moment(first).date(), False] = rest
    return dates


def _statement(teller: str, entries: list[Entry], *, as_of: date, dated: bool) -> Statement:
    told: dict[Words, set[str]] = defaultdict(set)
    for entry in entries:
        told[entry.qualifier, entry.low, entry.high].add(entry.publisher)
    named = bool(entries[0].claimant)
    return Statement(
        teller=teller,
        value=entries[0].value,
        direction=_direction(entries[0]),
        words=_by_width({words: len(publishers) for words, publishers in told.items()}),
        as_of=as_of,
        dated=dated,
        published=min(entry.published for entry in entries),
        outlets=frozenset(copied((entry.publisher, entry.simhash) for entry in entries).values()),
        texts=frozenset() if named else frozenset(entry.simhash for entry in entries),
        cited=_newest_first(Cited(entry.published, entry.claim, teller) for entry in entries),
        claims=len(entries),
        confidence=max(entry.confidence for entry in entries),
        asserted=any(entry.realis == Realis.ASSERTED for entry in entries),
        wholes=tuple(sorted({entry.whole for entry in entries if entry.whole})),
    )


def _newest_first(cited: Iterable[Cited]) -> tuple[Cited, ...]:
    return tuple(heapq.nsmallest(MAX_CITATIONS, cited, key=lambda each: each.order))


def _by_width(told: Mapping[Words, int]) -> tuple[Words, ...]:
    """The words that most publishers repeat first."""
    return tuple(sorted(told, key=lambda words: (-told[words], str(words))))
