"""What is pending, by due time, on disk: a private SQLite file that is folded from the partitions and gone with the process."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime

from schemas import Delivery

from .pending import Progress, Step, step

_SCHEMA = """
create table delivery (
    id text primary key,
    partition integer not null,
    endpoint text not null,
    offset integer not null,
    replays integer not null,
    certainty integer not null,
    attempts integer not null,
    due real,
    scheduled real not null,
    taken integer not null default 0,
    contradicted integer not null default 0,
    record blob not null
) without rowid;
create index waiting on delivery (endpoint, due) where due is not null and not taken;
create index pending on delivery (scheduled) where due is not null;
create index contradicted on delivery (partition) where contradicted;
"""


class Heap:
    """The deliveries of the partitions held; used from one thread, a few microseconds to milliseconds a call.

    A pending delivery is held whole; of one that has ended only what is needed to know it again.
    """

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)  # no name: SQLite's own temporary file, unlinked at once
        self._db.executescript("pragma journal_mode = memory; pragma synchronous = off;" + _SCHEMA)
        self.endpoints: set[str] = set()
        """Ids of the endpoints of what was ever folded."""

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
            case Step.PASS:
                return

    def _take(self, partition: int, offset: int, progress: Progress, delivery: Delivery) -> None:
        self.endpoints.add(delivery.endpoint)
        due = None if delivery.status.final else delivery.due_at.timestamp()
        kept = delivery.model_copy(update={"body": ""}) if delivery.status.final else delivery
        self._db.execute(
            """insert into delivery (id, partition, endpoint, offset, replays, certainty, attempts, due, scheduled, record)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            on conflict (id) do update set offset = excluded.offset, replays = excluded.replays, certainty = excluded.certainty,
            attempts = excluded.attempts, due = excluded.due, scheduled = excluded.scheduled, contradicted = 0, record = excluded.record""",
            (
                delivery.id,
                partition,
                delivery.endpoint,
                offset,
                progress.replays,
                progress.certainty,
                progress.attempts,
                due,
                delivery.scheduled_at.timestamp(),
                kept.to_bytes(),
            ),
        )

    def _contradict(self, delivery: Delivery) -> None:
        """Note that what is known must be written again; what has ended takes its body from the record that came last."""
        known = self._read(self._db.execute("select record from delivery where id = ?", (delivery.id,)).fetchone())
        whole = known if known.body else known.model_copy(update={"body": delivery.body})
        self._db.execute("update delivery set contradicted = 1, record = ? where id = ?", (whole.to_bytes(), delivery.id))

    def contradicted(self, partitions: Sequence[int], limit: int) -> list[tuple[int, Delivery]]:
        """What has to be written again, because the log's last record of it is not its furthest, with its partition."""
        query = f"select partition, record from delivery where contradicted and partition in ({_marks(partitions)}) limit ?"
        return [(row[0], self._read(row[1:])) for row in self._db.execute(query, (*partitions, limit)).fetchall()]

    def due(self, endpoint: str, partitions: Sequence[int], now: datetime, limit: int) -> list[tuple[int, Delivery]]:
        """What of an endpoint's is due, longest due first, with its partition; not what is taken already."""
        query = f"""select partition, record from delivery where endpoint = ? and due <= ? and due is not null and not taken
            and partition in ({_marks(partitions)}) order by due limit ?"""
        rows = self._db.execute(query, (endpoint, now.timestamp(), *partitions, limit)).fetchall()
        return [(row[0], self._read(row[1:])) for row in rows]

    def next_due(self, endpoint: str, partitions: Sequence[int]) -> float | None:
        """When the first of an endpoint's is due that is not taken, in Unix seconds."""
        query = f"""select due from delivery where endpoint = ? and due is not null and not taken
            and partition in ({_marks(partitions)}) order by due limit 1"""
        row = self._db.execute(query, (endpoint, *partitions)).fetchone()
        return None if row is None else float(row[0])

    def take(self, delivery: str) -> None:
        """An attempt begins."""
        self._db.execute("update delivery set taken = 1 where id = ?", (delivery,))

    def release(self, delivery: str) -> None:
        """An attempt has ended, and its record was folded; or it was broken off."""
        self._db.execute("update delivery set taken = 0 where id = ?", (delivery,))

    def drop(self, partition: int) -> None:
        """Forget a partition."""
        self._db.execute("delete from delivery where partition = ?", (partition,))

    def pending(self) -> tuple[int, float | None]:
        """How many deliveries are pending, and when the oldest of them was scheduled (Unix seconds)."""
        count, oldest = self._db.execute("select count(*), min(scheduled) from delivery where due is not null").fetchone()
        return count, oldest

    @staticmethod
    def _read(row: Sequence[bytes]) -> Delivery:
        return Delivery.from_bytes(row[0])


def _marks(values: Sequence[int]) -> str:
    return ", ".join("?" * len(values))
