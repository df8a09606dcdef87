"""Sentences with their offsets: paragraphs, headlines and page furniture told apart, very long ones cut."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sentencex import get_sentence_boundaries

MAX_SENTENCE = 1_200
"""A longer sentence is a list or a broken page; it is cut, so that the work for one sentence stays bounded."""

MAX_LINE_OF_HEADLINE = 60
"""A line shorter than this that is followed by a line break was not wrapped: it is a headline or furniture."""

_LINE = re.compile(r"[^\n\r\u2028\u2029\f\v]+")
_TERMINAL = tuple('.!?:;”"')
_FURNITURE = re.compile(
    r"^\W*(?:read (?:also|more|next|the full)|see also|also read|related(?: (?:articles?|stories|news|topics))?\b|share (?:this|on)|follow us|sign up|subscribe|advertisement|click here|photo(?:graph)?:|"
    r"image:|file photo|caption|copyright|all rights reserved|tags?:|topics?:|filed under|menu|home\b.{0,40}$|comments?\b.{0,20}$|print\b.{0,10}$|newsletter|cookie|most (?:read|popular)|recommended|trending|watch:|listen:|download pdf)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence; offsets count characters of the whole text."""

    start: int
    end: int
    text: str
    paragraph: int
    """Number of its paragraph, from 0."""
    heading: bool
    """Whether it stands alone on a line without a mark at its end."""


def split(text: str) -> list[Sentence]:
    """The sentences of a text in their order, without page furniture."""
    sentences: list[Sentence] = []
    for number, (start, end) in enumerate(_paragraphs(text)):
        paragraph = text[start:end]
        if _FURNITURE.match(paragraph) and len(paragraph) < 200:
            continue
        heading = not paragraph.rstrip().endswith(_TERMINAL) and len(paragraph) < 200
        for first, last in _boundaries(paragraph):
            for cut_first, cut_last in _cut(paragraph, first, last):
                piece = paragraph[cut_first:cut_last]
                inner = len(piece) - len(piece.lstrip())
                piece = piece.strip()
                if piece:
                    begin = start + cut_first + inner
                    sentences.append(Sentence(begin, begin + len(piece), piece, number, heading))
    return sentences


def _paragraphs(text: str) -> list[tuple[int, int]]:
    """Stretches of lines that belong together: a wrapped line goes on in the next, a headline does not."""
    found: list[tuple[int, int]] = []
    last_line = ""
    for match in _LINE.finditer(text):
        line = match.group().strip()
        if not line:
            last_line = ""
            continue
        wrapped = (
            bool(found)
            and len(last_line) >= MAX_LINE_OF_HEADLINE
            and not last_line.endswith(_TERMINAL)
            and match.start() - found[-1][1] <= 2
            and (line[0].islower() or line[0].isdigit())
        )
        if wrapped:
            found[-1] = (found[-1][0], match.end())
        else:
            found.append((match.start(), match.end()))
        last_line = line
    return found


_BLANKS = {ord(char): " " for char in "\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))}
"""Blanks beyond ASCII: behind a single capital letter and before a full stop they make sentencex 1.0.32 panic, which no `except` of ours takes."""


def _boundaries(paragraph: str) -> list[tuple[int, int]]:
    """Where its sentences begin and end, in characters."""
    spans: list[tuple[int, int]] = []
    at = 0
    plain = paragraph.translate(_BLANKS)
    for boundary in get_sentence_boundaries("en", plain):
        piece = boundary["text"]
        found = plain.find(piece, at)
        if found < 0:
            continue
        spans.append((found, found + len(piece)))
        at = found + len(piece)
    return _mended(paragraph, spans)


_ABBREVIATED = re.compile(r"\b(?:Bn|Lt|Col|Maj|Gen|Sgt|Capt|Brig|Cpl|Spc|Pvt|Adm|Dr|Mr|Mrs|Ms|St|No|approx|incl)\.\s*$")
_CUT_MONTH = re.compile(r"(?<!\d )\b(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.\s*$")
"""A month that is cut short: a sentence goes on behind it only with its day or year."""


def _mended(paragraph: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sentences that were broken behind an abbreviation, joined again."""
    whole: list[tuple[int, int]] = []
    for start, end in spans:
        tail = paragraph[max(whole[-1][0], whole[-1][1] - 12) : whole[-1][1]] if whole else ""
        dated = paragraph[start : start + 1].isdigit() and _CUT_MONTH.search(tail)
        if dated or _ABBREVIATED.search(tail):
            whole[-1] = (whole[-1][0], end)
        else:
            whole.append((start, end))
    return whole


def _cut(paragraph: str, first: int, last: int) -> list[tuple[int, int]]:
    """Pieces of at most `MAX_SENTENCE` characters, cut at a mark or a blank where there is one."""
    pieces = []
    while last - first > MAX_SENTENCE:
        window = paragraph[first : first + MAX_SENTENCE]
        at = max(window.rfind("; "), window.rfind(", "), window.rfind("\n"))
        at = at + 1 if at > MAX_SENTENCE // 2 else (window.rfind(" ") if window.rfind(" ") > 0 else MAX_SENTENCE)
        pieces.append((first, first + at))
        first += at
    pieces.append((first, last))
    return pieces
