"""Single expressions of time, as news write them, and the days they mean: "March 3", "last week", "the first quarter"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta

from schemas import PeriodPrecision as Precision

from .numerals import day_or_none, full_year
from .stretches import Stretch, before, believed, day_of, days, month_of, months_of, part_of, unit_around, week_of, year_of

_DAY = timedelta(days=1)


_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
_SHORT = {"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12}
MONTH_NAMES = "|".join(_MONTHS)
"""The names of the months, as one of the choices of a pattern."""
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SHORT_NAMES = (*_SHORT, *(day[:3].lower() for day in _WEEKDAYS))
"""The first letters of months and weekdays, in lower case; each of their spellings begins with some."""
NUMBERS = {
    word: value
    for value, words in enumerate(
        ("", "a an one", "two couple", "three few several", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    )
    for word in words.split()
}
_ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "final": 4, "last": 4}

_FULL = "|".join(name for month in _MONTHS for name in (month, month.upper()))
_CUT = "|".join(f"{short.title()}t?\\.?|{short.upper()}T?\\.?" for short in _SHORT)
M = rf"(?:{_FULL}|(?:{_CUT})(?!\w))"
"""A month, full or cut; never in lower case ("may", "march")."""
_D = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?![\d%]|[.,:]\d|\s*(?:percent|per cent|million)\b)"
_Y = r"(?:19|20|21)\d\d(?![\d%]|[.,]\d| ?(?i:hours|hrs|h|local time|gmt|utc|zulu)\b)"
"""A year; "at 2015 hours" is none."""
W = rf"(?:{'|'.join(name for day in _WEEKDAYS for name in (day, day.upper()))})"
N = rf"(?:\d{{1,3}}|(?:a )?couple(?: of)?|(?:a )?few|{'|'.join(word for word in NUMBERS if word not in ('couple', 'few'))})"
OF_A_NOUN = r"(?! +(?:the|an?|his|her|its|their|our|this|that|it|he|she|they|we|to|being|[a-z]+ing)\b)(?! +(?-i:[A-Z]))"
"""Behind "before" or "after": with a noun they tell of an event whose day is not known ("two days before the vote")."""
_PART = r"(?:(?i:early|mid|late|the beginning of|the start of|the end of|beginning of|start of|end of|the middle of)[ -]+)"
_OF = (
    r"(?:(?:,? +(?:(?i:of|in) +)?|[/-](?=\d))(?:(?P<year>"
    + _Y
    + r")|(?P<said>(?i:the year|this year|the current year|last year|the previous year|next year))))?"
)
"""A year behind a part of one, said or pointed at."""

Anchor = date | None
Read = Callable[[re.Match[str], Anchor], Stretch | None]
_RULES: list[tuple[re.Pattern[str], Read]] = []


def _rule(pattern: str) -> Callable[[Read], Read]:
    def register(read: Read) -> Read:
        _RULES.append((re.compile(pattern + r"(?![^\W_])"), read))
        return read

    return register


def any_of(patterns: Iterable[re.Pattern[str]], flags: int = 0) -> re.Pattern[str]:
    """One pattern that matches where any of these does: most places have none, and asking each of dozens takes ten times as long."""
    return re.compile("|".join(re.sub(r"\(\?P<\w+>", "(?:", pattern.pattern) for pattern in patterns), flags)


def _month(name: str) -> int:
    return _SHORT[name[:3].lower()]


def _day(year: int, month: int, words: str) -> date | None:
    return day_or_none(year, month, int(re.sub(r"\D", "", words)))


def _past(make: Callable[[int], Stretch | None], anchor: Anchor) -> Stretch | None:
    """What has no year: the newest that has begun; a day ahead is today elsewhere on the globe."""
    if anchor is None:
        return None
    for year in range(anchor.year + 1, anchor.year - 5, -1):
        stretch = make(year)
        if stretch is not None and stretch.start <= anchor + _DAY:
            return Stretch(stretch.start, stretch.end, stretch.precision, floating=True)
    return None


def _in_year(match: re.Match[str], make: Callable[[int], Stretch | None], anchor: Anchor) -> Stretch | None:
    if match["year"]:
        return make(int(match["year"]))
    said = (match["said"] or "").lower() if "said" in match.groupdict() else ""
    if anchor and ("last" in said or "previous" in said):
        return make(anchor.year - 1)
    if anchor and "next" in said:
        return make(anchor.year + 1)
    if anchor and "this" in said:
        return make(anchor.year)
    return _past(make, anchor)


@_rule(rf"(?P<year>{_Y})-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01])(?:T\d\d:\d\d\S{{0,15}})?")
def _iso(match: re.Match[str], _: Anchor) -> Stretch | None:
    day = _day(int(match["year"]), int(match["month"]), match["day"])
    return day_of(day) if day else None


@_rule(rf"(?:{W},? +)?(?P<month>{M}) +(?P<day>{_D})(?:,? +(?P<year>{_Y}))?")
@_rule(rf"(?:{W},? +)?(?:(?:the )?(?P<day>{_D})(?: of)?[ -]+(?P<month>{M})(?:,?[ -]+(?P<year>{_Y}))?)")
def _date(match: re.Match[str], anchor: Anchor) -> Stretch | None:
    def make(year: int) -> Stretch | None:
        day = _day(year, _month(match["month"]), match["day"])
        return day_of(day) if day else None

    return _in_year(match, make, anchor)


@_rule(rf"(?P<day>{_D})[ -]?(?P<month>{'|'.join(short.upper() for short in _SHORT)})[ -]?(?P<year>\d\d)")
@_rule(rf"(?P<day>{_D})[ -](?P<month>{'|'.join(short.title() for short in _SHORT)})[ -](?P<year>\d\d)(?=$|[,.;:)])")
def _telegraphed(match: re.Match[str], anchor: Anchor) -> Stretch | None:
    """As older wires put it ("12 MAR 89"): of the centuries the nearest to the publication, else the last one that has begun."""
    day = _day(full_year(match["year"], anchor), _month(match["month"]), match["day"])
    return day_of(day) if day else None


@_rule(rf"(?P<month>{M}) +(?P<first>{_D}) ?(?:-|–|—|/|to|and|through) ?(?P<last>{_D})(?:,? +(?P<year>{_Y}))?")
@_rule(rf"(?P<first>{_D}) ?(?:-|–|—|/|to|and|through) ?(?P<last>{_D}) (?:of )?(?P<month>{M})(?:,? +(?P<year>{_Y}))?")
def _dates(match: re.Match[str], anchor: Anchor) -> Stretch | None:
    def make(year: int) -> Stretch | None:
        first, last = (_day(year, _month(match["month"]), match[name]) for name in ("first", "last"))
        return days(first, last) if first and last and first <= last else None

    return _in_year(match, make, anchor)


@_rule(rf"(?P<part>{_PART})?(?P<month>{M})(?!\.? ?(?:3[01]|[012]?\d)(?!\d|,\d{{3}}))" + _OF)
def _named_month(match: re.Match[str], anchor: Anchor) -> Stretch | None:
    stretch = _in_year(match, lambda year: month_of(year, _month(match["month"])), anchor)
    return part_of(stretch, match["part"]) if stretch else None


@_rule(rf"(?P<first>{M}) ?(?:-|–|—|/|to|through|and) ?(?P<last>{M})" + _OF)
def _named_months(match: re.Match[str], anchor: Anchor) -> Stretch | None:
    first, last = _month(match["first"]), _month(match["last"])
    precision = Precision.QUARTER if last - first == 2 and first % 3 == 1 else Precision.RANGE
    stretch = _in_year(match, lambda year: months_of(year, first - (12 if first > last else 0), last, precision), anchor)
    # News tell of months that have begun, all of them; only a collector may date a text by the first day that it tells of.
    ahead = stretch is not None and stretch.floating and anchor is not None and anchor != stretch.start
    ahead = ahead and stretch is not None and anchor is not None and month_of(stretch.end.year, last).start > anchor
    return stretch.shifted(-1) if stretch is not None and ahead else stretch


@_rule(r"(?:(?i:the) +)?(?P<which>(?i:first|1st|second|2nd|third|3rd|fourth|4th|final|last))[ -]+(?i:quarter)" + _OF)
@_rule(r"Q(?P<which>[1-4])" + _OF)
@_rule(r"(?P<which>[1-4])Q" + _OF)
def _quarter(match: re.Match[str], anchor: Anchor) -> Stretch | None:
    which = match["which"].lower()
    if which == "last" and not match["year"] and not match["said"]:
        return _last_quarter(anchor)
    number = int(which) if which.isdigit() else _ORDINALS[which]
    return _in_year(match, lambda year: months_of(year, 3 * number - 2, 3 * number, Precision.QUARTER), anchor)


def _last_quarter(anchor: Anchor) -> Stretch | None:
    if anchor is None:
        return None
    first = 3 * ((anchor.month - 1) // 3) - 2
    return months_of(anchor.year, first, first + 2, Precision.QUARTER)


@_rule(r"(?:(?i:the) +)?(?P<which>(?i:first|1st|second|2nd|latter))[ -]+(?i:half)" + _OF + r"(?! +of\b)")
@_rule(r"(?:(?i:the) +)?(?P<which>(?i:last|final))[ -]+(?i:half)" + _OF.removesuffix("?"))
@_rule(r"H(?P<which>[12])" + _OF)
@_rule(r"(?P<which>[12])H" + _OF)
def _half(match: re.Match[str], anchor: Anchor) -> Stretch | None:
    number = 1 if match["which"].lower() in ("first", "1st", "1") else 2
    return _in_year(match, lambda year: months_of(year, 6 * number - 5, 6 * number, Precision.HALF), anchor)


@_rule(rf"(?i:(?:the +)?(?P<which>first|last|final) +(?P<count>{N}) +months)" + _OF.removesuffix("?"))
def _months_of_year(match: re.Match[str], anchor: Anchor) -> Stretch | None:
    count = number_of(match["count"])
    if not 1 <= count <= 12:
        return None
    first, last = (1, count) if match["which"].lower() == "first" else (13 - count, 12)
    precision = {1: Precision.MONTH, 3: Precision.QUARTER, 6: Precision.HALF, 12: Precision.YEAR}.get(count, Precision.RANGE)
    return _in_year(match, lambda year: months_of(year, first, last, precision), anchor)


@_rule(rf"(?P<part>{_PART}(?:(?i:the year|of) +)?)?(?:(?i:the +)?(?i:year) +)?(?P<year>{_Y})(?!-?\d|/\d{{2}}/)")
@_rule(rf"(?P<part>)(?:FY ?|(?i:the )?(?i:fiscal|financial)(?i: year)? )(?P<year>{_Y})")
def _named_year(match: re.Match[str], _: Anchor) -> Stretch | None:
    return part_of(year_of(int(match["year"])), match["part"])


@_rule(rf"(?P<first>{_Y}) ?[-–/] ?(?P<last>{_Y}|\d\d)")
def _years(match: re.Match[str], _: Anchor) -> Stretch | None:
    first, last = int(match["first"]), int(match["first"][: 4 - len(match["last"])] + match["last"])
    return Stretch(date(first, 1, 1), date(last, 12, 31), Precision.RANGE) if first < last <= first + 20 else None


_WEEKDAY_CUT = r"(?:Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun)\.?"
_HOURS = r"(?:(?i:early|late|before dawn|at dawn) +(?:(?i:on) +)?)?"
_TIME = r"(?: +(?i:morning|afternoon|evening|night|at dawn|before dawn))?"


@_rule(
    rf"{_HOURS}(?:(?P<which>(?i:last|next|this|past)) +)?(?P<day>{W}|(?<=[Oo]n ){_WEEKDAY_CUT}|{_WEEKDAY_CUT}(?= (?:morning|afternoon|evening|night)\b)){_TIME}(?: +(?:(?i:of) +)?(?P<week>(?i:last|this|next)) +(?i:week))?"
)
def _weekday(match: re.Match[str], anchor: Anchor) -> Stretch | None:
    if anchor is None:
        return None
    wanted = _weekday_of(match["day"])
    which, week = (match["which"] or "").lower(), (match["week"] or "").lower()
    if week:
        return day_of(week_of(anchor).start + timedelta(days=wanted + {"last": -7, "this": 0, "next": 7}[week]))
    back = (anchor.weekday() - wanted) % 7
    if which == "next":
        return day_of(anchor + timedelta(days=7 - back))
    return day_of(anchor - timedelta(days=back or (7 if which == "last" else 0)))


def _weekday_of(name: str) -> int:
    return next(number for number, day in enumerate(_WEEKDAYS) if day.startswith(name[:3].title()))


_DEICTIC = {
    "today": 0,
    "tonight": 0,
    "tomorrow": 1,
    "yesterday": -1,
    "the day before yesterday": -2,
    "last night": -1,
    "early today": 0,
    "late yesterday": -1,
}


@_rule(rf"(?i:the day before yesterday|(?:early |late )?(?:today|yesterday)|tonight|tomorrow|last night){_TIME}")
def _deictic(match: re.Match[str], anchor: Anchor) -> Stretch | None:
    if anchor is None:
        return None
    words = match.group().lower()
    return day_of(anchor + timedelta(days=next(offset for name, offset in _DEICTIC.items() if words.startswith(name))))


@_rule(r"(?i:(?:early |late )?this +(?:morning|afternoon|evening))")
def _this_morning(_: re.Match[str], anchor: Anchor) -> Stretch | None:
    return day_of(anchor) if anchor else None


@_rule(rf"(?i:overnight(?: +(?:on|into|to))?)(?: +(?P<day>{W}))?")
def _overnight(match: re.Match[str], anchor: Anchor) -> Stretch | None:
    if anchor is None:
        return None
    back = (anchor.weekday() - _weekday_of(match["day"])) % 7 if match["day"] else 0
    end = anchor - timedelta(days=back)
    return days(end - _DAY, end)


@_rule(
    rf"(?i:overnight +(?:from +|between +)?|the +night +(?:of|from|between) +)?(?P<first>{W})(?i: +(?:night|evening))?"
    rf" ?(?i:/|-|–|—|to|into|and(?: +into)?) ?(?P<last>{W}){_TIME}"
)
def _weekdays(match: re.Match[str], anchor: Anchor) -> Stretch | None:
    """Two days that follow each other; others are named one by one."""
    if anchor is None or (_weekday_of(match["last"]) - _weekday_of(match["first"])) % 7 != 1:
        return None
    end = anchor - timedelta(days=(anchor.weekday() - _weekday_of(match["last"])) % 7)
    return days(end - _DAY, end)


@_rule(r"(?:(?i:the +(?:past +|last +)?|(?:this|last|past) +)|(?<=[Oo]ver ))(?i:weekend)")
def _weekend(match: re.Match[str], anchor: Anchor) -> Stretch | None:
    if anchor is None:
        return None
    back = (anchor.weekday() - 5) % 7
    saturday = anchor - timedelta(days=back + (7 if "last" in match.group().lower() and back < 2 else 0))
    return days(saturday, saturday + _DAY)


_UNITS = {"week": Precision.WEEK, "month": Precision.MONTH, "quarter": Precision.QUARTER, "year": Precision.YEAR}


@_rule(
    r"(?i:(?P<part>so far|earlier|later|early|late) +)?(?i:(?P<which>this|last|next|the previous|the current|the preceding|the following|the coming) +(?P<unit>week|month|quarter|year))"
)
def _unit(match: re.Match[str], anchor: Anchor) -> Stretch | None:
    if anchor is None:
        return None
    which, unit, part = match["which"].lower(), match["unit"].lower(), (match["part"] or "").lower()
    shift = -1 if which in ("last", "the previous", "the preceding") else 1 if which in ("next", "the following", "the coming") else 0
    stretch = unit_around(anchor, unit, shift)
    if shift:
        return part_of(stretch, part) if part in ("early", "late") else stretch
    if part == "later":
        return Stretch(anchor, stretch.end, stretch.precision)
    return Stretch(stretch.start, anchor, stretch.precision)


@_rule(r"(?i:(?:the +)?year[ -]to[ -]date|ytd|so far in (?:the year|the current year))")
def _to_date(_: re.Match[str], anchor: Anchor) -> Stretch | None:
    return Stretch(date(anchor.year, 1, 1), anchor, Precision.YEAR) if anchor else None


@_rule(r"(?i:the +(?:start|beginning) +of +(?:the|this) +(?P<unit>year|month|week))")
def _beginning(match: re.Match[str], anchor: Anchor) -> Stretch | None:
    return day_of(unit_around(anchor, match["unit"].lower(), 0).start) if anchor else None


@_rule(rf"(?i:the +)?(?P<day>{_D})(?i: +of +(?P<which>this|last) +month)")
def _day_of_month(match: re.Match[str], anchor: Anchor) -> Stretch | None:
    month = unit_around(anchor, "month", -1 if match["which"].lower() == "last" else 0).start if anchor else None
    day = _day(month.year, month.month, match["day"]) if month else None
    return day_of(day) if day else None


@_rule(rf"(?i:last +)(?P<month>{M})")
def _last_month_named(match: re.Match[str], anchor: Anchor) -> Stretch | None:
    return _past(lambda year: month_of(year, _month(match["month"])), anchor - timedelta(days=28)) if anchor else None


@_rule(
    rf"(?i:(?:(?:the|this) +)?(?:past|last|previous|preceding) +(?:(?P<count>{N})[ -]*)?(?P<unit>hour|hr|h|day|week|month|year|decade)s?)"
)
def _past_units(match: re.Match[str], anchor: Anchor) -> Stretch | None:
    words = match.group().lower()
    if anchor is None or (match["count"] is None and "past" not in words.split() and not words.startswith("the last")):
        return None
    unit, count = match["unit"].lower(), number_of(match["count"] or "one")
    unit, count = ("year", 10 * count) if unit == "decade" else ("hour" if unit in ("h", "hr") else unit, count)
    back = before(anchor, count, unit)
    if back is None:
        return None
    stretch = days(back, anchor)
    return Stretch(back, anchor, _UNITS[unit]) if count == 1 and unit in _UNITS else stretch


@_rule(rf"(?i:(?:(?:a|an|one|the|any|every) +)?(?:(?:past|last|previous|preceding) +)?(?P<count>{N})[- ]hour +(?:reporting +)?period)")
@_rule(r"(?i:(?:(?<=in )|(?<=over ))(?P<count>24|48|72) +hours)")
def _hours(match: re.Match[str], anchor: Anchor) -> Stretch | None:
    return days(anchor - timedelta(days=-(-number_of(match["count"]) // 24)), anchor) if anchor else None


@_rule(
    rf"(?i:(?:(?:about|around|nearly|almost|more than|over|roughly|some) +)?(?P<count>{N}) +(?P<unit>hour|day|week|month|year)s? +(?:ago|earlier|(?:before|prior){OF_A_NOUN}))"
)
def _ago(match: re.Match[str], anchor: Anchor) -> Stretch | None:
    if anchor is None:
        return None
    unit = match["unit"].lower()
    back = before(anchor, number_of(match["count"]), unit)
    if back is None:
        return None
    if unit == "hour":
        return days(back, anchor)
    if unit == "day":
        vague = "few" in match["count"].lower() or "several" in match["count"].lower()
        return days(back - _DAY, min(back + _DAY, anchor)) if vague else day_of(back)
    return unit_around(back, unit, 0)


@_rule(r"(?P<decade>(?:19|20)\d)0s")
def _decade(match: re.Match[str], _: Anchor) -> Stretch | None:
    first = int(match["decade"]) * 10
    return Stretch(date(first, 1, 1), date(first + 9, 12, 31), Precision.RANGE)


_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}


@_rule(rf"(?i:(?:the +)?(?P<which>last +)?(?P<season>spring|summer|autumn|winter)) +(?i:of +)?(?P<year>{_Y})")
def _season(match: re.Match[str], _: Anchor) -> Stretch | None:
    first = _SEASONS[match["season"].lower()]
    return months_of(int(match["year"]), first, first + 2, Precision.RANGE)


def number_of(words: str) -> int:
    """The value of "3", "three", "a couple of"."""
    for word in words.lower().split()[::-1]:
        if word.isdigit():
            return int(word)
        if word in NUMBERS:
            return NUMBERS[word]
    return 0


_ANY = any_of(pattern for pattern, _ in _RULES)


def read(text: str, at: int, published: date | None) -> tuple[int, Stretch] | None:
    """The longest expression that begins at this character, as its end and its days."""
    best: tuple[int, Stretch] | None = None
    if _ANY.match(text, at) is None:
        return None
    for pattern, meaning in _RULES:
        match = pattern.match(text, at)
        if match is None or (best is not None and match.end() <= best[0]):
            continue
        stretch = meaning(match, published)
        if stretch is not None and stretch.start <= stretch.end and believed(stretch.start, published) and believed(stretch.end, published):
            best = match.end(), stretch
    return best
