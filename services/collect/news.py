"""One answer of a feed's server -> what is new in it: articles to tell, dead letters, and what to remember. Pure, and done in a thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from schemas import Article, Cause, DeadLetter, Via

from .article import Refused, compose
from .feed import parse
from .feeds_file import FeedSpec
from .seen import Memory, oldest_first
from .xml_entries import Broken


@dataclass(frozen=True, slots=True)
class News:
    """What a document brings."""

    articles: tuple[Article, ...]
    """New articles and revisions, oldest first."""
    letters: tuple[DeadLetter, ...]
    """Entries that cannot be articles, and have not been told before."""
    seen: dict[str, str]
    """What to remember once these are on their topics."""
    known: int
    """Articles that had been told before."""
    beyond: int
    """Entries that were not read: the document has too many."""


def read_news(spec: FeedSpec, seen: Mapping[str, str], body: bytes, *, address: str, charset: str | None, now: datetime) -> News:
    """Read a document that came from `address`; `charset` is what its server said, `seen` what is remembered of the feed.

    Raises:
        NotAFeed: nothing of it can be read.

    """
    feed = parse(body, feed=spec.id, address=address, source=spec.source, charset=charset)
    articles: list[Article] = []
    broken = list(feed.broken)
    for entry in feed.entries:
        try:
            articles.append(compose(entry.draft, now, Via.FEED).article)
        except Refused as error:
            broken.append(Broken(str(error), entry.original))
    memory = Memory(seen)
    fresh = memory.news(oldest_first(articles))
    letters = [letter for each in broken if memory.refuse((letter := letter_of(spec, each, now)).id)]
    return News(tuple(fresh), tuple(letters), memory.state(), len(articles) - len(fresh), feed.beyond)


def letter_of(spec: FeedSpec, broken: Broken, now: datetime) -> DeadLetter:
    """The dead letter of an entry, or of a whole document."""
    return DeadLetter.of_request("collect", Cause.REFUSED, f"feed {spec.id}: {broken.reason}", original=broken.original, at=now)
