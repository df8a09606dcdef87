"""Claims by book -> indicators: what is believed now, told whenever it changes."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from schemas import Claim, Figure, Indicator, Review, Tick, Topic, key_of, parts_of, read_book_record
from schemas.topics import CLAIMS, INDICATORS, LEDGER_RETENTION
from services.stage import Absorbing, Output, Record, State

from . import belief
from .absorbed import owe, settle
from .changes import Changes
from .entries import Entry
from .incidents import SUPPORT, cluster
from .ledger import Ledger, Standing
from .moments import HOUR, micros, moment, shifted
from .parts import facts_of_wholes
from .reading import AHEAD, believed_at, ordered, read

RETENTION: Final = LEDGER_RETENTION * 1_000
"""Microseconds for which belief is held, counted back from the data's clock."""

SWEPT_AT_ONCE: Final = 200
"""What expires with one record at most; what is left goes with the next ones."""

TICK_EVERY: Final = timedelta(minutes=1)
"""How often time is put into the log while it is live."""

ASLEEP: Final = 3 * TICK_EVERY
"""How long a log without ticks is taken for one that just waits for the next."""

LIVE: Final = timedelta(days=1)
"""How close the data's clock must be to the wall clock for time to pass by itself."""


class Fold(Absorbing):
    """Claims, reviews and ticks in, indicators out."""

    name: str = "measure.fold"
    topic: Topic = CLAIMS
    version: int | None = 1

    def __init__(self, partitions: int) -> None:
        """`partitions` is how many the claims topic has: ticks go to all of them."""
        self._partitions = partitions
        self._ticked: dict[int, datetime] = {}

    def handle(self, record: Record, state: State) -> Iterable[Output]:
        """The indicators that this record changes."""
        ledger = Ledger(state)
        changes = self._take_in(record, ledger)
        return [
            *self._lines(ledger, changes, record.offset),
            *self._incidents(ledger, changes, record.offset),
            *self._expired(ledger, changes),
        ]

    def absorb(self, record: Record, state: State) -> None:
        """Take a record in, and mark what it bears on; raises what `handle` raises."""
        ledger = Ledger(state)
        changes = self._take_in(record, ledger)
        for indicator in changes.expired:
            ledger.untell(indicator)
        owe(state, changes, record.offset)

    def digest(self, state: State) -> bool:
        """Decide on a line or a month of one book that is marked, as `handle` would have by now; False where nothing is.

        What came and went in between was never believed here: no retracted indicator is kept of it, nor what was believed before
        (`previous`), and `revision` is that of the last record that bears on it.
        """
        owed = settle(state)
        if owed is None:
            return False
        ledger = Ledger(state)
        for outputs in (self._lines(ledger, *owed), self._incidents(ledger, *owed)):
            deque(outputs, maxlen=0)  # told by others; what counts is the rows that they leave
        return True

    # What a record changes

    def _take_in(self, record: Record, ledger: Ledger) -> Changes:
        said = read(record, read_book_record)
        changes = Changes()
        if isinstance(said, Claim):
            self._claim(said, record, ledger, changes)
        elif isinstance(said, Review):
            ledger.review(said)
        elif said.at - record.timestamp <= AHEAD:
            ledger.tick(micros(said.at))
            ledger.advance(micros(said.at))
        self._sweep(ledger, changes)
        return changes

    def _claim(self, claim: Claim, record: Record, ledger: Ledger, changes: Changes) -> None:
        published = micros(believed_at(claim.article, record))
        ledger.advance(published)
        batch = ledger.complete(claim, published)
        if batch is not None:
            _enter(batch, published, ledger, changes)

    def _sweep(self, ledger: Ledger, changes: Changes) -> None:
        """Forget what lies beyond the horizon."""
        if (horizon := _horizon(ledger)) is None or ledger.swept == horizon:
            return
        due = ledger.due(horizon, SWEPT_AT_ONCE)
        for published, key in due:
            kind, book, what = parts_of(key)[:3]
            if kind == "batch":
                ledger.drop_batch(book, what)
            elif kind == "article" and (standing := ledger.standing(book, what)) and standing.published == published:
                _leave(book, standing, ledger, changes)
                ledger.forget(book, what)
            elif kind == "told" and (told := ledger.told(book, what)) and told.retracted:
                changes.expired.append(told)
        if len(due) < SWEPT_AT_ONCE:
            ledger.sweep(horizon)

    # What follows from it

    def _lines(self, ledger: Ledger, changes: Changes, offset: int) -> Iterator[Output]:
        for book, fact in sorted(changes.lines):
            believed = belief.line(book, fact, ledger.line(book, fact))
            yield from _tell(ledger, ledger.told(book, fact), believed, offset)

    def _incidents(self, ledger: Ledger, changes: Changes, offset: int) -> Iterator[Output]:
        for book, first, last in changes.stretches():
            known = ledger.signatures(book, first, last)
            around = cluster(ledger.sightings(book, shifted(first, -SUPPORT), shifted(last, SUPPORT)))
            wholes = facts_of_wholes(around)
            found = {one.fact: one for one in around if first <= one.day <= last}
            for fact in sorted({*known, *found}):
                one, whole = found.get(fact), wholes.get(fact)
                signature = one.signature(whole) if one else None
                if known.get(fact) != signature:
                    ledger.sign(book, fact, signature)
                    yield from _tell(ledger, ledger.told(book, fact), belief.incident(book, one, whole) if one else None, offset)

    def _expired(self, ledger: Ledger, changes: Changes) -> Iterator[Output]:
        for indicator in changes.expired:
            ledger.untell(indicator)
            yield Output(INDICATORS, key_of(indicator.book, indicator.fact), None)

    # The runtime's other questions

    def idle(self, partition: int, state: State, now: datetime) -> Iterable[Output]:
        """Ticks, while the data's clock is live: from the owner of partition 0 to all; from the others to wake that one."""
        ledger = Ledger(state)
        clock, ticked, last = ledger.clock, ledger.ticked, self._ticked.get(partition)
        if clock is None or abs(now - moment(clock)) > LIVE or (last is not None and now - last < TICK_EVERY):
            return []
        self._ticked[partition] = now
        if partition == 0:
            return [Output(CLAIMS, "tick", Tick(at=now), partition=each) for each in range(self._partitions)]
        if ticked is not None and now - moment(ticked) < ASLEEP:
            return []
        return [Output(CLAIMS, "tick", Tick(at=moment(clock)), partition=0)]

    def current(self, state: State) -> Iterator[Output]:
        for indicator in Ledger(state).everything_told():
            yield Output(INDICATORS, key_of(indicator.book, indicator.fact), indicator)


def _horizon(ledger: Ledger) -> int | None:
    """What was published at or before is no longer believed: counted in whole hours, so that a sweep is rare."""
    clock = ledger.clock
    return None if clock is None else clock // HOUR * HOUR - RETENTION


def _enter(batch: list[Claim], published: int, ledger: Ledger, changes: Changes) -> None:
    """Let a whole batch take the place of what its article said in its book; nothing where that was newer."""
    first = batch[0]
    book, article = first.book, first.article
    version, name = ordered(first.extractor)
    new = Standing(revision=article.revision, extractor=version, extractor_name=name, published=published)
    old = ledger.standing(book, article.id)
    if old is not None:
        if old.order > new.order:
            return
        _leave(book, old, ledger, changes)
    horizon = _horizon(ledger)
    if horizon is not None and published <= horizon:
        ledger.forget(book, article.id)
        return
    entries = [Entry.of(claim, published) for claim in batch if not claim.withdrawn]
    for entry in entries:
        changes.concern(book, entry)
    rows = tuple(ledger.enter(book, entry) for entry in entries)
    ledger.stand(book, article.id, new.model_copy(update={"rows": rows}))


def _leave(book: str, standing: Standing, ledger: Ledger, changes: Changes) -> None:
    """Take out what an article said in a book."""
    for row in standing.rows:
        entry = ledger.remove(row)
        if entry is not None:
            changes.concern(book, entry)


def _tell(ledger: Ledger, told: Indicator | None, believed: Indicator | None, offset: int) -> Iterator[Output]:
    """Tell what is believed where it differs from what was told; of what vanished, that it did."""
    if believed is None:
        if told is None:
            return
        horizon = _horizon(ledger)
        if horizon is not None and micros(told.published_at) <= horizon:
            ledger.untell(told)
            yield Output(INDICATORS, key_of(told.book, told.fact), None)
            return
        if told.retracted:
            return
        ledger.expire_told(told)
        believed = told.model_copy(update={"retracted": True})
    if told is not None and _same(told, believed):
        return
    figure = Figure(value=told.value, qualifier=told.qualifier, low=told.low, high=told.high) if told is not None else None
    unchanged = told is not None and figure == Figure(
        value=believed.value, qualifier=believed.qualifier, low=believed.low, high=believed.high
    )
    previous = told.previous if told is not None and unchanged else figure
    telling = believed.model_copy(update={"revision": offset, "previous": previous})
    ledger.tell(telling)
    yield Output(INDICATORS, key_of(telling.book, telling.fact), telling)


def _same(told: Indicator, believed: Indicator) -> bool:
    """Whether two indicators say the same, whenever they said it."""
    apart = {"revision": 0, "previous": None}
    return told.model_copy(update=apart) == believed.model_copy(update=apart)
