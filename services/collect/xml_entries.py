"""The entries of an XML feed, each with its own words; broken ones are set aside, so that the rest can be read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html.entities import html5
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, tostring  # it writes; what comes from outside is read by defusedxml

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from .cleaning import BYTE_ORDER_MARKS, charset_of

MAX_DEPTH = 100
"""Levels of elements in a feed; XHTML content has a few dozen at the very most. What is deeper is not read, and costs no memory."""

MAX_ENTRY = 1024 * 1024
"""Characters of one entry: an article of 300,000 fits with its markup."""

MAX_ENTRIES = 1_000
"""Entries of one document that are read: the first, since feeds begin with the newest. Ordinary ones have 10 to 100."""

MAX_BROKEN = 100
"""Broken entries of one document that are told one by one; the others are told in one piece."""

HOPELESS = 1_000
"""Broken entries after which no more are sought: what follows counts as one more of them."""

SLICE = 64 * 1024
"""Characters that the parser takes at once: between two slices, other threads get their turn."""

XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})
"""Those that XML knows by itself."""

_DECLARATION = re.compile(r"""\s{0,100}<\?xml[^>]{0,200}\?>""")
_DECLARED = re.compile(r"""encoding\s{0,9}=\s{0,9}["']([\w.:-]{1,40})["']""")
_ENTRY = re.compile(r"<(/?)(?:[\w.-]{1,40}:)?(?:item|entry)(?=[\s>/])")
_ROOT = re.compile(r"<([A-Za-z][\w.:-]{0,80})(?:\s[^<>]{0,4000})?>")
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30});")
_LONE = re.compile("[\ud800-\udfff]")
_END = re.compile(r"</(?:[\w.-]{1,40}:)?(?:channel|rss|feed|rdf)\b", re.IGNORECASE)


class NotAFeed(ValueError):
    """Nothing of the document can be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Broken:
    """One entry that cannot be an article."""

    reason: str
    """What is wrong with it."""
    original: bytes
    """Its own words."""


@dataclass(frozen=True, slots=True)
class Document:
    """A feed that can be read, and what had to be set aside for it."""

    text: str
    """Well-formed XML, without a declaration and without a document type."""
    originals: tuple[bytes, ...]
    """Its entries, in the order of the document."""
    broken: tuple[Broken, ...] = ()
    """Those set aside."""
    beyond: int = 0
    """How many further entries were not read."""


def read_document(data: bytes, charset: str | None = None) -> Document:
    """Decode, check and mend a feed; `charset` is what the server said.

    Raises:
        NotAFeed: it declares a document type or entities, or is no XML even without its broken entries.

    """
    text = _decode(data, charset)
    try:
        return _read(text, ())
    except ParseError:
        mended, broken = _mend(text)
    try:
        return _read(mended, broken)
    except ParseError as error:
        raise NotAFeed(f"it is no XML: {error}") from error


def _decode(data: bytes, charset: str | None) -> str:
    """By byte order mark, else the server's word, else the declaration; bytes that do not fit become lone surrogates, which no entry survives."""
    head = _DECLARATION.match(data[:400].decode("latin-1"))
    declared = _DECLARED.search(head[0]) if head else None
    marked = next((name for mark, name in BYTE_ORDER_MARKS if data.startswith(mark)), None)
    known = marked or charset_of(charset or "") or charset_of(declared[1] if declared else "") or "utf-8"
    text = data.decode(known, errors="replace" if known == "utf-16" else "surrogateescape")
    declaration = _DECLARATION.match(text[:400])
    return text[declaration.end() :] if declaration else text


class _Shallow(TreeBuilder):
    """Builds no tree that is too deep: hostile nesting would cost seconds, and exhaust what walks it."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0

    def start(self, tag: Any, attrs: Any, /) -> Element:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ParseError(f"its elements are nested more than {MAX_DEPTH} deep")
        return super().start(tag, attrs)

    def end(self, tag: Any, /) -> Element:
        self._depth -= 1
        return super().end(tag)


def _parse(text: str) -> Element:
    """Read XML.

    Raises:
        ParseError: it is not well-formed, or too deep.
        NotAFeed: it declares a document type or entities.

    """
    if _LONE.search(text):
        raise ParseError("it holds bytes that are not in its character set")
    parser = DefusedXMLParser(target=_Shallow(), forbid_dtd=True)
    try:
        for at in range(0, len(text), SLICE):
            parser.feed(text[at : at + SLICE])
        root: Element = parser.close()
    except DefusedXmlException as error:
        raise NotAFeed("it declares a document type or entities; these are refused") from error
    return root


def _read(text: str, broken: Sequence[Broken]) -> Document:
    """Take what is well-formed apart; entries that are too many or too long are cut out."""
    root = _parse(text)
    places = [(parent, child) for parent in [root, *root] for child in parent if _is_entry(child)]
    originals: list[bytes] = []
    aside = list(broken)
    cut = 0
    for parent, entry in places:
        original = _words(entry)
        too_long = len(original) > MAX_ENTRY
        if not too_long and len(originals) < MAX_ENTRIES:
            originals.append(original)
            continue
        parent.remove(entry)
        cut += 1
        if too_long:
            aside.append(Broken(f"it has {len(original):,} bytes; the limit is {MAX_ENTRY:,}", original))
    rest = tostring(root, encoding="unicode") if cut else text
    return Document(rest, tuple(originals), _bounded(aside), cut - (len(aside) - len(broken)))


def _is_entry(element: Element) -> bool:
    return element.tag.rpartition("}")[2] in ("item", "entry")


def _words(entry: Element) -> bytes:
    tail, entry.tail = entry.tail, None
    original = tostring(entry, encoding="unicode").encode()
    entry.tail = tail
    return original


def _bounded(broken: Sequence[Broken]) -> tuple[Broken, ...]:
    if len(broken) <= MAX_BROKEN:
        return tuple(broken)
    rest = broken[MAX_BROKEN:]
    return (*broken[:MAX_BROKEN], Broken(f"{len(rest):,} more broken entries, in one piece", b"\n".join(each.original for each in rest)))


def _mend(text: str) -> tuple[str, list[Broken]]:
    """The document without the entries that are not well-formed, and these; names of characters that HTML knows become the characters."""
    text = _ENTITY.sub(_character, text)
    root = _ROOT.search(text)
    if root is None:
        raise NotAFeed("it is no XML")
    kept: list[str] = []
    broken: list[Broken] = []
    at = 0
    for start, end in _segments(text):
        kept.append(_LONE.sub("\ufffd", text[at:start]))
        if len(broken) >= HOPELESS:
            at = _end(text, start)
            broken.append(Broken("it stands behind too many broken ones", text[start:at].encode(errors="surrogateescape")))
            break
        at = end
        entry = text[start:end]
        try:
            _parse(f"{root[0]}{entry}</{root[1]}>")
        except ParseError as error:
            broken.append(Broken(f"it is no XML: {error}", entry.encode(errors="surrogateescape")))
        else:
            kept.append(entry)
    kept.append(_LONE.sub("\ufffd", text[at:]))
    return "".join(kept), broken


def _character(entity: re.Match[str]) -> str:
    return entity[0] if entity[1] in XML_ENTITIES else html5.get(f"{entity[1]};", entity[0])


def _segments(text: str) -> Iterator[tuple[int, int]]:
    """Where entries begin and end, by their tags alone; one that is never closed ends where the next begins, or the feed."""
    start: int | None = None
    found = _ENTRY.search(text)
    while found:
        at = found.end()
        if not found[1]:
            if start is not None:
                yield start, found.start()
            start = found.start()
        elif start is not None:
            at = text.find(">", found.end()) + 1 or len(text)
            yield start, at
            start = None
        found = _ENTRY.search(text, at)
    if start is not None:
        yield start, _end(text, start)


def _end(text: str, at: int) -> int:
    """Where the feed itself is closed."""
    end = _END.search(text, at)
    return end.start() if end else len(text)
