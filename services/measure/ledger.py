"""The rows of one partition's ledger: claims by fact, articles, unfinished batches, indicators, and the data's clock.

| key | row |
|---|---|
| `clock` | the data's clock, in microseconds since 1970, and the moment up to which all that expired is gone |
| `ticked` | the newest tick |
| `batch|<book>|<batch>` | how many claims of a batch have come |
| `piece|<book>|<batch>|<i>` | one of them, as it came |
| `article|<book>|<article>` | the revision that counts in this book, and where its claims stand |
| `line|…`, `said|…`, `aside|…` | claims of stocks, totals and tolls, and what is reckoned of them (lines.py) |
| `sight|<book>|<group>|<day>|<sort>|<claim>` | a claim of an incident |
| `sheet|<book>|<group>|<day>` | the fingerprints of such claims of one day by sort, how many, and whether they are still to be decided on |
| `found|<book>|<group>|<day>` | the label of the incidents of a group and day that were last decided on, and what they were made of |
| `told|<book>|<fact>` | the indicator as it was last told |
| `made|<book>|<fact>` | what belief in an incident that was told is made of: a fingerprint; empty where it was taken back |
| `review|<book>|<review>` | an analyst's correction |
| `expiry|<moment>|<key>` | what expires when |
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Final, NamedTuple

import orjson

from schemas import Indicator, PlainClaim, Review, Tick, key_of, parts_of, read_book_record_plainly
from schemas.topics import LEDGER_RETENTION
from services.stage import State

from . import lines
from .belief import Plain
from .changes import SIGHT
from .entries import MARK, Entry
from .incidents import fact_prefix
from .lines import Line, line_key
from .moments import HOUR, micros, sortable
from .reading import version_of
from .sheets import SHEET, Heading, sheet_of
from .sightings import sort_of
from .statements import Cited

FOUND = "found"
"""How keys of what was found of a day begin; then come book, group and day."""

RETENTION: Final = LEDGER_RETENTION * 1_000
"""Microseconds for which belief is held, counted back from the data's clock."""

LAST_DAY = f"{date.max.toordinal():07d}"
"""Behind it comes no day of a group."""


class Standing(NamedTuple):
    """What one article says in one book."""

    updated_at: int
    """Its newest revision: when the publisher changed it (microseconds since 1970),"""
    content: str
    """and the fingerprint of its content."""
    version: str
    """Version of what read it."""
    extractor: str
    """Name of what read it."""
    published: int
    """When it was published (microseconds since 1970)."""
    rows: tuple[str, ...] = ()
    """Keys of its claims' rows."""

    @classmethod
    def of(cls, claim: PlainClaim, published: int) -> Standing:
        """What the article of this claim says, but for its rows.

        Raises:
            Invalid: a version longer than any that was ever given.

        """
        revision, extractor = claim["article"]["revision"], claim["extractor"]
        version_of(extractor["version"])
        return cls(micros(revision["updated_at"]), revision["content"], extractor["version"], extractor["name"], published)

    @property
    def order(self) -> tuple[object, ...]:
        """The newer wins."""
        return self.updated_at, self.content, version_of(self.version), self.extractor


class Ledger:
    """One partition's rows, read and written by what they mean."""

    def __init__(self, state: State, owing: int = -1) -> None:
        """`owing` is the offset of a record that is absorbed: what it bears on is decided on later."""
        self._state = state
        self._owing = owing
        self.clock, self.swept = self._read_clock()
        """The data's clock, None before anything came; and the horizon up to which all that expired is gone, None before anything was."""

    # The clock

    def _read_clock(self) -> tuple[int | None, int | None]:
        row = self._state.get("clock")
        if row is None:
            return None, None
        clock, _, swept = row.partition(b" ")
        return int(clock), int(swept) if swept else None

    def _keep_clock(self) -> None:
        told = [self.clock, self.swept]
        self._state.put("clock", " ".join(str(each) for each in told if each is not None).encode())

    def advance(self, at: int) -> None:
        """Let the clock be at least here."""
        if self.clock is None or at > self.clock:
            self.clock = at
            self._keep_clock()

    def sweep(self, horizon: int) -> None:
        """Nothing published at or before the horizon is left."""
        self.swept = horizon
        self._keep_clock()

    @property
    def horizon(self) -> int | None:
        """What was published at or before this is no longer believed: counted in whole hours, so that a sweep is rare."""
        return None if self.clock is None else self.clock // HOUR * HOUR - RETENTION

    @property
    def ticked(self) -> int | None:
        """When time was last put into this log (microseconds since 1970); None where it never was."""
        row = self._state.get("ticked")
        return int(row) if row else None

    def tick(self, at: int) -> None:
        """Time was put into this log."""
        self._state.put("ticked", str(at).encode())

    # Batches

    def complete(self, claim: PlainClaim, came: bytes, published: int) -> list[PlainClaim] | None:
        """Add a claim, that `came` in these bytes, to its batch; all of the batch where it is the last to come, otherwise None."""
        batch, book = claim["batch"], claim["book"]
        if batch["n"] == 1:
            return [claim]
        count_key, count = key_of("batch", book, batch["id"]), self._came(claim)
        self._state.put(_piece_key(claim), came)
        if count < batch["n"]:
            self._state.put(count_key, b"%d" % count)
            self._expire(published, count_key)
            return None
        pieces = list(self._state.scan(key_of("piece", book, batch["id"], "")))
        self._drop_batch(count_key, [key for key, _ in pieces])
        return [piece for _, row in pieces if not isinstance(piece := read_book_record_plainly(row), Review | Tick)]

    def completed(self, claim: PlainClaim) -> list[PlainClaim]:
        """All of a claim's batch, where this is the last to come; otherwise nothing, and nothing is read."""
        batch = claim["batch"]
        if batch["n"] == 1:
            return [claim]
        if self._came(claim) < batch["n"]:
            return []
        rows = self._state.scan(key_of("piece", claim["book"], batch["id"], ""))
        came = [piece for _, row in rows if not isinstance(piece := read_book_record_plainly(row), Review | Tick)]
        return [*came, claim]

    def _came(self, claim: PlainClaim) -> int:
        """How many claims of its batch have come with this one."""
        known = self._state.get(_piece_key(claim)) is not None
        return int(self._state.get(key_of("batch", claim["book"], claim["batch"]["id"])) or 0) + (not known)

    def _drop_batch(self, count_key: str, pieces: Iterable[str]) -> None:
        self._state.delete(count_key)
        for key in pieces:
            self._state.delete(key)

    # Articles and their claims

    def standing(self, book: str, article: str) -> Standing | None:
        """What an article says in a book."""
        row = self._state.get(key_of("article", book, article))
        return Standing(*orjson.loads(row)) if row else None

    def stand(self, book: str, article: str, standing: Standing) -> None:
        """Keep what an article says in a book until it expires."""
        key = key_of("article", book, article)
        self._state.put(key, orjson.dumps(tuple(standing)))
        self._expire(standing.published, key)

    def forget(self, book: str, article: str) -> None:
        """Keep nothing of an article in a book."""
        self._state.delete(key_of("article", book, article))

    def enter(self, book: str, entry: Entry) -> str:
        """Write a claim's row; its key."""
        key = row_key(book, entry)
        self.remove(key)
        self._state.put(key, entry.row)
        self._count(key, entry.row, 1)
        return key

    def remove(self, key: str) -> None:
        """Take a claim's row out, if it is there."""
        row = self._state.get(key)
        if row is not None:
            self._state.delete(key)
            self._count(key, row, -1)

    def _count(self, key: str, row: bytes, by: int) -> None:
        if (of := sheet_of(key)) is not None:
            sheet, sort = of
            self._keep_heading(sheet, self._heading(sheet).changed(sort, row, by, self._owing))
        else:
            lines.count(self._state, key, by)

    def line(self, book: str, fact: str) -> Line:
        """What is told of a line's fact."""
        return lines.read_line(self._state, book, fact)

    def cited(self, book: str, fact: str, cited: Cited) -> Entry:
        """A claim of a line that a statement cites."""
        return lines.find(self._state, book, fact, cited)

    def entry(self, book: str, group: str, day: int, sort: int, claim: str) -> Entry:
        """One claim of an incident, that is known to be there."""
        key = key_of(SIGHT, book, group, f"{day:07d}", str(sort), claim)
        row = self._state.get(key)
        if row is None:
            raise KeyError(key)
        return Entry.from_row(row)

    # Sheets: the claims of incidents of one book, group and day (counted as `date.toordinal` does)

    def _heading(self, key: str) -> Heading:
        row = self._state.get(key)
        return Heading.read(row) if row else Heading()

    def _keep_heading(self, key: str, heading: Heading) -> None:
        if row := heading.row:
            self._state.put(key, row)
        else:
            self._state.delete(key)

    def rows(self, book: str, group: str, day: int, sort: int) -> Iterable[bytes]:
        """The claims of one day and sort."""
        return (row for _, row in self._state.scan(key_of(SIGHT, book, group, f"{day:07d}", str(sort), "")))

    def headings(self, book: str, group: str, first: int, last: int) -> Iterator[tuple[int, Heading]]:
        """Of the days on which there are claims, from one to another, what is kept of them all."""
        return ((day, Heading.read(row)) for day, row in self._days(SHEET, book, group, first, last))

    def labels(self, book: str, group: str, first: int, last: int) -> dict[int, tuple[bytes, ...]]:
        """Day -> the fingerprints of its claims, by sort; days without claims are absent."""
        return {day: heading.labels for day, heading in self.headings(book, group, first, last)}

    def settle(self, book: str, group: str, day: int) -> None:
        """What was owed of a sheet is decided on."""
        key = key_of(SHEET, book, group, f"{day:07d}")
        self._keep_heading(key, self._heading(key)._replace(owed=-1))

    def groups(self, book: str) -> Iterator[str]:
        """The groups of a book of which incidents are told."""
        after = ""
        while (key := next((key for key, _ in self._state.scan(key_of(SHEET, book, ""), after)), None)) is not None:
            group = parts_of(key)[2]
            yield group
            after = key_of(SHEET, book, group, LAST_DAY)

    def found(self, book: str, group: str, first: int, last: int) -> dict[int, tuple[bytes, str]]:
        """Day -> the label of the incidents of a group that were last decided on, and what they were made of."""
        return {day: (row[:MARK], row[MARK:].decode()) for day, row in self._days(FOUND, book, group, first, last)}

    def find(self, book: str, group: str, day: int, label: bytes, made_of: str) -> None:
        """Keep what the incidents of a group and day are made of; an empty label where there can be none."""
        key = key_of(FOUND, book, group, f"{day:07d}")
        if label:
            self._state.put(key, label + made_of.encode())
        else:
            self._state.delete(key)

    def _days(self, kind: str, book: str, group: str, first: int, last: int) -> Iterator[tuple[int, bytes]]:
        prefix = key_of(kind, book, group, "")
        for key, row in self._state.scan(prefix, f"{prefix}{max(0, first - 1):07d}"):
            day = int(key[len(prefix) :])
            if day > last:
                return
            yield day, row

    # Indicators

    def told(self, book: str, fact: str) -> Plain | None:
        """An indicator as it was last told."""
        row = self._state.get(key_of("told", book, fact))
        return orjson.loads(row) if row else None

    def tell(self, indicator: Plain) -> None:
        """Keep an indicator as it is told now."""
        self._state.put(key_of("told", indicator["book"], indicator["fact"]), orjson.dumps(indicator))

    def untell(self, indicator: Plain) -> None:
        """Keep it no longer."""
        self._state.delete(key_of("told", indicator["book"], indicator["fact"]))
        self._state.delete(key_of("made", indicator["book"], indicator["fact"]))

    def signatures(self, book: str, day: int) -> dict[str, str]:
        """Of the incidents of a day: fact -> what belief in it was made of."""
        prefix = f"{key_of('made', book, fact_prefix(date.fromordinal(day)))},"
        return {parts_of(key)[2]: row.decode() for key, row in self._state.scan(prefix)}

    def sign(self, book: str, fact: str, signature: str) -> None:
        """Keep what belief in an incident is made of; nothing where it is gone."""
        self._state.put(key_of("made", book, fact), signature.encode())

    def everything_told(self) -> Iterator[Indicator]:
        """All indicators as they were last told."""
        return (Indicator.from_bytes(row) for _, row in self._state.scan("told|"))

    # Reviews

    def review(self, review: Review) -> None:
        """Keep an analyst's correction."""
        self._state.put(key_of("review", review.book, review.id), review.to_bytes())

    # Expiry

    def _expire(self, published: int, key: str) -> None:
        at = published if self.horizon is None else max(published, self.horizon + 1)  # what is late goes when the horizon moves on
        self._state.put(f"expiry|{sortable(at)}|{key}", b"")

    def expire_told(self, indicator: Plain) -> None:
        """Let what is told and taken back be forgotten in its time."""
        self._expire(published_of(indicator), key_of("told", indicator["book"], indicator["fact"]))

    def due(self, horizon: int) -> tuple[int, str] | None:
        """What was published at or before the horizon and is still there, one after the other: when, and its key. It is struck off the list."""
        for key, _ in self._state.scan("expiry|", "" if self.swept is None else f"expiry|{sortable(self.swept + 1)}"):
            _, at, what = key.split("|", 2)
            if at > sortable(horizon):
                return None
            self._state.delete(key)
            return int(at) - 10**17, what
        return None

    def drop_batch(self, book: str, batch: str) -> None:
        """Give an unfinished batch up."""
        self._drop_batch(key_of("batch", book, batch), [key for key, _ in self._state.scan(key_of("piece", book, batch, ""))])


def _piece_key(claim: PlainClaim) -> str:
    return key_of("piece", claim["book"], claim["batch"]["id"], f"{claim['batch']['i']:07d}")


def published_of(indicator: Plain) -> int:
    """Publication of the newest statement that an indicator stands on (microseconds since 1970)."""
    return micros(datetime.fromisoformat(indicator["published_at"]))


def row_key(book: str, entry: Entry) -> str:
    """Where a claim's row stands."""
    if entry.incident:
        return key_of(SIGHT, book, entry.group, f"{entry.day.toordinal():07d}", str(sort_of(entry)), entry.claim)
    return line_key(book, entry)
