"""An alert's figure in words, for people who read a message and nothing else."""

from __future__ import annotations

from schemas import Alert, AlertStatus, Certainty, Direction, Figure, Indicator, Qualifier

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

_CHANGED = {
    AlertStatus.PENDING: "crossed, not yet for long enough",
    AlertStatus.FIRED: "the line is crossed",
    AlertStatus.ESCALATED: "it has become worse",
    AlertStatus.DEESCALATED: "it has become less bad",
    AlertStatus.CORRECTED: "the figure was corrected",
    AlertStatus.RESOLVED: "it is back",
    AlertStatus.RETRACTED: "what was told has been taken back",
}


def is_sum(alert: Alert) -> bool:
    """Whether the number that was judged is a sum, to which the indicator is one part."""
    return alert.value != alert.indicator.value


def figure(value: int, qualifier: Qualifier | None, low: int | None, high: int | None) -> str:
    """A number as its words commit themselves: `about 2,500`, `12 to 15`; without a qualifier (a sum) the number and its range."""
    if qualifier is Qualifier.BETWEEN or qualifier is None:
        return f"{low:,} to {high:,}" if low is not None and high is not None and low != high else f"{value:,}"
    return _QUALIFIED.get(qualifier, "{value:,}").format(value=value)


def subject(indicator: Indicator) -> str:
    """What was counted: `fighters remaining of isis in Iraq, Syria`."""
    words = indicator.measure.replace("_", " ")
    if indicator.group != "people":
        words += f", {indicator.group.replace('_', ' ')}"
    if indicator.actor:
        words += f" by {indicator.actor}"
    if indicator.side:
        words += f" {'against' if indicator.actor else 'of'} {indicator.side}"
    if indicator.places:
        words += " in " + ", ".join(place.name for place in indicator.places[:5])
    if len(indicator.places) > 5:
        words += f" and {len(indicator.places) - 5} more places"
    return words


def line(alert: Alert) -> str:
    """The line in words: `below 3,000`."""
    return _BEYOND.get(alert.direction, "{threshold:,}").format(threshold=alert.threshold)


def previous(alert: Alert) -> Figure | None:
    """The figure before this one; of a sum it is not known."""
    return None if is_sum(alert) else alert.indicator.previous


def summary(alert: Alert) -> str:
    """The alert in one sentence: number, range, line, from where, how surely."""
    told = figure(alert.value, None if is_sum(alert) else alert.indicator.qualifier, alert.low, alert.high)
    before = previous(alert)
    parts = [f"{subject(alert.indicator)}: {told}", f"the line is {line(alert)}"]
    if before is not None:
        parts.append(f"before it was {figure(before.value, before.qualifier, before.low, before.high)}")
    if alert.certainty is Certainty.POSSIBLE:
        parts.append("possibly crossed: the words leave room for the other side")
    return f"{'; '.join(parts)} ({_CHANGED.get(alert.status, alert.status)})"
