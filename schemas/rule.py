"""A line that an analyst drew: which figures are watched, where the line is, and how to speak of it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema, model_validator

from .event import Slug
from .identity import digest
from .message import Message, Part, Term, Utc
from .vocabulary import Group, Kind, Measure, PeriodPrecision, Scope

_DURATION = re.compile(r"^(\d{1,6})([smhdw])$")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def _duration(given: Any) -> Any:
    if isinstance(given, str) and (match := _DURATION.match(given)):
        return timedelta(**{_UNITS[match[2]]: int(match[1])})
    if isinstance(given, timedelta):
        return given
    raise ValueError("a length of time is a whole number and a unit: 90s, 30m, 6h, 7d, 2w")


def _spell(length: timedelta) -> str:
    seconds = int(length.total_seconds())
    for unit, size in (("w", 604_800), ("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


Duration = Annotated[
    timedelta,
    BeforeValidator(_duration, json_schema_input_type=str),
    PlainSerializer(_spell, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": _DURATION.pattern}),
]
"""A length of time as an analyst writes it: `90s`, `30m`, `6h`, `7d`, `2w`."""


class Severity(Term):
    """How bad it is, mildest first."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """Its place on the ladder."""
        return list(Severity).index(self)


class Direction(Term):
    """On which side of the level the line is crossed."""

    AT_LEAST = "at_least"
    ABOVE = "above"
    BELOW = "below"
    AT_MOST = "at_most"

    @property
    def upward(self) -> bool:
        """Whether a rising figure crosses."""
        return self in (Direction.AT_LEAST, Direction.ABOVE)


class Whose(Term):
    """Whose current figures must be beyond the line."""

    ANY = "any"
    MOST = "most"
    ALL = "all"


class GroupBy(Term):
    """What a rule keeps a separate state for."""

    COUNTRY = "country"
    ADMIN1 = "admin1"
    SIDE = "side"
    ACTOR = "actor"
    GROUP = "group"


class Total(Term):
    """What a window comes to."""

    SUM = "sum"
    """All that its incidents add up to."""
    INCIDENTS = "incidents"
    """How many there are."""
    LARGEST = "largest"
    """The largest of them."""


class Reckoned(Term):
    """What is held against the levels."""

    ITSELF = "itself"
    """The figure, or what the window comes to."""
    RISE = "rise"
    """By how much it has risen."""
    FALL = "fall"
    """By how much it has fallen."""
    HIGHEST = "highest"
    """By how much it passes the highest before."""
    LOWEST = "lowest"
    """By how much it falls short of the lowest before."""
    SILENCE = "silence"
    """For how many hours nothing was told of the group."""
    ABSENCE = "absence"
    """For how many hours nothing had been told of the group, before something was."""


OF_PRESENCE = frozenset({Reckoned.SILENCE, Reckoned.ABSENCE})
"""What asks when something was told of a group, and not which figure."""

OF_CHANGE = frozenset({Reckoned.RISE, Reckoned.FALL})
"""What asks how far a figure has moved."""

OF_RECORDS = frozenset({Reckoned.HIGHEST, Reckoned.LOWEST})
"""What asks whether a figure is the highest or lowest so far."""


class Reckoning(Part):
    """What is held against the levels, where that is neither a figure itself nor the sum of a window."""

    total: Total = Total.SUM
    """What the window comes to."""
    of: Reckoned = Reckoned.ITSELF
    """What is made of that, or of the figure."""
    percent: bool = False
    """Whether a change is reckoned in percent of what it began from."""
    windows: Annotated[int, Field(ge=1, le=60)] = 1
    """How many windows before are averaged, to compare a window with."""
    within: Duration | None = None
    """How far back a figure is compared with itself, and a record with all before it."""
    min_base: Annotated[int, Field(ge=0)] = 0
    """A change from less than this is none: of three, two are two thirds."""


class Selection(Part):
    """Which indicators a rule watches; what is left out does not matter."""

    measure: Measure
    """What is counted."""
    scope: Scope | None = None
    """Incident, period or campaign; None watches all that the line can judge."""
    kind: Kind | None = None
    """Flow, cumulative or stock."""
    actor: Slug | None = None
    """Who did it."""
    side: Slug | None = None
    """The side it was done to."""
    group: Group | None = None
    """The sort of people counted."""
    places: Annotated[tuple[Annotated[str, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")], ...], Field(max_length=50)] = ()
    """Countries (ISO 3166-1) or provinces (ISO 3166-2): incidents anywhere within, other figures for exactly these."""
    period: PeriodPrecision | None = None
    """Totals of periods of this length only."""


class Line(Part):
    """The line: a level for each severity, and where it is surely back."""

    direction: Direction
    """On which side it is crossed."""
    levels: Annotated[dict[Severity, Annotated[int, Field(ge=0)]], Field(min_length=1)]
    """Where the line is, for each severity."""
    resolve: dict[Severity, Annotated[int, Field(ge=0)]] = {}
    """Where it is back (hysteresis); the level itself where none is given."""
    window: Duration | None = None
    """Sum of incidents over so long; None judges each figure for itself."""
    reckoning: Reckoning | None = None
    """What is held against the levels; None: the figure, or the sum of the window."""

    @property
    def of(self) -> Reckoned:
        """What is held against the levels."""
        return Reckoned.ITSELF if self.reckoning is None else self.reckoning.of

    @model_validator(mode="after")
    def _on_the_right_side(self) -> Self:
        ordered = sorted(self.levels.items(), key=lambda item: item[0].rank)
        values = [level for _, level in ordered]
        if values != sorted(values, reverse=not self.direction.upward) or len(set(values)) != len(values):
            raise ValueError(f"levels must get {'higher' if self.direction.upward else 'lower'} with severity")
        for severity, back in self.resolve.items():
            if severity not in self.levels:
                raise ValueError(f"resolve names {severity}, for which there is no level")
            if (back > self.levels[severity]) if self.direction.upward else (back < self.levels[severity]):
                side = "at or below" if self.direction.upward else "at or above"
                raise ValueError(f"resolve of {severity} must be {side} its level {self.levels[severity]}")
        return self


class Condition(Part):
    """All that a decision depends on; a change of it is a new hash and a new state."""

    select: Selection
    """Which indicators are watched."""
    group_by: Annotated[tuple[GroupBy, ...], Field(max_length=4)] = ()
    """What a separate state is kept for."""
    line: Line
    """Where the line is."""
    possible: bool = False
    """Speak already when the line is possibly crossed, and say so."""
    tolerance: Annotated[float, Field(ge=0, le=1)] = 0.1
    """How far "about" reaches, as a share of the value."""
    tellers: Whose = Whose.ANY
    """Whose current figures must be beyond the line."""
    min_tellers: Annotated[int, Field(ge=1, le=100)] = 1
    """Fewest tellers behind a figure."""
    min_publishers: Annotated[int, Field(ge=1, le=1_000)] = 1
    """Fewest publishers behind a figure."""
    min_confidence: Annotated[float, Field(ge=0, le=1)] = 0.0
    """Least confidence of the surest claim."""
    hold: Duration = timedelta(0)
    """How long the line must stay crossed (`for` in the file)."""
    cooldown: Duration = timedelta(0)
    """How long nothing is told after an alert, but for a worse severity and the end."""
    max_age: Duration = timedelta(days=400)
    """Figures published longer ago than this, by the data's clock, start no episode."""

    def hash(self) -> str:
        """The fingerprint that tells one condition from another; one that says nothing of a later field has that which it always had."""
        said = self.model_dump(mode="json")
        if self.line.reckoning is None:
            del said["line"]["reckoning"]
        return digest(said)


RuleId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=80)]
"""Id of a rule: lower-case letters, digits and hyphens."""


class Rule(Part):
    """A condition and how to speak of it."""

    id: RuleId
    """Stable; part of every alert's fingerprint."""
    summary: Annotated[str, Field(min_length=1, max_length=300)]
    """What it means that it fires, in a sentence."""
    labels: Annotated[dict[str, Annotated[str, Field(max_length=200)]], Field(max_length=20)] = {}
    """For the receiver to route by."""
    condition: Condition
    """What it decides by."""
    since: Utc | None = None
    """When this condition came into force; set when a set of rules is published."""


class Withdrawn(Part):
    """A rule that is no longer in force."""

    id: RuleId
    """Its id."""
    hash: str
    """Fingerprint of the condition that it had last."""
    since: Utc | None = None
    """When that condition came into force."""


class RuleSet(Message):
    """All rules in force: one record, all or nothing."""

    hash: str
    """Fingerprint of the rules."""
    rules: Annotated[tuple[Rule, ...], Field(max_length=1_000)] = ()
    """The rules, ordered by id."""
    withdrawn: Annotated[tuple[Withdrawn, ...], Field(max_length=1_000)] = ()
    """Rules that earlier sets had, the last ones withdrawn last: so that who missed those sets ends what is open of them."""
    published_at: Utc
    """When the set was published."""

    @staticmethod
    def fingerprint(rules: tuple[Rule, ...]) -> str:
        """The hash of a set of rules, whenever they came into force."""
        return digest([rule.model_dump(mode="json", exclude={"since"}) for rule in rules])
