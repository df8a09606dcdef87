"""Articles made for a test, and what the extractor read in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from schemas import Article, ArticleStatus, Count, EventRecord, Period, Place, Reading
from services.extract.extraction import Extraction

TUESDAY = datetime(2024, 4, 16, 12, tzinfo=UTC)
"""The day on which test articles are published."""


@dataclass(frozen=True)
class Told:
    """One count with what its event says for it."""

    count: Count
    event: EventRecord

    @property
    def period(self) -> Period | None:
        """When."""
        return self.count.period or self.event.period

    @property
    def places(self) -> tuple[Place, ...]:
        """Where."""
        return self.count.places or self.event.places


def article(
    text: str, title: str = "", *, published: datetime | None = TUESDAY, status: ArticleStatus = ArticleStatus.PUBLISHED, **fields: Any
) -> Article:
    """An article collected on the day on which it was published."""
    return Article(
        id=fields.pop("id", "test"),
        revision=Article.revise(TUESDAY, status, title, text),
        status=status,
        title=title,
        text=text,
        published_at=published,
        collected_at=TUESDAY,
        **fields,
    )


def reading(text: str, title: str = "", *, profile: str = "conservative", **fields: Any) -> Reading:
    """What is read in a text."""
    return Extraction(profile).read(article(text, title, **fields))


def read(text: str, title: str = "", *, profile: str = "conservative", **fields: Any) -> list[Told]:
    """The counts that are read in a text, in the order of its events."""
    return [Told(count, event) for event in reading(text, title, profile=profile, **fields).events for count in event.counts]


def values(text: str, measure: str, **fields: Any) -> list[int]:
    """The values of a measure that are told as having happened, parts and background left out."""
    return [
        t.count.value
        for t in read(text, **fields)
        if t.count.measure == measure and t.count.parent is None and not t.event.background and t.count.realis in ("asserted", "claimed")
    ]
