"""What sort of thing happened, what sort of number tells it, and of how much of the world."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from schemas import EventType, Kind, Measure, Period, PeriodPrecision, Scope

from .lexicon import lexicon

_OF_MEASURE = {
    Measure.DETAINED: EventType.DETENTION,
    Measure.ABDUCTED: EventType.ABDUCTION,
    Measure.RELEASED: EventType.RELEASE,
    Measure.ESCAPED: EventType.ESCAPE,
    Measure.SURRENDERED: EventType.SURRENDER,
    Measure.DISPLACED: EventType.DISPLACEMENT,
    Measure.REPATRIATED: EventType.REPATRIATION,
    Measure.OPERATIONS: EventType.OPERATION,
    Measure.STRIKES: EventType.AIRSTRIKE,
    Measure.ATTACKS: EventType.ATTACK,
    Measure.NEUTRALIZED: EventType.OPERATION,
    Measure.FIGHTERS_REMAINING: EventType.ASSESSMENT,
    Measure.HELD: EventType.ASSESSMENT,
}
_STOCKS = frozenset({Measure.HELD, Measure.FIGHTERS_REMAINING})
_LONG = frozenset({PeriodPrecision.MONTH, PeriodPrecision.QUARTER, PeriodPrecision.HALF, PeriodPrecision.YEAR, PeriodPrecision.RANGE, PeriodPrecision.WEEK})


@cache
def _patterns() -> tuple[Mapping[EventType, re.Pattern[str]], Mapping[str, re.Pattern[str]]]:
    words = lexicon()
    types = {EventType(name): _any(list(found)) for name, found in words.events.items()}
    others = {name: _any([w for w, e in words.words.items() if name in e.cues] + _PHRASES.get(name, [])) for name in ("drill", "disaster", "accident", "crime", "violence")}
    return types, others


_PHRASES = {"accident": ["car crash", "plane crash", "bus crash", "road accident"], "drill": ["training exercise"]}


def _any(words: list[str]) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")", re.IGNORECASE)


def type_of(measure: Measure, sentence: str, article: str) -> EventType:
    """The type of the event that a count of this measure belongs to; `article` is the beginning of the text."""
    types, others = _patterns()
    if others["drill"].search(sentence) and re.search(r"\bin an? .{0,30}(?:drill|exercise|simulation)|simulat|\b(?:film|novel|movie)\b", sentence, re.IGNORECASE):
        return EventType.DRILL
    violent = others["violence"].search(sentence) or others["violence"].search(article)
    if not violent:
        if others["disaster"].search(sentence) or others["disaster"].search(article):
            return EventType.DISASTER
        if others["accident"].search(sentence) or others["accident"].search(article):
            return EventType.ACCIDENT
    if measure in _OF_MEASURE:
        return _OF_MEASURE[measure]
    for event_type, pattern in types.items():
        if pattern.search(sentence):
            return event_type
    return EventType.ATTACK if violent else EventType.OTHER


def kind_of(measure: Measure, *, cumulative: bool, period: Period | None, sentence: str) -> Kind:
    """Flow, cumulative or stock."""
    if measure in _STOCKS or (measure is Measure.MISSING and re.search(r"\b(?:still|remains?|are|were) (?:still )?missing", sentence)):
        return Kind.STOCK
    if cumulative or re.search(r"\b(?:so far|since|total of|in total|altogether|to date|death toll|overall|up to now)\b", sentence, re.IGNORECASE):
        if cumulative or (period is not None and not period.inferred and period.precision is PeriodPrecision.RANGE):
            return Kind.CUMULATIVE
    return Kind.FLOW


def scope_of(measure: Measure, kind: Kind, period: Period | None, sentence: str) -> Scope:
    """Incident, period or campaign."""
    if re.search(r"\bsince (?:the (?:war|conflict|offensive|fighting|operation|start|beginning)|october 7|oct\. 7)", sentence, re.IGNORECASE):
        return Scope.CAMPAIGN
    if period is not None and not period.inferred and period.precision in _LONG and (period.end - period.start).days >= 6:
        return Scope.PERIOD
    if kind is Kind.STOCK:
        return Scope.CAMPAIGN
    return Scope.INCIDENT
