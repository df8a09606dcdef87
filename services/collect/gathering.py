"""What a person names on the command line -> documents: files, folders, standard input."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from schemas import Via

from .documents import MAX_DOCUMENT, Form, form_of, guess

HEAD = 4096
"""Bytes by which the form of a stream is told."""


@dataclass(frozen=True, slots=True)
class Document:
    """One thing to read, not opened yet."""

    path: Path
    form: Form
    via: Via
    size: int
    """Bytes."""

    def lines(self) -> Iterator[bytes]:
        """Its lines, one at a time; a line without end comes in pieces, each larger than any article."""
        with self.path.open("rb") as file:
            yield from lines_of(file)


def lines_of(stream: BinaryIO) -> Iterator[bytes]:
    """Lines of a stream, none longer than just beyond what a document may have."""
    while piece := stream.readline(MAX_DOCUMENT + 1):
        yield piece


def gather(path: Path, form: Form | None) -> tuple[list[Document], list[Path]]:
    """The documents at a path, and the files of a folder whose names tell no form; hidden files are passed over.

    Raises:
        OSError: the path cannot be read.

    """
    if not path.is_dir():
        return [Document(path, form or form_of(path.name) or Form.TEXT, Via.FILE, path.stat().st_size)], []
    documents: list[Document] = []
    unknown: list[Path] = []
    for file in sorted(_visible(path)):
        kind = form or form_of(file.name)
        if kind is None:
            unknown.append(file)
        else:
            documents.append(Document(file, kind, Via.FOLDER, file.stat().st_size))
    return documents, unknown


def _visible(folder: Path) -> Iterable[Path]:
    for file in folder.rglob("*"):
        if file.is_file() and not any(part.startswith(".") for part in file.relative_to(folder).parts):
            yield file


def peek(stream: BinaryIO, form: Form | None) -> tuple[Form, Iterator[bytes]]:
    """The form of a stream, told by its beginning unless given, and its lines."""
    head = stream.read(HEAD)
    return form or guess(head), _joined(head, stream)


def _joined(head: bytes, stream: BinaryIO) -> Iterator[bytes]:
    *whole, last = head.splitlines(keepends=True) or [b""]
    yield from whole
    rest = lines_of(stream)
    yield last if last.endswith(b"\n") else last + next(rest, b"")
    yield from rest
