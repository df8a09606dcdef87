"""Ids that were met, however many: in a private file on disk beyond a few MiB, and gone with the process."""

from __future__ import annotations

import sqlite3
from types import TracebackType
from typing import Self

CACHE = 8 * 1024
"""KiB of it in memory: some 100,000 ids."""


class Known:
    """A set of ids; `with Known() as known`."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)  # no name: SQLite's own temporary file, unlinked at once
        self._db.executescript(
            f"pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -{CACHE};"
            "create table known (id text primary key) without rowid; begin;"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._db.close()

    def __contains__(self, identity: str) -> bool:
        return self._db.execute("select 1 from known where id = ?", (identity,)).fetchone() is not None

    def add(self, identity: str) -> bool:
        """Note an id; False if it was met before."""
        return self._db.execute("insert or ignore into known values (?)", (identity,)).rowcount > 0
