"""Stretches of days that expressions of time mean: a day, a week, a month, a part of a year."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from schemas import PeriodPrecision as Precision

FIRST_YEAR = 1900
"""Earlier years are history, not news."""

YEARS_AHEAD = 5
"""Plans reach so far; later years are mistakes or fiction."""

LAST_YEAR = 2100
"""Last year that is believed where the publication date is unknown."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days that an expression means, both ends within."""

    start: date
    end: date
    precision: Precision
    floating: bool = False
    """True where the year was not said."""

    def shifted(self, years: int) -> Stretch:
        """The same days of another year."""
        return Stretch(_year_on(self.start, years), _year_on(self.end, years), self.precision, self.floating)


def believed(day: date, published: date | None) -> bool:
    """Whether a day is near enough to be meant."""
    return FIRST_YEAR <= day.year <= (published.year + YEARS_AHEAD if published else LAST_YEAR)


def _year_on(day: date, years: int) -> date:
    year = day.year + years
    return day.replace(year=year, day=min(day.day, calendar.monthrange(year, day.month)[1]))


def month_of(year: int, month: int) -> Stretch:
    """A calendar month; months beyond the twelfth belong to later years, those before the first to earlier ones."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return Stretch(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]), Precision.MONTH)


def months_of(year: int, first: int, last: int, precision: Precision) -> Stretch:
    """From the first day of one month to the last day of another."""
    return Stretch(month_of(year, first).start, month_of(year, last).end, precision)


def year_of(year: int) -> Stretch:
    """A calendar year."""
    return Stretch(date(year, 1, 1), date(year, 12, 31), Precision.YEAR)


def week_of(day: date) -> Stretch:
    """Monday to Sunday."""
    monday = day - timedelta(days=day.weekday())
    return Stretch(monday, monday + timedelta(days=6), Precision.WEEK)


def day_of(day: date) -> Stretch:
    """One day."""
    return Stretch(day, day, Precision.DAY)


def days(start: date, end: date) -> Stretch:
    """From one day to another, named by its length."""
    length = (end - start).days + 1
    return Stretch(
        start, end, Precision.DAY if length == 1 else Precision.DAYS if length <= 6 else Precision.WEEK if length == 7 else Precision.RANGE
    )


def part_of(stretch: Stretch, words: str | None) -> Stretch:
    """The early, middle or late third of a month or year."""
    said = set((words or "").lower().replace("-", " ").split())
    if not said:
        return stretch
    third = ((stretch.end - stretch.start).days + 1) // 3
    first, last = stretch.start + timedelta(days=third), stretch.end - timedelta(days=third)
    if {"early", "beginning", "start"} & said:
        start, end = stretch.start, first - _DAY
    elif {"late", "end"} & said:
        start, end = last + _DAY, stretch.end
    else:
        start, end = first, last
    return Stretch(start, end, Precision.RANGE, stretch.floating)


def unit_around(day: date, unit: str, shift: int) -> Stretch:
    """A day, its calendar week, month, quarter or year, or one so many later."""
    if unit == "day":
        return day_of(day + timedelta(days=shift))
    if unit == "week":
        return week_of(day + timedelta(days=7 * shift))
    if unit == "month":
        return month_of(day.year, day.month + shift)
    if unit == "quarter":
        first = 3 * ((day.month - 1) // 3 + shift) + 1
        return months_of(day.year, first, first + 2, Precision.QUARTER)
    return year_of(day.year + shift)


def before(day: date, count: int, unit: str) -> date | None:
    """The day so many units earlier; None where that is before the first year."""
    if unit == "hour":
        count, unit = -(-count // 24), "day"
    if unit in ("day", "week"):
        back = day - timedelta(days=count * (7 if unit == "week" else 1))
        return back if back.year >= FIRST_YEAR else None
    months = count * (12 if unit == "year" else 1)
    target = month_of(day.year, day.month - months) if day.year - FIRST_YEAR > months // 12 + 1 else None
    return day.replace(year=target.start.year, month=target.start.month, day=min(day.day, target.end.day)) if target else None
