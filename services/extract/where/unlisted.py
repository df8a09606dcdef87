"""Villages that no table holds: told by the words around their names, kept by their own words within what contains them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from schemas import Place, PlacePrecision

from ..numbers.number_words import FULL_MONTHS, WEEKDAYS
from ..words.lexicon import lexicon
from ..words.nations import country_of, is_of_a_nation

MAX_UNLISTED = 200
"""Such names that are kept of one text: a register of a month names fewer."""

GAP = 80
"""Characters between a village and what contains it ("in Otomabere, in the Irumu territory of Ituri province")."""

_WORD = r"(?:al-|el-|ad-|ar-|as-|at-|ez-)?[A-Z][\w'’-]{1,30}"
_NAME = rf"{_WORD}(?: (?:(?:de|del|la|el|al) )?{_WORD}){{0,2}}"
_SORT = r"(?:village|town|hamlet|settlement|commune|township|locality|municipality|kebele|vereda|barangay)"
_BEHIND = r"(?=[,.;)]|$| (?:in|on|and|where|when|after|during|by|at|killing|late|early|overnight|earlier|later)\b)"
_DAY = rf"(?=,? (?:(?:late|early) )?(?:on )?(?:{'|'.join(sorted(day.title() for day in WEEKDAYS))})\b)"
_ENTRY = r"(?:\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{1,2} [A-Z][a-z]{2,8}\.?(?: \d{4})?|[A-Z][a-z]{2,8}\.? \d{1,2}(?:, \d{4})?)"
"""The day with which an entry of a register begins, and behind it where that was."""
_WORKS = re.compile(
    r"\b(?:analyst|researcher|professor|expert|director|fellow|doctor|nurse|lecturer|editor|consultant|specialist|adviser|employee|worker|student|teacher|chief|head)s? $"
)
"""Before an "at" that tells where somebody is employed."""
_VILLAGE = re.compile(
    rf"\b{_SORT} of (?P<of>{_NAME})"
    rf"|\b[a-z]+ (?P<sort>{_NAME}) {_SORT}\b(?! of [A-Z])"
    rf"|\b[a-z]+ (?P<is>{_NAME}), an? (?:[a-z]+ ){{0,2}}{_SORT}\b"
    rf"|\b(?:near|outside|off|at|vicinity of|outskirts of|area of|direction of) (?P<near>{_NAME}){_BEHIND}"
    rf"|\b(?:in|at|on) (?P<on>{_NAME}){_DAY}"
    rf"|\b(?:in|at|near) (?P<within>{_NAME}), (?=(?:also |just )?(?:in|an?|north|south|east|west) |[A-Z])"
    rf"|(?:^|(?<=[\n.])) ?{_ENTRY}[.,:]? (?:[–—/-] )?(?P<entry>{_NAME})(?=[,:]| \()"
)
"""Where a name is that of a village: by the word for one, behind "near", before the day, or before what contains it."""
_NO_NAMES = re.compile(
    rf"(?i:{'|'.join(sorted(WEEKDAYS | FULL_MONTHS))}|operation|camp|highway|route|ramadan|christmas|easter|eid|exercise|the|president|prime|minister|king|prophet|sgt|sergeant|gen|general|col|colonel|capt|captain|lt|lieutenant|maj|major|mr|mrs|ms|dr|sheikh|mullah|governor|mayor|commander|pope)\b"
    r"|.*(?i:\b(?:hospital|airport|bridge|mosque|church|school|university|market|hotel|prison|checkpoint|base|station|square|street|road|river|sea|bay|gulf|lake"
    r"|mountains?|hills?|forest|desert|valley|island|islands|strait|canal|palace|embassy|court|ministry|parliament|congress|border|front|army|brigade|battalion|division))$"
)
"""Names of days, people, buildings, waters and the like."""


class Known:
    """What is known of a text's places: stretches that are taken, what may contain others, and the country that it speaks of."""

    def __init__(self, taken: Sequence[tuple[int, int]], containers: Sequence[tuple[int, int, Place]], home: str | None) -> None:
        self._taken = taken
        self._containers = containers
        self._home = home

    def is_taken(self, start: int, end: int) -> bool:
        """Whether a stretch is, or reaches into, the name of something else."""
        return any(first < end and start < last for first, last in self._taken)

    def around(self, text: str, start: int, end: int) -> tuple[str, str | None] | None:
        """Country and province of what contains a village: what is told right behind it, right before it, else the country of the text."""
        if (own := _PEOPLES.search(text[max(0, start - GAP) : start])) is not None and (country := country_of(own["people"])) is not None:
            return country, None
        behind = next((c for c in self._containers if c[0] >= end), None)
        if behind is not None and behind[2].country and behind[0] - end <= GAP and _CONTAINED.fullmatch(text, end, behind[0]):
            return behind[2].country, behind[2].admin1
        before = next((c for c in reversed(self._containers) if c[1] <= start), None)
        if before is not None and before[2].country and before[2].precision in _WIDE and _ONE_SENTENCE.fullmatch(text, before[1], start):
            return before[2].country, before[2].admin1
        return (self._home, None) if self._home is not None else None


_PEOPLES = re.compile(rf"\b(?P<people>[A-Z][a-z]+) (?:[a-z]+ ){{0,2}}{_SORT} of $")
"""Before a village whose country its people name ("the Congolese village of")."""
_WIDE = frozenset({PlacePrecision.ADMIN1, PlacePrecision.AREA})
"""What villages lie in."""
_CONTAINED = re.compile(
    rf"(?: {_SORT})?(?:,| in| of| \()(?: (?:in|of|at|the|an?|also|just|near|close|to|(?:north|south|east|west)(?:-?(?:east|west))?(?:ern)?|central|neighbou?ring"
    r"|remote|rural|district|territory|county|area|zone|local|government|municipality|department|region|province|governorate|state|town|city|capital|part|parts"
    r"|[A-Z][\w'’-]*),?)* ?"
)
"""Between a village and what contains it."""
_ONE_SENTENCE = re.compile(r"(?:[^.;\n]|\.(?! )){0,80}")


def find(text: str, known: Known) -> Iterator[tuple[int, int, Place]]:
    """Such places of a text in their order, each with where its name begins and ends."""
    found = 0
    for match in _VILLAGE.finditer(text):
        start, end = match.span(match.lastgroup or 0)
        name = match.group(match.lastgroup or 0)
        if known.is_taken(start, end) or not _is_name(name) or _WORKS.search(text[max(0, match.start() - 20) : match.start()]):
            continue
        around = known.around(text, start, end)
        if around is None:
            continue
        country, admin1 = around
        precision = PlacePrecision.AREA if "municipality" in match.group() else PlacePrecision.SITE
        yield start, end, Place(name=name, country=country, admin1=admin1, precision=precision)
        found += 1
        if found == MAX_UNLISTED:
            return


def _is_name(name: str) -> bool:
    """Whether words can be a village's name: no acronym, no nation, no building, and no word for anything else ("3 May. Police, ...")."""
    first = name.split(" ", 1)[0]
    if _NO_NAMES.match(name) or name.isupper() or is_of_a_nation(first):
        return False
    entry = lexicon()[name.lower()]
    return not (entry.is_noun or entry.verb or entry.cues)
