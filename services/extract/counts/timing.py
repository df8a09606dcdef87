"""When a count was: the time of its clause, its sentence, its story or its heading, else the day of publication."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from schemas import Measure, Period, PeriodPrecision, Realis
from schemas.vocabulary import OF_STATES

from ..frames.mentions import Mention
from ..syntax.pieces import Parsed
from ..text.reasons import Reason
from ..when import clock, comparisons, periods
from ..when.datelines import CLOSE, Datelines
from ..when.headings import Headings
from ..when.periods import PeriodMention
from ..when.pointing import LONG, Known
from ..when.stretches import Stretch
from .parts import Part

Dated = tuple[Period, Reason]
"""A period, and the words that say it."""
ENTERED = "the day with which its entry begins"
RECALLED = "the time of the event of which it is told"
"""Why a count has the time of an event that the words only recall."""
HEADED = Reason("the time that its heading gives")
PUBLISHED = Reason("by default: no time is told of it, so the day of publication stands in")


class Dates:
    """The periods of a sentence, and the day that stands in where it gives none."""

    def __init__(self, part: Part, published: date | None, datelines: Datelines, headings: Headings, before: Dates | None) -> None:
        """`before` are those of the sentence read before it, whatever that is."""
        self._part = part
        self._base = part.sentence.start
        self._published = published
        self._headings = headings
        self._text, day = part.sentence.text, published
        if part.field != "title":
            self._text, day = datelines.without(self._text, self._base), datelines.day_at(self._base, published)
        self._compared = comparisons.spans(self._text)
        told: Known = before.known if before is not None else datelines.known()
        label = datelines.label_at(self._base) if part.field != "title" else None
        if label is not None and (before is None or before.paragraph != part.sentence.paragraph):
            told = told.then(label)
        self._label: Dated | None = _of_label(label) if label is not None else None
        """The day with which its entry of a register begins, for what has no other of its own."""
        self.known: Known = told
        self._behind: set[date] = set()
        self._found: list[PeriodMention] = []
        self._recalled: list[PeriodMention] = []
        for found in periods.find(self._text, day, told):
            if clock.of_another(self._text, found):
                self._recalled.append(found)
                continue
            one = self._not_last_year(self._begun(found))
            if one is not None:
                self._found.append(one)
                if one.role in ("during", "ago", "since") and not self._is_compared(one):
                    self.known = periods.told(self.known, one)
        self.story = self._story(datelines, before)
        """The time that the story is at, for sentences that go on with it; None where none is said."""
        self.event: Dated | None = self.story or (before.event if before is not None else None)
        """The time of the story told last, for words that point back at it over a paragraph's end."""
        self.covered: Dated | None = before.covered if before is not None else None
        """The long time that a summary is of, as its first figure shows; None where the text is no summary."""
        self.begun: bool = before is not None and before.begun
        """Whether a figure was told before."""

    def _begun(self, found: PeriodMention) -> PeriodMention:
        """All the time since something began, of which a sentence sums up ("The war, which began in May 2019, has claimed 900 lives")."""
        if self._published is None or found.role != "during" or not found.period.start < self._published:
            return found
        if _BEGAN.search(self._text[: found.start]) is None or _HAS_SINCE.match(self._text, found.end) is None:
            return found
        period = Period(start=found.period.start, end=self._published, precision=PeriodPrecision.RANGE)
        return replace(found, period=period, role="since")

    def _not_last_year(self, found: PeriodMention) -> PeriodMention | None:
        """A time, but of a day without a year shortly behind the publication not that of last year, which nobody calls so.

        It is the day ahead where the text was dated by a day that it tells before, and else none.
        """
        published, period = self._published, found.period
        if published is None or period.precision is not PeriodPrecision.DAY or clock.says_its_year(self._text, found):
            return found
        ahead = _stretch(period).shifted(1)
        if period.start >= published or not 1 < (ahead.start - published).days <= CLOSE:
            return found
        if self.known.day is None or not self.known.day.start <= published <= self.known.day.end:
            return None
        self._behind.add(ahead.start)
        return replace(found, period=Period(start=ahead.start, end=ahead.end, precision=ahead.precision))

    def _story(self, datelines: Datelines, before: Dates | None) -> Dated | None:
        own = [p for p in self._found if not self._is_compared(p)]
        told = [p for p in own if p.role in ("during", "ago") and p.period.precision in _OF_A_STORY and not self._lasts(p)]
        told.sort(key=lambda p: clock.told_then(self._text, p))
        if told and clock.told_then(self._text, told[0]) and any(p.period.precision in LONG for p in self._found):
            return None  # a long time is summed up, and the day is only that of who speaks
        if told or own or self._part.field == "title":
            return self._dated(told[0], "the time at which the story is") if told else None
        if before is not None and before.goes_on_in(self._part):
            return before.story
        heading = datelines.heading_at(self._base)
        if self._label is not None or heading is None:
            return self._label
        return _period(heading), Reason("the day that stands alone above it")

    def _is_compared(self, found: PeriodMention) -> bool:
        """Whether a time is only that of figures with which those of the sentence are compared."""
        return any(start <= found.start < end for start, end in self._compared)

    def _lasts(self, found: PeriodMention) -> bool:
        """Whether a time is only that from which something else lasts ("under blockade since May, when it was hit")."""
        return self._text[: found.start].lower().endswith("since ")

    def _dated(self, found: PeriodMention, because: str) -> Dated:
        return found.period, Reason(because, self._base + found.start, self._base + found.end, self._part.field)

    def as_it_stood(self, dated: Dated) -> Dated:
        """The last day of a month or quarter at whose end so many there were."""
        period, why = dated
        words = self._text[max(0, why.start - self._base) : why.end - self._base].lower()
        if not words.startswith(("at the end of", "by the end of", "as of the end of")):
            return dated
        return Period(start=period.end, end=period.end, precision=PeriodPrecision.DAY), why

    def right_behind(self, end: int, reach: int) -> Dated | None:
        """The time that begins within so many characters behind one of the sentence."""
        found = next((p for p in self._found if end <= p.start <= end + reach), None)
        return self._dated(found, "the time right behind it") if found is not None else None

    def right_before(self, end: int) -> Dated | None:
        """The time that ends at a character of the sentence."""
        found = next((p for p in self._found if end - 1 <= p.end <= end), None)
        return self._dated(found, "the time right before it") if found is not None else None

    def without_times(self, first: int, last: int) -> str:
        """The words between two characters of the sentence, with blanks for its times."""
        said = self._text
        for p in self._found:
            said = f"{said[: p.start]}{' ' * (p.end - p.start)}{said[p.end :]}"
        return said[first:last]

    @property
    def paragraph(self) -> int:
        """The paragraph of the sentence."""
        return self._part.sentence.paragraph

    def goes_on_in(self, part: Part) -> bool:
        """Whether a sentence follows on this one, so that what it tells happened then as well."""
        return (
            self._part.field == part.field
            and self._part.sentence.paragraph == part.sentence.paragraph
            and 0 <= part.number - self._part.number <= 1
        )

    def of(self, mention: Mention, parsed: Parsed, measure: Measure, realis: Realis = Realis.ASSERTED) -> Dated | None:
        """The period that holds for a mention: the one of its clause, of its sentence, of its story, or the publication's day."""
        dated = self._said(mention, parsed, measure)
        if dated is not None and measure in _STANDING:
            dated = self.as_it_stood(dated)
        if dated is not None and realis in _AHEAD:
            dated = self._ahead_of(dated, realis)
        dated = dated or self._told_on(mention, parsed)
        if dated is None and mention.via == "part" and mention.part_of is not None:
            dated = self._said(mention.part_of, parsed, measure) or self._told_on(mention.part_of, parsed)
        dated = dated or self._headed(measure)
        if not self.begun and measure not in OF_STATES and not mention.noun.negative:
            self.begun = True
            if dated is not None and self._part.field != "title" and self._sums_up(dated):
                self.covered = dated[0], dated[1]._replace(because="the time that the whole text sums up")
        if dated is not None or self._published is None:
            return dated
        return Period(start=self._published, end=self._published, precision=PeriodPrecision.DAY, inferred=True), PUBLISHED

    def _sums_up(self, dated: Dated) -> bool:
        """Whether the first figure's time is what the whole text is of: a long one, or the last so many hours of a daily report."""
        period, why = dated
        if period.precision in LONG:
            return not periods.names_an_event(self._text, why.end - self._base)
        return _OF_HOURS.match(self._text[max(0, why.start - self._base) : why.end - self._base]) is not None

    def _said(self, mention: Mention, parsed: Parsed, measure: Measure) -> Dated | None:
        if mention.noun.negative or not (self._found or self._recalled):
            return None
        clause = clock.Clause(self._text, self._base, parsed, mention, self._found, self._published)
        recalled = next((p for p in self._recalled if clause.tells_of(p)), None)
        if recalled is not None:
            return self._dated(recalled, RECALLED)
        noun = parsed.tokens[mention.noun.first].start - self._base
        weighed = [(clause.distance(p), p) for p in self._found if not self._ahead(mention, p) and self._of_one_side(p, noun)]
        wanted = [(far, p) for far, p in weighed if far is not None]
        if measure in OF_STATES:
            wanted = [
                (far, p)
                for far, p in wanted
                if p.role in ("as_of", "by")
                or (p.role not in ("after", "ago") and p.period.precision in LONG and far[0] <= clock.OPENING)
                or self._reported(p)
            ]
        if not wanted:
            return None
        return self._dated(min(wanted, key=lambda found: found[0])[1], "the time nearest to it in its sentence")

    def _ahead_of(self, dated: Dated, realis: Realis) -> Dated:
        """A time at which something is to happen lies ahead: the next such weekday, or as long as it would lie back of what has happened."""
        period, why = dated
        words = self._text[max(0, why.start - self._base) : why.end - self._base].lower()
        if self._published is None:
            return dated
        if words.startswith("within") and period.end == self._published:
            return Period(start=period.end, end=period.end + (period.end - period.start), precision=period.precision), why
        if realis is Realis.PLANNED and _NEXT.match(words) and timedelta() < self._published - period.start < WEEK:
            return Period(start=period.start + WEEK, end=period.end + WEEK, precision=period.precision), why
        return dated

    def _of_one_side(self, found: PeriodMention, noun: int) -> bool:
        """Whether a time can be that of a figure: one that is only compared with is that of the figures beside it."""
        return all(start <= noun < end for start, end in self._compared if start <= found.start < end)

    def _headed(self, measure: Measure) -> Dated | None:
        """The time that a heading above gives."""
        period = self._headings.at(self._base) if self._part.field != "title" and measure not in OF_STATES else None
        return (period, HEADED) if period is not None else None

    def _reported(self, found: PeriodMention) -> bool:
        """Whether a time is that of the report or survey which gives a figure ("a report in 2023 estimated")."""
        return _REPORT.search(self._text[: found.start]) is not None

    def _ahead(self, mention: Mention, found: PeriodMention) -> bool:
        """Whether a time is still to come, which what has happened cannot be of, unless the text says its year."""
        if clock.says_its_year(self._text, found) or found.period.start in self._behind:
            return False
        return not _is_planned(mention) and self._published is not None and (found.period.start - self._published).days > 1

    def _told_on(self, mention: Mention, parsed: Parsed) -> Dated | None:
        """What a sentence without a time takes over from those before it."""
        own = any(not self._is_compared(p) for p in self._found)
        before = self._text[: parsed.tokens[mention.trigger.first].start - self._base]
        covered = self.covered if not mention.includes else None  # what something is brought to is of a longer time
        if not _tells_on(mention, before):
            return covered if _is_counted(mention, before) else None
        if own:
            return self._label or covered
        return self._of_summary() or self.story or (self.event if _points_back(mention, parsed, before) else None) or covered

    def _of_summary(self) -> Dated | None:
        """The time of a summary where the story before is only one of its months: its figures go on to be of all of it."""
        if self.covered is None or self.story is None or self.story[0].precision is not PeriodPrecision.MONTH:
            return None
        within = self.covered[0].start <= self.story[0].start and self.story[0].end <= self.covered[0].end
        return self.covered if within else None


_BEGAN = re.compile(r"\b(?:which|that) (?:began|started|erupted|broke out|flared up|was launched) (?:(?:on|in) )?$")
_HAS_SINCE = re.compile(r" ?, (?:has|have) (?:now |so far |already |since )?(?:claimed|killed|cost|left|taken|displaced|uprooted)\b")
_OF_HOURS = re.compile(r"(?:(?:in|over|during|within) )?(?:the )?(?:past|last|previous) [\w-]+ hours", re.IGNORECASE)


def _is_planned(mention: Mention) -> bool:
    verb = mention.verb
    return verb is not None and (verb.to or not _MODALS.isdisjoint(verb.auxiliaries))


def _of_label(day: Stretch) -> Dated:
    return _period(day), Reason(ENTERED)


def _period(stretch: Stretch) -> Period:
    return Period(start=stretch.start, end=stretch.end, precision=stretch.precision)


def _stretch(period: Period) -> Stretch:
    return Stretch(period.start, period.end, period.precision)


_STANDING = OF_STATES | {Measure.DISPLACED, Measure.MISSING}
"""Measures of how many there are at a time, and not within one."""
WEEK = timedelta(days=7)
"""From a weekday of what has happened to that of what is to happen."""
_AHEAD = frozenset({Realis.PLANNED, Realis.HYPOTHETICAL, Realis.THREATENED})
"""What is still to come. A threat has its own day as often as what is threatened, which mostly has none."""
_NEXT = re.compile(r"(?:on )?(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|the same day|that day)")
_MODALS = frozenset({"will", "would", "shall", "should", "may", "might", "can", "could", "must"})

_OF_A_STORY = frozenset({PeriodPrecision.DAY, PeriodPrecision.DAYS, PeriodPrecision.WEEK, PeriodPrecision.MONTH})
"""Precisions of what one story tells of; longer ones are sums."""


def _tells_on(mention: Mention, before: str) -> bool:
    """Whether it goes on with a story ("they killed two"), and does not sum up ("they have killed hundreds"); `before` stands before its words.

    What somebody says is one tense further back: "said two had been killed" goes on as well.
    """
    if mention.measure in OF_STATES:
        return False
    verb = mention.verb
    if verb is None:
        return mention.via in _OF_DEEDS and _HAVE.search(before) is None
    perfect = _PERFECT & set(verb.auxiliaries)
    return not perfect or (perfect == {"had"} and _SAYS.search(before) is not None)


def _is_counted(mention: Mention, before: str) -> bool:
    """Whether a noun alone counts people ("they cost 241 lives"), which a summary goes on to do."""
    return mention.verb is None and mention.measure not in OF_STATES and _HAVE.search(before) is None


def _points_back(mention: Mention, parsed: Parsed, before: str) -> bool:
    """Whether it is told of the event of an earlier paragraph: "in the attack", "said two people had been killed"."""
    verb = mention.verb
    had = verb is not None and (verb.auxiliaries[:1] == ("had",) or (not verb.auxiliaries and _AND_HAD.search(before) is not None))
    reported = had and _SAYS.search(before) is not None
    behind = " ".join(t.low for t in parsed.tokens[mention.trigger.last + 1 : mention.trigger.last + POINTS])
    return reported or _THE_DEED.match(behind) is not None or _THE_DEED_FIRST.match(before) is not None


_AND_HAD = re.compile(r"\bhad (?:[\w'’,-]+ ){1,24}?and $")
"""Before a verb that shares the "had" of the one that it is joined to."""
POINTS = 12
"""Words behind a count among which the deed is pointed at that it belongs to."""
_A_DEED = r"(?:attack|assault|raid|ambush|bombing|blast|explosion|shelling|clash|clashes|shooting|incident|massacre|siege|fighting|strike|strikes|violence|operation)"
_THE_DEED = re.compile(rf"(?:[\w'’-]+ ){{0,6}}?(?:in|during) the (?:same )?{_A_DEED}\b(?! (?:on|near|in|at|of|by|against|that|which)\b)")
_THE_DEED_FIRST = re.compile(rf"(?:In|During) the (?:same )?{_A_DEED},? ")
_OF_DEEDS = frozenset({"deed", "nominal", "part"})
_HAVE = re.compile(r"\b(?:has|have|had|['’]ve)\b[^,;]*$")
_SAYS = re.compile(r"\b(?:said|says|saying|stated|claimed|added|quoted|told|confirmed|reported|announced)\b")
_REPORT = re.compile(r"\b(?:report|survey|study|assessment|estimate|census|briefing)s?\b[^,;.]{0,30}$", re.IGNORECASE)

_PERFECT = frozenset({"has", "have", "had", "'ve"})
