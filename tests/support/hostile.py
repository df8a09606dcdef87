"""Two hundred things that no publisher should send; each by name, so that a failing one can be told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import orjson

from schemas import Article, ArticleStatus, Via

NOW = datetime(2024, 5, 2, 8, tzinfo=UTC)

WRONG: tuple[Any, ...] = (None, True, -1, 3.5, [], {}, [[]], "x" * 100_000, "\x00", "9999-12-31T23:59:59Z", 10**18)
"""Values that hardly any field takes."""


def good(number: int) -> Article:
    """An article that is right."""
    title = f"Two killed in Hama, report {number}"
    text = f"Two civilians were killed in Hama, Syria, on Thursday, the health ministry said in report {number}."
    return Article(
        id=f"good-{number}",
        revision=Article.revise(NOW, ArticleStatus.PUBLISHED, title, text),
        title=title,
        text=text,
        source="Example Wire",
        published_at=NOW,
        collected_at=NOW,
        via=Via.INTAKE,
    )


def undecodable() -> Iterator[tuple[str, bytes]]:
    """No JSON at all."""
    yield "empty", b""
    yield "one byte", b"\x00"
    yield "bad utf-8", b'{"id": "\xff\xfe"}'
    yield "utf-16", '{"id": "x"}'.encode("utf-16")
    yield "cut off", good(0).to_bytes()[:-5]
    yield "trailing garbage", good(0).to_bytes() + b"}"
    yield "not a number", b'{"id": NaN}'
    yield "infinity", b'{"id": Infinity}'
    yield "single quotes", b"{'id': 'x'}"
    yield "a lone surrogate", b'{"id": "\\ud800"}'
    yield "deep lists", b"[" * 100_000
    yield "deep and closed", b"[" * 50_000 + b"]" * 50_000
    yield "deep objects", b'{"a":' * 20_000 + b"1" + b"}" * 20_000
    yield "megabytes of nothing", b" " * 1_900_000
    yield "megabytes of noise", bytes(range(1, 256)) * 7_000
    yield "xml", b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"
    yield "pickle", b"\x80\x04\x95\x0b\x00\x00\x00\x00\x00\x00\x00\x8c\x02os\x94."
    yield "gzip", b"\x1f\x8b\x08\x00\x00\x00\x00\x00"
    yield "log injection", b'\n{"level":"info","event":"all is well"}\n'
    yield "nul bytes", b'{"id":"a\x00b"}'


def invalid() -> Iterator[tuple[str, bytes]]:
    """JSON, but no article."""
    for name, value in (("null", None), ("true", True), ("a number", 7), ("a string", "x"), ("a list", [1, 2]), ("an empty object", {})):
        yield name, orjson.dumps(value)
    right = good(0).model_dump(mode="json")
    for field in ("id", "revision", "collected_at"):
        yield f"without {field}", orjson.dumps({name: value for name, value in right.items() if name != field})
    for field in right:
        for value in WRONG:
            changed = {**right, field: value}
            try:
                Article.from_bytes(orjson.dumps(changed))
            except ValueError:
                yield f"{field} = {str(value)[:20]!r}", orjson.dumps(changed)
    yield "a naive time", orjson.dumps({**right, "collected_at": "2024-05-02T08:00:00"})
    yield "a time of no calendar", orjson.dumps({**right, "collected_at": "2024-02-31T00:00:00Z"})
    yield "year 10000", orjson.dumps({**right, "collected_at": "10000-01-01T00:00:00Z"})
    yield "a long id", orjson.dumps({**right, "id": "x" * 100_000})
    yield "a million digits for a time", b'{"id":"x","collected_at":' + b"9" * 1_000_000 + b"}"
    yield "a text too long", orjson.dumps({**right, "text": "x" * 300_001})


def nasty() -> Iterator[Article]:
    """Articles that are right in form, and must be read without harm; what they say of dates is not to be believed."""
    texts = {
        "digits": "9" * 250_000,
        "digits-and-words": "killed " + "1" * 100_000 + " people",
        "nul": "Two\x00 people were killed\x00.",
        "controls": "\x1b[31mTwo\x1b[0m people \u202ewere killed\u202c in Hama.",
        "one-sentence": "killed and " * 20_000,
        "brackets": "(" * 100_000,
        "commas": "one, " * 50_000,
        "quotes": '"' * 100_000,
        "ands": "two and " * 30_000 + "people were killed",
        "spaces": " " * 250_000,
        "newlines": "\n" * 250_000,
        "emoji": "👩‍👩‍👧‍👦" * 10_000 + " Two people were killed in Hama.",
        "combining": "a" + "\u0301" * 100_000,
        "hyphens": "twenty-" * 30_000,
        "year-9999": "On 31 December 9999, 12 people were killed in Hama. By the year 9999 some 500 fighters remain at large in Syria.",
        "year-0": "In the year 0 and on 0/0/0000, 3 people were killed in Hama.",
        "huge-count": "Some 99,999,999,999,999 people were killed in Hama.",
        "negative": "-5 people were killed in Hama.",
        "empty": "",
    }
    for name, text in texts.items():
        right = good(0)
        yield right.model_copy(
            update={"id": f"nasty-{name}", "text": text, "revision": Article.revise(NOW, ArticleStatus.PUBLISHED, right.title, text)}
        )
    late = good(0)
    for name, moment in (("published", datetime(9999, 12, 31, tzinfo=UTC)), ("ancient", datetime(1, 1, 1, tzinfo=UTC))):
        yield late.model_copy(update={"id": f"nasty-{name}", "published_at": moment})
