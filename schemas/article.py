"""A news article as it was collected: one revision of it."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field

from .identity import canonical_url, digest, identify
from .message import Message, Part, Term, Utc

MAX_TITLE = 2_000
"""Longest title; what lies beyond is cut at the edge."""

MAX_TEXT = 300_000
"""Longest text in characters, so that an article stays under 2 MiB in any script (the topic's limit)."""

MAX_URL = 4_000
"""Longest address that is kept."""


class ArticleStatus(Term):
    """What the publisher says of this revision."""

    PUBLISHED = "published"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


class Via(Term):
    """The way an article came in."""

    FEED = "feed"
    INTAKE = "intake"
    FILE = "file"
    FOLDER = "folder"
    STDIN = "stdin"
    URL = "url"


class Revision(Part):
    """Which state of an article this is; the later `updated_at` wins, and the same content is the same revision."""

    updated_at: Utc
    """When the publisher changed it, or when it was collected where the publisher does not say."""
    content: Annotated[str, Field(max_length=64)]
    """Fingerprint of status, title and text."""

    def newer_than(self, other: Revision) -> bool:
        """Whether this one replaces the other: later, or as late with the higher fingerprint; never the same content."""
        return self.content != other.content and (self.updated_at, self.content) > (other.updated_at, other.content)


class Article(Message):
    """One revision of an article."""

    id: Annotated[str, Field(min_length=1, max_length=200)]
    """From the canonical address, or from source and text where there is none; a given id is kept by the command line."""
    revision: Revision
    """Which state of the article this is."""
    status: ArticleStatus = ArticleStatus.PUBLISHED
    """What the publisher says of this revision."""
    url: Annotated[str, Field(max_length=MAX_URL)] | None = None
    """Where it can be read, as given."""
    title: Annotated[str, Field(max_length=MAX_TITLE)] = ""
    """Headline, without markup."""
    text: Annotated[str, Field(max_length=MAX_TEXT)] = ""
    """Body, without markup; evidence is counted in characters of this very text."""
    source: Annotated[str, Field(max_length=300)] = ""
    """The publisher's name, as given."""
    language: Annotated[str, Field(max_length=20)] | None = None
    """ISO 639-1 code, where known."""
    published_at: Utc | None = None
    """When the publisher says that it was published; None where it does not, or is not believed."""
    published_as_given: Annotated[str, Field(max_length=200)] | None = None
    """A date that could not be read or is later than `collected_at` plus a day: kept as text, not believed."""
    updated_at: Utc | None = None
    """When the publisher says that it was changed."""
    collected_at: Utc
    """When it came in, by the collector's clock."""
    via: Via = Via.INTAKE
    """The way it came in."""

    @staticmethod
    def identify(url: str | None, source: str, text: str) -> str:
        """The id of the article at an address, or of this text by this source.

        Raises:
            ValueError: the address is not an absolute http or https one.

        """
        return identify("article", canonical_url(url)) if url else identify("article", source, text)

    @staticmethod
    def revise(updated_at: Utc, status: ArticleStatus, title: str, text: str) -> Revision:
        """The revision that this content is."""
        return Revision(updated_at=updated_at, content=digest(status, title, text))


class ArticleReference(Part):
    """What later stages carry of an article: enough to cite it, to order its revisions, and to know its copies."""

    id: Annotated[str, Field(max_length=200)]
    """The article's id."""
    revision: Revision
    """The revision that was read."""
    status: ArticleStatus = ArticleStatus.PUBLISHED
    """What the publisher says of this revision."""
    url: str | None = None
    """Where it can be read."""
    title: str = ""
    """Headline."""
    source: str = ""
    """The publisher's name, as given."""
    published_at: Utc | None = None
    """As the article says; where only its text gives a date, the one found there."""
    collected_at: Utc
    """When it came in."""
    simhash: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")] = "0" * 16
    """64-bit SimHash of the normalised text, in hex: near-copies differ in few bits."""

    @classmethod
    def of(cls, article: Article, simhash: str, published_at: Utc | None = None) -> Self:
        """The reference to an article; `published_at` is the date found in its text, used where metadata has none."""
        return cls(
            id=article.id,
            revision=article.revision,
            status=article.status,
            url=article.url,
            title=article.title,
            source=article.source,
            published_at=article.published_at or published_at,
            collected_at=article.collected_at,
            simhash=simhash,
        )
