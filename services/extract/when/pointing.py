"""Expressions of time that point at what was told before: "the same day", "a week earlier", "the reporting period"."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from schemas import PeriodPrecision as Precision

from .dates import OF_A_NOUN, N, any_of, number_of
from .numerals import Order
from .stretches import Stretch, before, day_of, days, months_of, unit_around

LONG = frozenset({Precision.MONTH, Precision.QUARTER, Precision.HALF, Precision.YEAR, Precision.RANGE})
"""Precisions of the times that are summed up; shorter ones are those of a story."""

_DAY = timedelta(days=1)
_DAYS = "day|night|evening|morning|afternoon"
_OF_A_DAY = frozenset(_DAYS.split("|"))


@dataclass(frozen=True, slots=True)
class Known:
    """What was told before an expression of time, and how its text writes dates."""

    last: Stretch | None = None
    """The time told last."""
    day: Stretch | None = None
    """The last one of a story."""
    span: Stretch | None = None
    """The last one that was summed up."""
    lasting: Stretch | None = None
    """The last one that was longer than a day."""
    open: Stretch | None = None
    """What was told last, where it lasts until now ("since May")."""
    order: Order | None = None

    def then(self, stretch: Stretch) -> Known:
        """The same when one more was told."""
        lasting = stretch if stretch.precision is not Precision.DAY else self.lasting
        if stretch.precision in LONG:
            return replace(self, last=stretch, span=stretch, lasting=lasting, open=None)
        return replace(self, last=stretch, day=stretch, lasting=lasting)


NOTHING = Known()

_LENGTHS = {"day": (1, 1), "week": (7, 7), "month": (28, 31), "year": (365, 366)}
"""Fewest and most days of each unit."""
_LASTING_IN = re.compile(r"\b(?:in|during|over|throughout|within) +$", re.IGNORECASE)

_SAME = re.compile(
    rf"(?:(?:the|that|this) +)?(?:same|corresponding|comparable) +(?P<unit>days|nights|hours|weeks|months|{_DAYS}|week|month|quarter|half|year|period|time|stretch)"
    r"(?P<other> +(?:(?:in|of) +)?(?:(?:the|a|one) +)?(?:(?P<year>(?:19|20)\d\d)|(?:last|previous|preceding|prior) +year|year +(?:earlier|before|ago|prior)))?",
    re.IGNORECASE,
)
_OPEN_ENDED = frozenset({"period", "stretch", "half", "months", "weeks", "days", "hours", "nights", "time"})
_LASTING = re.compile(r"\b(?:during|over|throughout|within) +$", re.IGNORECASE)
"""Before "the same time", which otherwise only says that two things went together."""
_AS_LONG = re.compile(
    rf"the +(?:same +)?(?P<count>{N}) +(?P<unit>day|week|month|year)s(?! +(?:of|to|from|before|after|since|that|when|earlier|later|ago|until|leading|following)\b)",
    re.IGNORECASE,
)
"""So many days, weeks or months that were told before ("in the three months")."""
_ONWARDS = re.compile(rf"the +(?:next|following|subsequent|ensuing) +(?P<count>{N}) +(?P<unit>day|week|month)s", re.IGNORECASE)
_THAT = re.compile(rf"that +(?P<unit>{_DAYS}|week|month|quarter|year)", re.IGNORECASE)
_BESIDE = re.compile(
    rf"the +(?P<which>previous|preceding|prior|following|next) +(?P<unit>{_DAYS}|week|month|quarter|half|year)", re.IGNORECASE
)
_DAY_BEFORE = re.compile(
    rf"the +(?P<unit>{_DAYS}|week|month|quarter|year) +(?P<which>earlier|(?:before|after){OF_A_NOUN})(?! +(?i:yesterday))", re.IGNORECASE
)
_COUNTED = re.compile(
    rf"(?:(?:about|around|nearly|almost|more than|over|roughly|some|just|only) +)?(?P<count>{N}) +(?P<unit>day|week|month|year)s? +"
    rf"(?P<way>earlier|previously|later|afterwards?|(?:before|prior|after){OF_A_NOUN})",
    re.IGNORECASE,
)
_EVENT_AFTER = re.compile(
    rf"(?:(?:just|only|about|around|nearly|some) +)?(?P<count>{N}) +(?P<unit>day|week|month|year)s? +after"
    r"(?= +[a-z])(?! +(?:in|on|at|near|by|when|as|for|from|with|and|but)\b)",
    re.IGNORECASE,
)
"""Before an event that came so long before the story ("a day after gunmen killed 12")."""
_REPORTING = re.compile(
    r"(?:the|this|that) +(?:reporting +(?:period|quarter|month|week|year)|review +period|period +(?:under +review|in +question|covered)"
    r"|period(?! +(?:of|between|from|to|since|that|when|in|\d)))",
    re.IGNORECASE,
)


def read(text: str, at: int, published: date | None, known: Known) -> tuple[int, Stretch] | None:
    """The expression that begins at this character and the days that it points at; None where it is none, or nothing was told."""
    if _ANY.match(text, at) is None:
        return None
    for pattern, meaning in _READINGS:
        match = pattern.match(text, at)
        if match is None or text[match.end() : match.end() + 1].isalnum():
            continue
        stretch = meaning(match, published, known)
        if stretch is not None and (published is None or stretch.start <= published + _DAY):
            return match.end(), stretch
    return None


def _same(match: re.Match[str], _: date | None, known: Known) -> Stretch | None:
    unit = match["unit"].lower()
    if match["other"]:
        base = known.span or known.last
        if base is None:
            return None
        return base.shifted(int(match["year"]) - base.end.year if match["year"] else -1)
    if unit == "time" and _LASTING.search(match.string[: match.start()]) is None:
        return None
    if unit in _OPEN_ENDED:
        return known.open or known.lasting or known.last
    return _unit_of(unit, known)


def _as_long(match: re.Match[str], _: date | None, known: Known) -> Stretch | None:
    """What was told last, where it is so long."""
    told = known.open or known.last
    if told is None or _LASTING_IN.search(match.string[: match.start()]) is None:
        return None
    unit, count = match["unit"].lower(), number_of(match["count"])
    length = (told.end - told.start).days + 1
    least, most = (count * each for each in _LENGTHS[unit])
    return told if least <= length <= most + 1 else None


def _onwards(match: re.Match[str], published: date | None, known: Known) -> Stretch | None:
    """From the day of the story so long on; what is still to come when the news is told is no part of the story."""
    if known.day is None:
        return None
    end = known.day.end + timedelta(days=number_of(match["count"]) * _LENGTHS[match["unit"].lower()][0])
    return days(known.day.end, end) if published is None or end <= published else None


def _that(match: re.Match[str], _: date | None, known: Known) -> Stretch | None:
    return _unit_of(match["unit"].lower(), known)


def _unit_of(unit: str, known: Known) -> Stretch | None:
    """The day, week, month of what was told last; all of it where it is longer."""
    if unit in _OF_A_DAY:
        return known.day
    if known.last is None:
        return None
    around = unit_around(known.last.start, unit, 0)
    return around if around.end >= known.last.end else known.last


def _beside(match: re.Match[str], published: date | None, known: Known) -> Stretch | None:
    unit = match["unit"].lower()
    ahead = match["which"].lower() in ("following", "next")
    if unit in _OF_A_DAY:
        return _next_day(published, known, ahead=ahead)
    if known.last is None:
        return None
    if unit == "half":
        first = 1 if known.last.start.month <= 6 else 7
        return months_of(known.last.start.year, first + (6 if ahead else -6), first + (11 if ahead else -1), Precision.HALF)
    return unit_around(known.last.start, unit, 1 if ahead else -1)


def _day_before(match: re.Match[str], published: date | None, known: Known) -> Stretch | None:
    ahead, unit = match["which"].lower() == "after", match["unit"].lower()
    if unit in _OF_A_DAY:
        return _next_day(published, known, ahead=ahead)
    if known.last is None:
        return unit_around(published, unit, -1) if published is not None and not ahead else None
    if unit == "year" and known.last.precision in LONG:
        return known.last.shifted(1 if ahead else -1)
    return unit_around(known.last.start, unit, 1 if ahead else -1)


def _next_day(published: date | None, known: Known, *, ahead: bool) -> Stretch | None:
    """The day behind or before the story; before the publication where no story has a day yet."""
    if known.day is not None:
        return day_of(known.day.end + _DAY if ahead else known.day.start - _DAY)
    return day_of(published - _DAY) if published is not None and not ahead else None


def _counted(match: re.Match[str], _: date | None, known: Known) -> Stretch | None:
    unit, count = match["unit"].lower(), number_of(match["count"])
    back = match["way"].lower() in ("earlier", "before", "prior", "previously")
    base = known.day if unit == "day" else known.last
    if base is None:
        return None
    if unit == "year" and base.precision in LONG and count < base.start.year - 1:
        return base.shifted(-count if back else count)
    if back:
        day = before(base.start, count, unit)
    else:
        day = base.end + timedelta(days=count * {"day": 1, "week": 7, "month": 30, "year": 365}[unit])
    if day is None:
        return None
    return unit_around(day, unit, 0)


def _event_after(match: re.Match[str], published: date | None, known: Known) -> Stretch | None:
    story = known.day or known.last
    start = story.start if story is not None else published
    unit = match["unit"].lower()
    day = before(start, number_of(match["count"]), unit) if start is not None else None
    return unit_around(day, unit, 0) if day is not None else None


def _reporting(_: re.Match[str], __: date | None, known: Known) -> Stretch | None:
    return known.span


_READINGS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date | None, Known], Stretch | None]], ...] = (
    (_SAME, _same),
    (_AS_LONG, _as_long),
    (_ONWARDS, _onwards),
    (_THAT, _that),
    (_BESIDE, _beside),
    (_DAY_BEFORE, _day_before),
    (_EVENT_AFTER, _event_after),
    (_COUNTED, _counted),
    (_REPORTING, _reporting),
)
_ANY = any_of((pattern for pattern, _ in _READINGS), re.IGNORECASE)
