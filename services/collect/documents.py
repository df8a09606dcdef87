"""Files and standard input -> drafts: plain text, HTML, JSON Lines; one at a time, however large the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import PurePath

from .article import Draft
from .cleaning import Undecodable, decode
from .markup import Unreadable, page
from .submission import Unacceptable, read_json

MAX_DOCUMENT = 5 * 1024 * 1024
"""Bytes of one article in whatever form: a page of HTML is the largest."""


class Form(StrEnum):
    """What a file holds."""

    TEXT = "text"
    """One article: all of it is the text, kept as it is; it has no title of its own."""
    HTML = "html"
    """One page, of which the article is taken."""
    JSONL = "jsonl"
    """An article a line, with the fields that POST /articles takes."""
    JSON = "json"
    """One article, or an array of them."""


SUFFIXES = {
    ".txt": Form.TEXT, ".md": Form.TEXT, ".html": Form.HTML, ".htm": Form.HTML, ".xhtml": Form.HTML,
    ".jsonl": Form.JSONL, ".ndjson": Form.JSONL, ".json": Form.JSON,
}  # fmt: skip
"""By which a file's form is known."""


class Unusable(ValueError):
    """One document cannot be taken; the others can. The message says why."""


def form_of(name: str) -> Form | None:
    """The form that a file's name tells; None where it tells none."""
    return SUFFIXES.get(PurePath(name).suffix.lower())


def guess(head: bytes) -> Form:
    """The form that the beginning of a stream tells."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:64].lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return Form.HTML
    if start.startswith(b"{"):
        return Form.JSONL
    return Form.JSON if start.startswith((b"[{", b"[\n", b"[ ")) else Form.TEXT


def drafts(form: Form, lines: Iterable[bytes], url: str | None = None) -> Iterator[Draft | Unusable]:
    """The articles of one document, given line by line; what cannot be taken comes as `Unusable` in its place."""
    if form is Form.JSONL:
        for number, each in enumerate(lines, 1):
            if each.strip():
                yield from _line(each, number)
        return
    try:
        data = _joined(lines)
        if form is Form.JSON:
            yield from read_json(data, ignoring=True)
        else:
            yield _of_page(data, url) if form is Form.HTML else Draft(text=decode(data), url=url)
    except (Undecodable, Unreadable, Unacceptable) as error:
        yield Unusable(_words(error))
    except Unusable as error:
        yield error


def _line(data: bytes, number: int) -> Iterator[Draft | Unusable]:
    if len(data) > MAX_DOCUMENT:
        yield Unusable(f"line {number} has more than {MAX_DOCUMENT:,} bytes")
        return
    try:
        yield from read_json(data, ignoring=True)
    except Unacceptable as error:
        yield Unusable(f"line {number}: {_words(error)}")


def _joined(lines: Iterable[bytes]) -> bytes:
    parts: list[bytes] = []
    size = 0
    for each in lines:
        parts.append(each)
        size += len(each)
        if size > MAX_DOCUMENT:
            raise Unusable(f"it has more than {MAX_DOCUMENT:,} bytes")
    return b"".join(parts)


def _of_page(data: bytes, url: str | None) -> Draft:
    found = page(data, url)
    return Draft(
        title=found.title,
        text=found.text,
        url=url or found.url,
        source=found.source,
        language=found.language,
        published_at=found.published_at,
    )


def _words(error: Exception) -> str:
    objections = error.objections if isinstance(error, Unacceptable) else ()
    return "; ".join([str(error), *(f"{each.field}: {each.problem}" if each.field else each.problem for each in objections)])
