"""How an analyst writes a rule: the form of a rules file, and what it means as a rule of the contract."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, field_validator, model_validator
from pydantic_core import PydanticCustomError

from schemas import Condition, Direction, Group, Kind, Line, Measure, PeriodPrecision, Rule, Scope, Selection, Severity, Whose
from schemas.event import Slug
from schemas.message import MAX_WORD
from schemas.rule import Duration, GroupBy, RuleId

MAX_LEVEL = 1_000_000_000
"""Highest level: no count is larger."""

LONGEST = timedelta(days=400)
"""Longest window: as long as the ledger holds what it believes."""

LENGTH = r"^\d{1,6}[smhdw]$"
"""A length of time, for other readers of the schema: `90s`, `30m`, `6h`, `7d`, `2w`."""

_PERCENT = re.compile(r"^(\d{1,3}(?:\.\d{1,3})?)\s*%$")


def _share(given: Any) -> Any:
    if isinstance(given, str) and (match := _PERCENT.match(given)):
        return float(match[1]) / 100
    return given


def _ladder(given: Any) -> Any:
    if isinstance(given, dict):
        return given
    if isinstance(given, int) and not isinstance(given, bool):
        return {Severity.WARNING: given}
    raise PydanticCustomError(
        "levels", "a level is a whole number, or one for each severity, such as {example}", {"example": "{warning: 90, critical: 120}"}
    )


Level = Annotated[int, Field(strict=True, ge=0, le=MAX_LEVEL)]
Levels = Annotated[
    dict[Severity, Level], Field(min_length=1), BeforeValidator(_ladder, json_schema_input_type=Level | dict[Severity, Level])
]
"""A number is the level of a warning; otherwise there is one for each severity."""

Length = Annotated[Duration, WithJsonSchema({"type": "string", "pattern": LENGTH})]
Share = Annotated[
    float, Field(ge=0, le=1), BeforeValidator(_share, json_schema_input_type=float | Annotated[str, Field(pattern=_PERCENT.pattern)])
]
Code = Annotated[str, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")]


class Form(BaseModel):
    """Part of a rules file: what it does not know is an error."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)


class LineForm(Form):
    """The line. Exactly one of `at_least`, `above`, `below` and `at_most` says on which side it is crossed."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        json_schema_extra={"oneOf": [{"required": [side]} for side in ("at_least", "above", "below", "at_most")]}
    )

    at_least: Levels | None = None
    """Crossed by this and more. A number is the level of a warning; `{warning: 90, critical: 120}` is a ladder."""
    above: Levels | None = None
    """Crossed by more than this."""
    below: Levels | None = None
    """Crossed by less than this."""
    at_most: Levels | None = None
    """Crossed by this and less."""
    resolve: Levels | None = None
    """Where it is surely back, for a line that must not flap; the level itself where nothing is said."""

    @model_validator(mode="after")
    def _one_side(self) -> Self:
        sides = self._sides()
        if len(sides) != 1:
            told = " and ".join(sides) if sides else "none"
            raise PydanticCustomError("line", "a line has exactly one of at_least, above, below, at_most; here is {told}", {"told": told})
        return self

    def _sides(self) -> dict[str, dict[Severity, int]]:
        given = {"at_least": self.at_least, "above": self.above, "below": self.below, "at_most": self.at_most}
        return {name: levels for name, levels in given.items() if levels is not None}

    def line(self, window: timedelta | None) -> Line:
        """The line of the contract.

        Raises:
            ValueError: levels are in no sensible order; the text says which.

        """
        ((side, levels),) = self._sides().items()
        return Line(direction=Direction(side), levels=levels, resolve=self.resolve or {}, window=window)


class RuleForm(Form):
    """One rule."""

    id: RuleId
    """Stable: lower-case letters, digits and hyphens. Renaming a rule makes it another."""
    summary: Annotated[str, Field(min_length=1, max_length=300)]
    """What it means that it fires, in a sentence."""
    labels: Annotated[dict[str, Annotated[str, Field(max_length=200)]], Field(max_length=20)] = {}
    """For the receiver to route by."""
    measure: Measure
    """What is counted."""
    scope: Scope | None = None
    """Incident, period or campaign only."""
    kind: Kind | None = None
    """Flow, cumulative or stock only."""
    actor: Slug | None = None
    """Done by this actor only."""
    side: Slug | None = None
    """Done to this side only."""
    group: Group | None = None
    """This sort of people only."""
    places: Annotated[tuple[Code, ...], Field(max_length=50)] = ()
    """Countries (`SY`) or provinces (`SY-DY`): incidents anywhere within, other figures for exactly these."""
    period: PeriodPrecision | None = None
    """Totals of periods of this length only."""
    group_by: Annotated[tuple[GroupBy, ...], Field(max_length=4)] = ()
    """What a separate state is kept for."""
    line: LineForm
    """Where the line is."""
    window: Length | None = None
    """Sum of incidents over so many whole days (`7d`, `2w`); without it each figure is judged for itself."""
    hold: Annotated[Length, Field(alias="for")] = timedelta(0)
    """How long the line must stay crossed before it is told."""
    cooldown: Length = timedelta(0)
    """How long nothing more is told after an alert, but for a worse severity and the end."""
    possible: bool = False
    """Speak already when the line is possibly crossed, and say so."""
    tolerance: Share = 0.1
    """How far "about" reaches: `10%` or `0.1`."""
    tellers: Whose = Whose.ANY
    """Whose current figures must be beyond the line: those of any, most or all who tell one."""
    min_tellers: Annotated[int, Field(ge=1, le=100, strict=True)] = 1
    """Fewest tellers behind a figure."""
    min_publishers: Annotated[int, Field(ge=1, le=1_000, strict=True)] = 1
    """Fewest publishers behind a figure."""
    min_confidence: Share = 0.0
    """Least confidence of the surest claim: `80%` or `0.8`."""
    max_age: Length = timedelta(days=400)
    """Figures published longer ago than this, by the data's clock, start nothing."""

    @field_validator("window")
    @classmethod
    def _whole_days(cls, window: timedelta | None) -> timedelta | None:
        if window is not None and (window % timedelta(days=1) or not timedelta(days=1) <= window <= LONGEST):
            raise ValueError("must be whole days, from 1d to 400d: incidents are known by the day")
        return window

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        totals = self.scope not in (None, Scope.INCIDENT) or self.kind is Kind.STOCK or self.period is not None
        if self.window is not None and totals:
            raise PydanticCustomError("rule", "a window adds up incidents: leave out scope, kind and period, or the window")
        if len(set(self.group_by)) != len(self.group_by):
            raise PydanticCustomError("rule", "group_by names something twice")
        if self.period is not None and self.scope not in (None, Scope.PERIOD):
            raise PydanticCustomError("rule", "period is a length of totals: leave scope out, or set it to period")
        return self

    def rule(self) -> Rule:
        """The rule of the contract.

        Raises:
            ValueError: levels are in no sensible order; the text says which.

        """
        select = Selection(
            measure=self.measure,
            scope=self.scope,
            kind=self.kind,
            actor=self.actor,
            side=self.side,
            group=self.group,
            places=tuple(sorted(set(self.places))),
            period=self.period,
        )
        condition = Condition(
            select=select,
            group_by=self.group_by,
            line=self.line.line(self.window),
            possible=self.possible,
            tolerance=self.tolerance,
            tellers=self.tellers,
            min_tellers=self.min_tellers,
            min_publishers=self.min_publishers,
            min_confidence=self.min_confidence,
            hold=self.hold,
            cooldown=self.cooldown,
            max_age=self.max_age,
        )
        return Rule(id=self.id, summary=self.summary, labels=self.labels, condition=condition)


class RulesForm(Form):
    """A file of alert rules for Tallywire."""

    version: Literal[1]
    """Of this form."""
    rules: Annotated[tuple[RuleForm, ...], Field(max_length=1_000)]
    """The rules."""


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a rules file, for editors and for other programs."""
    schema: dict[str, Any] = _closed(RulesForm.model_json_schema(by_alias=True))
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "urn:tallywire:v1:rules-file.schema.json", **schema}


def _closed(node: Any) -> Any:
    """Lists of words as an author must keep to them: a reader of messages carries words of later versions, a file has none."""
    if isinstance(node, list):
        return [_closed(each) for each in node]
    if not isinstance(node, dict):
        return node
    if set(node) >= {"examples", "maxLength"} and node["maxLength"] == MAX_WORD:
        node = {**{key: value for key, value in node.items() if key not in ("examples", "maxLength")}, "enum": node["examples"]}
    if node.get("pattern") == LENGTH:
        node = {key: value for key, value in node.items() if key != "default"}  # pydantic spells it PT6H, which no file may
    return {key: _closed(value) for key, value in node.items() if key != "title" or not isinstance(value, str)}
