"""When and where of a count: the places and dates of its sentence that are its own."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from schemas import Measure, Period, PeriodPrecision, Place, Realis
from schemas.vocabulary import OF_STATES

from ..frames.mentions import Mention
from ..numbers.number_words import FULL_MONTHS, WEEKDAYS
from ..syntax.pieces import Parsed
from ..text.reasons import Reason
from ..text.sentences import Sentence
from ..when import clock, comparisons, periods
from ..when.datelines import CLOSE, Datelines
from ..when.headings import Headings
from ..when.periods import PeriodMention
from ..when.pointing import LONG, Known
from ..when.stretches import Stretch
from ..where import places
from ..where.elsewhere import tells_where, without_others
from ..where.places import PlaceMention
from ..where.sights import is_word_of_names
from ..who.actors import UNKNOWN, ActorMention
from .parts import Part

BESIDE = 20
"""Characters behind a part in which its own place stands."""

LABEL = 120
"""Characters of a sentence that may be a register's label."""

CARRIED = 6
"""Sentences before one without a place among which that of its story is looked for; beyond stands what the report began with."""

MAX_HERE = 8
"""Places of one sentence that are kept: more are a list."""

Dated = tuple[Period, Reason]
"""A period, and the words that say it."""

ENTERED = "the day with which its entry begins"
RECALLED = "the time of the event of which it is told"
"""Why a count has the time of an event that the words only recall."""
HEADED = Reason("the time that its heading gives")
PUBLISHED = Reason("by default: no time is told of it, so the day of publication stands in")
STORY = Reason("its sentence names no place: where its story is at")
FILED = Reason("no place is told: where it was reported from")
LAND = Reason("no place is told: the only country whose places the text names")
HEADLINE = Reason("neither its sentence nor those before it name a place: where the headline is", field="title")


class Places:
    """The places of an article, by where they stand."""

    def __init__(
        self,
        title: str,
        text: str,
        named: Sequence[ActorMention],
        datelines: Datelines,
        sentences: Sequence[Sentence],
        telling: Callable[[str], bool],
    ) -> None:
        """`telling` says of a sentence whether it tells of an event."""
        self._land: tuple[PlaceMention, ...] | None = None
        self.datelines = datelines
        self._telling = telling
        self._sentences = sentences
        found = sorted(places.find(text, [n for n in named if n.kind != UNKNOWN]), key=lambda p: p.start)
        self._found = [p for p in found if not _within(p.start, named)]
        self._starts = [p.start for p in self._found]
        self._named = named
        self._heading = _unique(without_others(Sentence(0, len(title), title, -1, heading=True), places.find(title)))
        self._here: dict[int, list[PlaceMention]] = {}

    def of(self, part: Part, mention: Mention) -> tuple[PlaceMention, ...]:
        """Places of the mention's sentence; of a part ("66 of them in Iraq") the first behind it, else those of its whole."""
        if part.field == "title":
            return ()
        here = self._in(part.sentence)
        end = part.parsed.tokens[mention.noun.last].end
        if mention.placed or (mention.via == "part" and mention.part_of is not None):
            behind = next((p for p in here if p.start >= end), None)
            if behind is not None and behind.start - end < BESIDE:
                return (behind,)
            if mention.placed:
                return ()
        own = [p for p in here if not _is_of_a_share(part.sentence, p, end)]
        return _unique(own) if own or not here else _countries_of(here)

    def around(self, part: Part, *, sums: bool) -> tuple[tuple[PlaceMention, ...], Reason]:
        """Where that happened which a sentence without a place tells: where its story is at. Of a sum only the country is sure."""
        found, reason = self._around(part)
        if not (found or sums):
            return self._only_country(), LAND
        points = sums and part.field != "title" and _POINTS_BACK.search(part.sentence.text) is not None
        return (_countries_of(found) if sums and not points else found), reason

    def _around(self, part: Part) -> tuple[tuple[PlaceMention, ...], Reason]:
        if part.field != "title":
            if filed := self._filed(part.sentence):
                return filed, FILED
            if found := self._of_story(part.number):
                return (_countries_of(found) if self._is_elsewhere(part.sentence) else found), STORY
        return self._heading, HEADLINE

    def _is_elsewhere(self, sentence: Sentence) -> bool:
        """Whether a sentence says that it happened at a town or village which no table holds."""
        names = (m.end() for m in _VILLAGE.finditer(sentence.text))
        return any(not _within(sentence.start + start, self._named) for start in names)

    def _only_country(self) -> tuple[PlaceMention, ...]:
        """The one country in which all places of the text lie."""
        if self._land is None:
            countries = {p.place.country for p in self._found if p.place.country is not None}
            self._land = _countries_of(self._found) if len(countries) == 1 else ()
        return self._land

    def _of_story(self, number: int) -> tuple[PlaceMention, ...]:
        """The places of the nearest sentence before that tells of an event or is a heading, or under whose dateline all stands."""
        for sentence in reversed(self._sentences[max(0, number - CARRIED) : number]):
            filed = self.datelines.within(sentence.start, sentence.end)
            here = self._in(sentence)
            if here and not tells_where(sentence, here):
                continue
            if here and (filed or sentence.heading or self._telling(sentence.text) or _is_label(sentence)):
                return _unique(here)
            if filed:
                return self._filed(sentence)
        opening = (s for s in self._sentences[: min(number, CARRIED)] if self._telling(s.text))
        return next((_unique(here) for sentence in opening if (here := self._in(sentence))), ())

    def _in(self, sentence: Sentence) -> list[PlaceMention]:
        """Of a sentence, by where it starts, without where its report was filed."""
        if sentence.start not in self._here:
            filed = self.datelines.within(sentence.start, sentence.end)
            here = [p for p in self._all_in(sentence) if not any(one.start <= p.start < one.end for one in filed)]
            self._here[sentence.start] = without_others(sentence, here, filed=bool(filed))
        return self._here[sentence.start]

    def _all_in(self, sentence: Sentence) -> list[PlaceMention]:
        return self._found[bisect_left(self._starts, sentence.start) : bisect_left(self._starts, sentence.end)]

    def _filed(self, sentence: Sentence) -> tuple[PlaceMention, ...]:
        """Where a sentence's report was filed: only the country is sure where it names a place that no table holds.

        A headline that is about another country knows better.
        """
        within = self.datelines.within(sentence.start, sentence.end)
        filed = _unique(p for p in self._all_in(sentence) if any(one.start <= p.start < one.end for one in within))
        countries = {p.place.country for p in filed}
        titled = {p.place.country for p in self._heading} - {None}
        if filed and titled and countries.isdisjoint(titled):
            return self._heading
        return _countries_of(filed) if filed and self._names_another(sentence, within[-1].end) else filed

    def _names_another(self, sentence: Sentence, behind: int) -> bool:
        """Whether a sentence says behind its dateline that it happened at a place which no table holds."""
        known = {p.start for p in self._all_in(sentence)}
        names = (sentence.start + m.start("name") for m in _SOMEWHERE.finditer(sentence.text, max(0, behind - sentence.start)))
        return any(start not in known and not _within(start, self._named) for start in names)


def _unique(found: Iterable[PlaceMention]) -> tuple[PlaceMention, ...]:
    first: dict[Place, PlaceMention] = {}
    for one in found:
        first.setdefault(one.place, one)
    return tuple(first.values())[:MAX_HERE]


def _is_of_a_share(sentence: Sentence, place: PlaceMention, counted: int) -> bool:
    """Whether a place behind a count is only that of most or some of them ("185 people, most of them in the north")."""
    return (
        place.start > counted and _SHARE.search(sentence.text[max(0, counted - sentence.start) : place.start - sentence.start]) is not None
    )


def _is_label(sentence: Sentence) -> bool:
    """Whether a sentence is nothing but names and dates, as a register labels its entries ("3 May 2024. Chad, Lac, Bol.")."""
    if len(sentence.text) > LABEL:
        return False
    words = re.findall(r"[^\W_]+", sentence.text)
    return all(word[0].isupper() or word[0].isdigit() or is_word_of_names(word) for word in words)


_SHARE = re.compile(
    r"(?:, |\()(?:most|mostly|mainly|many|the majority|more than half|nearly half|half|some|several)(?: of (?:them|whom|which|these|those))?(?: \w+)?"
    r" (?:in|from|at|near) (?:the )?(?:\w+ (?:of )?)?$"
)
_POINTS_BACK = re.compile(
    r"\b(?:in|from|across|throughout|within|around) (?:the|this|that)(?: same)?"
    r" (?:district|province|city|town|village|camp|governorate|county|department|municipality|neighbou?rhood|settlement)\b(?! of\b)",
    re.IGNORECASE,
)
"""Words that point at the very place of the story."""
_VILLAGE = re.compile(
    r"\b(?:(?:village|town|hamlet|township|settlement|commune) of (?=[A-Z])|(?:near|outside) (?=[A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,2}"
    r"(?:[,.;)]|$| (?:in|on|and|where|when|after|during|by|at|killing|late|early|overnight)\b)))"
)
"""Where a name is surely that of a place, though no table holds it."""
_SOMEWHERE = re.compile(
    rf"\b(?:in|at|near|on|outside|around) (?:the )?(?!{'|'.join(sorted(day.title() for day in WEEKDAYS | FULL_MONTHS))})(?P<name>[A-Z][a-z]+)\b(?! Day\b)"
    r"(?![\w'’ -]{0,30} (?:district|quarter|neighbou?rhood|suburb|camp|street|square|market|hospital|mosque|church|hotel|university|prison|airport|bridge|highway)\b)"
)
"""Where a name may be that of a place other than a part of the town in which the report was filed."""


def _countries_of(found: Iterable[PlaceMention]) -> tuple[PlaceMention, ...]:
    first: dict[str, PlaceMention] = {}
    for one in found:
        if one.place.country:
            first.setdefault(one.place.country, one)
    return tuple(replace(one, place=country) for code, one in first.items() if (country := places.country(code)) is not None)


def _within(start: int, named: Sequence[ActorMention]) -> bool:
    """Whether a place's name is part of an actor's ("the United States military")."""
    at = bisect_right(named, start, key=lambda n: n.start)
    return any(n.start <= start < n.end for n in named[max(0, at - 3) : at])


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
            one = self._not_last_year(found)
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
        if realis is not Realis.THREATENED and _NEXT.match(words) and timedelta() < self._published - period.start < WEEK:
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
        if not _tells_on(mention, before):
            return None
        if own:
            return self._label
        return self.story or (self.event if _points_back(mention, parsed, before) else None) or self.covered


_OF_HOURS = re.compile(r"(?i:(?:in|over|during|within) )?(?i:the )?(?i:past|last|previous) [\w-]+ (?i:hours)")


def _is_planned(mention: Mention) -> bool:
    verb = mention.verb
    return verb is not None and (verb.to or not _MODALS.isdisjoint(verb.auxiliaries))


def _of_label(day: Stretch) -> Dated:
    return _period(day), Reason(ENTERED)


def _period(stretch: Stretch) -> Period:
    return Period(start=stretch.start, end=stretch.end, precision=stretch.precision)


def _stretch(period: Period) -> Stretch:
    return Stretch(period.start, period.end, period.precision)


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
