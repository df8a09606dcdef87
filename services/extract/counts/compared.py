"""Figures with which others are only compared, as counts of their own time: "down from 88 in May", "against 498 in the same period of 1992"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from schemas import Measure, Period, PeriodPrecision
from schemas.vocabulary import OF_STATES

from ..frames.mentions import Mention
from ..frames.realis import Status
from ..numbers import quantities
from ..numbers.number_words import NUMBER
from ..numbers.quantity import Quantity
from ..syntax.nouns import NounPhrase
from ..syntax.pieces import Chunk
from ..text.reasons import Reason
from ..text.tokens import Token, tokenize
from ..when.stretches import Stretch
from ..words.profiles import Profile
from .parts import Part
from .tallies import Evidence, Tally
from .timing import Dated, Dates

NEAR = 14
"""Characters between a figure and the time that it is of ("88 recorded in May")."""

_CHANGED = (
    r"\b(?:up|down)(?: (?:sharply|slightly|markedly|steeply|marginally))? from|\b(?:an? )?(?:increase|decrease|rise|drop|fall|decline) from"
)
_CUE = re.compile(
    rf"(?P<alone>{_CHANGED})|\bcompared (?:with|to)|\bas against|,? against|\bversus|\bthan|\b(?:double|twice|triple|half|thrice)|\bas opposed to",
    re.IGNORECASE,
)
"""What stands before such a figure; behind a change it may stand alone ("47 strikes, up from 29")."""
_LEADS = re.compile(r" (?:the |only |just |a total of )?(?=\S)", re.IGNORECASE)
_ALONE = re.compile(r"[\s\"”]*(?:$|[.;,)])")
_BEFORE_TIME = re.compile(
    r"[ ,(]*(?:(?:recorded|reported|registered|counted|documented|seen|deaths|dead|attacks|strikes|killed|people) )?(?:(?:in|during|over|for|of|at|on) )?(?:the )?",
    re.IGNORECASE,
)
_ONE_BEFORE = re.compile(
    r" (?:(?:in|during|over) )?the (?:(?:previous|preceding|prior) (?:one|(?:[a-z\d]+ )?(?:quarter|months?|half|period))|(?:quarter|month|half) before)\b"
)
"""A time that is the one before, whichever that is."""
_WHEN = re.compile(r", when (?=\S)")
_RECORDED = re.compile(
    r"(?: [\w-]+){0,2} (?:was|were|had been) (?:recorded|registered|documented|counted|reported|verified|logged|killed|injured)\b"
)
"""Behind the figure of a time that only measures the change ("up 27 per cent on the previous quarter, when 1,032 were recorded")."""
_IN_BRACKETS = re.compile(r"\b(?:than|as|with|from|against)\b[^()\d]{0,20}(?:[^()]{0,60}) \((?=\d)")
_CLOSES = re.compile(r"\s*(?:[a-z]+ ?)?\)")
_OF_MEASURE = (
    (Measure.KILLED, re.compile(r"\b(?:deaths?|dead|killed|fatalities|killings)\b", re.IGNORECASE)),
    (Measure.INJURED, re.compile(r"\b(?:injur(?:ed|ies)|wounded)\b", re.IGNORECASE)),
    (Measure.ATTACKS, re.compile(r"\battacks?\b", re.IGNORECASE)),
    (Measure.STRIKES, re.compile(r"\b(?:air ?)?strikes?\b", re.IGNORECASE)),
    (Measure.DETAINED, re.compile(r"\b(?:arrests?|arrested|detained|detentions?)\b", re.IGNORECASE)),
    (Measure.ABDUCTED, re.compile(r"\b(?:abduct(?:ed|ions?)|kidnap(?:ped|pings?))\b", re.IGNORECASE)),
)
"""Of what a sentence without a figure of its own tells that it rose or fell."""
_YEAR = re.compile(r"(?:19|20)\d\d")
_SHARE = re.compile(r"[\d.]+ ?(?:%|per ?cent\b|percent\b)|\b[\w-]+ (?:per ?cent|percent)\b")
_OTHER_CLAUSE = re.compile(r"\b(?:as(?!\s*$)|where|leaving|while|after|when|and recovered|and seized)\b", re.IGNORECASE)
"""Words with which something else begins to be told, that may have risen or fallen."""
_MARKS = ("from", "compared", "against", "versus", "than", "double", "twice", "half", ", when", "opposed", " (")
"""Without one of them no such figure stands in a sentence."""
COMPARED = Reason("only compared with the figures of another time")


def find(part: Part, tallies: Sequence[Tally], dates: Dates, profile: Profile) -> list[Tally]:
    """The counts with which those of a sentence are compared."""
    if part.in_title or part.aside:
        return []
    text, base = part.sentence.text, part.sentence.start
    if not any(mark in text for mark in _MARKS) or not any(leads.search(text) for leads in (_CUE, _WHEN, _IN_BRACKETS)):
        return []
    tokens = tokenize(text, base)
    numbers = {tokens[q.first].start - base: q for q in quantities.find(tokens, profile) if not q.vague and q.value > 0}
    known = {e.start for t in tallies for e in t.evidence}
    own = [t for t in tallies if t.sentence == part.number]
    found = []
    for at, cue in _figures(text, dates, numbers, tokens, base):
        quantity = numbers[at]
        if any(tokens[i].start in known for i in range(quantity.first, quantity.last + 1)):
            continue
        like = _beside(own, base, cue, dates) or _told_of(tallies, text[:cue], part.number)
        if like is None:
            continue
        end = tokens[quantity.last].end - base
        dated = (
            _one_before(like, text, end, base, part.field)
            or dates.right_behind(end, NEAR)
            or dates.right_before(cue)
            or dates.right_before(at - 2)
        )
        if like.measure not in OF_STATES and not _is_of_a_while(like, dated[0] if dated is not None else like.dated):
            continue  # an earlier toll of the same event, not another time's figure
        if dated is not None and like.measure in OF_STATES:
            dated = dates.as_it_stood(dated)
        found.append(_compared(like, quantity, tokens, part, _looking_back(dated, like, text, base)))
    return found


def _is_of_a_while(like: Tally, period: Period | None) -> bool:
    """Whether a figure is one of a month, a quarter, or any stretch of which others of its kind are told."""
    if period is None:
        return not like.includes
    return period.precision not in (PeriodPrecision.DAY, PeriodPrecision.DAYS)


def _figures(text: str, dates: Dates, numbers: dict[int, Quantity], tokens: Sequence[Token], base: int) -> Iterator[tuple[int, int]]:
    """Where a figure of comparison begins, and where what leads to it does."""
    for cue in _CUE.finditer(text):
        lead = _LEADS.match(text, cue.end())
        quantity = numbers.get(lead.end()) if lead is not None else None
        if lead is None or quantity is None or _YEAR.fullmatch(tokens[quantity.core].text):
            continue
        end = tokens[quantity.last].end - base
        alone = cue["alone"] is not None and _ALONE.match(text, end) is not None
        time = _BEFORE_TIME.match(text, end)
        timed = time is not None and dates.right_behind(end, time.end() - end) is not None
        if alone or timed or _ONE_BEFORE.match(text, end):
            yield lead.end(), cue.start()
    for when in _WHEN.finditer(text):
        quantity = numbers.get(when.end())
        if quantity is not None and dates.right_before(when.start()) and _RECORDED.match(text, tokens[quantity.last].end - base):
            yield when.end(), when.start()
    for opened in _IN_BRACKETS.finditer(text):
        quantity = numbers.get(opened.end())
        if (
            quantity is not None
            and dates.right_before(opened.end() - 2)
            and _CLOSES.match(text, tokens[quantity.last].end - base)
            and not _YEAR.fullmatch(tokens[quantity.core].text)
        ):
            yield opened.end(), opened.start()


def _beside(own: Sequence[Tally], base: int, cue: int, dates: Dates) -> Tally | None:
    """The count of the same sentence that is compared: the one right before, with no other number between."""
    before = [
        t for t in own if t.evidence[0].field == "text" and t.evidence[0].end - base <= cue and t.real and t.noun.quantity is not None
    ]
    last = max(before, key=lambda t: t.evidence[0].end, default=None)
    if last is None or last.value == 0:
        return None
    between = dates.without_times(last.evidence[0].end - base, cue)
    other = NUMBER.search(_SHARE.sub(" ", between)) or _OTHER_CLAUSE.search(between)
    return last if other is None and ";" not in between else None


def _told_of(tallies: Sequence[Tally], before: str, number: int) -> Tally | None:
    """The last count of what a sentence says to have risen or fallen, where it gives no figure of it itself."""
    if any(t.sentence == number for t in tallies) or (before.count(",") > 1):
        return None
    said = [measure for measure, words in _OF_MEASURE if words.search(before)]
    if len(said) != 1:
        return None
    return next((t for t in reversed(tallies) if t.measure is said[0] and t.real and t.parent is None and not t.in_title), None)


def _one_before(like: Tally, text: str, end: int, base: int, field: str) -> Dated | None:
    """The months before those of the count that is compared, where the words only say that it is the time before ("in the previous quarter")."""
    said, period = _ONE_BEFORE.match(text, end), like.dated
    if said is None or period is None or period.start.day != 1 or (period.end + timedelta(days=1)).day != 1:
        return None
    length = 12 * (period.end.year - period.start.year) + period.end.month - period.start.month + 1
    first = 12 * period.start.year + period.start.month - 1 - length
    start = date(first // 12, first % 12 + 1, 1)
    stands = Period(start=start, end=period.start - timedelta(days=1), precision=period.precision)
    return stands, Reason("the time before that of the figure compared", base + said.start() + 1, base + said.end(), field)


def _looking_back(dated: Dated | None, like: Tally, text: str, base: int) -> Dated | None:
    """A time before that of the figure that is compared: a half or a month that says no year is of the year before where it lies ahead."""
    if dated is None or like.dated is None or dated[0].start <= like.dated.end:
        return dated
    if _YEAR.search(text, dated[1].start - base, dated[1].end - base):
        return dated
    back = Stretch(dated[0].start, dated[0].end, dated[0].precision).shifted(-1)
    return dated[0].model_copy(update={"start": back.start, "end": back.end}), dated[1]


def _compared(like: Tally, quantity: Quantity, tokens: Sequence[Token], part: Part, dated: Dated | None) -> Tally:
    first, last = quantity.first, quantity.last
    noun = NounPhrase(first, last, quantity=quantity, group=like.group)
    chunk = Chunk("noun", first, last, noun=noun)
    evidence = Evidence(part.field, tokens[first].start, tokens[last].end, part.number)
    status = Status(like.status.realis, background=True)
    told = replace(
        like.told,
        mention=Mention(like.measure, noun, chunk, "compared", 0),
        status=status,
        tokens=list(tokens),
        sentence=part.number,
        evidence=evidence,
        who="",
    )
    why = {name: reason for name, reason in like.why.items() if name in ("side", "actor", "claimant", "places")}
    why |= {"background": COMPARED, "group": Reason("as the figure that is compared with it")}
    if dated is not None:
        why["period"] = dated[1]
    return replace(
        like,
        value=quantity.value,
        qualifier=quantity.qualifier,
        low=quantity.low,
        high=quantity.high,
        status=status,
        via="compared",
        noun=noun,
        who="",
        sentence=part.number,
        told=told,
        numbered=told,
        evidence=[evidence],
        referent=None,
        parent=None,
        vague=False,
        partial=False,
        includes=False,
        cumulative=like.measure not in OF_STATES and like.cumulative and dated is None,
        repeats=0,
        period=dated[0] if dated is not None else None,
        last_sentence=part.number,
        why=why,
        shares=(),
    )
