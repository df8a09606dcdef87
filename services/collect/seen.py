"""What a feed's entries have told before -> which of them are news, and as which revision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from schemas import Article, Revision, iso

MAX_SEEN = 2_000
"""Entries that are remembered of a feed: twice as many as one document may hold."""

LEAST = timedelta(microseconds=1)
"""Between two revisions that came at the same moment."""

REFUSED = "refused"
"""Stands in the memory for an entry that is on the dead letters."""


@dataclass(frozen=True, slots=True)
class Known:
    """The newest revision of an article that a feed has told."""

    content: str
    """Its fingerprint."""
    at: datetime
    """By which it is ordered among revisions."""
    dated: bool
    """Whether that is the publisher's word, and not when it was collected."""

    @classmethod
    def read(cls, word: str) -> Self | None:
        """The form in which it is kept in the feed's state; None for any other."""
        parts = word.split()
        try:
            content, at, dated = parts
            return cls(content, datetime.fromisoformat(at), dated == "dated")
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.content} {iso(self.at)} {'dated' if self.dated else 'collected'}"


class Memory:
    """What is remembered of a feed: the newest revision of each article, and the broken entries that were reported."""

    def __init__(self, seen: Mapping[str, str]) -> None:
        self._seen = dict(seen)

    def refuse(self, letter: str) -> bool:
        """Remember a broken entry by the id of its dead letter; whether it was not known yet."""
        return self._put(letter, REFUSED) is None

    def news(self, articles: Sequence[Article]) -> list[Article]:
        """Those of a document's articles, oldest first, that tell something new; each becomes the newest that is known.

        Entries of one article, such as a report and its correction, may stand side by side in one document.
        """
        reached = {}
        for number, article in enumerate(articles):
            known = self._known(article.id)
            if known is not None and known.content == article.revision.content:
                reached[article.id] = number
        told = (self._tell(article) for number, article in enumerate(articles) if number > reached.get(article.id, -1))
        fresh = [article for article in told if article is not None]
        for number in sorted(reached.values()):
            self._refresh(articles[number].id)
        return fresh

    def state(self) -> dict[str, str]:
        """What to keep: the entries seen last."""
        return dict(list(self._seen.items())[-MAX_SEEN:])

    def _known(self, article: str) -> Known | None:
        return Known.read(self._seen.get(article, ""))

    def _tell(self, article: Article) -> Article | None:
        """The article as a revision that follows what is known of it; None if that is newer by the publisher's own word."""
        known = self._known(article.id)
        at, dated = article.revision.updated_at, article.updated_at is not None
        if known is not None and known.content == article.revision.content:
            return None
        if known is not None and at <= known.at:
            if known.dated and dated and at < known.at:
                return None
            # Changed, yet not dated later than what it replaces: what came later is the newer one.
            at, dated = max(article.collected_at, known.at + LEAST), False
        self._put(article.id, str(Known(article.revision.content, at, dated)))
        return article.model_copy(update={"revision": Revision(updated_at=at, content=article.revision.content)})

    def _put(self, key: str, word: str) -> str | None:
        before = self._seen.pop(key, None)
        self._seen[key] = word
        return before

    def _refresh(self, key: str) -> None:
        self._seen[key] = self._seen.pop(key)


def oldest_first(articles: Iterable[Article]) -> list[Article]:
    """In the order of their dates; undated ones last, and where dates are alike from the end of the document, as feeds begin with the newest."""
    ordered = list(articles)
    ordered.reverse()
    ordered.sort(key=lambda article: (moment_of(article) is None, moment_of(article) or article.collected_at))
    return ordered


def moment_of(article: Article) -> datetime | None:
    """When this revision was told, by the publisher's word."""
    return article.updated_at or article.published_at
