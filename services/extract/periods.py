"""When: expressions of time in a text as periods, by the rules of news and against the publication date."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from schemas import Period
from schemas import PeriodPrecision as Precision

from .dates import FIRST_YEAR, LAST_YEAR, NUMBERS, M, Stretch, W, believed, day_of, days, read

Role = Literal["during", "since", "as_of", "ago", "by"]
"""How the words use a period: within it, from it on, as it stood, so long before, not later than."""


@dataclass(frozen=True, slots=True)
class PeriodMention:
    """An expression of time; `start` and `end` in characters of the text."""

    start: int
    end: int
    period: Period
    role: Role


_OPENERS = (
    "since|between|from|in|on|during|by|before|until|till|through|as of|as at|over|within|throughout|at|of|for|after|dated|the|"
    "this|last|next|past|previous|preceding|early|earlier|late|later|mid|so far|year|beginning|start|end|first|second|third|fourth|final|latter|1st|2nd|3rd|4th|"
    "today|tonight|tomorrow|yesterday|overnight|about|around|nearly|almost|more than|over|roughly|some|spring|summer|autumn|winter"
)
_AT = re.compile(
    rf"(?<![\w.,$€£%/-])(?:(?i:{_OPENERS}|{'|'.join(NUMBERS)})(?=[ -])|(?i:today|tonight|tomorrow|yesterday|overnight)\b|{M}|{W}|Q[1-4]|H[12]|\d{{1,4}}(?!\d))"
)
"""Where an expression may begin; everything after is read from there, once."""

_BLANKS = str.maketrans({"\n": " ", "\t": " ", "\r": " ", "\xa0": " ", "\u202f": " "})
"""A line's end is a blank: an expression may go on in the next line."""

_BLANK = re.compile(r" +")
_IN = re.compile(r"(?i:in|on|during|of|over|within|throughout|at|for|through|dated|from) +(?=\S)")
_SINCE = re.compile(r"(?i:(?:ever )?since) +(?:(?i:around|about|at least) )?")
_AS_OF = re.compile(r"(?i:as (?:of|at)) +")
_BY = re.compile(r"(?i:by|until|till|before) +")
_BETWEEN = re.compile(r"(?i:between|from) +")
_AND = re.compile(r",? *(?i:and|to|until|till|through|up to) +| ?[-–—] ?")
_ON = re.compile(r",? +(?i:onwards?|on)\b(?! +(?:the|[A-Z0-9]))")
_BARE_YEAR = re.compile(r"(?:19|20|21)\d\d$")
_YEARLY = re.compile(
    r"(?i:in|since|during|of|early|late|mid|from|between|by|until|till|before|throughout|through|as of|over|after)[ -]+(?:(?i:the|around|about) +)?$"
)
_AMBIGUOUS = re.compile(r"(?:May|March|MAY|MARCH|April|June|August|Mar|Jun|Dec|Jan|Sept?|Oct|Nov|Feb|Apr|Aug|Jul)\.?$")
_MONTHLY = re.compile(
    r"(?i:in|since|during|of|early|late|mid|from|between|by|until|till|before|throughout|through|as of|over|after|last|this|for|and|to|end of|start of|beginning of)[ -]+$"
)
_UP_TO = re.compile(r"(?i:up )?(?i:to|until|till|through) +(?i:now|date|the present|present)\b")


def find(text: str, published: date | None) -> list[PeriodMention]:
    """The expressions of time in a text, in their order, none within another.

    `published` is the day of publication; without it only those are read that say their year. Days later than five years
    after it, or before 1900, are not believed.
    """
    if published is not None and not FIRST_YEAR <= published.year <= LAST_YEAR:
        published = None
    text = text.translate(_BLANKS)
    found: list[PeriodMention] = []
    behind = 0
    for opening in _AT.finditer(text):
        if opening.start() < behind:
            continue
        if published is None and (since := _SINCE.match(text, opening.start())) is not None:
            behind = _behind(text, since.end())
            continue
        mention = _read(text, opening.start(), published)
        if mention is not None:
            found.append(mention)
            behind = mention.end
    return found


def _behind(text: str, at: int) -> int:
    """The end of an expression that begins here; its start where there is none."""
    found = read(text, at, None)
    return found[0] if found is not None else at


def _read(text: str, at: int, published: date | None) -> PeriodMention | None:
    for reader in (_between, _since, _as_of, _by, _during):
        mention = reader(text, at, published)
        if mention is not None:
            return mention
    return None


_SIMPLE = frozenset({Precision.DAY, Precision.MONTH, Precision.YEAR})
"""What can begin a stretch that another expression ends."""

Reader = Callable[[str, int, date | None], PeriodMention | None]


def _mention(start: int, end: int, stretch: Stretch, role: Role) -> PeriodMention:
    return PeriodMention(start, end, Period(start=stretch.start, end=stretch.end, precision=stretch.precision), role)


def _between(text: str, at: int, published: date | None) -> PeriodMention | None:
    """From one expression to another; a year that only one of them says holds for both."""
    opening = _BETWEEN.match(text, at)
    if opening is None:
        return None
    first = read(text, opening.end(), published)
    if first is None:
        first = _borrowed(text, opening.end())
    if first is None:
        return None
    joint = _AND.match(text, first[0])
    if joint is None:
        if first[1].precision not in _SIMPLE:
            return _mention(at, first[0], first[1], "during")
        return _onwards(text, at, opening, first, published)
    if published is not None and (now := _UP_TO.match(text, first[0] + len(_blank(text, first[0])))):
        return _mention(at, now.end(), days(first[1].start, published), "since") if first[1].start <= published else None
    second = read(text, joint.end(), published)
    if second is None:
        return None
    joined = _joined(first[1], second[1])
    return _mention(at, second[0], joined, "during") if joined is not None else None


def _borrowed(text: str, at: int) -> tuple[int, Stretch] | None:
    """A date without a year where the publication date is unknown, read in a leap year; `_joined` gives it the other's year."""
    found = read(text, at, date(2000, 12, 31))
    return found if found is not None and found[1].floating else None


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


def _onwards(text: str, at: int, opening: re.Match[str], first: tuple[int, Stretch], published: date | None) -> PeriodMention | None:
    on = _ON.match(text, first[0])
    if on is None or published is None or first[1].start > published or opening.group().lower().startswith("between"):
        return None
    return _mention(at, on.end(), days(first[1].start, published), "since")


def _since(text: str, at: int, published: date | None) -> PeriodMention | None:
    opening = _SINCE.match(text, at)
    if opening is None or published is None:
        return None
    found = read(text, opening.end(), published)
    if found is None:
        return None
    end, stretch = found
    if stretch.start > published:
        return None
    return _mention(at, end, Stretch(stretch.start, published, days(stretch.start, published).precision), "since")


def _as_of(text: str, at: int, published: date | None) -> PeriodMention | None:
    opening = _AS_OF.match(text, at)
    found = read(text, opening.end(), published) if opening is not None else None
    if found is None:
        return None
    stretch = found[1] if found[1].precision is not Precision.RANGE else day_of(found[1].end)
    return _mention(at, found[0], stretch, "as_of")


def _by(text: str, at: int, published: date | None) -> PeriodMention | None:
    opening = _BY.match(text, at)
    found = read(text, opening.end(), published) if opening is not None else None
    if found is None:
        return None
    stretch = found[1]
    if stretch.floating and published is not None and (published - stretch.end).days > 180 and believed(stretch.shifted(1).end, published):
        stretch = stretch.shifted(1)
    return _mention(at, found[0], stretch, "by")


_AGO = re.compile(r"(?i:ago|earlier|before|prior)$")


def _during(text: str, at: int, published: date | None) -> PeriodMention | None:
    opening = _IN.match(text, at)
    start = opening.end() if opening is not None else at
    found = read(text, start, published)
    if found is None:
        return None
    end, stretch = found
    words = text[start:end]
    if opening is None and (_BARE_YEAR.match(words) or _AMBIGUOUS.match(words)) and not _led(text, at, words):
        return None
    joint = _AND.match(text, end) if stretch.precision in _SIMPLE else None
    if joint is not None and joint.group().strip() in ("-", "–", "—", "to", "through", "until"):
        second = read(text, joint.end(), published)
        joined = _joined(stretch, second[1]) if second is not None else None
        if second is not None and joined is not None and second[1].precision is stretch.precision:
            return _mention(at, second[0], joined, "during")
    return _mention(at, end, stretch, "ago" if _AGO.search(words) else "during")


def _led(text: str, at: int, words: str) -> bool:
    """Whether what stands before shows that a bare year or month is one."""
    before = text[max(0, at - 24) : at]
    return bool((_YEARLY if _BARE_YEAR.match(words) else _MONTHLY).search(before))


def _blank(text: str, at: int) -> str:
    match = _BLANK.match(text, at)
    return match.group() if match else ""
