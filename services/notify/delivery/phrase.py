"""An alert's figure in words, for people who read a message and nothing else."""

from __future__ import annotations

from operator import ge, gt, le, lt

from schemas import (
    Alert,
    AlertStatus,
    Certainty,
    Direction,
    Figure,
    Indicator,
    Measure,
    Qualifier,
    Reckoned,
    ReckonedFrom,
    Spread,
    Total,
)
from schemas.rule import OF_CHANGE, OF_PRESENCE, OF_RECORDS
from schemas.vocabulary import OF_DEEDS

TWO_DAYS = 48
"""Hours from which on whole days are told as days."""

NAMED_PLACES = 5
"""Places that a sentence names; their number stands behind."""

_QUALIFIED = {
    Qualifier.EXACT: "{value:,}",
    Qualifier.APPROXIMATELY: "about {value:,}",
    Qualifier.AT_LEAST: "at least {value:,}",
    Qualifier.AT_MOST: "at most {value:,}",
    Qualifier.MORE_THAN: "more than {value:,}",
    Qualifier.FEWER_THAN: "fewer than {value:,}",
    Qualifier.VAGUE: "some {value:,} (no number is given)",
}

_BEYOND = {
    Direction.AT_LEAST: "{threshold:,} or more",
    Direction.ABOVE: "above {threshold:,}",
    Direction.BELOW: "below {threshold:,}",
    Direction.AT_MOST: "{threshold:,} or fewer",
}

_RECORDS = {Reckoned.HIGHEST: "more than the highest before", Reckoned.LOWEST: "less than the lowest before"}

_TOTALS = {Total.INCIDENTS: "{} incidents", Total.LARGEST: "{} in the largest incident"}

_ENDING = {
    AlertStatus.PENDING: "{surely} {line}, not yet for long enough",
    AlertStatus.FIRED: "{surely} {line}",
    AlertStatus.ESCALATED: "{surely} {line}, worse than before",
    AlertStatus.DEESCALATED: "{surely} {line}, less bad than before",
    AlertStatus.CORRECTED: "{surely} {line}, after a correction",
    AlertStatus.RESOLVED: "no longer {line}",
    AlertStatus.RETRACTED: "what was told has been taken back",
}

_LAPSED = "{line} no more: the figure is out of date, or the rule has changed"
"""The end of an alert whose figure is still beyond the line: nothing has been told that would bring it back."""

_CROSSED = {Direction.AT_LEAST: ge, Direction.ABOVE: gt, Direction.BELOW: lt, Direction.AT_MOST: le}

_SURELY = {Certainty.CERTAIN: "certainly", Certainty.POSSIBLE: "possibly"}


def is_sum(alert: Alert) -> bool:
    """Whether the number that was judged is a sum, to which the indicator is one part."""
    return alert.window is not None


def figure(value: int, qualifier: Qualifier | None, low: int | None, high: int | None) -> str:
    """A number as its words commit themselves: `about 2,500`, `12 to 15`; without a qualifier (a sum) the number and its range."""
    if qualifier is Qualifier.BETWEEN or qualifier is None:
        return f"{low:,} to {high:,}" if low is not None and high is not None and low != high else f"{value:,}"
    return _QUALIFIED.get(qualifier, "{value:,}").format(value=value)


def subject(indicator: Indicator) -> str:
    """What was counted: `civilians killed in Peru`, `operations by centcom against isis in Iraq, Syria`."""
    if indicator.measure in OF_DEEDS:
        words = indicator.measure.replace("_", " ")
        words += f" by {indicator.actor}" if indicator.actor else ""
        words += f" against {indicator.side}" if indicator.side else ""
    else:
        fighters = indicator.measure is Measure.FIGHTERS_REMAINING
        words = "fighters" if fighters else indicator.group.replace("_", " ")
        words += f" of {indicator.side}" if indicator.side else ""
        words += " remaining" if fighters else f" {indicator.measure.replace('_', ' ')}"
        words += f" by {indicator.actor}" if indicator.actor else ""
    if indicator.places:
        words += " in " + ", ".join(place.name for place in indicator.places[:NAMED_PLACES])
    if len(indicator.places) > NAMED_PLACES:
        words += f" and {len(indicator.places) - NAMED_PLACES} more places"
    return words


def line(alert: Alert) -> str:
    """The line in words: `below 3,000`."""
    how = alert.reckoned
    if how is not None and how.of in OF_PRESENCE:
        return f"{span(alert.threshold)} or more"
    words = _BEYOND.get(alert.direction, "{threshold:,}").format(threshold=alert.threshold)
    return words.replace(f"{alert.threshold:,}", f"{alert.threshold:,} %", 1) if how is not None and how.percent else words


def span(hours: int) -> str:
    """So many hours in words: `36 hours`, `7 days`."""
    return f"{hours // 24:,} days" if hours >= TWO_DAYS and hours % 24 == 0 else f"{hours:,} hours"


def reckoned(how: ReckonedFrom, value: int) -> str:
    """What was held against the line: `a rise of 120 % (from 25 to 55)`, `nothing told for 8 days`."""
    if how.of is Reckoned.SILENCE:
        return f"nothing told for {span(value)}"
    if how.of is Reckoned.ABSENCE:
        return f"told of again after {span(value)}" if value else "no longer new"
    told = _TOTALS.get(how.total, "{}") if how.total is not None else "{}"
    now = told.format(_spread(how.figure))
    before = "nothing" if how.base is None else _spread(how.base)
    if how.of in OF_CHANGE:
        way = {Reckoned.RISE: "a fall", Reckoned.FALL: "a rise"}[how.of] if value < 0 else f"a {how.of}"
        return f"{way} of {abs(value):,}{' %' if how.percent else ''} (from {before} to {now})"
    if how.of in OF_RECORDS:
        return f"{now}, {value:,} {_RECORDS.get(how.of, '')} ({before})" if value > 0 else f"{now} after {before}"
    return now


def _spread(given: Spread) -> str:
    return figure(given.value, None, given.low, given.high)


def previous(alert: Alert) -> Figure | None:
    """The figure before this one; not known of a sum, and of what was reckoned not to the point."""
    return None if is_sum(alert) or alert.reckoned is not None else alert.indicator.previous


def summary(alert: Alert) -> str:
    """The alert in one sentence: number, range, from where, line, how surely.

    `Fighters of isis remaining in Iraq, Syria: about 2,500, down from 3,100; certainly below 3,000.`
    """
    about = subject(alert.indicator)
    how = alert.reckoned
    plain = None if is_sum(alert) else alert.indicator.qualifier
    told = figure(alert.value, plain, alert.low, alert.high) if how is None else reckoned(how, alert.value)
    lapsed = alert.status is AlertStatus.RESOLVED and _CROSSED.get(alert.direction, _never)(alert.value, alert.threshold)
    form = _LAPSED if lapsed else _ENDING.get(alert.status, "{line}")
    ending = form.format(line=line(alert), surely=_SURELY.get(alert.certainty, alert.certainty))
    return f"{about[:1].upper()}{about[1:]}: {told}{_moved(alert)}; {ending}."


def _never(_value: int, _threshold: int) -> bool:
    """A direction that this version does not know has no side."""
    return False


def _moved(alert: Alert) -> str:
    before = previous(alert)
    if before is None:
        return ""
    way = "up from" if before.value < alert.value else "down from" if before.value > alert.value else "after"
    return f", {way} {figure(before.value, before.qualifier, before.low, before.high)}"
