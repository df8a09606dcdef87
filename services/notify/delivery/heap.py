"""What is pending, by due time, on disk: a private SQLite file that is folded from the partitions and gone with the process."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from schemas import Delivery

from .pending import Progress, Step, step

_SCHEMA = """
create table delivery (
    number integer primary key,
    id text not null,
    partition integer not null,
    endpoint text not null,
    offset integer not null,
    replays integer not null,
    certainty integer not null,
    attempts integer not null,
    due real,
    since real not null,
    scheduled real not null,
    taken integer not null default 0,
    contradicted integer not null default 0
);
create table record (number integer primary key, bytes blob not null);
create unique index known on delivery (id);
create index waiting on delivery (endpoint, partition, due) where due is not null and not taken;
create index lying on delivery (partition);
create index pending on delivery (scheduled) where due is not null;
create index ahead on delivery (since) where due is not null;
create index contradicted on delivery (partition) where contradicted;
create table tally (pending integer not null);
insert into tally values (0);
create trigger came after insert on delivery when new.due is not null begin
    update tally set pending = pending + 1;
end;
create trigger turned after update of due on delivery when (old.due is null) <> (new.due is null) begin
    update tally set pending = pending + iif(new.due is null, -1, 1);
end;
create trigger went after delete on delivery when old.due is not null begin
    update tally set pending = pending - 1;
end;
"""
"""What is pending is counted as it comes and goes: to count a million of them takes half a second."""

AHEAD: Final = 60.0
"""Seconds by which clocks of two machines differ without anybody's fault; beyond, one of them was set."""

CACHE: Final = 16 * 1024
"""KiB of pages in memory: the narrow table and its indexes of 100,000 deliveries; the records lie in a table of their own, on disk."""


class Heap:
    """The deliveries of the partitions held; used from one thread, a few microseconds to milliseconds a call.

    A pending delivery is held whole; of one that has ended only what is needed to know it again.
    """

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)  # no name: SQLite's own temporary file, unlinked at once
        self._db.executescript(f"pragma journal_mode = memory; pragma synchronous = off; pragma cache_size = -{CACHE};" + _SCHEMA)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def fold(self, partition: int, records: Iterable[tuple[int, Delivery]]) -> None:
        """Fold records (offset, delivery) of a partition in the order of their offsets."""
        self._db.execute("begin")
        try:
            for offset, delivery in records:
                self._fold(partition, offset, delivery)
        except BaseException:
            self._db.execute("rollback")
            raise
        self._db.execute("commit")

    def _fold(self, partition: int, offset: int, delivery: Delivery) -> None:
        row = self._db.execute("select replays, certainty, attempts, offset from delivery where id = ?", (delivery.id,)).fetchone()
        known = None if row is None else (Progress(*row[:3]), row[3])
        progress = Progress.of(delivery)
        match step(known, progress, offset):
            case Step.TAKE:
                self._take(partition, max(offset, -1 if known is None else known[1]), progress, delivery)
            case Step.CONFIRM:
                self._db.execute("update delivery set offset = ?, contradicted = 0 where id = ?", (offset, delivery.id))
            case Step.ANSWER:
                self._contradict(delivery)
            case Step.ECHO:
                return

    def _take(self, partition: int, offset: int, progress: Progress, delivery: Delivery) -> None:
        due = None if delivery.status.final else delivery.due_at.timestamp()
        since = delivery.last.at if delivery.last else delivery.scheduled_at
        kept = delivery.model_copy(update={"body": ""}) if delivery.status.final else delivery
        (number,) = self._db.execute(
            """insert into delivery (id, partition, endpoint, offset, replays, certainty, attempts, due, since, scheduled)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            on conflict (id) do update set offset = excluded.offset, replays = excluded.replays, certainty = excluded.certainty,
            attempts = excluded.attempts, due = excluded.due, since = excluded.since, scheduled = excluded.scheduled, contradicted = 0
            returning number""",
            (
                delivery.id,
                partition,
                delivery.endpoint,
                offset,
                progress.replays,
                progress.certainty,
                progress.attempts,
                due,
                since.timestamp(),
                delivery.scheduled_at.timestamp(),
            ),
        ).fetchone()
        self._db.execute("insert or replace into record values (?, ?)", (number, kept.to_bytes()))

    def _contradict(self, delivery: Delivery) -> None:
        """Note that what is known must be written again; what has ended takes its body from the record that came last."""
        number, known = self._db.execute(
            "select number, bytes from delivery join record using (number) where id = ?", (delivery.id,)
        ).fetchone()
        whole = Delivery.from_bytes(known)
        if not whole.body:
            self._db.execute(
                "update record set bytes = ? where number = ?", (whole.model_copy(update={"body": delivery.body}).to_bytes(), number)
            )
        self._db.execute("update delivery set contradicted = 1 where number = ?", (number,))

    def contradicted(self, partitions: Sequence[int], limit: int) -> list[tuple[int, Delivery]]:
        """What has to be written again, because the log's last record of it is not its furthest, with its partition."""
        query = """select partition, bytes from delivery join record using (number)
            where contradicted and partition in (select value from json_each(?)) limit ?"""
        return [
            (partition, Delivery.from_bytes(record)) for partition, record in self._db.execute(query, (_list(partitions), limit)).fetchall()
        ]

    def waiting(self) -> Iterator[tuple[str, int]]:
        """Each endpoint and partition of which something is not taken, in order; looked up one by one, while all may change between."""
        query = """select endpoint, partition from delivery where due is not null and not taken and (endpoint, partition) > (?, ?)
            order by endpoint, partition limit 1"""
        last: tuple[str, int] = ("", -1)
        while (found := self._db.execute(query, last).fetchone()) is not None:
            last = found
            yield last

    def due(self, endpoint: str, partitions: Sequence[int], now: datetime, limit: int) -> list[tuple[int, Delivery]]:
        """What of an endpoint's is due, longest due first, with its partition; not what is taken already.

        Each partition is asked by itself, for its index gives what is due in order: nothing is gone through that is not wanted.
        """
        query = """select due, number from delivery where endpoint = ? and partition = ? and due <= ? and due is not null and not taken
            order by due limit ?"""
        found = sorted(
            (due, number, partition)
            for partition in partitions
            for due, number in self._db.execute(query, (endpoint, partition, now.timestamp(), limit))
        )
        return [(partition, Delivery.from_bytes(self._record(number))) for _, number, partition in found[:limit]]

    def next_due(self, endpoint: str, partitions: Sequence[int]) -> float | None:
        """When the first of an endpoint's is due that is not taken, in Unix seconds."""
        query = """select due from delivery where endpoint = ? and partition = ? and due is not null and not taken order by due limit 1"""
        rows = (self._db.execute(query, (endpoint, partition)).fetchone() for partition in partitions)
        return min((float(row[0]) for row in rows if row is not None), default=None)

    def set_back(self, now: datetime, limit: int) -> int:
        """Let what was put off at a time that has not come yet wait as long from now, so many of them; how many these were.

        A clock that was wrong has said so, here or on the machine of the worker before: an hour ahead, it would delay them by an hour.
        """
        at = now.timestamp()
        query = """update delivery set due = ? + max(0.0, due - since), since = ?
            where number in (select number from delivery where due is not null and since > ? limit ?)"""
        return self._db.execute(query, (at, at, at + AHEAD, limit)).rowcount

    def _record(self, number: int) -> bytes:
        (record,) = self._db.execute("select bytes from record where number = ?", (number,)).fetchone()
        return bytes(record)

    def take(self, delivery: str) -> None:
        """An attempt begins."""
        self._db.execute("update delivery set taken = 1 where id = ?", (delivery,))

    def release(self, delivery: str) -> None:
        """An attempt has ended, and its record was folded; or it was broken off."""
        self._db.execute("update delivery set taken = 0 where id = ?", (delivery,))

    def drop(self, partition: int, limit: int) -> bool:
        """Forget so many deliveries of a partition; whether there may be more of it."""
        rows = self._db.execute("select number from delivery where partition = ? limit ?", (partition, limit)).fetchall()
        self._db.execute("begin")
        self._db.executemany("delete from record where number = ?", rows)
        self._db.executemany("delete from delivery where number = ?", rows)
        self._db.execute("commit")
        return len(rows) == limit

    def pending(self) -> tuple[int, float | None]:
        """How many deliveries are pending, and when the oldest of them was scheduled (Unix seconds)."""
        query = "select pending, (select min(scheduled) from delivery where due is not null) from tally"
        count, oldest = self._db.execute(query).fetchone()
        return count, oldest


def _list(partitions: Sequence[int]) -> str:
    """Partitions as SQLite's `json_each` reads them."""
    return str(list(partitions))
