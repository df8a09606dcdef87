"""Articles made for a test, and what the extractor read in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console, RenderableType

from schemas import Article, ArticleStatus, Count, EventRecord, Period, Place, Reading
from services.extract.extraction import Extraction

TUESDAY = datetime(2024, 4, 16, 12, tzinfo=UTC)
"""The day on which test articles are published."""

TOLD = frozenset({"asserted", "claimed"})
"""Realis of what is told as having happened."""


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


def news() -> list[tuple[str, dict[str, Any]]]:
    """Our own texts of eight kinds: the kind, and the case with its `text` or `title` and what it `tells`."""
    files = sorted((Path(__file__).parent / "data" / "news").glob("*.yaml"))
    return [(file.stem, case) for file in files for case in yaml.safe_load(file.read_text())]


def noon(day: date | None) -> datetime:
    """When an article of a day came out; TUESDAY's where no day is given."""
    return datetime.combine(day, time(12), UTC) if day else TUESDAY


def printed(shown: RenderableType, width: int = 160, *, styles: bool = False) -> str:
    """What a terminal of this width is shown."""
    console = Console(width=width, record=True, force_terminal=True, file=open("/dev/null", "w"))  # noqa: SIM115, PTH123  # the console keeps it
    console.print(shown)
    return console.export_text(styles=styles)


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
        if t.count.measure == measure and t.count.parent is None and not t.event.background and t.count.realis in TOLD
    ]
