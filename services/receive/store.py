"""What has been received, one row for each webhook id: so that a repeat is known for one, of the last hundred thousand."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final, Self

MAX_KEPT: Final = 100_000
"""Webhooks that are remembered: a sender gives one up after days, and a busy desk gets hundreds in that time."""

FORGET_EVERY: Final = 100
"""New webhooks after which the oldest beyond that are forgotten."""

_SCHEMA = """
create table if not exists received (
    id text primary key,
    type text not null,
    first_at text not null,
    last_at text not null,
    times integer not null,
    digest blob not null,
    body blob not null
) without rowid;
create index if not exists seen on received (last_at);
"""


class Receipt(StrEnum):
    """What a webhook is to one who has a memory."""

    NEW = "new"
    REPEATED = "repeated"
    """The same id with the same body: answer as before, do nothing more."""
    CONTRADICTED = "contradicted"
    """The same id with another body: no honest sender does that."""


class Store:
    """An SQLite file of received webhooks; open it with `with`, use it from one thread."""

    def __init__(self, path: Path | None = None) -> None:
        """Open or create the file; without a path all is kept in memory.

        Raises:
            sqlite3.OperationalError: the file cannot be opened.

        """
        self._db = sqlite3.connect(":memory:" if path is None else path, isolation_level=None)
        self._db.execute("pragma journal_mode = wal")
        self._db.executescript(_SCHEMA)
        self._new = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def add(self, webhook: str, kind: str, body: bytes, at: datetime) -> Receipt:
        """Remember a verified webhook; the first body of an id stays."""
        digest = hashlib.sha256(body).digest()
        row = self._db.execute(
            """insert into received values (?, ?, ?, ?, 1, ?, ?)
            on conflict (id) do update set times = times + 1, last_at = excluded.last_at
            returning times, digest""",
            (webhook, kind, at.isoformat(), at.isoformat(), digest, body),
        ).fetchone()
        times, first = row
        if times == 1:
            self._forget()
            return Receipt.NEW
        return Receipt.REPEATED if first == digest else Receipt.CONTRADICTED

    def _forget(self) -> None:
        """Let go of what was not seen for longest, where there is too much; now and then, for it has to be counted."""
        self._new += 1
        if self._new % FORGET_EVERY == 0:
            (count,) = self._db.execute("select count(*) from received").fetchone()
            query = "delete from received where id in (select id from received order by last_at limit ?)"
            self._db.execute(query, (max(0, count - MAX_KEPT),))

    def __iter__(self) -> Iterator[tuple[str, str, int, bytes]]:
        """Id, type, how often it came, body; in the order of first arrival."""
        with closing(self._db.execute("select id, type, times, body from received order by first_at, id")) as rows:
            yield from rows
