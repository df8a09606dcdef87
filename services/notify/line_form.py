"""How an analyst writes a line: on which side of which levels, and what is held against them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, ClassVar, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from schemas import Direction, Line, Reckoned, Reckoning, Severity
from schemas.rule import OF_PRESENCE, Duration

MAX_LEVEL = 1_000_000_000
"""Highest level: no count is larger."""

LENGTH = r"^\d{1,6}[smhdw]$"
"""A length of time, for other readers of the schema: `90s`, `30m`, `6h`, `7d`, `2w`."""


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

_PERCENTS = re.compile(r"^\d{1,6}\s*%$")


def _changes(given: Any) -> Any:
    """A ladder of numbers, or of percents, and nothing mixed."""
    ladder = given if isinstance(given, dict) else {Severity.WARNING: given}
    percents = [isinstance(level, str) and bool(_PERCENTS.match(level)) for level in ladder.values()]
    if any(percents) and not all(percents):
        raise PydanticCustomError("levels", "levels are all numbers, or all in percent")
    if not all(percents) and not all(isinstance(level, int) and not isinstance(level, bool) for level in ladder.values()):
        raise PydanticCustomError(
            "levels",
            "a level is a whole number, of a change perhaps a percentage, or one for each severity, such as {example}",
            {"example": "{warning: 90, critical: 120}"},
        )
    return ladder


def _lengths(given: Any) -> Any:
    return given if isinstance(given, dict) else {Severity.WARNING: given}


def _hours(length: timedelta) -> timedelta:
    if length < timedelta(hours=1) or length % timedelta(hours=1):
        raise PydanticCustomError("length", "must be whole hours, such as 36h or 7d")
    return length


Length = Annotated[Duration, WithJsonSchema({"type": "string", "pattern": LENGTH})]
Change = Level | Annotated[str, Field(pattern=_PERCENTS.pattern)]
Changes = Annotated[
    dict[Severity, Change], Field(min_length=1), BeforeValidator(_changes, json_schema_input_type=Change | dict[Severity, Change])
]
"""By how much a figure has moved: a number, or `50%`; of a warning, or one for each severity."""

Lengths = Annotated[
    dict[Severity, Annotated[Length, AfterValidator(_hours)]],
    Field(min_length=1),
    BeforeValidator(_lengths, json_schema_input_type=Length | dict[Severity, Length]),
]
"""How long: `7d` is that of a warning, otherwise there is one for each severity."""


class Form(BaseModel):
    """Part of a rules file: what it does not know is an error."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)


SIDES = {
    "at_least": (Direction.AT_LEAST, Reckoned.ITSELF),
    "above": (Direction.ABOVE, Reckoned.ITSELF),
    "below": (Direction.BELOW, Reckoned.ITSELF),
    "at_most": (Direction.AT_MOST, Reckoned.ITSELF),
    "rises_by": (Direction.AT_LEAST, Reckoned.RISE),
    "falls_by": (Direction.AT_LEAST, Reckoned.FALL),
    "highest_by": (Direction.AT_LEAST, Reckoned.HIGHEST),
    "lowest_by": (Direction.AT_LEAST, Reckoned.LOWEST),
    "silent_for": (Direction.AT_LEAST, Reckoned.SILENCE),
    "new_after": (Direction.AT_LEAST, Reckoned.ABSENCE),
}
"""What a line can say, and what that means: on which side of its levels it is crossed, and what is held against them."""


class LineForm(Form):
    """The line. Exactly one of its fields, but for `resolve`, says what crosses it."""

    model_config: ClassVar[ConfigDict] = ConfigDict(json_schema_extra={"oneOf": [{"required": [side]} for side in SIDES]})

    at_least: Levels | None = None
    """Crossed by this and more. A number is the level of a warning; `{warning: 90, critical: 120}` is a ladder."""
    above: Levels | None = None
    """Crossed by more than this."""
    below: Levels | None = None
    """Crossed by less than this."""
    at_most: Levels | None = None
    """Crossed by this and less."""
    rises_by: Changes | None = None
    """Crossed by a rise of so many, or of `50%`: of a window against those before it (`against`), of a figure `within` so long."""
    falls_by: Changes | None = None
    """Crossed by a fall of so many, or of `50%`."""
    highest_by: Levels | None = None
    """Crossed by what is higher, by this and more, than all `within` so long before: `1` is any record."""
    lowest_by: Levels | None = None
    """Crossed by what is lower, by this and more, than all `within` so long before."""
    silent_for: Lengths | None = None
    """Crossed when nothing was told of the group for so long, while others were told of."""
    new_after: Lengths | None = None
    """Crossed when the group is told of, and was not for so long before."""
    resolve: Changes | None = None
    """Where it is surely back, for a line that must not flap; the level itself where nothing is said."""

    @model_validator(mode="after")
    def _one_side(self) -> Self:
        sides = self._sides()
        if len(sides) != 1:
            told = " and ".join(sides) if sides else "none"
            raise PydanticCustomError(
                "line", "a line has exactly one of {sides}; here is {told}", {"sides": ", ".join(SIDES), "told": told}
            )
        if self.resolve is not None and self.of in OF_PRESENCE:
            raise PydanticCustomError("line", "silent_for and new_after end by themselves: leave out resolve")
        if self.resolve is not None and self.percent != _in_percent(self.resolve):
            raise PydanticCustomError("line", "resolve is a number where the levels are, and in percent where they are")
        return self

    def _sides(self) -> dict[str, Mapping[Severity, int | str | timedelta]]:
        given: dict[str, Mapping[Severity, int | str | timedelta] | None] = {side: getattr(self, side) for side in SIDES}
        return {name: levels for name, levels in given.items() if levels is not None}

    @property
    def of(self) -> Reckoned:
        """What is held against the levels."""
        (side,) = self._sides()
        return SIDES[side][1]

    @property
    def percent(self) -> bool:
        """Whether the levels are in percent."""
        (levels,) = self._sides().values()
        return _in_percent(levels)

    def line(self, window: timedelta | None, reckoning: Reckoning | None) -> Line:
        """The line of the contract.

        Raises:
            ValueError: levels are in no sensible order; the text says which.

        """
        ((side, levels),) = self._sides().items()
        return Line(
            direction=SIDES[side][0],
            levels=_numbers(levels),
            resolve=_numbers(self.resolve or {}),
            window=window,
            reckoning=reckoning,
        )


def _in_percent(levels: Mapping[Severity, int | str | timedelta]) -> bool:
    return all(isinstance(level, str) for level in levels.values())


def _numbers(levels: Mapping[Severity, int | str | timedelta]) -> dict[Severity, int]:
    """Levels as the contract has them: percents without their sign, lengths of time in hours."""
    return {severity: _number(level) for severity, level in levels.items()}


def _number(level: int | str | timedelta) -> int:
    if isinstance(level, timedelta):
        return level // timedelta(hours=1)
    return int(level.rstrip(" %")) if isinstance(level, str) else level
