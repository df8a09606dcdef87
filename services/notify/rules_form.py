"""How an analyst writes a rule: the form of a rules file, and what it means as a rule of the contract."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any, Literal, LiteralString, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from schemas import (
    Condition,
    Group,
    Kind,
    Measure,
    PeriodPrecision,
    Reckoning,
    Rule,
    Scope,
    Selection,
    Total,
    Whose,
)
from schemas.event import Slug
from schemas.message import MAX_WORD
from schemas.rule import OF_CHANGE, OF_PRESENCE, OF_RECORDS, GroupBy, RuleId

from .line_form import LENGTH, MAX_LEVEL, Form, Length, LineForm

LONGEST = timedelta(days=400)
"""Longest window: as long as the ledger holds what it believes."""

_PERCENT = re.compile(r"^(\d{1,3}(?:\.\d{1,3})?)\s*%$")


def _share(given: Any) -> Any:
    if isinstance(given, str) and (match := _PERCENT.match(given)):
        return float(match[1]) / 100
    return given


Share = Annotated[
    float, Field(ge=0, le=1), BeforeValidator(_share, json_schema_input_type=float | Annotated[str, Field(pattern=_PERCENT.pattern)])
]
Code = Annotated[str, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")]


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
    """Incidents of so many whole days (`7d`, `2w`); without it each figure is judged for itself."""
    total: Total = Total.SUM
    """What the window comes to: the `sum` of its incidents, how many `incidents` there are, or the `largest` of them."""
    against: Annotated[int, Field(ge=1, le=60, strict=True)] | None = None
    """How many windows before are averaged, to compare the window with; one where nothing is said."""
    within: Length | None = None
    """How far back a figure is compared with itself, and a record with all before it."""
    min_base: Annotated[int, Field(ge=0, le=MAX_LEVEL, strict=True)] = 0
    """A change from less than this is none."""
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

    @model_validator(mode="after")
    def _reckonable(self) -> Self:
        if wrong := unreckonable(self):
            raise PydanticCustomError("rule", wrong)
        return self

    def _reckoning(self) -> Reckoning | None:
        """None where the line is on a figure itself or on a sum, so that the condition is the one that it always was."""
        reckoning = Reckoning(
            total=self.total,
            of=self.line.of,
            percent=self.line.percent,
            windows=self.against or 1,
            within=self.within,
            min_base=self.min_base,
        )
        return None if reckoning == Reckoning() else reckoning

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
            line=self.line.line(self.window, self._reckoning()),
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


def unreckonable(rule: RuleForm) -> LiteralString | None:
    """Why a line cannot be reckoned from what a rule watches, and what would be right; None where it can."""
    of, window = rule.line.of, rule.window is not None
    if of in OF_PRESENCE and window:
        return "silent_for and new_after ask when a group was told of: leave out window"
    if rule.total is not Total.SUM and not window:
        return "total is what a window comes to: give a window, such as 7d"
    if rule.against is not None and not (window and of in OF_CHANGE):
        return "against is for rises_by and falls_by of a window"
    if rule.within is not None and (of not in OF_CHANGE | OF_RECORDS or (window and of in OF_CHANGE)):
        return "within is for records, and for rises_by and falls_by of a figure without a window"
    if of in OF_RECORDS and rule.within is None:
        return "a record is one of a time: say how far back with within, such as 365d"
    if of in OF_CHANGE and not window and rule.within is None:
        return "a change is one over a time: give a window, or say how far back with within, such as 30d"
    if of in OF_RECORDS and rule.window is not None and rule.within is not None and rule.within < rule.window:
        return "within must be at least as long as the window, which is compared with those before it"
    if rule.min_base and of not in OF_CHANGE:
        return "min_base is for rises_by and falls_by"
    if reach(rule) > LONGEST:
        return "a rule looks back on 400 days at most: as long as the ledger holds what it believes"
    return None


def reach(rule: RuleForm) -> timedelta:
    """How far back a rule looks."""
    window, levels = rule.window or timedelta(0), rule.line.silent_for or rule.line.new_after or {}
    if rule.line.of in OF_CHANGE and rule.window is not None:
        return window * (1 + (rule.against or 1))
    return max([window + (rule.within or timedelta(0)), *levels.values()])


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
