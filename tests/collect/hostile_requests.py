"""Requests that nobody should send, each with the status it must be answered with."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass, field
from typing import Any

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Hostile:
    """One request."""

    name: str
    body: bytes
    status: int
    kind: str | None = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    method: str = "POST"
    path: str = "/articles"


def article(**fields: Any) -> bytes:
    return json.dumps({"title": "A headline", "text": "Words."} | fields).encode()


WRONG_TYPES: list[tuple[str, Any]] = [
    ("number", 1),
    ("float", 1.5),
    ("true", True),
    ("array", ["a"]),
    ("object", {"a": "b"}),
]

TABLE = [
    # bodies that are no JSON
    Hostile("no body", b"", 400),
    Hostile("spaces", b"   \n ", 400),
    Hostile("half an object", b'{"title": "a', 400),
    Hostile("two objects", b'{"title": "a"} {"title": "b"}', 400),
    Hostile("single quotes", b"{'title': 'a'}", 400),
    Hostile("a comment", b'{"title": "a" /* b */}', 400),
    Hostile("a comma too many", b'{"title": "a",}', 400),
    Hostile("NaN", b'{"title": NaN}', 400),
    Hostile("bad UTF-8", b'{"title": "\xff\xfe"}', 400),
    Hostile("Latin-1 that says it is UTF-8", '{"title": "é"}'.encode("latin-1"), 400, "application/json; charset=utf-8"),
    Hostile("overlong UTF-8", b'{"title": "\xc0\xaf"}', 400),
    Hostile("half a character, encoded", b'{"title": "\xed\xa0\x80"}', 400),
    Hostile("half a character, escaped", rb'{"title": "\ud800"}', 400),
    Hostile("a NUL between", b'{"title": "a"}\x00', 400),
    Hostile("nothing but NULs", b"\x00" * 1000, 400),
    Hostile("a control character in a string", b'{"title": "a\x01b"}', 400),
    Hostile("binary", bytes(range(256)) * 100, 400),
    Hostile("XML", b"<?xml version='1.0'?><a/>", 400),
    Hostile("a form", b"title=a&text=b", 400),
    Hostile("a million open brackets", b"[" * 1_000_000, 400),
    Hostile("deep arrays", b"[" * 100_000 + b"]" * 100_000, 400),
    Hostile("deep objects", b'{"a":' * 100_000 + b"1" + b"}" * 100_000, 400),
    Hostile("a million digits", b"1" * 1_000_000, 400),
    Hostile("a million digits in a field", b'{"title": ' + b"1" * 1_000_000 + b"}", 400),
    Hostile("a number beyond all", b'{"title": 1e99999}', 400),
    Hostile("UTF-16 that is none", b"\xff\xfe{", 400, "application/json; charset=utf-16"),
    # JSON that is no article
    Hostile("null", b"null", 422),
    Hostile("a string", b'"article"', 422),
    Hostile("a number", b"42", 422),
    Hostile("true", b"true", 422),
    Hostile("an empty object", b"{}", 422),
    Hostile("an empty array", b"[]", 422),
    Hostile("an array of nulls", b"[null]", 422),
    Hostile("an array in an array", b'[[{"title": "a"}]]', 422),
    Hostile("shallow enough, yet no article", b"[" * 500 + b"]" * 500, 422),
    Hostile("one bad in a batch", b'[{"title": "a"}, {"titel": "b"}]', 422),
    Hostile("too many in a batch", b"[" + b",".join([b"{}"] * 501) + b"]", 422),
    Hostile("a field that does not exist", article(author="x"), 422),
    Hostile("a misspelt field", article(pubished_at="2024-04-06"), 422),
    Hostile("a million fields", b"{" + b",".join(b'"f%d":1' % n for n in range(100_000)) + b"}", 422),
    Hostile("a prototype", article(__proto__={"a": 1}), 422),
    Hostile("neither title nor text", article(title="", text=""), 422),
    Hostile("white space for text", article(title=" ", text=" \n\t "), 422),
    Hostile("control characters for text", rb'{"text": "\u0000\u0001\u0002"}', 422),
    *(
        Hostile(f"{name} for {key}", article(**{key: value}), 422)
        for key in ("title", "text", "url", "published_at", "id")
        for name, value in WRONG_TYPES
    ),
    Hostile("null for text", article(text=None), 422),
    Hostile("an unknown status", article(status="deleted"), 422),
    Hostile("a number for a status", article(status=1), 422),
    Hostile("a date as long as a book", article(published_at="2024" * 1_000), 422),
    Hostile("a source as long as a book", article(source="s" * 10_000), 422),
    Hostile("an id as long as a book", article(id="i" * 10_000), 422),
    Hostile("an empty id", article(id=""), 422),
    Hostile("an id with a line end", article(id="a\nb"), 422),
    Hostile("an id with a NUL", article(id="a\0b"), 422),
    # addresses
    Hostile("a relative address", article(url="/a"), 422),
    Hostile("a script for an address", article(url="javascript:alert(1)"), 422),
    Hostile("a file for an address", article(url="file:///etc/passwd"), 422),
    Hostile("an address without a host", article(url="http:///a"), 422),
    Hostile("an address with a password", article(url="https://user:secret@example.org/a"), 422),
    Hostile("an address with a line end", article(url="https://example.org/a\r\nX: y"), 422),
    Hostile("an address with a NUL", article(url="https://example.org/\0"), 422),
    Hostile("an address with a space", article(url="https://example.org/a b"), 422),
    Hostile("an address with a port beyond", article(url="https://example.org:99999/a"), 422),
    Hostile("an address with a broken IPv6", article(url="https://[::1/a"), 422),
    Hostile("an address as long as a book", article(url="https://example.org/" + "a" * 10_000), 422),
    Hostile("a host that IDNA refuses", article(url="https://" + "ü" * 300 + ".example/"), 422),
    Hostile("text that turns the line", article(url="https://example.org/\u202egpj.exe"), 422),
    # JSON Lines
    Hostile("no lines", b"\n\n\n", 422, "application/x-ndjson"),
    Hostile("a line that is no JSON", b'{"title": "a"}\nnothing\n', 400, "application/x-ndjson"),
    Hostile("two million empty lines", b"\n" * (2 * MEBIBYTE), 422, "application/x-ndjson"),
    Hostile("a hundred thousand lines", b"{}\n" * 100_000, 422, "application/x-ndjson"),
    Hostile("lines of arrays", b"[]\n[]\n", 422, "application/x-ndjson"),
    # plain text
    Hostile("text without text", b"", 422, "text/plain"),
    Hostile("text of spaces", b"  \n ", 422, "text/plain"),
    Hostile("text that is not UTF-8", b"caf\xe9", 400, "text/plain"),
    Hostile("text of an encoding that is none", b"abc", 415, "text/plain; charset=rot13"),
    Hostile("text of zipped bytes", b"abc", 415, "text/plain; charset=zlib"),
    Hostile("text of an encoding as long as a book", b"abc", 415, "text/plain; charset=" + "u" * 5_000),
    Hostile("text with a parameter that is no field", b"Words.", 422, "text/plain", path="/articles?sauce=x"),
    Hostile("text with a parameter twice", b"Words.", 422, "text/plain", path="/articles?source=a&source=b"),
    Hostile("text with its text as a parameter, too", b"Words.", 422, "text/plain", path="/articles?text=x"),
    Hostile("text with a bad address", b"Words.", 422, "text/plain", path="/articles?url=nowhere"),
    Hostile("JSON with parameters", article(), 422, path="/articles?source=x"),
    # kinds, methods, ways
    Hostile("no kind", article(), 415, None),
    Hostile("a form's kind", b"title=a", 415, "application/x-www-form-urlencoded"),
    Hostile("a file's kind", b"--x\r\n\r\n--x--", 415, "multipart/form-data; boundary=x"),
    Hostile("HTML", b"<p>a</p>", 415, "text/html"),
    Hostile("a kind that is none", article(), 415, "////;;;"),
    Hostile("zipped", gzip.compress(article()), 415, headers={"Content-Encoding": "gzip"}),
    Hostile("a zip bomb", gzip.compress(b" " * (64 * MEBIBYTE)), 415, headers={"Content-Encoding": "gzip"}),
    Hostile("zipped, and it is not", article(), 415, headers={"Content-Encoding": "gzip"}),
    Hostile("from a page in a browser", article(), 403, headers={"Origin": "https://example.org"}),
    Hostile("from a page without an origin", article(), 403, headers={"Origin": "null"}),
    Hostile("to nowhere", article(), 404, path="/article"),
    Hostile("up the tree", article(), 404, path="/articles/../../etc/passwd"),
    Hostile("PUT", article(), 405, method="PUT"),
    Hostile("DELETE", b"", 405, method="DELETE"),
    Hostile("TRACE", b"", 405, method="TRACE"),
    Hostile("a method of its own", b"", 400, method="STEAL"),
    Hostile("POST to the front page", article(), 405, path="/"),
    # size
    Hostile("two megabytes and a byte", b" " * (2 * MEBIBYTE + 1), 413),
    Hostile("ten megabytes", article(text="a" * (10 * MEBIBYTE)), 413),
    Hostile("ten megabytes of text", b"a" * (10 * MEBIBYTE), 413, "text/plain"),
    Hostile("a header as long as a book", article(), 400, headers={"X-Long": "x" * 20_000}),
    Hostile("an address line as long as a book", article(), 400, path="/articles?source=" + "s" * 20_000),
]
