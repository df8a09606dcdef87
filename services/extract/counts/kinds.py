"""What sort of thing happened, what sort of number tells it, and of how much of the world."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

import ahocorasick

from schemas import EventType, Kind, Measure, Period, PeriodPrecision, Scope
from schemas.vocabulary import OF_STATES

from ..text.reasons import Reason
from ..words.lexicon import lexicon

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


_WHOLE = frozenset({"disaster", "accident", "aftermath", "crime"})
"""Topics whose words are looked for whole: troops that stormed a house were in no storm."""
_ENDS = re.compile(r"s?(?![^\W_])")
_NAMES = re.compile(r"\b(?!Tropical|The|A|In|After)[A-Z][\w-]+ (?:Storm|Flood|Quake|Thunderstorm|Lightning)s?$")
"""Operations that are named after a disaster."""
NAME = 30
"""Characters before such a word among which the rest of a name is looked for."""

_TOPICS = ("drill", "disaster", "accident", "aftermath", "crime", "violence", "armed")
"""Cue lists that tell what a text is about."""
_PHRASES = {
    "accident": (
        "car crash",
        "plane crash",
        "bus crash",
        "road accident",
        "gas explosion",
        "gas leak",
        "gas tanker",
        "gas cylinder",
        "gas canister",
        "gas main",
        "fuel tanker",
        "pipeline exploded",
        "pipeline explosion",
        "boiler",
        "fireworks",
        "coal mine",
        "hospital fire",
        "factory fire",
        *(
            f"{sinks} {behind}"
            for sinks in ("sank", "sinks", "sunk")
            for behind in ("off", "near", "in", "on", "after", "with", "as", "while")
        ),
        "sank,",
        "sank.",
        "sinks,",
        "sinks.",
    ),
    "drill": ("training exercise", "in the scenario", "in this scenario"),
}
_SIMULATED = re.compile(
    r"\b(?:in|during) (?:an?|the) .{0,30}(?:drill|exercise|simulation)|\b(?:in|under) (?:the|this|that|an?) (?:\w+['’]s )?(?:\w+ )?scenario\b"
    r"|simulat|\b(?:film|novel|movie)\b",
    re.IGNORECASE,
)

Signs = frozenset[str]
"""Names of topics and of event types whose words a text holds."""
NO_SIGNS: Signs = frozenset()


@cache
def _automaton() -> ahocorasick.Automaton:
    words = lexicon()
    named: dict[str, set[str]] = {}
    for name, found in words.events.items():
        for word in found:
            named.setdefault(word, set()).add(name)
    for name in _TOPICS:
        for word in (*(w for w, e in words.items() if name in e.cues), *_PHRASES.get(name, ())):
            named.setdefault(word, set()).add(name)
    automaton = ahocorasick.Automaton()
    for word, names in named.items():
        automaton.add_word(word, (len(word), tuple(names), not names.isdisjoint(_WHOLE)))
    automaton.make_automaton()
    return automaton


def signs_of(text: str) -> Signs:
    """What the words of a text tell that it is about."""
    lowered = text.lower()
    found: set[str] = set()
    for end, (length, names, whole) in _automaton().iter(lowered):
        start = end - length + 1
        if found.issuperset(names) or (start and lowered[start - 1].isalnum()):
            continue
        if not whole or (_ENDS.match(lowered, end + 1) and not _NAMES.search(text, max(0, start - NAME), end + 1)):
            found.update(names)
    if "drill" in found and not _SIMULATED.search(text):
        found.discard("drill")
    return frozenset(found)


_VIOLENT = frozenset({"violence", "armed"})


@cache
def _violence() -> Signs:
    """What tells of violence done: its words, and those of each kind of attack."""
    return frozenset({"violence", *lexicon().events})


_PEACEFUL = (
    ("disaster", EventType.DISASTER),
    ("accident", EventType.ACCIDENT),
    ("aftermath", EventType.ACCIDENT),
    ("crime", EventType.CRIME),
)


@cache
def _decides() -> Signs:
    """What a sentence tells of so that the next one, which has no sign of its own, goes on with it."""
    return _violence() | _VIOLENT | {name for name, _ in _PEACEFUL}


def _of_no_conflict(sentence: Signs, before: Signs, article: Signs) -> EventType | None:
    """Disaster, accident or crime, where the words tell of no violence: who died in it may be soldiers.

    A house that falls or a truck that burns right after an attack is no accident.
    """
    for name, kind in _PEACEFUL:
        caused = (name == "crime" and "armed" in sentence) or (name == "aftermath" and not _violence().isdisjoint(before))
        if name in sentence and "violence" not in sentence and not caused:
            return kind
    if not _VIOLENT.isdisjoint(sentence):
        return None
    if not _decides().isdisjoint(before):
        return _of_no_conflict(before, NO_SIGNS, NO_SIGNS)
    return next((kind for name, kind in _PEACEFUL if name in article), None) if "violence" not in article else None


def type_of(measure: Measure, sentence: Signs, before: Signs, article: Signs) -> EventType:
    """The type of the event that a count of this measure belongs to, by its sentence, that before it and the beginning of its article.

    A sentence that tells of no deed itself goes on with the last that was told of.
    """
    if "drill" in sentence:
        return EventType.DRILL
    if (peaceful := _of_no_conflict(sentence, before, article)) is not None:
        return peaceful
    violent = not _VIOLENT.isdisjoint(sentence | article)
    if measure in _OF_MEASURE:
        return _OF_MEASURE[measure]
    for words in (sentence,) if "violence" in sentence else (sentence, before):
        for name in lexicon().events:
            if name in words:
                return EventType(name)
    return EventType.ATTACK if violent else EventType.OTHER


_TOTALS = re.compile(
    r";|,?\s+(?:thus\s+)?(?:bringing|raising|taking|pushing|lifting)\b(?=[^;]{0,80}\b(?:to|the (?:toll|total|number|death))\b)|,\s+(?:while|whereas|but)\b"
)
"""Where a sentence goes on with another figure, and leaves what it said of the first."""
_OPENED = re.compile(r"\W*(?:ever )?since\b[^,;]{0,80},", re.IGNORECASE)
"""What opens a sentence holds for all of it."""
_SO_FAR = re.compile(r"\b(?:so far|since|total of|in total|altogether|to date|death toll|overall|up to now|as (?:of|at))\b", re.IGNORECASE)
_TO_DATE = re.compile(r"\b(?:to date|up to now|until now|thus far)\b", re.IGNORECASE)
_STILL_MISSING = re.compile(r"\b(?:still|remains?|are|were) (?:still )?missing")
_SINCE = re.compile(r"\bsince\b", re.IGNORECASE)
_AS_OF = re.compile(r"\b[Aa]s (?:of|at) (?:\d|the end|[A-Z])")
_SINCE_EVENT = re.compile(
    r"\bsince (?:then\b.{0,20}\bwar|october 7|oct\.? 7|7 october|(?:the |an? |its |their )?(?:[\w-]+ ){0,3}"
    r"(?:war|conflict|offensive|fighting|hostilities|operation|campaign|insurgency|uprising|revolution|coup|takeover|invasion|crisis|ceasefire|truce"
    r"|clashes|violence|siege|protests|unrest|attack|genocide|escalation)\b)",
    re.IGNORECASE,
)
"""What a campaign counts from: an event, and no day of the calendar."""

_OF_A_WAR = re.compile(
    r"\b(?:war|conflict|insurgency|uprising|rebellion|crisis|offensive|operation)\b[^;.]{0,60}\b(?:has|have) (?:so far |already |now )?(?:killed|left|claimed|displaced|uprooted|cost)\b"
    r"|\b(?:has|have) (?:died|been killed)[^;.]{0,40}\bin the (?:[\w-]+ ){0,3}(?:war|conflict|insurgency|uprising|rebellion)\b",
    re.IGNORECASE,
)
"""A toll of a whole war or operation, told without its beginning."""
_STILL_DISPLACED = re.compile(
    r"\b(?:are|remain|remains) (?:currently |now |still |internally )*displaced|\bthere are\b[^;.]{0,40}\bdisplaced", re.IGNORECASE
)

YEARS = 366
"""Days of a count "since" a day beyond which it is of a war, not of a year."""


class OwnWords(NamedTuple):
    """The words of a sentence that hold for one figure: what opens it, and the stretch around the figure."""

    text: str
    opening: int
    """Characters of what opens the sentence, where that is not in the stretch."""
    first: int
    """Where the stretch begins in the sentence."""
    base: int
    """Where the sentence begins in its text."""
    field: str
    """`text` or `title`."""

    def said(self, because: str, match: re.Match[str]) -> Reason:
        """A reason that went by some of these words."""
        first, last = (at if at < self.opening else at - self.opening + self.first for at in (match.start(), match.end() - 1))
        return Reason(because, self.base + first, self.base + last + 1, self.field)


def own_words(sentence: str, at: int, *, base: int = 0, field: str = "text") -> OwnWords:
    """The words of a sentence that hold for the figure at a place: of a toll that it brings something to, its own."""
    first, last = 0, len(sentence)
    for cut in _TOTALS.finditer(sentence):
        if cut.start() > at:
            last = cut.start()
            break
        first = cut.start()
    opened = _OPENED.match(sentence)
    opening = opened.group() if opened is not None and first else ""
    return OwnWords(f"{opening}{sentence[first:last]}", len(opening), first, base, field)


def kind_of(measure: Measure, *, cumulative: bool, period: Period | None, words: OwnWords) -> tuple[Kind, Reason]:
    """Flow, cumulative or stock, by the words that hold for the figure."""
    text = words.text
    if measure in OF_STATES:
        return Kind.STOCK, BY_MEASURE
    if measure is Measure.MISSING and (still := _STILL_MISSING.search(text)) is not None:
        return Kind.STOCK, words.said("they are missing still", still)
    if measure is Measure.DISPLACED and (still := _STILL_DISPLACED.search(text)) is not None:
        return Kind.STOCK, words.said("they are displaced still", still)
    if cumulative:
        return Kind.CUMULATIVE, SUMMED
    if (war := _OF_A_WAR.search(text)) is not None:
        return Kind.CUMULATIVE, words.said(RISEN, war)
    if (date := _TO_DATE.search(text)) is not None:
        return Kind.CUMULATIVE, words.said(RISEN, date)
    if period is None or period.inferred:
        event = _SINCE_EVENT.search(text)
        return (Kind.CUMULATIVE, words.said(RISEN, event)) if event is not None else (Kind.FLOW, HAPPENED)
    if period.start == period.end and (stood := _AS_OF.search(text)) is not None:
        return Kind.CUMULATIVE, words.said(RISEN, stood)
    far = _SO_FAR.search(text) if period.precision is PeriodPrecision.RANGE else None
    return (Kind.CUMULATIVE, words.said(RISEN, far)) if far is not None else (Kind.FLOW, HAPPENED)


def scope_of(kind: Kind, period: Period | None, words: OwnWords) -> tuple[Scope, Reason]:
    """Incident, period or campaign, by the words that hold for the figure."""
    dated = period is not None and not period.inferred
    open_ended = not dated or period is None or period.precision is PeriodPrecision.RANGE
    if open_ended and (event := _SINCE_EVENT.search(words.text) or _OF_A_WAR.search(words.text)) is not None:
        return Scope.CAMPAIGN, words.said("counted since something that began then", event)
    if period is not None and dated and period.precision in _LONG and (period.end - period.start).days >= 6:
        since = _SINCE.search(words.text) if period.precision is PeriodPrecision.RANGE else None
        if since is not None and (period.end - period.start).days > YEARS:
            return Scope.CAMPAIGN, words.said("counted since more than a year ago", since)
        return Scope.PERIOD, LONG
    if kind is Kind.STOCK:
        return Scope.CAMPAIGN, STANDS
    return Scope.INCIDENT, SHORT


RISEN = "a total that has risen to this"
BY_MEASURE = Reason("by its measure: so many there are")
SUMMED = Reason("a figure that sums up, such as a toll")
HAPPENED = Reason("by default: no words make it a total so far")
LONG = Reason("by its period, a week or longer")
STANDS = Reason("by its kind: a stock is of no one time")
SHORT = Reason("by default: no long time and no campaign is told of it")
