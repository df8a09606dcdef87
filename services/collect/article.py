"""An article as it was given, by whatever way -> the Article that goes onto the topic, or the reason why it cannot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from schemas import Article, ArticleStatus, Via, canonical_url
from schemas.article import MAX_TEXT, MAX_TITLE, MAX_URL

from .cleaning import cut, line, plain
from .dates import believe

MAX_SOURCE = 300
"""Characters of a publisher's name."""

MAX_ID = 200
"""Characters of a given id."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An article as it was given: texts without markup, nothing checked yet."""

    title: str = ""
    text: str = ""
    url: str | None = None
    source: str = ""
    language: str | None = None
    published_at: str | None = None
    updated_at: str | None = None
    status: ArticleStatus = ArticleStatus.PUBLISHED
    id: str | None = None
    """Kept as it is; None derives it from the address, or from source and text."""


@dataclass(frozen=True, slots=True)
class Composed:
    """An article, and what was not taken as it was given."""

    article: Article
    remarks: tuple[str, ...] = ()
    """For the sender: a date that is not believed, a text that was cut."""


class Refused(ValueError):
    """It cannot be an article; the message says what to do."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


def compose(draft: Draft, collected_at: datetime, via: Via) -> Composed:
    """Clean, bound and date a draft, and give it its id and revision.

    Raises:
        Refused: it has no content, or an address or id that cannot be one.

    """
    remarks: list[str] = []
    title = _bounded("title", line(draft.title), MAX_TITLE, remarks)
    text = _bounded("text", plain(draft.text), MAX_TEXT, remarks)
    source = _bounded("source", line(draft.source), MAX_SOURCE, remarks)
    url = _address(draft.url)
    text = text if text.strip() else ""
    given = _given_id(draft.id)
    withdrawn = draft.status == ArticleStatus.WITHDRAWN and (url is not None or given is not None)
    if not text and not title and not withdrawn:
        raise Refused("text", "there is neither text nor title; give at least one of them")
    published = believe(draft.published_at, collected_at)
    updated = believe(draft.updated_at, collected_at)
    remarks.extend(
        f"{name} is not believed: {date.remark}" for name, date in (("published_at", published), ("updated_at", updated)) if date.remark
    )
    article = Article(
        id=given or Article.identify(url, source, text or title),
        revision=Article.revise(updated.believed or collected_at, draft.status, title, text),
        status=draft.status,
        url=url,
        title=title,
        text=text,
        source=source,
        language=_language(draft.language, remarks),
        published_at=published.believed,
        published_as_given=published.as_given,
        updated_at=updated.believed,
        collected_at=collected_at,
        via=via,
    )
    return Composed(article, tuple(remarks))


def _bounded(name: str, value: str, limit: int, remarks: list[str]) -> str:
    if len(value) > limit:
        remarks.append(f"{name} has {len(value):,} characters; only the first {limit:,} are kept")
    return cut(value, limit)


def _address(given: str | None) -> str | None:
    url = (given or "").strip()
    if not url:
        return None
    if len(url) > MAX_URL:
        raise Refused("url", f"it has {len(url):,} characters; the limit is {MAX_URL:,}")
    if url != line(url) or not url.isprintable() or " " in url:
        raise Refused("url", "it holds a space or a control character; escape it as %20 and the like")
    try:
        canonical_url(url)
    except ValueError as error:
        raise Refused("url", "it is no address; an absolute one begins with http:// or https:// and names a host") from error
    if "@" in urlsplit(url).netloc:
        raise Refused("url", "it holds a user name or password; leave them out")
    return url


def _given_id(given: str | None) -> str | None:
    if given is None:
        return None
    if not given or given != line(given) or not given.isprintable() or len(given) > MAX_ID:
        raise Refused("id", f"it must be 1 to {MAX_ID} printable characters; leave it out to have one derived")
    return given


def _language(given: str | None, remarks: list[str]) -> str | None:
    """The language's ISO 639-1 code out of a tag such as `en-GB`."""
    tag = line(given or "").replace("_", "-").split("-")[0].lower()
    if not tag:
        return None
    if len(tag) == 2 and tag.isascii() and tag.isalpha():  # noqa: PLR2004  # ISO 639-1 has codes of two letters
        return tag
    remarks.append("language is not kept: it is no code of two letters such as en")
    return None
