"""Figures of single months: of a breakdown's parts, and of those that begin their clause ("June was the worst month, with 16 killed")."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from datetime import date

from schemas import Period, PeriodPrecision
from schemas.vocabulary import OF_STATES

from ..frames.mentions import Mention
from ..syntax.pieces import Parsed
from ..text.reasons import Reason
from .tallies import Tally

BACK = 10
"""Sentences back to the total that figures add up to: a summary is broken down at length."""

SEVERAL_MONTHS = 58
"""Days of what covers two months or more."""

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHLY = re.compile(r"\b(?:the months|month by month|by month|monthly|month after month)\b")


def of_figures(own: Sequence[int], turns: int, parsed: Parsed, whole: Tally) -> dict[int, int]:
    """The months that figures are of: by the name before each, or one after the other where the words say so; `turns` of them share one."""
    period = whole.dated
    if period is None:
        return {}
    at = {t.start: i for i, t in enumerate(parsed.tokens)}
    named: dict[int, int] = {}
    first = 0
    for order, start in enumerate(own):
        if order % turns and own[order - 1] in named:
            named[start] = named[own[order - 1]]
        elif len(months := {_MONTHS[t.low] for t in parsed.tokens[first : at[start]] if t.capital and t.low in _MONTHS}) == 1:
            named[start] = months.pop()
        first = at[start] + 1
    if len(named) == len(own) and len(set(named.values())) * turns == len(own):
        return named
    opening = " ".join(t.low for t in parsed.tokens[: at[own[0]]])
    if turns == 1 and len(own) == _length(period) and _MONTHLY.search(opening) is not None:
        return {start: period.start.month + i for i, start in enumerate(own)}
    return {}


def _length(period: Period) -> int:
    """How many whole months of one year a period is; 0 where it is none."""
    whole = period.start.day == 1 and period.end.day == calendar.monthrange(period.end.year, period.end.month)[1]
    return period.end.month - period.start.month + 1 if whole and period.start.year == period.end.year else 0


def date_by_month(tally: Tally, mention: Mention) -> None:
    """Let a figure of a month be of that month, in the year of what it is a part of."""
    whole = tally.parent
    if mention.month is None or whole is None or whole.dated is None:
        return
    for year in range(whole.dated.start.year, whole.dated.end.year + 1):
        start = date(year, mention.month, 1)
        end = start.replace(day=calendar.monthrange(year, mention.month)[1])
        if whole.dated.start <= start and end <= whole.dated.end:
            tally.period = Period(start=start, end=end, precision=PeriodPrecision.MONTH)
            tally.why["period"] = Reason("a month of what it is a part of")
            return


_MONTH_FIRST = re.compile(
    rf"({'|'.join(_MONTHS)})(?: (?:was|were|is|saw|had|brought|cost|claimed))?(?: (?:the|by far|an?|even) [\w -]{{3,24}}?)?(?: ,)?(?: with)?(?: only| just)?"
    r"(?: [\d,]+ [a-z]+ (?:and|,))?"
)
"""What stands before the figure of a month at the beginning of its clause ("June was the worst month, with 16 killed and 63 injured")."""


def of_months(tallies: Sequence[Tally]) -> None:
    """Put the figure of a month that begins its clause under the summary's figure, as of that month."""
    for place, part in enumerate(tallies):
        first = part.noun.first
        if not part.real or part.in_title or not 1 <= first <= 12 or part.measure in OF_STATES:
            continue
        before = " ".join(t.low for t in part.told.tokens[:first]).rpartition(" ; ")[2]
        named = _MONTH_FIRST.fullmatch(before)
        if named is None:
            continue
        wholes = [t for t in tallies[:place] if t.measure is part.measure and t.parent is None and t.real and t.value > part.value]
        whole = next((t for t in wholes if 0 < part.sentence - t.sentence <= BACK and _covers(t, _MONTHS[named.group(1)])), None)
        if whole is not None and part.parent in (None, whole):
            part.put_under(whole, Reason("a month of what was summed up before"))
            part.told.mention.month = _MONTHS[named.group(1)]
            date_by_month(part, part.told.mention)


def _covers(whole: Tally, month: int) -> bool:
    """Whether a count sums up several months, one of which is this."""
    period = whole.dated
    if period is None or (period.end - period.start).days < SEVERAL_MONTHS or period.start.year != period.end.year:
        return False
    return period.start.month <= month <= period.end.month
