"""Who told which figure when: a teller's claims of one figure are one statement, and only the newest of each teller is current."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from schemas import Qualifier

from .entries import CACHED, Entry
from .moments import moment
from .publishers import copied

UNDATED_LAG = timedelta(days=92)
"""How long a figure with a date of its own stands against undated ones of the same teller: dated figures come in quarterly
reports, and what is printed without a date in the meantime is as likely older."""

_CAPPED = frozenset({Qualifier.AT_MOST, Qualifier.FEWER_THAN})


@dataclass(frozen=True, slots=True)
class Statement:
    """One figure of one teller, with all the claims that repeat it, newest first."""

    teller: str
    value: int
    qualifier: str
    low: int | None
    high: int | None
    as_of: date
    dated: bool
    """Whether the text gives the date."""
    published: int
    """When it was first published (microseconds): a repeat does not make it new."""
    outlets: frozenset[str]
    """Publishers that tell it; near-copies are one."""
    entries: tuple[Entry, ...]
    order: tuple[date, int, int, int] = field(init=False, compare=False)
    """Newest last: by date, then first publication, then how widely it is told, the lower at a tie."""

    def __post_init__(self) -> None:
        """Reckon the order once: a figure of a thousand tellers is put in order with each claim."""
        order = (lagged(self.as_of, dated=self.dated), self.published, self.publishers, -self.value)
        object.__setattr__(self, "order", order)

    @property
    def publishers(self) -> int:
        """How many publishers tell it."""
        return len(self.outlets)


def outlets(told: Iterable[Statement]) -> int:
    """How many publishers stand behind statements; who tells two of them is counted once."""
    return len({outlet for statement in told for outlet in statement.outlets})


def lagged(as_of: date, *, dated: bool) -> date:
    """The date by which statements of a teller are compared."""
    return as_of if dated or as_of - date.min < UNDATED_LAG else as_of - UNDATED_LAG


def current(entries: Iterable[Entry], *, line: bool) -> list[Statement]:
    """The newest statement of each teller, newest first.

    Figures of a line are told for a date; those of an incident (`line=False`) as of their publication.
    """
    by_teller: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_teller[entry.teller].append(entry)
    newest = [_newest(teller, told, line=line) for teller, told in by_teller.items()]
    return sorted(_without_copies(newest), key=lambda s: (*s.order, s.teller), reverse=True)


def _without_copies(told: Iterable[Statement]) -> Iterator[Statement]:
    """Statements of publishers that print the same text with the same figure are one, of the one that printed it first."""
    figures: dict[tuple[int, str], list[Statement]] = defaultdict(list)
    for statement in told:
        if statement.entries[0].claimant:
            yield statement
        else:
            figures[statement.value, _direction(statement.entries[0])].append(statement)
    for alike in figures.values():
        first_of = copied((entry.publisher, entry.simhash) for statement in alike for entry in statement.entries)
        copies: dict[str, list[Statement]] = defaultdict(list)
        for statement in alike:
            copies[first_of[statement.entries[0].publisher]].append(statement)
        for same in copies.values():
            yield _merged(same) if len(same) > 1 else same[0]


def _merged(copies: Sequence[Statement]) -> Statement:
    first = min(copies, key=lambda statement: (statement.published, statement.teller))
    entries = [entry for statement in copies for entry in statement.entries]
    return _statement(first.teller, entries, as_of=first.as_of, dated=first.dated)


@lru_cache(maxsize=CACHED)
def _alone(entry: Entry, *, line: bool) -> Statement:
    """The statement of a teller that told but once, as most do: made once."""
    dated = line and entry.dated
    return _statement(entry.teller, [entry], as_of=entry.days[1] if dated else entry.published_on, dated=dated)


def _newest(teller: str, told: Sequence[Entry], *, line: bool) -> Statement:
    """The newest statement of a teller; of those of earlier dates none is built."""
    if len(told) == 1:
        return _alone(told[0], line=line)
    figures: dict[tuple[int, str], list[Entry]] = defaultdict(list)
    for entry in told:
        figures[entry.value, _direction(entry)].append(entry)
    dates = [told_for for entries in figures.values() for told_for in _by_date(entries, line=line).items()]
    latest = max(lagged(as_of, dated=dated) for (as_of, dated), _ in dates)
    statements = (
        _statement(teller, same, as_of=as_of, dated=dated) for (as_of, dated), same in dates if lagged(as_of, dated=dated) == latest
    )
    return max(statements, key=lambda statement: statement.order)


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
    newest_first = tuple(sorted(entries, key=lambda entry: (-entry.published, entry.claim)))
    words = _words(entries)
    return Statement(
        teller=teller,
        value=entries[0].value,
        qualifier=words[0],
        low=words[1],
        high=words[2],
        as_of=as_of,
        dated=dated,
        published=newest_first[-1].published,
        outlets=frozenset(copied((entry.publisher, entry.simhash) for entry in entries).values()),
        entries=newest_first,
    )


def _words(entries: list[Entry]) -> tuple[str, int | None, int | None]:
    """How far the words commit themselves, as most publishers repeat them."""
    told: dict[tuple[str, int | None, int | None], set[str]] = defaultdict(set)
    for entry in entries:
        told[entry.qualifier, entry.low, entry.high].add(entry.publisher)
    return min(told, key=lambda words: (-len(told[words]), str(words)))
