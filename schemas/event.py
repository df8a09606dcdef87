"""What an article says happened, in numbers, with the words that say it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from .article import ArticleReference
from .identity import identify
from .message import FIRST_FAULT, Message, Part
from .vocabulary import (
    EventType,
    Group,
    Kind,
    Measure,
    PeriodPrecision,
    PlacePrecision,
    Qualifier,
    Realis,
    Scope,
    SpanField,
)

MAX_VALUE = 1_000_000_000
"""Largest count that is believed to be a count of people or deeds; a longer number is money, a code or nonsense."""

MAX_EVENTS = 200
"""Most events of one article; what lies beyond is noted in the Reading."""

MAX_COUNTS = 200
"""Most counts of one event."""

Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=80)]
"""Id of an actor: lower-case letters, digits and hyphens (`isis`, `centcom`)."""

Value = Annotated[int, Field(ge=0, le=MAX_VALUE, strict=True)]
"""A count."""


class Period(Part):
    """A stretch of days, both ends within it; of a stock, the end is the as-of date."""

    start: date
    """First day."""
    end: date
    """Last day."""
    precision: PeriodPrecision
    """How narrowly it is known."""
    inferred: bool = False
    """True where the text gives no date and the publication date stands in."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.start > self.end:
            raise ValueError("a period's start must not be after its end")
        return self


class Place(Part):
    """A place on the map."""

    name: Annotated[str, Field(max_length=200)]
    """As the gazetteer spells it."""
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    """ISO 3166-1 alpha-2."""
    admin1: Annotated[str, Field(pattern=r"^[A-Z]{2}-[A-Z0-9]{1,3}$")] | None = None
    """ISO 3166-2."""
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    """Degrees north."""
    lon: Annotated[float, Field(ge=-180, le=180)] | None = None
    """Degrees east."""
    precision: PlacePrecision
    """How narrowly it is known."""
    geonames: int | None = None
    """GeoNames id."""


class Span(Part):
    """Words of the article, and where they stand."""

    field: SpanField
    """The part of the article that the offsets count in."""
    start: Annotated[int, Field(ge=0)]
    """Offset of the first character (code points)."""
    end: Annotated[int, Field(ge=0)]
    """Offset behind the last character."""
    words: Annotated[str, Field(max_length=2_000)]
    """The characters between: they hold the number's own words."""
    sentence: Annotated[str, Field(max_length=4_000)]
    """The sentence in which they stand; of a very long one, its part around them."""


class Count(Part):
    """One number that the article says, and all that its words say of it."""

    id: str
    """From the article, the measure, the evidence's words and their ordinal; unique in the article."""
    measure: Measure
    """What is counted."""
    value: Value
    """The integer that the words name; the lower one of a range; for a vague word what the profile says."""
    qualifier: Qualifier = Qualifier.EXACT
    """How far the words commit themselves."""
    low: Value | None = None
    """The least that the words allow; None where they set no bound."""
    high: Value | None = None
    """The most that the words allow; None where they set no bound."""
    kind: Kind
    """Flow, cumulative or stock."""
    scope: Scope
    """Incident, period or campaign."""
    realis: Realis = Realis.ASSERTED
    """Whether the words say that it happened."""
    who: Annotated[str, Field(max_length=200)] = ""
    """The words for the people or things counted."""
    group: Group = Group.PEOPLE
    """The sort of people counted."""
    side: Slug | None = None
    """Of people, the side they belong to; of operations, strikes and attacks, the one they were aimed at."""
    actor: Slug | None = None
    """Who did it."""
    claimant: Slug | None = None
    """Who says so, where the text names someone."""
    period: Period | None = None
    """Where it differs from the event's."""
    places: Annotated[tuple[Place, ...], FIRST_FAULT] = ()
    """Where they differ from the event's; empty: the event's hold."""
    parent: str | None = None
    """Id of the count of the same article that this is a part of; a part never adds to its whole."""
    evidence: Annotated[tuple[Span, ...], Field(min_length=1, max_length=20), FIRST_FAULT]
    """Spans that hold the number's own words."""
    confidence: Annotated[float, Field(ge=0, le=1)] = 0.5
    """How often counts given this are right, calibrated on labelled texts."""

    @staticmethod
    def identify(article: str, measure: Measure, words: str, ordinal: int) -> str:
        """The id of the `ordinal`-th count (from 0) of this measure with these words in this article."""
        return identify("count", article, measure, words, ordinal)


class EventRecord(Part):
    """One thing that the article says happened."""

    id: str
    """From the article and its counts."""
    type: EventType
    """What sort of thing."""
    actors: Annotated[tuple[Slug, ...], Field(max_length=50), FIRST_FAULT] = ()
    """Who did it."""
    targets: Annotated[tuple[Slug, ...], Field(max_length=50), FIRST_FAULT] = ()
    """To whom."""
    places: Annotated[tuple[Place, ...], Field(max_length=50), FIRST_FAULT] = ()
    """Where; holds for each count that does not say otherwise."""
    period: Period | None = None
    """When; holds for each count that does not say otherwise."""
    background: bool = False
    """True for an earlier event, mentioned for context."""
    counts: Annotated[tuple[Count, ...], Field(max_length=MAX_COUNTS), FIRST_FAULT] = ()
    """Its numbers."""

    @staticmethod
    def identify(article: str, counts: tuple[str, ...]) -> str:
        """The id of the event of this article with these counts (their ids, in order)."""
        return identify("event", article, list(counts))


class Extractor(Part):
    """What read the article."""

    name: Annotated[str, Field(max_length=60)]
    """Its name."""
    version: Annotated[str, Field(pattern=r"^\d+(\.\d+){0,3}$")]
    """Its version: numbers with dots, compared number by number."""

    def order(self) -> tuple[int, ...]:
        """The version as it is compared."""
        return self.order_of(self.version)

    @staticmethod
    def order_of(version: str) -> tuple[int, ...]:
        """A version as it is compared."""
        return tuple(int(part) for part in version.split("."))


class Reading(Message):
    """What one extractor read in one revision of an article; its events, perhaps none."""

    article: ArticleReference
    """The revision that was read."""
    extractor: Extractor
    """What read it."""
    profile: Annotated[str, Field(max_length=40)] = "conservative"
    """The profile by which vague words were given numbers."""
    events: Annotated[tuple[EventRecord, ...], Field(max_length=MAX_EVENTS), FIRST_FAULT] = ()
    """What it says happened."""
    left_out: Annotated[str, Field(max_length=300)] | None = None
    """What was not analysed, and why (text beyond the limit, another language)."""
