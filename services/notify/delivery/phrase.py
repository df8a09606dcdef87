"""An alert's figure in words, for people who read a message and nothing else."""

from __future__ import annotations

from operator import ge, gt, le, lt

from schemas import Alert, AlertStatus, Certainty, Direction, Figure, Indicator, Measure, Qualifier
from schemas.vocabulary import OF_DEEDS

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
    return _BEYOND.get(alert.direction, "{threshold:,}").format(threshold=alert.threshold)


def previous(alert: Alert) -> Figure | None:
    """The figure before this one; of a sum it is not known."""
    return None if is_sum(alert) else alert.indicator.previous


def summary(alert: Alert) -> str:
    """The alert in one sentence: number, range, from where, line, how surely.

    `Fighters of isis remaining in Iraq, Syria: about 2,500, down from 3,100; certainly below 3,000.`
    """
    about = subject(alert.indicator)
    told = figure(alert.value, None if is_sum(alert) else alert.indicator.qualifier, alert.low, alert.high)
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
