"""State of one partition of a fold, on disk together with the offset it stands for: one SQLite file, one transaction.

A checkpoint may be deleted at any time: it is a short cut, the truth is the fold's input partition. It says what it belongs to and
who holds it; whatever does not match is thrown away and folded again.
"""

from __future__ import annotations

import contextlib
import secrets
import sqlite3
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import chain, islice
from pathlib import Path

import orjson

from .bloom import Bloom

BUSY_MS = 2_000
"""How long a write waits for another process that still has the file: longer than one checkpoint of a slow disk takes."""

CACHE_KIB = 2_048
"""Pages kept in memory for each partition by each of two connections: bounds a worker of 24 partitions to about 100 MiB whatever the size of
the state."""

CHECKED = 64 * 1024 * 1024
"""Bytes up to which a file is read through when it is opened, in well under a second; damage of a larger one shows when it is used."""

ROWS_AT_ONCE = 200
"""Rows written by one statement: each statement lets go of the interpreter and has to win it back, which a row is not worth."""

_ROWS = "SELECT key, value FROM state WHERE key {} ? AND key < ? ORDER BY key"
_FROM, _BEHIND = _ROWS.format(">="), _ROWS.format(">")

BEFORE_SURROGATES, AFTER_SURROGATES = 0xD7FF, 0xE000
"""Characters that follow each other in text: what Unicode has between is half a character."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS state (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS checkpoint (only INTEGER PRIMARY KEY CHECK (only = 1), belongs TEXT NOT NULL, position INTEGER, holder TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS owed (only INTEGER PRIMARY KEY CHECK (only = 1));
CREATE TABLE IF NOT EXISTS recalled (only INTEGER PRIMARY KEY CHECK (only = 1), before INTEGER NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Belongs:
    """What a checkpoint belongs to."""

    cluster: str
    """Id of the Kafka cluster."""
    topic: str
    """Name of the topic, with the installation's prefix."""
    topic_id: str
    """Id of the topic: one that was deleted and made again is another; empty where the broker gives none."""
    partitions: int
    """How many partitions it has."""
    partition: int
    """Which one."""
    stage: str
    """Name of the fold."""
    version: int
    """Version of the fold."""

    def to_text(self) -> str:
        """As it stands in the file."""
        return orjson.dumps(asdict(self)).decode()


class Fenced(Exception):
    """Another worker has taken this partition: whoever gets this is back from the dead, and stops."""


class Unusable(Exception):
    """The folder or disk cannot hold a checkpoint; the text says which and why."""


class _Torn(Exception):
    """The file's pages do not fit together."""


class Checkpoint:
    """The state of one partition, opened by its new holder."""

    def __init__(self, path: Path, belongs: Belongs) -> None:
        """Open, take possession, and throw away what belongs to something else or is damaged.

        Raises:
            Unusable: the folder or disk cannot hold it.

        """
        self.path = path
        self.token = secrets.token_hex(8)
        self.position: int | None = None
        """Offset of the first record that is not folded into the state; None where nothing is."""
        self.discarded: str | None = None
        """Why an older state was thrown away, if one was: `version`, `belongs` or `damaged`."""
        self.owed = False
        """Whether every current figure is still to be told once, since the version of the fold is a new one; outlives a restart."""
        self.recalled: int | None = None
        """The committed offset for which it begins from what was told, until it is reconciled with that; None where it does not."""
        self._writing = threading.Lock()
        self._known: Bloom | None = None
        """What was ever written, where all of it was written here."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._open(belongs)
        except (sqlite3.DatabaseError, _Torn) as error:
            if not _damaged(error):
                raise Unusable(f"the state file {path} cannot be used ({error}); check that its folder is writable and not full") from error
            self._destroy()
            self.discarded = "damaged"
            self._open(belongs)
        except OSError as error:
            raise Unusable(f"the state folder {path.parent} cannot be used ({error.strerror}); set TALLYWIRE_STATE_DIR") from error

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False, timeout=BUSY_MS / 1000)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
        return connection

    def _open(self, belongs: Belongs) -> None:
        if self._condemned.exists():
            raise _Torn
        self._writer = self._connect()
        if self.path.stat().st_size <= CHECKED and self._writer.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise _Torn
        self._writer.executescript(SCHEMA)
        self._writer.execute("BEGIN IMMEDIATE")
        row = self._writer.execute("SELECT belongs, position FROM checkpoint").fetchone()
        if row is not None and row[0] != belongs.to_text():
            self.discarded = _difference(row[0], belongs)
            self._writer.execute("DELETE FROM state")
            self._writer.execute("DELETE FROM checkpoint")
            self._writer.execute("DELETE FROM owed")
            self._writer.execute("DELETE FROM recalled")
            if self.discarded == "version":
                self._writer.execute("INSERT INTO owed VALUES (1)")
            row = None
        self.owed = self._writer.execute("SELECT count(*) FROM owed").fetchone()[0] > 0
        recalled = self._writer.execute("SELECT before FROM recalled").fetchone()
        self.recalled = recalled[0] if recalled else None
        self.position = row[1] if row else None
        self._known = Bloom() if self._writer.execute("SELECT 1 FROM state LIMIT 1").fetchone() is None else None
        self._writer.execute("INSERT OR REPLACE INTO checkpoint VALUES (1, ?, ?, ?)", (belongs.to_text(), self.position, self.token))
        self._writer.execute("COMMIT")
        self._reader = self._connect()

    def _destroy(self) -> None:
        self.close()
        for suffix in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
        self._condemned.unlink(missing_ok=True)

    @property
    def _condemned(self) -> Path:
        """Is there once damage has shown in use: whoever opens the file next throws it away."""
        return self.path.with_name(self.path.name + "-damaged")

    def _unusable(self, error: sqlite3.Error, what: str) -> Unusable:
        """What to raise where the file fails in use; a damaged one is thrown away when it is opened next."""
        if _damaged(error):
            with contextlib.suppress(OSError):
                self._condemned.touch()
            return Unusable(f"the state file {self.path} is damaged ({error}); start again: it is thrown away and folded again")
        return Unusable(f"the state file {self.path} cannot be {what} ({error}); free its disk or set TALLYWIRE_STATE_DIR")

    def get(self, key: str) -> bytes | None:
        """The value of a key as of the last checkpoint."""
        if self._known is not None and key not in self._known:
            return None
        try:
            row = self._reader.execute("SELECT value FROM state WHERE key = ?", (key,)).fetchone()
        except sqlite3.Error as error:
            raise self._unusable(error, "read") from error
        return None if row is None else row[0]

    def scan(self, prefix: str, after: str = "") -> Iterator[tuple[str, bytes]]:
        """Keys below a prefix and behind `after`, with their values, in order, as of the last checkpoint."""
        try:
            yield from self._reader.execute(_BEHIND if after and after >= prefix else _FROM, (max(prefix, after), _end(prefix)))
        except sqlite3.Error as error:
            raise self._unusable(error, "read") from error

    def write(self, changes: Mapping[str, bytes | None], position: int | None, *, told: bool = False, reconciled: bool = False) -> None:
        """Write changed keys (None removes) and the offset they stand for, all or nothing; runs in any thread.

        `told` says that every current figure has been told, and is owed no more; `reconciled` that what was recalled has been seen to.

        Raises:
            Fenced: another worker has taken the partition.
            Unusable: the disk does not take it.

        """
        with self._writing:
            self._write(changes, position, [table for table, done in (("owed", told), ("recalled", reconciled)) if done])
        if reconciled:
            self.recalled = None

    def _write(self, changes: Mapping[str, bytes | None], position: int | None, done: Sequence[str]) -> None:
        try:
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                held = self._writer.execute("UPDATE checkpoint SET position = ? WHERE holder = ?", (position, self.token))
                if held.rowcount != 1:
                    raise Fenced(f"{self.path.name} was taken by another worker")
                self._put(changes)
                for table in done:
                    self._writer.execute(f"DELETE FROM {table}")  # noqa: S608  # one of two names
                self._writer.execute("COMMIT")
            except BaseException:
                self._writer.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise self._unusable(error, "written") from error
        self.position = position

    def owe(self) -> None:
        """Keep that every current figure is still to be told; raises what `write` raises."""
        with self._writing:
            try:
                self._writer.execute("INSERT OR IGNORE INTO owed VALUES (1)")
            except sqlite3.Error as error:
                raise self._unusable(error, "written") from error
        self.owed = True

    def _put(self, changes: Mapping[str, bytes | None]) -> None:
        """Write rows in the order of their keys, so that those of one page come together."""
        removed = iter(sorted(key for key, value in changes.items() if value is None))
        while keys := list(islice(removed, ROWS_AT_ONCE)):
            marks = ", ".join("?" * len(keys))
            self._writer.execute(f"DELETE FROM state WHERE key IN ({marks})", keys)  # noqa: S608  # nothing but question marks
        rows = iter(sorted((key, value) for key, value in changes.items() if value is not None))
        while some := list(islice(rows, ROWS_AT_ONCE)):
            if self._known is not None:
                for key, _ in some:
                    self._known.add(key)
            marks = ", ".join(["(?, ?)"] * len(some))
            self._writer.execute(f"INSERT OR REPLACE INTO state VALUES {marks}", list(chain.from_iterable(some)))  # noqa: S608  # likewise

    def reset(self, recalled: int | None = None) -> None:
        """Throw the state away: it stands for an offset that the log does not have.

        With `recalled`, a committed offset, it begins from what was told before that, which nobody has read yet.
        """
        self._writer.execute("BEGIN IMMEDIATE")
        self._writer.execute("DELETE FROM state")
        self._writer.execute("DELETE FROM recalled")
        if recalled is not None:
            self._writer.execute("INSERT INTO recalled VALUES (1, ?)", (recalled,))
        self._writer.execute("UPDATE checkpoint SET position = NULL WHERE holder = ?", (self.token,))
        self._writer.execute("COMMIT")
        self.position, self.recalled = None, recalled
        self._known = Bloom()

    def close(self) -> None:
        """Let go of the file, when a write that is under way in a thread is done."""
        with self._writing:
            for name in ("_reader", "_writer"):
                connection = getattr(self, name, None)
                if connection is not None:
                    connection.close()


def _end(prefix: str) -> str | bytes:
    """The least that sorts behind all keys below a prefix; to SQLite any bytes sort behind all text."""
    stem = prefix.rstrip(chr(sys.maxunicode))
    if not stem:
        return b""
    last = ord(stem[-1])
    return stem[:-1] + chr(last + 1 if last != BEFORE_SURROGATES else AFTER_SURROGATES)


def _damaged(error: Exception) -> bool:
    """Whether the file's content is at fault, not the folder or the disk; SQLite's codes carry details above their lowest byte."""
    return isinstance(error, _Torn) or getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _difference(found: str, wanted: Belongs) -> str:
    """`version` where only the fold's version differs, `belongs` otherwise."""
    try:
        same = {**orjson.loads(found), "version": wanted.version} == asdict(wanted)
    except (orjson.JSONDecodeError, TypeError):
        return "damaged"
    return "version" if same else "belongs"
