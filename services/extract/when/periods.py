"""When: expressions of time in a text as periods, by the rules of news and against the publication date."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from schemas import Period
from schemas import PeriodPrecision as Precision

from . import numerals, pointing
from .dates import NUMBERS, SHORT_NAMES, M, N, W, number_of
from .dates import read as read_plain
from .hints import may_tell
from .pointing import NOTHING, Known
from .stretches import FIRST_YEAR, LAST_YEAR, Stretch, before, believed, day_of, days, week_of

Role = Literal["during", "since", "as_of", "ago", "by", "after"]
"""How the words use a period: within it, from it on, as it stood, so long before, not later than, of the event behind "a day after"."""


@dataclass(frozen=True, slots=True)
class PeriodMention:
    """An expression of time; `start` and `end` in characters of the text."""

    start: int
    end: int
    period: Period
    role: Role


_OPENERS = (
    "since|between|from|in|on|during|by|before|until|till|through|as of|as at|as on|over|within|throughout|at|of|for|after|dated|the|"
    "this|last|next|past|previous|preceding|early|earlier|late|later|mid|so far|year|beginning|start|end|first|second|third|fourth|final|latter|1st|2nd|3rd|4th|"
    "today|tonight|tomorrow|yesterday|overnight|about|around|nearly|almost|more than|over|roughly|some|spring|summer|autumn|winter|"
    "that|same|week|month|weekend|fiscal|financial|FY|up"
)
_AT = re.compile(
    rf"(?<![\w.,$€£%/-])(?:(?i:{_OPENERS}|{'|'.join(NUMBERS)})(?=[ -])|FY(?=\d)|YTD\b|(?i:today|tonight|tomorrow|yesterday|overnight|weekend)\b|{M}|{W}|Q[1-4]|H[12]|\d{{1,4}}(?!\d))"
)
"""Where an expression may begin; everything after is read from there, once."""

_BLANKS = str.maketrans({"\n": " ", "\t": " ", "\r": " ", "\xa0": " ", "\u202f": " "})
"""A line's end is a blank: an expression may go on in the next line."""

_BLANK = re.compile(r" +")
_IN = re.compile(r"(?i:in|on|during|of|over|within|throughout|at|for|through|dated|from) +(?=\S)")
_SINCE = re.compile(r"(?i:(?:ever )?since) +(?:(?i:around|about|at least) )?")
_BEGUN = re.compile(r"(?:\bthat|, which) (?:began|started|erupted|broke out|flared up) $")
"""Before the time since which something has gone on ("the war that broke out in April has killed 15,000")."""
_GOES_ON = re.compile(r",? (?:has|have)\b")
MATCHED = 50
"""Characters before a "since" in which something is said to be the most or the least of all that time."""
_UNMATCHED = re.compile(
    r"\b(?:than in any|any (?:year|month|quarter|week|day)|highest|lowest|most|fewest|worst|deadliest|bloodiest|biggest|largest|heaviest|fiercest|record|first)\b"
    r"(?! (?:of|have|has|were|are))[^.;:,]{0,40}$",
    re.IGNORECASE,
)
_SINCE_THEN = re.compile(r"then\b")
_AS_OF = re.compile(r"(?i:as (?:of|at|on(?= +\d))) +")
_BY = re.compile(r"(?i:by|until|till|before|up to) +")
_SINCE_HOUR = re.compile(r"(?i:midnight|dawn|daybreak|sunrise|noon|midday)\b(?! +(?:on|of)\b)")
_BETWEEN = re.compile(r"(?i:between|from) +")
_AND = re.compile(r",? *(?i:and|to|until|till|through|up to) +| ?[-–—] ?")
_ON = re.compile(r",? +(?i:onwards?|on)\b(?! +(?:the|[A-Z0-9]))")
_BARE_YEAR = re.compile(r"(?:19|20|21)\d\d$")
_THE = re.compile(r"\b(?i:the|a|an) +$")
ACCORDS = "agreement|accords?|deal|treaty|pact|constitution|referendum|census"
"""What goes by its year, and nobody is killed in ("the 2016 peace agreement"), as choices of a pattern."""
_NAMED_EVENT = re.compile(
    r" +(?:[^\W\d_][\w'’-]* +){0,3}?(?:attacks?|bombings?|massacres?|war|siege|offensive|coup|raids?|ambush|uprising|revolution|protests|riots?|unrest|conflict|invasion"
    r"|genocide|clashes|violence|crackdown|insurgency|elections?|operation|shootings?|assault|blasts?|kidnappings?|abductions?|earthquake|floods?|killings|mutiny"
    rf"|pogrom|hijackings?|air ?strikes?|hostage crisis|explosions?|tsunami|hurricane|cyclone|famine|rebellion|intifada|campaign|battle|truce|cease-?fire|{ACCORDS})\b"
)
"""Behind the year of an event ("the 2019 attack", "the 2004 Madrid train bombings")."""
_YEARLY = re.compile(
    r"(?i:in|since|during|of|early|late|mid|from|between|by|until|till|before|throughout|through|as of|over|after)[ -]+(?:(?i:the|around|about) +)?$"
)
_AMBIGUOUS = re.compile(r"(?:May|March|MAY|MARCH|April|June|August|Mar|Jun|Dec|Jan|Sept?|Oct|Nov|Feb|Apr|Aug|Jul)\.?$")
_MONTHLY = re.compile(
    r"(?i:in|since|during|of|early|late|mid|from|between|by|until|till|before|throughout|through|as of|over|after|last|this|for|and|to|end of|start of|beginning of)[ -]+$"
)
_UP_TO = re.compile(r"(?i:up )?(?i:to|until|till|through) +(?i:now|date|the present|present)\b")

_DATED = rf"(?:\d|{'|'.join(name.title() for name in SHORT_NAMES)})"
_EVENT = re.compile(
    rf"(?:(?:[^\W\d_][\w'’-]*|\([^()\d]{{1,30}}\)) +){{1,9}}?(?:(?=(?i:in|on|of|late in|early in) +(?i:early |late |mid-)?{_DATED})(?:(?i:late|early) +)?(?i:in|on|of) +"
    rf"|(?=(?i:last +[a-z]|{N} +(?:day|week|month|year)s? +ago)))"
)
"""What happened at a time since which something is counted ("since the coup in February 2021"); no more words belong to one event."""
_TWO_EVENTS = re.compile(r"\b(?:and|or|but|killed|wounded|injured)\b", re.IGNORECASE)
_WEEK_OF = re.compile(r"(?i:(?:the +)?week +(?:of|beginning|starting|commencing)(?: +on)?) +")
_WEEK_ASIDE = re.compile(r" *\((?i:the )?(?i:week of)\)")
_OF_MONTH = re.compile(
    rf"(?i:(?:the +)?(?P<which>first|second|third|fourth|1st|2nd|3rd|4th|last|final|opening)[ -]+(?:(?P<count>{N}) +)?(?P<unit>day|week|half)s? +of +)"
)
"""Before the month that a part is counted in ("the last week of March")."""
_WHEN = re.compile(r",? +when\b", re.IGNORECASE)
"""Behind "since 2015": what follows happened then."""
_SO_FAR_BEFORE = re.compile(r"\b(?i:so far)(?:,? +(?i:in|during))? +$")
_SO_FAR_BEHIND = re.compile(r" +(?i:so far)\b")
_ENDING = re.compile(
    rf"(?i:(?:the +)?(?:(?P<count>{N}) +|(?:past|last) +)?(?P<unit>day|week|month|quarter|half|year)s?(?:[ -]year)? +(?:ending|ended|to|up to|until|through)(?: +on)?) +"
)
"""Before the day or month with which a stretch ends ("the year ended 31 March")."""

Found = tuple[int, Stretch]


def find(text: str, published: date | None, known: Known = NOTHING) -> list[PeriodMention]:
    """The expressions of time in a text, in their order, none within another.

    `published` is the day of publication; without it only those are read that say their year. Days later than five years
    after it, or before 1900, are not believed. `known` is what was told before, for expressions that point at it.
    """
    if not may_tell(text):
        return []
    if published is not None and not FIRST_YEAR <= published.year <= LAST_YEAR:
        published = None
    reader = _Reader(text.translate(_BLANKS), published, known)
    found: list[PeriodMention] = []
    behind = 0
    for opening in _AT.finditer(reader.text):
        if opening.start() < behind:
            continue
        since = _SINCE.match(reader.text, opening.start())
        if since is not None and (published is None or _unmatched(reader.text, opening.start())):
            behind = reader.behind(since.end())
            continue
        mention = reader.read(opening.start())
        if mention is not None:
            found.append(mention)
            behind = mention.end
            reader.known = told(reader.known, mention)
    return found


def _unmatched(text: str, at: int) -> bool:
    """Whether a "since" only says of how long something is the most or the least; "since 2022, when 50 died" tells of that time."""
    return _UNMATCHED.search(text, max(0, at - MATCHED), at) is not None and ", when" not in text[at : at + MATCHED]


def told(known: Known, mention: PeriodMention) -> Known:
    """What is known when one more expression was read; what lasts until now is the time of no story."""
    period = mention.period
    stretch = Stretch(period.start, period.end, period.precision)
    if mention.role == "since":
        return replace(known, open=stretch)
    return known if mention.role == "after" else known.then(stretch)


_SIMPLE = frozenset({Precision.DAY, Precision.MONTH, Precision.YEAR})
"""What can begin a stretch that another expression ends."""

_AFTER = re.compile(r"(?i:day|week|month|year)s? +(?i:after)$")
_PLACES = {"fi": 1, "1s": 1, "op": 1, "se": 2, "2n": 2, "th": 3, "3r": 3, "fo": 4, "4t": 4}
"""Ordinals by their first two letters."""

_AGO = re.compile(r"(?i:ago|earlier|before|prior)$")


class _Reader:
    """Reads the expressions of one text, each from where it begins; `known` is what was told before."""

    def __init__(self, text: str, published: date | None, known: Known) -> None:
        self.text = text
        self.published = published
        self.known = known

    def behind(self, at: int) -> int:
        """The end of an expression that begins here; its start where there is none."""
        found = read_plain(self.text, at, None)
        return found[0] if found is not None else at

    def read(self, at: int) -> PeriodMention | None:
        """The expression that begins here, with the words that say how it is used."""
        return self._between(at) or self._since(at) or self._as_of(at) or self._by(at) or self._during(at)

    def _one(self, at: int) -> Found | None:
        """The longest single expression that begins here; what points back holds before what is read against the publication."""
        found = pointing.read(self.text, at, self.published, self.known)
        others = (self._plain(at), numerals.read(self.text, at, self.published, self.known.order), self._week(at))
        for other in (*others, self._of_month(at), self._ending(at)):
            if other is not None and (found is None or other[0] > found[0]):
                found = other
        if found is None or not believed(found[1].start, self.published) or not believed(found[1].end, self.published):
            return None
        if found[1].precision is Precision.DAY and (aside := _WEEK_ASIDE.match(self.text, found[0])) is not None:
            return aside.end(), _week_from(found[1].start)
        return found

    def _plain(self, at: int) -> Found | None:
        """An expression that says by itself what it means; without a publication a day lies in the year in which it is nearest to the story's."""
        story = self.known.day
        if self.published is not None or story is None:
            return read_plain(self.text, at, self.published)
        found = self._borrowed(at)
        if found is None or found[1].precision is not Precision.DAY:
            return read_plain(self.text, at, None)
        years = (found[1].shifted(story.start.year - found[1].start.year + by) for by in (-1, 0, 1))
        return found[0], min(years, key=lambda day: abs((day.start - story.start).days))

    def _week(self, at: int) -> Found | None:
        """The week of a day ("the week of April 8")."""
        opening = _WEEK_OF.match(self.text, at)
        found = read_plain(self.text, opening.end(), self.published) if opening is not None else None
        return (found[0], _week_from(found[1].start)) if found is not None and found[1].precision is Precision.DAY else None

    def _of_month(self, at: int) -> Found | None:
        """Some days, a week or a half of a month, counted from its first or last day."""
        opening = _OF_MONTH.match(self.text, at)
        found = read_plain(self.text, opening.end(), self.published) if opening is not None else None
        if opening is None or found is None or found[1].precision is not Precision.MONTH:
            return None
        start, end = (
            found[1].start,
            date.fromordinal(found[1].start.toordinal() + monthrange(found[1].start.year, found[1].start.month)[1] - 1),
        )
        last = opening["which"].lower() in ("last", "final")
        place = 1 if last else _PLACES.get(opening["which"].lower()[:2], 1)
        length = {"half": 15, "week": 7, "day": 1}[opening["unit"].lower()]
        count = number_of(opening["count"] or "one")
        first = start.toordinal() + length * (place - 1)
        days_ = (end.toordinal() - length * count + 1, end.toordinal()) if last else (first, first + length * count - 1)
        if opening["unit"].lower() == "half" and place == 2:
            days_ = start.toordinal() + 15, end.toordinal()
        if not start.toordinal() <= days_[0] <= days_[1] <= end.toordinal():
            return None
        return found[0], days(date.fromordinal(days_[0]), date.fromordinal(days_[1]))

    def _ending(self, at: int) -> Found | None:
        """So many days, weeks, months or years that end with a day or month."""
        opening = _ENDING.match(self.text, at)
        found = read_plain(self.text, opening.end(), self.published) if opening is not None else None
        if opening is None or found is None or found[1].precision not in (Precision.DAY, Precision.MONTH):
            return None
        end = found[1].end
        unit, count = opening["unit"].lower(), number_of(opening["count"] or "one")
        unit, count = {"quarter": ("month", 3 * count), "half": ("month", 6 * count)}.get(unit, (unit, count))
        # A month has other days than the next one: so many months end with the month's last day, and begin with another's first.
        after = date.fromordinal(end.toordinal() + 1) if unit in ("month", "year") else end
        start = before(after, count, unit)
        if start is None:
            return None
        stretch = days(start if after != end else date.fromordinal(start.toordinal() + 1), end)
        return found[0], replace(stretch, precision=_named(stretch) or stretch.precision)

    def _between(self, at: int) -> PeriodMention | None:
        """From one expression to another; a year that only one of them says holds for both."""
        opening = _BETWEEN.match(self.text, at)
        if opening is None:
            return None
        first = self._one(opening.end()) or self._borrowed(opening.end())
        if first is None:
            return None
        joint = _AND.match(self.text, first[0])
        if joint is None:
            if first[1].precision not in _SIMPLE:
                return _mention(at, first[0], first[1], "during")
            return self._onwards(at, opening, first)
        now = _UP_TO.match(self.text, first[0] + len(_blank(self.text, first[0])))
        if self.published is not None and now is not None:
            return _mention(at, now.end(), days(first[1].start, self.published), "since") if first[1].start <= self.published else None
        second = self._one(joint.end())
        if second is None:
            return None
        joined = _joined(first[1], second[1])
        return _mention(at, second[0], joined, "during") if joined is not None else None

    def _borrowed(self, at: int) -> Found | None:
        """A date without a year where the publication date is unknown, read in a leap year; `_joined` gives it the other's year."""
        found = read_plain(self.text, at, date(2000, 12, 31))
        return found if found is not None and found[1].floating else None

    def _onwards(self, at: int, opening: re.Match[str], first: Found) -> PeriodMention | None:
        on = _ON.match(self.text, first[0])
        if on is None or self.published is None or first[1].start > self.published or opening.group().lower().startswith("between"):
            return None
        return _mention(at, on.end(), days(first[1].start, self.published), "since")

    def _since(self, at: int) -> PeriodMention | None:
        opening = _SINCE.match(self.text, at) or (_BEGUN.search(self.text, max(0, at - 40), at) and _IN.match(self.text, at))
        if not opening or self.published is None:
            return None
        if (hour := _SINCE_HOUR.match(self.text, opening.end())) is not None:
            return _mention(at, hour.end(), day_of(self.published), "since")
        found = self._one(opening.end()) or self._of_event(opening.end()) or self._told_then(opening.end())
        if found is None or found[1].start > self.published:
            return None
        if opening.re is _IN and not _GOES_ON.match(self.text, found[0]):
            return None
        if _WHEN.match(self.text, found[0]):
            return _mention(opening.end(), found[0], found[1], "during")
        if found[1].precision is Precision.YEAR and _AGO.search(self.text, opening.end(), found[0]):
            # Of the year that lies a year back the day is as good as known: the one of the publication.
            back = before(self.published, self.published.year - found[1].start.year, "year")
            found = (found[0], day_of(back)) if back is not None else found
        return _mention(at, found[0], Stretch(found[1].start, self.published, days(found[1].start, self.published).precision), "since")

    def _told_then(self, at: int) -> Found | None:
        """What was told last, where "since then" points at it."""
        then = _SINCE_THEN.match(self.text, at)
        return (then.end(), self.known.last) if then is not None and self.known.last is not None else None

    def _of_event(self, at: int) -> Found | None:
        """The time of what happened ("since fighting broke out on April 15")."""
        event = _EVENT.match(self.text, at)
        if event is None or _TWO_EVENTS.search(event.group()):
            return None
        return self._one(event.end())

    def _as_of(self, at: int) -> PeriodMention | None:
        opening = _AS_OF.match(self.text, at)
        found = self._one(opening.end()) if opening is not None else None
        if found is None:
            return None
        stretch = found[1] if found[1].precision is not Precision.RANGE else day_of(found[1].end)
        return _mention(at, found[0], stretch, "as_of")

    def _by(self, at: int) -> PeriodMention | None:
        opening = _BY.match(self.text, at)
        found = self._one(opening.end()) if opening is not None else None
        if found is None:
            return None
        stretch, published = found[1], self.published
        if (
            stretch.floating
            and published is not None
            and (published - stretch.end).days > 180
            and believed(stretch.shifted(1).end, published)
        ):
            stretch = stretch.shifted(1)
        return _mention(at, found[0], stretch, "by")

    def _during(self, at: int) -> PeriodMention | None:
        opening = _IN.match(self.text, at)
        start = opening.end() if opening is not None else at
        found = self._one(start)
        if found is None:
            return None
        end, stretch = found
        words = self.text[start:end]
        if opening is None and (_BARE_YEAR.match(words) or _AMBIGUOUS.match(words)) and not _led(self.text, at, words):
            return None
        joint = _AND.match(self.text, end) if stretch.precision in _SIMPLE else None
        if joint is not None and joint.group().strip() in ("-", "–", "—", "to", "through", "until"):
            second = self._one(joint.end())
            joined = _joined(stretch, second[1]) if second is not None else None
            if second is not None and joined is not None and second[1].precision is stretch.precision:
                return _mention(at, second[0], joined, "during")
        if joint is not None and stretch.precision is Precision.YEAR and joint.group().strip() == "and":
            second = self._one(joint.end())
            if second is not None and second[1].precision is Precision.YEAR and second[1].start.year == stretch.end.year + 1:
                return _mention(at, second[0], days(stretch.start, second[1].end), "during")
        role: Role = "after" if _AFTER.search(words) else "ago" if _AGO.search(words) else "during"
        return _mention(at, end, self._so_far(at, end, stretch), role)

    def _so_far(self, at: int, end: int, stretch: Stretch) -> Stretch:
        """The part of a stretch that has passed, where the words tell of no more."""
        if self.published is None or not stretch.start <= self.published < stretch.end:
            return stretch
        if _SO_FAR_BEHIND.match(self.text, end) or _SO_FAR_BEFORE.search(self.text[max(0, at - 24) : at]):
            return replace(stretch, end=self.published)
        return stretch


def _mention(start: int, end: int, stretch: Stretch, role: Role) -> PeriodMention:
    return PeriodMention(start, end, Period(start=stretch.start, end=stretch.end, precision=stretch.precision), role)


def _week_from(day: date) -> Stretch:
    """The week named after a day: seven days where one can begin with it, Sunday or Monday, and else the one around it."""
    if day.weekday() in (0, 6):
        return Stretch(day, date.fromordinal(day.toordinal() + 6), Precision.WEEK)
    return week_of(day)


def _joined(first: Stretch, second: Stretch) -> Stretch | None:
    if first.floating:
        first = _in_year_before(first, second.end)
    if first.start > second.end:
        return None
    joined = days(first.start, second.end)
    whole = _named(joined)
    return replace(joined, precision=whole) if whole is not None else joined


def _in_year_before(stretch: Stretch, end: date) -> Stretch:
    """The newest such stretch that begins by a day."""
    moved = stretch.shifted(end.year - stretch.start.year)
    return moved if moved.start <= end else moved.shifted(-1)


def _named(stretch: Stretch) -> Precision | None:
    """The precision of a stretch that is a whole month, quarter, half or year."""
    after = date.fromordinal(stretch.end.toordinal() + 1)
    if stretch.start.day != 1 or after.day != 1:
        return None
    months = 12 * (after.year - stretch.start.year) + after.month - stretch.start.month
    named = {1: Precision.MONTH, 3: Precision.QUARTER, 6: Precision.HALF, 12: Precision.YEAR}
    return named.get(months) if (stretch.start.month - 1) % max(months, 1) == 0 else None


def names_an_event(text: str, end: int) -> bool:
    """Whether a time that ends at a place only says which event is meant ("the 2004 Madrid train bombings")."""
    return _NAMED_EVENT.match(text, end) is not None


def _led(text: str, at: int, words: str) -> bool:
    """Whether what stands before or behind shows that a bare year or month is one."""
    before = text[max(0, at - 24) : at]
    if _BARE_YEAR.match(words) and _THE.search(before) and names_an_event(text, at + len(words)):
        return True
    return bool((_YEARLY if _BARE_YEAR.match(words) else _MONTHLY).search(before))


def _blank(text: str, at: int) -> str:
    match = _BLANK.match(text, at)
    return match.group() if match else ""
