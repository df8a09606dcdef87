"""When an article was published, as far as its own words say: a label, a dateline, a byline; the page's clock comes last."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import islice

from . import mastheads, numerals
from .dates import read
from .stretches import FIRST_YEAR, LAST_YEAR

HEAD = 3_000
"""Characters at the beginning in which bylines and datelines stand."""

TAIL = 1_500
"""Characters at the end in which some pages say when they were published."""

SHORT_LINE = 110
"""A longer line is prose: dates in it tell of the events."""

LEAD = 120
"""A line of this length is the lead or a paragraph."""

MAX_LINES = 60
"""Most lines of the head that are looked at."""

_MONTH = r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May\.?|June?\.?|July?\.?|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
_DATE = re.compile(
    rf"(?<![\w/.-])(?:(?P<iso>\d{{4}}[-/](?:0[1-9]|1[0-2])[-/][0-3]\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{{1,9}})?)? ?(?:Z|[+-]\d\d:?\d\d)?)?)"
    rf"|(?P<dmy>\d{{1,2}}(?:st|nd|rd|th)?[ -]{_MONTH},?[ -]\d{{4}})"
    rf"|(?P<mdy>{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}})"
    r"|(?P<wire>\d{1,2} (?-i:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC) \d\d)"
    r"|(?P<dots>[0-3]?\d\.[01]?\d\.\d{4})|(?P<slashes>[0-3]?\d/[0-3]?\d/\d{4}))(?![\w/-])",
    re.IGNORECASE,
)
"""A date with its year."""

_CLOCK = re.compile(r",? ?(?:at |[|•·@-] ?)?(?P<hour>[01]?\d|2[0-3])[:.](?P<minute>[0-5]\d)(?::[0-5]\d)? ?(?P<zone>GMT|UTC|Z)\b")
_PUBLISHED = re.compile(
    r"\b(?:(?:first )?published|posted|issued|released|filed|date|publication date|dated)\b[^\n.]{0,30}$", re.IGNORECASE
)
_OTHER_DATE = re.compile(
    r"\b(?:date of (?!(?:the )?(?:publication|release|issue|report|filing|this))|(?:incident|event|attack|start|end|expiry|birth|current) date\b"
    r"|today['’]s date\b)[^\n.]{0,40}$",
    re.IGNORECASE,
)
"""Labels of other dates: of the event, of a birth, of the day on which a page is shown."""
_SHOWN = re.compile(r"\b(?:today|it is|now|local time)\b[^\n]{0,30}$", re.IGNORECASE)
"""Before the day on which a page was shown, which may be years behind the article."""
_UPDATED = re.compile(r"\b(?:updated|modified|revised|edited|accessed|retrieved)\b[^\n.]{0,30}$", re.IGNORECASE)
_WEEKDAY = re.compile(r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?", re.IGNORECASE)
_DATELINE = re.compile(r"\W{0,3}[^\W\d_a-z]{3,}[^a-z\n]{0,40}?|\W{0,3}[^\W\d_a-z]{3,}[^\n]{0,60}?[,(]\s?")
"""What stands before the date of a dateline: a town in capitals, perhaps its country."""
_DASH = re.compile(r"[^\n]{0,50}?(?:[—–]|--|\s-\s|/[A-Z]{2,}/|:\s)|\)?\s*(?:\n|$)")
_OF_THE_PAGE = re.compile(r"\b(?:today|copyright|all rights|e-?paper|edition|weather|subscribe|home)\b|©|°", re.IGNORECASE)
_NO_WORD = re.compile(r"[\W\d_]+|\b(?:am|pm|gmt|utc|est|edt|at|on)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Candidate:
    score: int
    moment: datetime


def published_at(title: str, text: str) -> datetime | None:
    """When the article was published, in UTC; the day's beginning where it gives no time, None where it gives no full date."""
    candidates = [
        *_in_masthead(text[:HEAD]),
        *_in_head(title, text[:HEAD]),
        *_in_tail(text[max(HEAD, len(text) - TAIL) :]),
        *_in_title(title),
    ]
    return max(candidates, key=lambda c: c.score).moment if candidates else None


def _in_masthead(head: str) -> Iterator[_Candidate]:
    found = mastheads.find(head)
    match = _DATE.match(found.date) if found is not None else None
    moment = _moment(found.date, match) if found is not None and match is not None else None
    if moment is not None:
        yield _Candidate(6, moment)


def _in_head(title: str, head: str) -> Iterator[_Candidate]:
    lines = [line.strip() for line in islice(head.splitlines(), MAX_LINES)]
    lines = [line for line in lines if line]
    seen = {_plain(title)} - {""}
    headline = bool(seen)
    prose = False
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else ""
        lead = len(following) >= LEAD or _plain(following) in seen
        for match in islice(_DATE.finditer(line), 3):
            moment = _moment(line, match)
            if moment is not None:
                yield from _judge(line, match, moment, headline=headline, lead=lead, prose=prose)
        if len(line) >= LEAD:
            prose = True
        elif not _DATE.search(line) and len(line.split()) >= 4:
            headline = True
        seen.add(_plain(line))


def _judge(line: str, match: re.Match[str], moment: datetime, *, headline: bool, lead: bool, prose: bool) -> Iterator[_Candidate]:
    """How likely a date of the head is the publication's; what stands in prose tells of events."""
    before = line[: match.start()]
    if _OTHER_DATE.search(before[-60:]):
        return
    if _PUBLISHED.search(before[-60:]) and (len(line) <= SHORT_LINE or match.start() <= 60):
        yield _Candidate(8, moment)
    elif _UPDATED.search(before[-60:]) and (len(line) <= SHORT_LINE or match.start() <= 60):
        yield _Candidate(4, moment)
    elif _SHOWN.search(before[-60:]) and not _DATELINE.match(before):
        return
    elif len(before) <= 80 and _DATELINE.fullmatch(before) and _DASH.match(line, match.end()):
        yield _Candidate(7, moment)
    elif len(line) <= SHORT_LINE and not prose and not line.endswith((".", "!", "?")):
        words = _NO_WORD.sub("", _WEEKDAY.sub("", _DATE.sub("", line)))
        score = 3 if words else 2
        score -= bool(not words and _WEEKDAY.search(line)) + bool(_OF_THE_PAGE.search(line))
        yield _Candidate(max(1, score) + headline + lead, moment)


def _in_tail(tail: str) -> Iterator[_Candidate]:
    for match in islice(_DATE.finditer(tail), 20):
        before = tail[max(0, match.start() - 40) : match.start()].rpartition("\n")[2]
        moment = _moment(tail, match)
        if moment is not None and re.match(r"\W*(?:first )?(?:published|posted)\b", before, re.IGNORECASE):
            yield _Candidate(6, moment)


def _in_title(title: str) -> Iterator[_Candidate]:
    for match in islice(_DATE.finditer(title[:HEAD]), 1):
        moment = _moment(title, match)
        if moment is not None:
            yield _Candidate(1, moment)


def _plain(line: str) -> str:
    return " ".join(line.lower().split())


def _moment(text: str, match: re.Match[str]) -> datetime | None:
    day = _day(match)
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        return None
    iso = (match["iso"] or "").replace("/", "-").replace(" ", "T", 1).replace(" ", "")
    if len(iso) > 10:
        return _stamp(iso)
    clock = _CLOCK.match(text, match.end())
    return datetime.combine(day, time(int(clock["hour"]), int(clock["minute"])) if clock else time(), UTC)


def _stamp(iso: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(iso)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _day(match: re.Match[str]) -> date | None:
    if match["slashes"]:
        found = numerals.read(match["slashes"], 0, None, None)
        return found[1].start if found is not None and found[1].start == found[1].end else None
    if match["iso"] or match["dots"]:
        numbers = [int(n) for n in re.split(r"[-/.]", (match["iso"] or match["dots"])[:10])]
        year, month, day = numbers if match["iso"] else numbers[::-1]
        return numerals.day_or_none(year, month, day)
    words = match["wire"] or re.sub(r"[\s-]+", " ", match.group()).title()
    words = re.sub(r"(\d)(St|Nd|Rd|Th)\b", r"\1", words)
    found = read(words, 0, None)
    return found[1].start if found is not None and found[0] == len(words) else None
