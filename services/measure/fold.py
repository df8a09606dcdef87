"""Claims by book -> indicators: what is believed now, told whenever it changes."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final

from schemas import Figure, Indicator, PlainClaim, Review, Tick, Topic, key_of, parts_of, read_book_record_plainly
from schemas.message import READING
from schemas.topics import CLAIMS, INDICATORS
from services.stage import Absorbing, Output, Recalling, Record, State

from . import belief, recalling
from .absorbed import owe, owes, settle, settle_near
from .calendar import NO_LABEL, Calendar, kept
from .changes import Changes, spans
from .entries import Entry
from .incidents import Incident
from .ledger import Ledger, Standing, published_of, row_key
from .moments import micros, moment
from .parts import NEXT_TO, facts_of_wholes
from .reading import AHEAD, believed_at, read

SWEPT_AT_ONCE: Final = 200
"""What expires with one record at most; what is left goes with the next ones,"""

CHANGED_AT_ONCE: Final = 8
"""and how many sheets and lines may have to be decided on for it: each takes a millisecond or two."""

TICK_EVERY: Final = timedelta(minutes=1)
"""How often time is put into the log while it is live."""

ASLEEP: Final = 3 * TICK_EVERY
"""How long a log without ticks is taken for one that just waits for the next."""

LIVE: Final = timedelta(days=1)
"""How close the data's clock must be to the wall clock for time to pass by itself."""


NOT_FOUND = (NO_LABEL, "")
"""Of a day on which no incident was found."""

Telling = tuple[str, belief.Plain | None]
"""Key and indicator; None is a tombstone."""


class Fold(Absorbing, Recalling):
    """Claims, reviews and ticks in, indicators out."""

    name: str = "measure.fold"
    topic: Topic = CLAIMS
    tells: tuple[Topic, ...] = (INDICATORS,)
    version: int | None = 4

    def __init__(self, partitions: int) -> None:
        """`partitions` is how many the claims topic has: ticks go to all of them."""
        self._partitions = partitions
        self._ticked: dict[int, datetime] = {}
        self._kept = kept()

    def handle(self, record: Record, state: State) -> Iterable[Output]:
        """The indicators that this record changes."""
        ledger = Ledger(state)
        changes = self._take_in(record, ledger)
        if not owes(state):
            self._sweep(ledger, changes)  # what expires may bear on anything
        tellings = (
            *self._lines(ledger, changes, record.offset),
            *self._incidents(ledger, changes, record.offset),
            *self._expired(ledger, changes),
        )
        return [Output(INDICATORS, key, _message(telling)) for key, telling in tellings]

    def absorb(self, record: Record, state: State) -> None:
        """Take a record in, and mark what it bears on; raises what `handle` raises."""
        ledger = Ledger(state, owing=record.offset)
        changes = self._take_in(record, ledger)
        self._sweep(ledger, changes)
        for indicator in changes.expired:
            ledger.untell(indicator)
        owe(state, changes, record.offset)

    def digest(self, state: State, record: Record | None = None) -> bool:
        """Decide on a line or some sheets that are marked, as `handle` would have by now; False where nothing is.

        What came and went in between was never believed here: no retracted indicator is kept of it, nor what was believed before
        (`previous`), and `revision` is that of the last record that bears on it.
        """
        ledger = Ledger(state)
        owed = settle(state, ledger) if record is None else settle_near(state, ledger, _concerned(record, ledger))
        if owed is None:
            return False
        for tellings in (self._lines(ledger, *owed), self._incidents(ledger, *owed)):
            deque(tellings, maxlen=0)  # told by others; what counts is the rows that they leave
        return True

    def recall(self, told: Record, before: int, state: State) -> None:
        """Take in an indicator that was told."""
        recalling.recall(told, before, state)

    def reconcile(self, position: int, state: State) -> Iterable[Output] | None:
        """Tell what of some facts is believed otherwise than was told."""
        tellings = recalling.reconcile(position, state, _tell)
        return None if tellings is None else [Output(INDICATORS, key, _message(telling)) for key, telling in tellings]

    # What a record changes

    def _take_in(self, record: Record, ledger: Ledger) -> Changes:
        said = read(record, read_book_record_plainly)
        changes = Changes()
        if isinstance(said, Review):
            ledger.review(said)
        elif not isinstance(said, Tick):
            self._claim(said, record, ledger, changes)
        elif said.at - record.timestamp <= AHEAD:
            ledger.tick(micros(said.at))
            ledger.advance(micros(said.at))
        return changes

    def _claim(self, claim: PlainClaim, record: Record, ledger: Ledger, changes: Changes) -> None:
        article = claim["article"]
        published = micros(believed_at(article["published_at"], article["collected_at"], record))
        ledger.advance(published)
        batch = ledger.complete(claim, record.value or b"", published)
        if batch is not None:
            _enter(batch, published, ledger, changes)

    def _sweep(self, ledger: Ledger, changes: Changes) -> None:
        """Forget what lies beyond the horizon."""
        if (horizon := ledger.horizon) is None or ledger.swept == horizon:
            return
        for _ in range(SWEPT_AT_ONCE):
            if changes.size >= CHANGED_AT_ONCE:
                return
            due = ledger.due(horizon)
            if due is None:
                ledger.sweep(horizon)
                return
            published, key = due
            kind, book, what = parts_of(key)[:3]
            if kind == "batch":
                ledger.drop_batch(book, what)
            elif kind == "article" and (standing := ledger.standing(book, what)) and standing.published == published:
                _leave(standing, ledger, changes)
                ledger.forget(book, what)
            elif kind == "told" and (told := ledger.told(book, what)) and told["retracted"] and published_of(told) <= horizon:
                changes.expired.append(told)

    # What follows from it

    def _lines(self, ledger: Ledger, changes: Changes, offset: int) -> Iterator[Telling]:
        for book, fact in sorted(changes.lines):
            told = ledger.line(book, fact)
            believed = belief.line(book, fact, told.told, told.aside, partial(ledger.cited, book, fact))
            yield from _tell(ledger, ledger.told(book, fact), believed, offset)

    def _incidents(self, ledger: Ledger, changes: Changes, offset: int) -> Iterator[Telling]:
        for book, days in self._moved(ledger, changes).items():
            for first, last in spans(days, NEXT_TO, NEXT_TO):
                yield from self._days(ledger, book, max(1, first), min(date.max.toordinal(), last), offset)

    def _moved(self, ledger: Ledger, changes: Changes) -> dict[str, set[int]]:
        """Book -> the days on which other incidents are found than before."""
        moved: dict[str, set[int]] = defaultdict(set)
        for book, group, first, last in changes.stretches():
            calendar = Calendar(ledger, self._kept, book, group, first, last)
            before = ledger.found(book, group, first, last)
            for day in range(max(1, first), min(date.max.toordinal(), last) + 1):
                label, made_of = before.get(day, NOT_FOUND)
                if (now := calendar.label(day)) != label:
                    ledger.find(book, group, day, now, finds := calendar.finished(day).signature)
                    if finds != made_of:
                        moved[book].add(day)
        return moved

    def _days(self, ledger: Ledger, book: str, first: int, last: int, offset: int) -> Iterator[Telling]:
        """What is told of the days from one to another, where something has changed, with the wholes that incidents are parts of."""
        around = self._around(ledger, book, first - NEXT_TO, last + NEXT_TO)
        wholes = facts_of_wholes(around)
        found = {one.fact: one for one in around}
        for day in range(first, last + 1):
            known = ledger.signatures(book, day)
            now = {one.fact for one in around if one.day.toordinal() == day}
            for fact in sorted({*known, *now}):
                one, whole = found.get(fact), wholes.get(fact)
                signature = one.signature(whole) if one else ""
                if known.get(fact) != signature:
                    ledger.sign(book, fact, signature)
                    told = ledger.told(book, fact) if fact in known else None
                    yield from _tell(ledger, told, _incident(ledger, book, one, whole) if one else None, offset)

    def _around(self, ledger: Ledger, book: str, first: int, last: int) -> list[Incident]:
        """The incidents of all groups from one day to another, by their facts."""
        calendars = [Calendar(ledger, self._kept, book, group, first, last) for group in ledger.groups(book)]
        return sorted(
            (one for calendar in calendars for day in range(first, last + 1) for one in calendar.finished(day).incidents),
            key=lambda incident: incident.fact,
        )

    def _expired(self, ledger: Ledger, changes: Changes) -> Iterator[Telling]:
        for indicator in changes.expired:
            told = ledger.told(indicator["book"], indicator["fact"])
            if told is not None and told["retracted"]:  # and not told again by what this very record brought
                ledger.untell(told)
                yield key_of(told["book"], told["fact"]), None

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


def _concerned(record: Record, ledger: Ledger) -> Changes:
    """What a record will bear on, perhaps more: it may not be newer than what its article said before."""
    concerned = Changes()
    said = read(record, read_book_record_plainly)
    if not isinstance(said, Review | Tick):
        book, article = said["book"], said["article"]
        published = micros(believed_at(article["published_at"], article["collected_at"], record))
        batch = ledger.completed(said)
        rows = [row_key(book, Entry.of(claim, published)) for claim in batch]
        old = ledger.standing(book, article["id"]) if batch else None
        for row in (*rows, *(old.rows if old else ())):
            concerned.concern(row)
    return concerned


def _enter(batch: list[PlainClaim], published: int, ledger: Ledger, changes: Changes) -> None:
    """Let a whole batch take the place of what its article said in its book; nothing where that was newer."""
    book, article = batch[0]["book"], batch[0]["article"]["id"]
    new = Standing.of(batch[0], published)
    old = ledger.standing(book, article)
    if old is not None:
        if old.order > new.order:
            return
        _leave(old, ledger, changes)
    horizon = ledger.horizon
    if horizon is not None and published <= horizon:
        ledger.forget(book, article)
        return
    entries = [Entry.of(claim, published) for claim in batch if not claim["withdrawn"]]
    rows = tuple([ledger.enter(book, entry) for entry in entries])
    for row in rows:
        changes.concern(row)
    ledger.stand(book, article, new._replace(rows=rows))


def _leave(standing: Standing, ledger: Ledger, changes: Changes) -> None:
    """Take out what an article said in a book."""
    for row in standing.rows:
        ledger.remove(row)
        changes.concern(row)


def _tell(ledger: Ledger, told: belief.Plain | None, believed: belief.Plain | None, offset: int) -> Iterator[Telling]:
    """Tell what is believed where it differs from what was told; of what vanished, that it did."""
    if believed is None:
        if told is None:
            return
        horizon = ledger.horizon
        if horizon is not None and published_of(told) <= horizon:
            ledger.untell(told)
            yield key_of(told["book"], told["fact"]), None
            return
        if told["retracted"]:
            return
        ledger.expire_told(told)
        believed = told | {"retracted": True}
    if told is not None and told | APART == believed | APART:
        return
    figure = _figure(told) if told is not None else None
    previous = told["previous"] if told is not None and figure == _figure(believed) else figure
    revision = (
        offset if told is None else max(offset, told["revision"] + 1)
    )  # told at once with what was told before: a reader wants it newer
    telling = believed | {"revision": revision, "previous": previous}
    ledger.tell(telling)
    yield key_of(telling["book"], telling["fact"]), telling


def _incident(ledger: Ledger, book: str, one: Incident, whole: str | None) -> belief.Plain:
    entries = [ledger.entry(book, one.group, sighting.day, sighting.sort, sighting.claim) for sighting in one.sightings]
    return belief.incident(book, one, entries, whole)


def _message(telling: belief.Plain | None) -> Indicator | None:
    return None if telling is None else Indicator.model_validate(telling, context=READING)


APART = {"revision": 0, "previous": None}
"""What may differ between two indicators that say the same: when they said it."""


def _figure(indicator: belief.Plain) -> belief.Plain:
    return {name: indicator[name] for name in Figure.model_fields}
