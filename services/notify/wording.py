"""What was held against a line, in a sentence that a decision gives as its detail."""

from __future__ import annotations

from datetime import timedelta

from schemas import Direction, Line, Reckoned, Severity, Total
from schemas.rule import OF_CHANGE, OF_PRESENCE, OF_RECORDS

from .crossing import Bounds
from .reckoning import Amount

_BEYOND = {Direction.AT_LEAST: "at or above", Direction.ABOVE: "above", Direction.BELOW: "below", Direction.AT_MOST: "at or below"}

_NOUNS = {Total.SUM: "a sum of {}", Total.INCIDENTS: "{} incidents", Total.LARGEST: "a largest of {}"}

_RECORDS = {Reckoned.HIGHEST: "more than the highest", Reckoned.LOWEST: "less than the lowest"}


def side(line: Line, severity: Severity) -> str:
    """Where a level has its other side: `at or above 90`, `at or above 50 %`, `at or above 7 days`."""
    level = line.levels[severity]
    return f"{_BEYOND.get(line.direction, str(line.direction))} {_unit(line, f'{level:,}', level)}"


def said(line: Line, amount: Amount) -> str:
    """What was held against the line: `a sum of 52 in 7 days`, `a rise of 120 % (from 25 to 55 in 7 days)`, `silent for 8 days`."""
    number, figure = _range(amount.bounds), _window(line, _range(amount.figure))
    base = "nothing" if amount.base is None else _range(amount.base)
    if line.of is Reckoned.SILENCE:
        return f"silent for {span(amount.bounds.value)}"
    if line.of is Reckoned.ABSENCE:
        return f"told of for the first time in {span(amount.bounds.value)}" if amount.bounds.value else "not new"
    if line.of in OF_CHANGE:
        return f"a {line.of} of {_unit(line, number, amount.bounds.value)} (from {base} to {figure})"
    if line.of in OF_RECORDS:
        return f"{figure}, {number} {_RECORDS.get(line.of, '')} before, {base}," if amount.bounds.value > 0 else f"{figure} after {base}"
    return figure


def span(hours: int) -> str:
    """So many hours in words: `36 hours`, `7 days`."""
    return f"{hours // 24:,} days" if hours >= 48 and hours % 24 == 0 else f"{hours:,} hours"  # noqa: PLR2004  # two days: fewer are told by the hour


def _unit(line: Line, number: str, value: int) -> str:
    if line.of in OF_PRESENCE:
        return span(value)
    return f"{number} %" if line.reckoning is not None and line.reckoning.percent else number


def _window(line: Line, number: str) -> str:
    if line.window is None:
        return number
    total = Total.SUM if line.reckoning is None else line.reckoning.total
    return f"{_NOUNS.get(total, '{}').format(number)} in {line.window // timedelta(days=1)} days"


def _range(figure: Bounds) -> str:
    number = f"{figure.value:,}"
    if (figure.low, figure.high) == (figure.value, figure.value):
        return number
    low = "no least" if figure.low is None else f"{figure.low:,}"
    high = "no most" if figure.high is None else f"{figure.high:,}"
    return f"{number} ({low} to {high})"
