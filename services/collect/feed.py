"""A feed's document -> the articles in it, each by itself: RSS and Atom, as publishers write them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import urljoin

import feedparser

from schemas import ArticleStatus, canonical_url, identify
from schemas.article import MAX_URL

from .article import Draft
from .cleaning import cut, line, plain
from .dates import MAX_GIVEN
from .markup import Unreadable, fragment_line, fragment_text
from .xml_entries import Broken, NotAFeed, read_document

WITHDRAWN = frozenset({"withdrawn", "retracted", "retraction"})
"""Categories by which a publisher takes an article back."""

CORRECTED = frozenset({"corrected", "correction", "corrections"})
"""Categories by which a publisher says that an article has been corrected."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed."""

    draft: Draft
    """What it says."""
    original: bytes
    """Its own words."""


@dataclass(frozen=True, slots=True)
class Feed:
    """What one document says."""

    title: str
    """The feed's own name."""
    entries: tuple[Entry, ...]
    """In the order of the document."""
    broken: tuple[Broken, ...] = ()
    """Entries that cannot be articles."""
    beyond: int = 0
    """How many further entries were not read."""


def parse(data: bytes, *, feed: str, address: str, source: str = "", charset: str | None = None) -> Feed:
    """Read a document.

    `feed` is the feed's id, `address` where the document came from, `source` the publisher whose feed it is, `charset` what the
    server said. An entry's own source, where it names one, goes before `source`, and this before the feed's title.

    Raises:
        NotAFeed: it is neither RSS nor Atom, or must not be read.

    """
    document = read_document(data, charset)
    found = feedparser.parse(BytesIO(b'<?xml version="1.0" encoding="utf-8"?>' + document.text.encode()))
    if not found.get("version") and not document.originals:
        raise NotAFeed("it is neither RSS nor Atom")
    if len(found.entries) != len(document.originals):
        raise NotAFeed(f"{len(document.originals)} entries were found, and {len(found.entries)} could be told apart")
    title = _line(found.feed.get("title", ""))
    language = found.feed.get("language")
    entries: list[Entry] = []
    broken = list(document.broken)
    for given, original in zip(found.entries, document.originals, strict=True):
        try:
            entries.append(Entry(_draft(given, feed, address, source or title, language), original))
        except Unreadable as error:
            broken.append(Broken(str(error), original))
    return Feed(title, tuple(entries), tuple(broken), document.beyond)


def _draft(given: Any, feed: str, address: str, source: str, language: str | None) -> Draft:
    url = _address(given, address)
    name = str(dict.get(given, "id", ""))
    own = given.get("source") or {}
    published = dict.get(given, "published")
    updated = dict.get(given, "updated")
    text = _text(given)
    title = _line(given.get("title", ""))
    if not (url or name or text or title):
        raise Unreadable("it has neither link nor guid nor title nor text")
    return Draft(
        title=title,
        text=text,
        url=url,
        source=_line(own.get("title", "")) or source,
        language=given.get("language") or language,
        published_at=_date(published or updated),
        updated_at=_date(updated),
        status=_status(given.get("tags") or ()),
        id=identify("article", feed, name) if name and not url else None,
    )


def _address(given: Any, base: str) -> str | None:
    """The page of an entry: its link, or its guid where that is an address."""
    name = str(dict.get(given, "id") or "").strip()
    link = str(given.get("link") or "").strip()
    if link == name:
        link = ""  # feedparser takes any guid for a link where there is none
    for each in (link, name):
        address = _absolute(base if each == link else "", each)
        if address is not None:
            return address
    if link:
        raise Unreadable(f"its link is no address: {cut(line(link), MAX_GIVEN)!r}")
    return None


def _absolute(base: str, given: str) -> str | None:
    """A link as an address; None where it is none."""
    if not given or len(given) > MAX_URL:
        return None
    try:
        address = urljoin(base, given)
        canonical_url(address)
    except ValueError:
        return None
    return address


def _text(given: Any) -> str:
    """The longest of an entry's contents; feeds repeat a teaser beside the whole text, in either order."""
    contents = [*(given.get("content") or ()), given.get("summary_detail") or {}]
    return max((_readable(str(each.get("value") or ""), str(each.get("type") or "")) for each in contents), key=len, default="")


def _readable(value: str, kind: str) -> str:
    return plain(value).strip() if kind == "text/plain" else fragment_text(value)


def _line(value: object) -> str:
    return fragment_line(str(value)) if value else ""


def _date(given: object) -> str | None:
    return cut(line(str(given)), MAX_GIVEN) if given else None


def _status(tags: Iterable[Any]) -> ArticleStatus:
    words = {str(tag.get("term") or "").strip().lower() for tag in tags}
    if words & WITHDRAWN:
        return ArticleStatus.WITHDRAWN
    return ArticleStatus.CORRECTED if words & CORRECTED else ArticleStatus.PUBLISHED
