"""From a figure to an alert: what a rule and group see of it, what was decided, and the change of state that is told."""

from __future__ import annotations

from typing import Annotated, Literal

import orjson
from pydantic import Field, TypeAdapter

from .claim import Tick
from .identity import identify
from .indicator import Indicator
from .message import FIRST_FAULT, READING, Message, Part, Term, Utc
from .rule import Condition, Direction, Duration, Reckoned, RuleId, Severity, Total

MAX_EVIDENCE = 20
"""Most pieces of evidence in an alert; their number stands beside."""


class RuleCondition(Part):
    """A rule as the fold of its decisions knows it: whole, so that it depends on nothing from the side."""

    id: RuleId
    """The rule's id."""
    hash: str
    """Fingerprint of the condition."""
    since: Utc | None = None
    """When this condition came into force: tells a condition that came back from what it was before."""
    condition: Condition
    """What it decides by."""
    summary: str
    """What it means that it fires."""
    labels: dict[str, str] = {}
    """For the receiver to route by."""


class Observation(Message):
    """An indicator as one rule and group sees it."""

    record: Literal["observation"] = "observation"
    """Tells observations from the other records of the topic."""
    rule: RuleCondition
    """The rule, with its whole condition."""
    group: dict[str, str] = {}
    """The group's labels."""
    indicator: str
    """Id of the indicator."""
    seen: Indicator | None = None
    """The indicator; None where it expired or no longer belongs to the group."""
    revision: Annotated[int, Field(ge=0)] | None = None
    """Where nothing is seen: the revision that it left with, so that what is older is known to be."""
    priming: bool = False
    """True while a changed condition is being shown what stands already."""


class Primed(Message):
    """One partition of the indicators has shown a changed condition all that it holds."""

    record: Literal["primed"] = "primed"
    """Tells this from the other records of the topic."""
    rule: RuleCondition
    """The rule, with its whole condition."""
    partition: Annotated[int, Field(ge=0)]
    """Which partition of the indicators."""
    of: Annotated[int, Field(ge=1)]
    """How many there are."""
    began: Utc | None = None
    """When it began to show them, by the wall clock: a log that begins later may lack some."""


class Retired(Message):
    """A rule is no longer in force: its state is dropped."""

    record: Literal["retired"] = "retired"
    """Tells this from the other records of the topic."""
    rule: RuleId
    """The rule's id."""
    hash: str
    """Fingerprint of the condition that ended."""
    since: Utc | None = None
    """When that condition came into force."""


ObservationRecord = Annotated[Observation | Primed | Retired | Tick, Field(discriminator="record")]
"""What stands on the observations topic."""

_OBSERVATION_RECORD: TypeAdapter[Observation | Primed | Retired | Tick] = TypeAdapter(ObservationRecord)


def read_observation_record(data: bytes) -> Observation | Primed | Retired | Tick:
    """Read one record of the observations topic; raises what `Message.from_bytes` raises."""
    return _OBSERVATION_RECORD.validate_python(orjson.loads(data), context=READING)


class AlertStatus(Term):
    """What changed."""

    PENDING = "pending"
    FIRED = "fired"
    ESCALATED = "escalated"
    DEESCALATED = "deescalated"
    CORRECTED = "corrected"
    RESOLVED = "resolved"
    RETRACTED = "retracted"


class Certainty(Term):
    """Whether the words leave room for the other side of the line."""

    CERTAIN = "certain"
    POSSIBLE = "possible"


class Evidence(Part):
    """The words behind an alert."""

    claim: str
    """Id of the claim."""
    url: str | None = None
    """Where it can be read."""
    title: str = ""
    """Headline."""
    source: str = ""
    """The publisher's name, as given."""
    teller: str = ""
    """Who says so."""
    published_at: Utc
    """When it was published."""
    words: str
    """The words that hold the number."""
    sentence: str
    """The sentence in which they stand."""


class RuleReference(Part):
    """Which rule spoke."""

    id: RuleId
    """Its id."""
    hash: str
    """Fingerprint of its condition."""
    since: Utc | None = None
    """When this condition came into force."""
    summary: str
    """What it means that it fires."""
    labels: dict[str, str] = {}
    """For the receiver to route by."""


class Spread(Part):
    """A number and what it can be; None is unbounded on that side."""

    value: int
    """The number."""
    low: int | None = None
    """The least."""
    high: int | None = None
    """The most."""


class ReckonedFrom(Part):
    """How the number that was judged was reckoned, where it is neither a figure nor the sum of a window."""

    of: Reckoned
    """What was reckoned: a rise, a fall, a record, hours of silence or of absence; `itself` of what a window comes to."""
    total: Total | None = None
    """What the window comes to: its sum, how many incidents, or the largest; None where there is no window."""
    percent: bool = False
    """Whether a change is in percent."""
    figure: Spread
    """The figure, or what the window comes to."""
    base: Spread | None = None
    """What it was compared with."""


class Alert(Message):
    """One change of an alert's state."""

    id: str
    """From rule, condition, group, the event time that opened the episode, and the transition's number in it."""
    rule: RuleReference
    """Which rule spoke."""
    fingerprint: str
    """From rule and group: the same through all its episodes."""
    group: dict[str, str] = {}
    """The group's labels."""
    status: AlertStatus
    """What changed."""
    severity: Severity
    """How bad it is now; of an end, how bad it was."""
    certainty: Certainty = Certainty.CERTAIN
    """Whether the words leave room for the other side."""
    initial: bool = False
    """True where the figure was beyond the line when it was first seen."""
    indicator: Indicator
    """The indicator as it stood; of a sum, the one that moved it."""
    value: int
    """The number that was judged: the figure, or the sum over the window."""
    low: int | None = None
    """The least that it can be."""
    high: int | None = None
    """The most that it can be."""
    window: Duration | None = None
    """Of a sum, the time that it is taken over; None where the figure itself was judged."""
    reckoned: ReckonedFrom | None = None
    """How that number was reckoned; None where it is the figure itself, or the sum of the window."""
    threshold: int
    """The level that was crossed."""
    direction: Direction
    """In which direction."""
    evidence: Annotated[tuple[Evidence, ...], Field(max_length=MAX_EVIDENCE), FIRST_FAULT] = ()
    """The words behind it."""
    evidence_count: Annotated[int, Field(ge=0)] = 0
    """How many claims stand behind it."""
    event_time: Utc
    """The data's time of this change: publication of what caused it."""
    sequence: Annotated[int, Field(ge=1)]
    """Number of the transition in its episode: a receiver drops what is older than what it has."""
    opened_at: Utc | None = None
    """The data's time that opened the episode."""
    told_at: Utc | None = None
    """The data's clock when it was told: the rule's cooldown runs from here."""
    revision: Annotated[int, Field(ge=0)] | None = None
    """Offset of the last observation folded."""

    @staticmethod
    def fingerprint_of(rule: str, group: str) -> str:
        """The fingerprint of a rule's group."""
        return identify("alert-fingerprint", rule, group)

    @staticmethod
    def identify(rule: str, condition: str, group: str, opened_at: str, number: int) -> str:
        """The id of the `number`-th transition of the episode that this event time opened."""
        return identify("alert", rule, condition, group, opened_at, number)


class Decision(Message):
    """The last reason for one rule and group: why it fired, or why it is silent."""

    rule: RuleId
    """The rule's id."""
    hash: str
    """Fingerprint of its condition."""
    group: dict[str, str] = {}
    """The group's labels."""
    reason: Reason
    """Why."""
    detail: Annotated[str, Field(max_length=1_000)] = ""
    """The figures that decided, in a sentence."""
    severity: Severity | None = None
    """Where it stands on the ladder; None: not fired."""
    indicator: str | None = None
    """Id of the indicator that was judged."""
    value: int | None = None
    """The number that was judged."""
    evidence: Annotated[tuple[Evidence, ...], Field(max_length=MAX_EVIDENCE), FIRST_FAULT] = ()
    """The words behind it."""
    at: Utc
    """The data's clock at the decision."""
    since: Utc | None = None
    """When the rule's condition came into force."""
    crossed_at: Utc | None = None
    """The data's time at which the line was crossed, while nothing is told of it yet."""
    initial: bool = False
    """True where it was never judged to be silent: what is beyond the line was so when it was first seen."""
    revision: Annotated[int, Field(ge=0)] | None = None
    """Offset of the last observation folded."""


class Reason(Term):
    """Why a rule spoke or was silent."""

    FIRED = "fired"
    ESCALATED = "escalated"
    DEESCALATED = "deescalated"
    RESOLVED = "resolved"
    RETRACTED = "retracted"
    CORRECTED = "corrected"
    STILL_FIRING = "still_firing"
    """Beyond the line, and told already."""
    NOT_CROSSED = "not_crossed"
    ONLY_POSSIBLE = "only_possible"
    """The words leave room for the other side of the line."""
    PENDING = "pending"
    """Crossed, but not yet for as long as the rule wants."""
    COOLDOWN = "cooldown"
    TOO_FEW_TELLERS = "too_few_tellers"
    TOO_FEW_PUBLISHERS = "too_few_publishers"
    TOO_UNSURE = "too_unsure"
    """Below the rule's least confidence."""
    TELLERS_DISAGREE = "tellers_disagree"
    """Not as many of the tellers are beyond the line as the rule wants."""
    TOO_LITTLE_HISTORY = "too_little_history"
    """Nothing is known of the time with which the rule compares."""
    BASE_TOO_SMALL = "base_too_small"
    """What it would be compared with is less than the rule wants, or nothing."""
    FEED_SILENT = "feed_silent"
    """Nothing is heard of anybody, so that the silence of one says nothing."""
    STALE = "stale"
    """Older than the rule's `max_age` by the data's clock."""
    PRIMING = "priming"
    """A changed condition has not yet been shown all that stands."""
    GONE = "gone"
    """The figure expired or was taken back."""


Decision.model_rebuild()
