"""One count made flat, as it enters a book of the ledger; and what else a book's fold depends on."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated, Any, Literal, cast

import orjson
from pydantic import Field, TypeAdapter, ValidationError

from .article import ArticleReference
from .event import Extractor, Period, Place, Slug, Span, Value
from .identity import identify
from .message import FIRST_FAULT, READING, Message, Part, Term, Utc
from .plain import plain_reader
from .vocabulary import EventType, Group, Kind, Measure, Qualifier, Realis, Scope


class Batch(Part):
    """The place of a claim among all that one revision changes in one book; the fold speaks after the last."""

    id: str
    """From the article, its revision, the extractor and the book."""
    i: Annotated[int, Field(ge=1)]
    """Which one, from 1."""
    n: Annotated[int, Field(ge=1)]
    """Of how many."""


class Claim(Message):
    """One count made flat: the row that a subscriber loads into a table."""

    record: Literal["claim"] = "claim"
    """Tells claims from the other records of the topic."""
    id: str
    """From the count and the extractor's name: a repeated claim replaces itself."""
    book: str
    """The book of the ledger: the measure and its country or countries (`killed:SY`, `operations:IQ+SY`)."""
    batch: Batch
    """Its place among what this revision changes in this book."""
    withdrawn: bool = False
    """True takes back what this claim said before."""
    article: ArticleReference
    """The revision that says it."""
    extractor: Extractor
    """What read it."""
    publisher: Annotated[str, Field(max_length=200)] = ""
    """The publisher, normalised: one id for all spellings of one outlet."""
    event: str
    """Id of the event record."""
    event_type: EventType
    """What sort of thing happened."""
    background: bool = False
    """True for an earlier event, mentioned for context."""
    actors: Annotated[tuple[Slug, ...], FIRST_FAULT] = ()
    """Who did it, as the event says."""
    targets: Annotated[tuple[Slug, ...], FIRST_FAULT] = ()
    """To whom, as the event says."""
    measure: Measure
    """What is counted."""
    value: Value
    """The number."""
    qualifier: Qualifier = Qualifier.EXACT
    """How far the words commit themselves."""
    low: Value | None = None
    """The least that the words allow."""
    high: Value | None = None
    """The most that the words allow."""
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
    """The side it was done to."""
    actor: Slug | None = None
    """Who did it."""
    claimant: Slug | None = None
    """Who says so, where the text names someone."""
    period: Period | None = None
    """When."""
    places: Annotated[tuple[Place, ...], FIRST_FAULT] = ()
    """Where."""
    parent: str | None = None
    """Id of the claim that it is a part of."""
    whole: str | None = None
    """Of a stock, total or toll that is part of another: id of the indicator of that one, in whatever book it stands."""
    evidence: Annotated[tuple[Span, ...], FIRST_FAULT]
    """The words that say it."""
    confidence: Annotated[float, Field(ge=0, le=1)] = 0.5
    """How often counts given this are right."""

    @staticmethod
    def identify(count: str, extractor: str) -> str:
        """The id of the claim that a count makes, as read by the extractor of this name."""
        return identify("claim", count, extractor)


class ReviewAction(Term):
    """What an analyst does to belief."""

    REJECT = "reject"
    AMEND = "amend"
    MERGE = "merge"
    SPLIT = "split"
    PIN = "pin"
    REVERT = "revert"
    """Takes an earlier review back."""


class Review(Message):
    """An analyst's correction of belief: audited, reversible, replayed like the rest."""

    record: Literal["review"] = "review"
    """Tells reviews from the other records of a book."""
    id: str
    """The review's own id."""
    book: str
    """The book that it concerns."""
    action: ReviewAction
    """What is done."""
    subjects: Annotated[tuple[str, ...], Field(min_length=1, max_length=100), FIRST_FAULT]
    """Ids of the claims or facts concerned; of a revert, the review's."""
    value: Value | None = None
    """The figure that an amendment or a pin sets."""
    author: Annotated[str, Field(min_length=1, max_length=200)]
    """Who."""
    reason: Annotated[str, Field(min_length=1, max_length=2_000)]
    """Why."""
    at: Utc
    """When."""
    expires_at: Utc | None = None
    """When it ceases to hold."""


class Tick(Message):
    """The passing of time, put into the log itself, so that a replay reads the same time."""

    record: Literal["tick"] = "tick"
    """Tells ticks from the other records of a topic."""
    at: Utc
    """The data's clock is at least here."""
    heard: Utc | None = None
    """When the newest was published of all that whoever put the tick knows of: how long nothing was heard of anybody."""


BookRecord = Annotated[Claim | Review | Tick, Field(discriminator="record")]
"""What stands on the claims topic."""

_BOOK_RECORD: TypeAdapter[Claim | Review | Tick] = TypeAdapter(BookRecord)


def read_book_record(data: bytes) -> Claim | Review | Tick:
    """Read one record of the claims topic; raises what `Message.from_bytes` raises."""
    return _BOOK_RECORD.validate_python(orjson.loads(data), context=READING)


PlainClaim = dict[str, Any]
"""A claim by the names of its fields, all of them there: members of closed lists as strings, parts as dictionaries, a period as a model."""

_PLAIN, _PLAIN_OF_LATER = plain_reader(Claim, known=True), plain_reader(Claim, known=False)


def read_book_record_plainly(data: bytes) -> PlainClaim | Review | Tick:
    """The same as `read_book_record`, in a third of the time: a claim is not built but given as it is."""
    raw = orjson.loads(data)
    if type(raw) is dict and raw.get("record") == "claim":
        with suppress(ValidationError):  # perhaps just a word of a later version; if not, the model says what is wrong
            return cast("PlainClaim", _PLAIN.validate_python(raw, context=READING))
    said = _BOOK_RECORD.validate_python(raw, context=READING)
    return plain(said) if isinstance(said, Claim) else said


def plain(claim: Claim) -> PlainClaim:
    """A claim as `read_book_record_plainly` gives it."""
    return cast("PlainClaim", _PLAIN_OF_LATER.validate_python(orjson.loads(claim.to_bytes()), context=READING))
