"""One believed figure, and who says so."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from .event import Period, Place, Slug, Value
from .identity import identify
from .message import FIRST_FAULT, Message, Part, Utc
from .vocabulary import Group, Kind, Measure, Qualifier, Scope

MAX_TELLERS = 20
"""Most tellers that an indicator lists; their number stands beside."""

MAX_CITATIONS = 5
"""Most claims cited for one teller; their number stands beside."""


class Citation(Part):
    """One claim behind a figure, with the words that say it."""

    claim: str
    """Id of the claim."""
    article: str
    """Id of the article."""
    url: str | None = None
    """Where it can be read."""
    title: str = ""
    """Headline."""
    source: str = ""
    """The publisher's name, as given."""
    publisher: str = ""
    """The publisher's normalised id."""
    published_at: Utc
    """When it was published (when it was collected, where nothing says)."""
    words: str
    """The words that hold the number."""
    sentence: str
    """The sentence in which they stand."""


class Teller(Part):
    """Who says so: the claimant, or the publisher where none is named; with the newest statement of theirs."""

    who: Annotated[str, Field(max_length=220)]
    """`claimant:centcom` or `publisher:example-wire`."""
    value: Value
    """The figure told."""
    qualifier: Qualifier
    """How far the words commit themselves."""
    low: Value | None = None
    """The least that the words allow."""
    high: Value | None = None
    """The most that the words allow."""
    as_of: Utc
    """The day for which the figure is told."""
    published_at: Utc
    """When it was first published."""
    publishers: Annotated[int, Field(ge=0)]
    """How many publishers tell it; near-copies with the same figures are one."""
    citations: Annotated[tuple[Citation, ...], Field(max_length=MAX_CITATIONS), FIRST_FAULT] = ()
    """The newest claims."""
    claims: Annotated[int, Field(ge=0)] = 0
    """How many claims there are."""
    confidence: Annotated[float, Field(ge=0, le=1)] = 0.5
    """Of the surest of the claims."""


class Figure(Part):
    """A figure as it stood."""

    value: Value
    """The number."""
    qualifier: Qualifier
    """How sure."""
    low: Value | None = None
    """The least."""
    high: Value | None = None
    """The most."""


class Indicator(Message):
    """One believed figure of the ledger; the newest revision wins, a tombstone says that it expired."""

    id: str
    """From the book and the fact."""
    revision: Annotated[int, Field(ge=0)]
    """Offset of the last claim folded: a reader drops what is not newer than what it has."""
    book: str
    """The book of the ledger."""
    fact: str
    """What tells this fact from the others of its book."""
    measure: Measure
    """What is counted."""
    actor: Slug | None = None
    """Who did it; of operations, strikes and attacks only."""
    side: Slug | None = None
    """The side it was done to."""
    group: Group = Group.PEOPLE
    """The sort of people counted."""
    places: Annotated[tuple[Place, ...], FIRST_FAULT] = ()
    """Where."""
    kind: Kind
    """Flow, cumulative or stock."""
    scope: Scope
    """Incident, period or campaign."""
    period: Period | None = None
    """When; of a stock, its end is the as-of date of the newest statement."""
    value: Value
    """The figure believed."""
    qualifier: Qualifier
    """How far it is committed to."""
    low: Value | None = None
    """The least that the current tellers allow."""
    high: Value | None = None
    """The most that the current tellers allow."""
    tellers: Annotated[tuple[Teller, ...], Field(max_length=MAX_TELLERS), FIRST_FAULT] = ()
    """Who says so, newest statement first."""
    teller_count: Annotated[int, Field(ge=0)] = 0
    """How many tellers there are."""
    publisher_count: Annotated[int, Field(ge=0)] = 0
    """How many publishers stand behind the current statements."""
    set_aside: dict[str, int] = {}
    """Claims of this fact that are kept but move nothing, by reason (denied, planned, background, ...)."""
    part_of: str | None = None
    """Id of the indicator that this is a part of."""
    conflict: bool = False
    """Whether named tellers contradict each other."""
    previous: Figure | None = None
    """The figure before this one."""
    retracted: bool = False
    """True where every claim behind it was taken back."""
    published_at: Utc
    """Publication of the newest statement that is current."""

    @staticmethod
    def identify(book: str, fact: str) -> str:
        """The id of a fact of a book."""
        return identify("indicator", book, fact)
