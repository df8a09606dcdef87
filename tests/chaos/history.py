"""All that happened in a run, one JSON line each: what was sent and acknowledged, broken, told, and what stood at the end."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

By = Literal["play", "fault", "itself", "supervisor", "hand"]
"""Who started or ended a worker: the play at its beginning and end, a fault, nobody, the supervisor; `hand` is help, and forbidden."""


def digest(data: bytes | None) -> str:
    """Tells bytes apart."""
    return hashlib.sha256(data or b"").hexdigest()[:24]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    at: float = 0.0
    """Seconds by the monotonic clock."""


# --- while it runs


class Begun(_Entry):
    """The run begins."""

    what: Literal["begun"] = "begun"
    test: str
    seed: int
    endings: int = 0
    """How often services may end by themselves in it."""
    repeats: bool = True
    """Whether a fold's outputs may be written again, as after a kill."""


class Sent(_Entry):
    """The brokers have acknowledged a record of the input."""

    what: Literal["sent"] = "sent"
    topic: str
    partition: int
    offset: int
    digest: str
    article: str | None = None
    """Id of the article; None for what is none."""
    cause: str | None = None
    """With which cause it is to be dead-lettered; None where a reading is due."""


class Fault(_Entry):
    """Something was broken, or mended."""

    what: Literal["fault"] = "fault"
    name: str
    whom: str = ""


class Started(_Entry):
    """A worker was started."""

    what: Literal["started"] = "started"
    worker: str
    by: By


class Ended(_Entry):
    """A worker has ended."""

    what: Literal["ended"] = "ended"
    worker: str
    code: int
    by: By
    asked: bool = False
    """Whether it was asked to (SIGTERM) and so had to end with 0."""


class Committed(_Entry):
    """A group was seen to have committed an offset."""

    what: Literal["committed"] = "committed"
    group: str
    topic: str
    partition: int
    offset: int


class Stuck(_Entry):
    """What a fault or the end waited for did not come."""

    what: Literal["stuck"] = "stuck"
    waiting_for: str


class Webhook(_Entry):
    """The receiver was told of an alert, once or again."""

    what: Literal["webhook"] = "webhook"
    id: str
    digest: str
    """Of the body."""
    rule: str
    group: str
    """Its labels, `name=value` with commas between."""
    transition: str
    severity: str


# --- how it stood at the end


class Input(_Entry):
    """A record on one of the topics that the run sent to."""

    what: Literal["input"] = "input"
    topic: str
    partition: int
    offset: int
    digest: str


class Output(_Entry):
    """A record that a service wrote."""

    what: Literal["output"] = "output"
    topic: str
    partition: int
    offset: int
    id: str
    """From its content: what is written again has the same one."""
    digest: str
    article: str | None = None
    """Of a reading: the article's id."""


class Letter(_Entry):
    """A dead letter."""

    what: Literal["letter"] = "letter"
    topic: str | None
    partition: int | None
    offset: int | None
    cause: str


class Figure(_Entry):
    """A final indicator without `revision` and `previous`: as it was found, or as the reference fold expects it."""

    what: Literal["figure"] = "figure"
    source: Literal["found", "expected"]
    key: str
    figure: dict[str, Any]


class Due(_Entry):
    """An alert that the input is to lead to."""

    what: Literal["due"] = "due"
    rule: str
    group: str
    transition: str
    severity: str


class Offsets(_Entry):
    """What a group has committed of a partition, and where that ends."""

    what: Literal["offsets"] = "offsets"
    group: str
    topic: str
    partition: int
    committed: int | None
    end: int


class Finished(_Entry):
    """The run came to its end, and all of the above is complete."""

    what: Literal["finished"] = "finished"


Entry = Annotated[
    Begun | Sent | Fault | Started | Ended | Committed | Stuck | Webhook | Input | Output | Letter | Figure | Due | Offsets | Finished,
    Field(discriminator="what"),
]
"""Any line of a history."""

_ENTRY: TypeAdapter[Entry] = TypeAdapter(Entry)


class History:
    """The file of one run; each line is on disk before `write` returns, so that a run that is cut off can be read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("wb", buffering=0)

    def write(self, *entries: Entry) -> None:
        """Add what happened now."""
        at = round(time.monotonic(), 6)
        self._file.write(b"".join(orjson.dumps(entry.model_copy(update={"at": at}).model_dump()) + b"\n" for entry in entries))

    def close(self) -> None:
        """Nothing more happens."""
        self._file.close()


def read(path: Path) -> list[Entry]:
    """The entries of a file, in their order."""
    return parse(path.read_bytes().splitlines())


def parse(lines: Iterable[bytes]) -> list[Entry]:
    """Entries from their lines."""
    return [_ENTRY.validate_python(orjson.loads(line)) for line in lines]
