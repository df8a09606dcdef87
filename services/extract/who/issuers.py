"""Whose report a text is: a body whose name stands above it, with which its title begins, or that its opening says has counted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..text.reasons import Reason
from ..text.sentences import Sentence
from ..words.lexicon import Lexicon
from . import actors
from .actors import ActorMention
from .attribution import Attribution
from .doers import IN_ARMS

COUNTING = frozenset({"monitor", "agency", "aid_agency"})
"""Kinds of actors that count and publish what they counted."""

HEAD = 4
"""Lines at the beginning of a text among which a masthead stands."""

LONGEST_LINE = 80
"""Characters of a line of a masthead."""

LONGEST_NAME = 8
"""Words of a body's name."""

OPENING = 2
"""Sentences with words in them, the first ones, that are the opening of a text; before the first label ("Civilian casualties.") it is the second."""

_BODY = re.compile(
    r"\b(?:police|ministry|cell|forces?|army|navy|command|headquarters|agency|network|office|services?|directorate|commission|committee|authority|department"
    r"|mission|observatory|centre|center|council|secretariat|organi[sz]ation|union|association|guard|corps|tracker|monitor|watch|consortium|institute|bureau|ispr|ombudsman|defensor[ií]a)\b",
    re.IGNORECASE,
)
_OUTLET = re.compile(
    r"\b(?:news|times|post|herald|tribune|press|radio|tv|television|daily|journal|gazette|reuters|afp|xinhua|broadcasting)\b", re.IGNORECASE
)
"""Words in the names of those who only pass on what others say."""
_DATE = re.compile(
    r"\b\d{1,2}(?:st|nd|rd|th)? (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z.]{0,7} \d{1,2}\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{4}-\d\d-\d\d\b",
    re.IGNORECASE,
)
_RELEASE = re.compile(
    r"\b(?:press (?:release|note|statement|communiqu[eé])|media (?:statement|release|advisory)|statement|communiqu[eé]|bulletin|situation report|sitrep"
    r"|(?:daily|weekly|monthly|quarterly|annual) (?:report|update|brief|review|summary))\b",
    re.IGNORECASE,
)
_PARTED = re.compile(r"\s*[|/•·]\s*|\s+[-–—]\s+|,\s+(?=\d)")
_OF_WIRE = re.compile(
    r"[^\n]{0,80}\((?:Reuters|AP|AFP|UPI|dpa|DPA|Xinhua|TASS|ANI|PTI|IANS|Agency|Wire|Anadolu|AA|[A-Z][\w ]{1,20})\)\s*[-–—]"
)
"""How a news agency's report begins."""
_REPORT_TITLE = re.compile(
    r"\b(?:overview|update|situation|flash|report|bulletin|snapshot|sitrep|briefing|review|tracking|dashboard|monthly|weekly|quarterly|annual)\b",
    re.IGNORECASE,
)
_IN_REPORT = re.compile(
    r"\bin (?:its|a|an|the) (?:[\w-]+ ){0,2}?(?:annual|monthly|quarterly|weekly|daily|yearly|half-yearly|biannual|year-end|latest|new|periodic|regular)"
    r"(?: [\w-]+){0,3} (?:report|review|update|statement|bulletin|briefing|survey)\b"
    r"|\bits (?:annual|monthly|quarterly|weekly|daily|yearly|half-yearly|year-end|latest)(?: [\w-]+){0,2} (?:report|review|update|bulletin|survey) (?:says|said|shows|showed|finds|found)\b"
    r"|\b(?:reports|announces|informs of) the following\b",
    re.IGNORECASE,
)
"""Words by which an opening says that it gives a report."""
_OWN_COUNT = frozenset(
    "documented document documents recorded record records verified verify verifies registered register registers counted counts count tallied logged".split()
)
"""Verbs of those who count themselves."""


class Issuer(NamedTuple):
    """The body whose report a text is, and why."""

    slug: str
    reason: Reason


def above(text: str, named: Sequence[ActorMention], lexicon: Lexicon) -> Issuer | None:
    """The body whose name stands above a text, with a date or a word for a release beside it ("SECURITY MEDIA CELL / Baghdad, 10 December")."""
    lines = list(_head(text))
    if not lines:
        return None
    if len(lines) > 1 and _RELEASE.fullmatch(lines[0][1].strip(" .:")):
        lines = [*lines[1:], lines[0]]  # "PRESS STATEMENT" above the name
    start, line = lines[0]
    name = _PARTED.split(line, maxsplit=1)[0].strip(" .:")
    rest = line[len(name) :]
    parted = bool(rest) or any(_RELEASE.fullmatch(said.strip(" .:")) for _, said in lines[1:])
    if not _is_name(name, lexicon, parted=parted) or not any(
        _DATE.search(said) or _RELEASE.search(said) for said in (rest, *(b for _, b in lines[1:]))
    ):
        return None
    end = start + len(name)
    known = next((a for a in named if start <= a.start < end and len(name) - (a.end - a.start) <= BESIDE), None)
    if known is None and not _BODY.search(name):
        return None
    if known is not None and known.kind in IN_ARMS and not any(_RELEASE.search(said) for _, said in lines):
        return None  # the heading of a register: it is of that group, and not by it
    return Issuer(known.slug if known is not None else _slug(name), Reason("whose name stands above the text", start, end))


BESIDE = 4
"""Characters of a line beside an actor's name: an article."""


def _head(text: str) -> Iterator[tuple[int, str]]:
    """The short lines without a mark at their end before the first line of prose, with their offsets."""
    at = 0
    for _ in range(HEAD + 2):
        end = text.find("\n", at)
        line = text[at : end if end >= 0 else len(text)]
        if end < 0 or len(line) > LONGEST_LINE or line.rstrip().endswith((".", ":", "!", "?")):
            return
        if line.strip():
            yield at + len(line) - len(line.lstrip()), line.strip()
        at = end + 1


def _is_name(name: str, lexicon: Lexicon, *, parted: bool) -> bool:
    """Whether a line is the name of a body: in capitals, or each word with one where a date follows, without a word for what happened."""
    words = name.split()
    if not 1 <= len(words) <= LONGEST_NAME or _OUTLET.search(name) or any(c.isdigit() for c in name):
        return False
    if any(lexicon[w.lower()].verb or lexicon[w.lower()].deed for w in words if w.lower() not in _NAMING):
        return False
    shouted = name.isupper()
    return shouted or (parted and all(w[:1].isupper() or w.lower() in _SMALL for w in words))


_SMALL = frozenset({"of", "for", "the", "and", "in", "on", "de", "del", "la"})
_NAMING = frozenset({"strike", "rescue", "operations"})
"""Words of deeds that are parts of names ("Rescue Service")."""


def of_title(title: str) -> Issuer | None:
    """The monitor or agency with whose name the title of a report begins ("ACLED Regional Overview", "IOM Yemen: Situation Update")."""
    if _REPORT_TITLE.search(title) is None:
        return None
    first = actors.opens(title, COUNTING)
    if first is None or not _REPORT_TITLE.search(title, first.end) or _SAYING.match(title, first.end):
        return None
    return Issuer(first.slug, Reason("with whose name the title of the report begins", first.start, first.end, "title"))


_SAYING = re.compile(
    r"(?:'s|’s)?\s*(?:(?:new |latest )?report)?\s*:|\s+(?:says|said|warns|reports|calls|urges|condemns|chief|head|envoy|official|staff|workers?)\b",
    re.IGNORECASE,
)
"""Behind a name that only says what is told, or is told of."""


def may_open(sentence: str, tokens: Sequence[str]) -> bool:
    """Whether a sentence holds anything without which nobody is said to count or report in it; `tokens` are its words in lower case."""
    return not _OWN_COUNT.isdisjoint(tokens) or _IN_REPORT.search(sentence) is not None


def of_opening(
    sentence: str, told_by: Sequence[Attribution], tokens: Sequence[str], named: Sequence[ActorMention], *, wire: bool
) -> Issuer | None:
    """The body that the opening says has counted itself, or gives in its report what follows; `tokens` are its words in lower case."""
    bodies = {a.slug for a in named if a.kind in COUNTING}
    reports = _IN_REPORT.search(sentence) is not None
    for each in told_by:
        known = actors.known(each.slug)
        counts = tokens[each.verb] in _OWN_COUNT and not wire and each.slug in bodies
        if counts or (reports and (known is not None or each.slug in bodies or _BODY.search(each.slug.replace("-", " ")) is not None)):
            return Issuer(each.slug, Reason("whose report it is, as its opening says", each.start, each.end))
    return None


def is_wire(text: str) -> bool:
    """Whether a text begins like a news agency's report: "CAIRO, Oct 22 (Reuters) - "."""
    return _OF_WIRE.match(text) is not None


def opening(sentences: Sequence[Sentence]) -> int | None:
    """The number of the sentence that opens a text: the first that is no heading, no label and no dateline."""
    prose = (i for i, s in enumerate(sentences[: HEAD + OPENING]) if not s.heading and len(s.text.split()) >= MIN_WORDS)
    return next(prose, None)


MIN_WORDS = 6
"""Words of a sentence that tells something."""


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60]
