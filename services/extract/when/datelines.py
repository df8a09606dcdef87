"""Datelines: town and day of filing, before a report's first words. They tell of the report, not of what it reports."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ..where.gazetteer import gazetteer
from . import mastheads, numerals
from .dates import MONTH_NAMES, read
from .pointing import Known
from .stretches import Stretch

CLOSE = 14
"""Days between a dateline and the publication up to which it is believed: reports are filed before or beside it, and a collector may
have taken the day of the event for that of the publication."""

HEADING = 40
"""Characters of a line that is only a date, with its weekday and a mark or two."""

HEADINGS = 2
"""One line that is only a date may be the publication's; so many are the headings of a register."""

_TOWN = r"[A-Z]{2}[A-Z'’./-]{1,30}(?: [A-Z][A-Z'’./-]{1,30}){0,3}"
_SMALL = r"(?:(?<=\n)|(?<=^))[A-Z][a-z'’]{1,20}(?:[ -][A-Z][a-z'’]{1,20}){0,2}(?=, ?(?:[A-Z][a-z]{2,8}\.? ?\d{1,2}|\d{1,2} [A-Z][a-z]{2,8})[^()\n]{0,12}\([A-Z])"
"""A town as others write it, told by the day and the agency in brackets behind it."""
_WHERE = r"(?:, ?[A-Z][\w'’.-]{1,30}(?: (?:(?:de|del|la|do|da|dos|of|the) ){0,2}[A-Z][\w'’.-]{1,30}){0,3}){0,2}"
_DATELINE = re.compile(
    rf"(?:(?<=^)|(?<=\s))(?P<town>{_TOWN}|{_SMALL}){_WHERE}"
    r"(?:,? (?P<date>[A-Z][a-z]{2,8}\.? ?\d{1,2}(?:, ?\d{4})?|\d{1,2} [A-Z][a-z]{2,8}\.?(?: \d{4})?|\d{1,2} [A-Z]{3} \d\d(?!\d)))?"
    r"(?:,? ?\((?P<inside>[^()\n]{1,40})\))?"
    r"(?P<mark> ?[—–] ?| ?--? | {2,}|\s*\n|: (?=[A-Z“\"]))",
)
"""A town in capitals, perhaps its country, a day, an agency or the day in brackets, and a dash."""


@dataclass(frozen=True, slots=True)
class Dateline:
    """A dateline; `start` and `end` in characters of the text."""

    start: int
    end: int
    day: date | None
    """The day that it gives, where that is believed."""


class Datelines:
    """The datelines of a text: several where releases were put behind each other."""

    def __init__(self, text: str, published: date | None) -> None:
        self._found = tuple(_find(text, published))
        self._starts = [one.start for one in self._found]
        self.order = numerals.order_of(text)
        self._headings = _headings(text, published, self.order)
        self._below = [start for start, _ in self._headings]
        self._labels = _labels(text, published, self.order)

    def day_at(self, place: int, published: date | None) -> date | None:
        """The day against which "on Tuesday" is read there: of the dateline before it, otherwise of the publication."""
        number = bisect_right(self._starts, place)
        before = (one.day for one in reversed(self._found[:number]))
        return next((day for day in before if day is not None), published)

    def known(self) -> Known:
        """What the text shows before any of it is read: in which order it writes days and months."""
        return Known(order=self.order)

    def heading_at(self, place: int) -> Stretch | None:
        """The day that stands alone above what is told there, in a register."""
        number = bisect_right(self._below, place)
        return self._headings[number - 1][1] if number else None

    def label_at(self, place: int) -> Stretch | None:
        """The day with which the line begins that a place stands in, as entries of a register do."""
        number = bisect_right(self._labels, place, key=lambda label: label[0])
        _, end, day = self._labels[number - 1] if number else (0, 0, None)
        return day if place < end else None

    def within(self, start: int, end: int) -> Sequence[Dateline]:
        """The datelines that touch a stretch of the text."""
        return [one for one in self._found if one.start < end and one.end > start]

    def without(self, sentence: str, start: int) -> str:
        """A sentence that begins there, as long as before, with blanks for its dateline."""
        for one in self.within(start, start + len(sentence)):
            first, last = max(0, one.start - start), min(len(sentence), one.end - start)
            sentence = sentence[:first] + " " * (last - first) + sentence[last:]
        return sentence


def _masthead(text: str, published: date | None) -> Iterator[Dateline]:
    """The head of a release that gives the day of its publication; a register's entry begins with another."""
    head = mastheads.find(text)
    day = _day(head.date, published) if head is not None else None
    if head is not None and day is not None and day == published:
        yield Dateline(head.start, head.end, day)


def _find(text: str, published: date | None) -> Sequence[Dateline]:
    found = list(_masthead(text, published))
    for match in _DATELINE.finditer(text):
        said = match["date"] or match["inside"]
        opens = not text[: match.start()].strip() or text[: match.start()].rstrip(" \t")[-1:] == "\n"
        if said is None and not (opens and "\n" not in match["mark"] and match["mark"].strip()):
            continue
        if found and match.start() < found[-1].end:
            continue
        if match["mark"] == ": " and not (opens and _is_town(match["town"])):
            continue
        end = match.end("mark") - (len(match["mark"]) - len(match["mark"].rstrip()))
        found.append(Dateline(match.start(), end, _day(match["date"], published) or _day(match["inside"], published)))
    return found


_LINE = re.compile(rf"^[^\w\n]{{0,8}}(?P<date>[^\W_][^\n]{{3,{HEADING}}})$", re.MULTILINE)
_WEEKDAY_BEHIND = re.compile(r"\W*(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)?\W*$", re.IGNORECASE)


def _headings(text: str, published: date | None, order: numerals.Order | None) -> Sequence[tuple[int, Stretch]]:
    """The lines that are only a date, with what they mean; none where there are not several days."""
    found = []
    for line in _LINE.finditer(text):
        words = line["date"]
        got = numerals.read(words, 0, published, order) or read(words, 0, published)
        if got is not None and got[1].start == got[1].end and _WEEKDAY_BEHIND.match(words, got[0]):
            found.append((line.start(), got[1]))
    return found if len({stretch for _, stretch in found}) >= HEADINGS else []


def _is_town(words: str) -> bool:
    """Whether a place goes by these words: a colon follows other words in capitals as well ("UPDATE: ")."""
    return any(found.words == words for found in gazetteer().find(words))


_LABELLED = re.compile(
    rf"^[^\w\n]{{0,8}}(?:(?!(?:{MONTH_NAMES})\b)[A-Z][a-z]* ?#?\d{{1,9}}[.:)] |(?:[A-Z]{{2,8}}-)?\d[\d-]{{1,12}}(?:\. | ?\| ?))?(?:Date: ?)?"
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},? )?(?=\w)",
    re.MULTILINE,
)
"""Where a line begins, with the number of its entry and its weekday."""
_LABEL_ENDS = re.compile(r" ?[.:|–—] | - |, (?=[A-Z]|[a-z]+ (?:of|in|near|north|south|east|west)\b)")


def _labels(text: str, published: date | None, order: numerals.Order | None) -> Sequence[tuple[int, int, Stretch]]:
    """The days with which lines begin: where the line begins, where it ends, and the day."""
    found: list[tuple[int, int, Stretch]] = []
    for line in _LABELLED.finditer(text):
        got = numerals.read(text, line.end(), published, order) or read(text, line.end(), published)
        if got is not None and got[1].start == got[1].end and _LABEL_ENDS.match(text, got[0]):
            end = text.find("\n", got[0])
            found.append((line.start(), end if end >= 0 else len(text), got[1]))
    floating = [_last_come(label, published) for label in found if label[2].floating] if published is not None else []
    found = [label for label in found if not label[2].floating] + (floating if len(floating) >= numerals.ENTRIES else [])
    for start, end, day in numerals.without_years(text, published):
        if all(start != label[0] for label in found):
            stop = text.find("\n", end)
            found.append((start, stop if stop >= 0 else len(text), day))
    return sorted(found, key=lambda label: label[0])


def _last_come(label: tuple[int, int, Stretch], published: date) -> tuple[int, int, Stretch]:
    """A label without its year, of the last year in which its day had come by the publication."""
    start, end, day = label
    by = next((by for by in (1, 0, -1) if day.shifted(by).start <= published), 0)
    return start, end, replace(day.shifted(by), floating=False)


def _day(words: str | None, published: date | None) -> date | None:
    """The day that the words say, in the year in which it is nearest to the publication; None where it is far from it."""
    if words is None:
        return None
    got = read(words, 0, published)
    if got is None or got[1].start != got[1].end:
        return None
    if published is None:
        return got[1].start
    nearest = min(_years(got[1]), key=lambda day: abs((day - published).days))
    return nearest if abs((nearest - published).days) <= CLOSE else None


def _years(stretch: Stretch) -> Sequence[date]:
    return [stretch.shifted(by).start for by in (-1, 0, 1)] if stretch.floating else [stretch.start]
