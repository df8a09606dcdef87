"""A name of places as it stands in a text: what it may mean, and the words around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice

from ..words.names import Found, fold, longest
from ..words.nations import nations, regions
from .gazetteer import Candidate, gazetteer

SHORT = 4
"""A name in capitals, up to this long, is taken for an acronym where the words around it are not in capitals."""

_SHORT_NAMES = frozenset({"UAE", "DRC", "USA", "US", "UK", "DPRK", "OPT"})

MAX_MEANINGS = 40
"""Most places of one name that are weighed, the table's first."""

_PARTICLES = frozenset(
    "au aux al el ad an ar as ash at az ez es de la le les du des da do dos di of the and e i y wa bin ibn abu umm on upon in am im".split()
)
_BEFORE = re.compile(r"[^\W\d_]+(?:[.'’-][^\W\d_]+)*\.?|[^\w\s]")
_AFTER = re.compile(r"\s*([^\W\d_]+(?:-[^\W\d_]+)*|[^\w\s])")
_HYPHENED = re.compile(r"[-‐‑–]([^\W\d_]+)")
_ORIGIN = re.compile(r"[-‐‑–][a-z]|\s(?:based|backed|led|aligned|linked|sponsored)\b")
"""What makes a place someone's origin ("Iran-backed", "Pakistan based")."""


@dataclass(slots=True)
class Sight:
    """A name of places in the text, and the words around it."""

    found: Found[int]
    candidates: list[Candidate]
    before: tuple[str, ...]
    """Up to four words or marks, the nearest last; as they stand."""
    after: str
    """The next word or mark."""
    line_start: bool
    joined: bool
    """Whether the next word follows with a blank or a hyphen between only."""
    within: frozenset[str] = frozenset()
    """The divisions that the name right before it may be ("Helmand, Nad Ali")."""
    province: bool = False
    """Whether words farther off show that it is a province."""
    chosen: Candidate | None = None
    inside: str | None = None
    """Country or division of the next name, where that contains this ("Tripoli, Lebanon")."""
    around: str | None = None
    """What this is for the name before it, where it contains that."""
    voted: str | None = None
    """The country that it speaks for, where it can be in one only."""


def sights_in(text: str, most: int) -> Iterator[Sight]:
    """The names of places in a text, in their order, the first so many."""
    for found in islice(longest(f for f in gazetteer().find(text) if _looks(f.words)), most):
        if (sight := _sight(text, found)) is not None:
            yield sight


@cache
def words_for(name: str) -> frozenset[str]:
    """One of the table's lists of words around places, folded."""
    return frozenset(fold(str(w)) for w in regions()[name])


def is_word_of_names(word: str) -> bool:
    """Whether a small word may stand within a place's name, or behind it ("of", "territory")."""
    return fold(word) in _PARTICLES or fold(word) in words_for("tail")


def _looks(words: str) -> bool:
    """Whether the words stand as a name does: each with a capital but for small words."""
    pieces = [w for w in re.split(r"[\s\-‐‑–—]+", words) if w]
    if fold(words) in _acronyms() and not words.replace(".", "").isupper():
        return False  # a car is not the CAR
    if any(
        any(c.isupper() for c in p[1:]) and not p.isupper() and not p.startswith(("Mc", "Mac", "N'D", "N’D")) and "'" not in p
        for p in pieces
    ):
        return False
    return any(p[:1].isupper() for p in pieces) and all(p.lstrip("'’‘`ʿʾ")[:1].isupper() or fold(p) in _PARTICLES for p in pieces)


@cache
def _acronyms() -> frozenset[str]:
    """Countries' names that stand in capitals, folded."""
    return frozenset(fold(name) for nation in nations().values() for name in nation.names if name.replace(".", "").isupper())


def _sight(text: str, found: Found[int]) -> Sight | None:
    start, end = found.start, found.end
    tail = text[end : end + 40]
    if _ORIGIN.match(tail) or (start and text[start - 1] in "-‐‑@#/_" and text[max(0, start - 5) : start - 1].isalpha()):
        return None
    if (
        len(found.words) <= SHORT
        and found.words.isupper()
        and found.words not in _SHORT_NAMES
        and not text[max(0, start - 20) : end + 20].isupper()
    ):
        return None
    before = tuple(_BEFORE.findall(text[max(0, start - 60) : start]))[-4:]
    following = _HYPHENED.match(text, end) or _AFTER.match(text, end)
    numbers = found.meanings[:MAX_MEANINGS]
    candidates = [gazetteer().candidate(number, found.words) for number in numbers]
    line_start = not text[max(0, start - 3) : start].strip() and (start == 0 or "\n" in text[max(0, start - 3) : start])
    return Sight(found, candidates, before, following.group(1) if following else "", line_start, joined=text[end : end + 1] in ("-", " "))
