"""One count for each fact of an article, in the making, and the people that it is said of."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from schemas import Group, Measure, Period, Place, Qualifier
from schemas.vocabulary import TOLD_AS_REAL

from ..frames.mentions import Mention
from ..frames.realis import Status
from ..syntax.nouns import NounPhrase
from ..text.reasons import Reason
from ..text.tokens import Token
from ..where.places import PlaceMention


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words that hold a number; offsets in characters of the field."""

    field: str
    """`text` or `title`."""
    start: int
    end: int
    sentence: int
    """Number of its sentence; the title is -1."""


@dataclass(slots=True)
class Referent:
    """People that the article has spoken of."""

    lemma: str
    group: Group
    value: int | None
    """How many, where the words say; None for an unknown number."""
    plural: bool
    sentence: int
    noun: NounPhrase
    tallies: dict[Measure, Tally] = field(default_factory=dict)


@dataclass(slots=True)
class Tally:
    """A count in the making."""

    measure: Measure
    value: int
    qualifier: Qualifier
    low: int | None
    high: int | None
    status: Status
    via: str
    noun: NounPhrase
    group: Group
    who: str
    sentence: int
    told: Told
    """The mention that it was first told by."""
    numbered: Told
    """The mention that gave it its number, where a later one said it better."""
    evidence: list[Evidence] = field(default_factory=list)
    referent: Referent | None = None
    parent: Tally | None = None
    harm: bool = False
    vague: bool = False
    side: str | None = None
    actor: str | None = None
    claimant: str | None = None
    period: Period | None = None
    places: tuple[Place, ...] = ()
    sights: tuple[PlaceMention, ...] = ()
    """Where the text names those places."""
    event_type: str = "other"
    cumulative: bool = False
    partial: bool = False
    """Whether it is a part of people whom the words take for known, and who were not told of before."""
    includes: bool = False
    """Whether it is a toll that was raised by what else is told."""
    repeats: int = 0
    in_title: bool = False
    summary: bool = False
    """Whether its sentence sums up several places or operations."""
    last_sentence: int = 0
    """Number of the sentence that told it last."""
    why: dict[str, Reason] = field(default_factory=dict)
    """Of its fields those whose reasons are not in the mentions, and why they are as they are."""
    shares: tuple[tuple[str, float], ...] = ()
    """What its confidence is the product of."""

    def put_under(self, parent: Tally | None, reason: Reason) -> None:
        """Make it a part of another."""
        self.parent = parent
        if parent is not None:
            self.why["parent"] = reason

    def set_back(self, reason: Reason) -> None:
        """Make it background."""
        self.status = replace(self.status, background=True)
        self.why["background"] = reason

    @property
    def counts(self) -> bool:
        """Whether it is a figure of its own of what is the news, and not none."""
        return self.real and not self.status.background and bool(self.value) and self.parent is None

    @property
    def dated(self) -> Period | None:
        """Its period, where the words say one."""
        return self.period if self.period is not None and not self.period.inferred else None

    @property
    def real(self) -> bool:
        """Whether it is told as having happened."""
        return self.status.realis in TOLD_AS_REAL and self.status.told


@dataclass(frozen=True, slots=True)
class Told:
    """A mention in its sentence, judged, with its words and roles."""

    mention: Mention
    status: Status
    tokens: list[Token]
    sentence: int
    evidence: Evidence
    who: str
    who_at: int
    """Where the words for who it is begin."""
    in_title: bool
    aside: bool = False
    """Whether it stands in brackets."""
    share: bool = False
    """Whether it is of a share of those told of before."""
    beside: bool = False
    """Whether its sentence tells of another measure before, and not of its own."""
    places: tuple[Place, ...] = ()
    """Where its sentence places it."""
    said: str = ""
    """All words of its sentence in lower case, with one blank between."""

    def reason(self, because: str, words: tuple[int, int]) -> Reason:
        """A reason that went by words of its sentence: first and last token."""
        return Reason(because, self.tokens[words[0]].start, self.tokens[words[1]].end, self.evidence.field)
