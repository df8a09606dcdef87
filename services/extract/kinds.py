"""What sort of thing happened, what sort of number tells it, and of how much of the world."""

from __future__ import annotations

import re
from functools import cache

import ahocorasick

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
_LONG = frozenset(
    {
        PeriodPrecision.MONTH,
        PeriodPrecision.QUARTER,
        PeriodPrecision.HALF,
        PeriodPrecision.YEAR,
        PeriodPrecision.RANGE,
        PeriodPrecision.WEEK,
    }
)


_TOPICS = ("drill", "disaster", "accident", "violence")
"""Cue lists that tell what a text is about."""
_PHRASES = {"accident": ("car crash", "plane crash", "bus crash", "road accident"), "drill": ("training exercise",)}
_SIMULATED = re.compile(r"\bin an? .{0,30}(?:drill|exercise|simulation)|simulat|\b(?:film|novel|movie)\b", re.IGNORECASE)

Signs = frozenset[str]
"""Names of topics and of event types whose words a text holds."""


@cache
def _automaton() -> ahocorasick.Automaton:
    words = lexicon()
    named: dict[str, set[str]] = {}
    for name, found in words.events.items():
        for word in found:
            named.setdefault(word, set()).add(name)
    for name in _TOPICS:
        for word in (*(w for w, e in words.words.items() if name in e.cues), *_PHRASES.get(name, ())):
            named.setdefault(word, set()).add(name)
    automaton = ahocorasick.Automaton()
    for word, names in named.items():
        automaton.add_word(word, (len(word), tuple(names)))
    automaton.make_automaton()
    return automaton


def signs_of(text: str) -> Signs:
    """What the words of a text tell that it is about."""
    lowered = text.lower()
    found: set[str] = set()
    for end, (length, names) in _automaton().iter(lowered):
        start = end - length + 1
        if not found.issuperset(names) and (start == 0 or not lowered[start - 1].isalnum()):
            found.update(names)
    if "drill" in found and not _SIMULATED.search(text):
        found.discard("drill")
    return frozenset(found)


def type_of(measure: Measure, sentence: Signs, article: Signs) -> EventType:
    """The type of the event that a count of this measure belongs to, by its sentence and the beginning of its article."""
    if "drill" in sentence:
        return EventType.DRILL
    violent = "violence" in sentence or "violence" in article
    if not violent:
        if "disaster" in sentence or "disaster" in article:
            return EventType.DISASTER
        if "accident" in sentence or "accident" in article:
            return EventType.ACCIDENT
    if measure in _OF_MEASURE:
        return _OF_MEASURE[measure]
    for name in lexicon().events:
        if name in sentence:
            return EventType(name)
    return EventType.ATTACK if violent else EventType.OTHER


def kind_of(measure: Measure, *, cumulative: bool, period: Period | None, sentence: str) -> Kind:
    """Flow, cumulative or stock."""
    if measure in _STOCKS or (measure is Measure.MISSING and re.search(r"\b(?:still|remains?|are|were) (?:still )?missing", sentence)):
        return Kind.STOCK
    if (
        cumulative
        or re.search(r"\b(?:so far|since|total of|in total|altogether|to date|death toll|overall|up to now)\b", sentence, re.IGNORECASE)
    ) and (cumulative or (period is not None and not period.inferred and period.precision is PeriodPrecision.RANGE)):
        return Kind.CUMULATIVE
    return Kind.FLOW


def scope_of(kind: Kind, period: Period | None, sentence: str) -> Scope:
    """Incident, period or campaign."""
    if re.search(
        r"\bsince (?:the (?:war|conflict|offensive|fighting|operation|start|beginning)|october 7|oct\. 7)", sentence, re.IGNORECASE
    ):
        return Scope.CAMPAIGN
    if period is not None and not period.inferred and period.precision in _LONG and (period.end - period.start).days >= 6:
        return Scope.PERIOD
    if kind is Kind.STOCK:
        return Scope.CAMPAIGN
    return Scope.INCIDENT
