"""Dates in numbers alone ("05/02/2015"): in the order that their text shows elsewhere, or else that the publication makes likely."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Literal

from .stretches import Stretch, day_of, year_of

Order = Literal["day first", "month first"]

CLOSE = 14
"""Days before the publication within which reports of a day come out, as a rule."""

CENTURY = 2030
"""A year in two digits is taken for one up to here where no publication date tells the century."""

_NUMERIC = re.compile(
    r"(?P<first>\d\d?)(?P<mark>[/.-])(?P<second>\d\d?)(?P=mark)(?P<year>(?:19|20|21)\d\d|(?<=/)\d\d)(?!(?P=mark)?[^\W_])"
    r"|(?P<iso>(?:19|20|21)\d\d)/(?P<month>\d\d?)/(?P<day>\d\d?)(?![/.-]?[^\W_])"
)
_ANY = re.compile(r"(?<![\w/.-])(\d\d?)/(\d\d?)/(?:\d{4}|\d\d)(?![\w/-])")


def order_of(text: str) -> Order | None:
    """The order that the dates of a text show which can be read in one order only; None where there are none, or of both."""
    found: set[Order] = set()
    for match in _ANY.finditer(text):
        first, second = int(match[1]), int(match[2])
        if first > 12 >= second:
            found.add("day first")
        elif second > 12 >= first:
            found.add("month first")
    return found.pop() if len(found) == 1 else None


def read(text: str, at: int, published: date | None, order: Order | None) -> tuple[int, Stretch] | None:
    """The date in numbers that begins at this character; its year alone where nothing tells which number is the month."""
    match = _NUMERIC.match(text, at)
    if match is None:
        return None
    if match["iso"]:
        day = day_or_none(int(match["iso"]), int(match["month"]), int(match["day"]))
        return (match.end(), day_of(day)) if day else None
    year = full_year(match["year"], published)
    first, second = int(match["first"]), int(match["second"])
    by_day, by_month = day_or_none(year, second, first), day_or_none(year, first, second)
    possible = [day for day in (by_day, by_month) if day is not None]
    if match["mark"] == "." or (order == "day first" and by_day):
        possible = [by_day] if by_day else []
    elif order == "month first" and by_month:
        possible = [by_month]
    days = _likely(possible, published)
    if not days:
        return None
    return match.end(), day_of(days[0]) if len(set(days)) == 1 else year_of(year)


_SHORT = re.compile(r"^[^\w\n]{0,4}(\d\d)/(\d\d)(?=, [A-Z]|: |\. [A-Z]| [—–-] )", re.MULTILINE)
"""A line that begins with a day and a month alone."""

ENTRIES = 3
"""So many lines that begin with a day without its year are a register's; one or two may be sentences that do."""

YEAR = 366


def without_years(text: str, published: date | None) -> list[tuple[int, int, Stretch]]:
    """The days without a year with which the lines of a register begin, in the one order in which they follow on each other before the publication."""
    lines = list(_SHORT.finditer(text))
    if len(lines) < ENTRIES or published is None:
        return []
    read_so = []
    for day_at, month_at in ((1, 2), (2, 1)):
        days = [_last(published, int(line[month_at]), int(line[day_at])) for line in lines]
        known = [day for day in days if day is not None]
        if len(known) == len(lines) and known == sorted(known):
            read_so.append(known)
    read_so.sort(key=lambda days: days[-1] - days[0])
    if not read_so or (len(read_so) > 1 and read_so[0] != read_so[1] and (read_so[0][-1] - read_so[0][0]).days > YEAR // 12):
        return []
    return [(line.start(), line.end(), day_of(day)) for line, day in zip(lines, read_so[0], strict=True)]


def _last(published: date, month: int, day: int) -> date | None:
    """The last such day before a publication."""
    found = (day_or_none(year, month, day) for year in (published.year, published.year - 1))
    return next((one for one in found if one is not None and one <= published), None)


def _likely(days: list[date], published: date | None) -> list[date]:
    """Of two readings those that had come by the publication, and of these those shortly before it, where there are any."""
    if published is None or len(days) < 2:
        return days
    come = [day for day in days if day <= published + timedelta(days=1)] or days
    return [day for day in come if abs((published - day).days) <= CLOSE] or come


def day_or_none(year: int, month: int, day: int) -> date | None:
    """The day of a date, where there is one."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def full_year(words: str, published: date | None) -> int:
    """A year of four digits or of two: of the centuries the nearest to the publication, else the last one that has begun."""
    if len(words) == 4:
        return int(words)
    newest = published.year + 1 if published else CENTURY
    return newest - (newest - int(words)) % 100
