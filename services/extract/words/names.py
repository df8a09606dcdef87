"""Finds every name of a long list in a text in one pass, whole words only, whatever its case, accents and hyphens."""

from __future__ import annotations

import gc
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")

_APOSTROPHES = "'’‘ʼʻʿʾʹ`´′"
"""Apostrophes and the marks that stand for ayn and hamza: within a word they are dropped ("Ta‘izz" is "Taizz")."""

_WORD = re.compile(
    r"(?:[^\W\d_]\.){2,}"
    rf"|[^\W_](?:[^\W_]|[̀-ͯ]|[{_APOSTROPHES}](?!s\b|S\b)(?=[^\W_]))*"
)
"""Dotted letters ("U.S.") or a word; an apostrophe before a final s ends it."""

_GAP = re.compile(r"[^\S\n]*\n?[^\S\n]*|\s?[-‐‑‒–—]\s?|['’]\s?")
"""What may stand between the words of one name: blanks, one line's end, a hyphen, the apostrophe of a genitive."""

_DOTTED = frozenset({"st", "mt", "ft"})
"""Words of names whose full stop ends no sentence ("St. Louis")."""

_LETTERS = str.maketrans(
    {"ı": "i", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ø": "o", "ə": "e", "ŋ": "n", "ħ": "h", "ŧ": "t", "æ": "ae", "œ": "oe"}
)
"""Letters that Unicode does not take apart."""

_MARKS = re.compile(rf"[^\w\s]|[{_APOSTROPHES}]")


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A name in a text: `start` and `end` in its characters, the words as they stand there, all that the name may mean."""

    start: int
    end: int
    words: str
    meanings: tuple[T, ...]


LONGEST_KEPT = 50
"""Characters of a word up to which its folded form is remembered: hostile ones have a hundred thousand, and none comes twice."""


def fold(word: str) -> str:
    """A word without case, accents and apostrophes; length may change."""
    return _known(word) if len(word) <= LONGEST_KEPT else _fold(word)


def _fold(word: str) -> str:
    if word.isascii():
        return _MARKS.sub("", word.lower())
    plain = "".join(c for c in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(c))
    return _MARKS.sub("", plain.translate(_LETTERS))


_known = lru_cache(maxsize=20_000)(_fold)


class Folded(NamedTuple):
    """The words of a text, folded, and the way back; all lists by number of the word."""

    words: list[str]
    starts: list[int]
    """Where each began in the text."""
    ends: list[int]
    """Where each ended."""
    firsts: list[int]
    """The first word of those in a row that a name ending with this one may hold: none goes on over a full stop or a blank line."""


@lru_cache(maxsize=4)
def fold_text(text: str) -> Folded:
    """Fold a whole text, keeping where each word stood; kept for the next list that looks at the same text."""
    folded = Folded([], [], [], [])
    before, last, first = 0, "", 0
    for match in _WORD.finditer(text):
        word = fold(match.group())
        if not word:
            continue
        start, end = match.span()
        gap = text[before:start]
        if gap != " " and not (_GAP.fullmatch(gap) or (gap == ". " and last in _DOTTED)):
            first = len(folded.words)
        folded.words.append(word)
        folded.starts.append(start)
        folded.ends.append(end)
        folded.firsts.append(first)
        before, last = end, word
    return folded


def key_of_name(name: str) -> str:
    """A name as it is looked up: its folded words with one blank between."""
    return " ".join(filter(None, map(fold, _WORD.findall(name))))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the garbage collector, which would look through hundreds of thousands of new objects again and again, none of them garbage.

    That took a quarter of the time that the tables of places and actors take to read.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


class Names(Generic[T]):
    """A list of names, each with what it may mean; the same name may be given several times."""

    def __init__(self, pairs: Iterable[tuple[str, T]], *, folded: bool = False) -> None:
        """With `folded`, the names are keys already."""
        self._meanings: dict[str, tuple[T, ...]] = {}
        self._reach: dict[str, int] = {}
        """How many words the longest name has that ends with a word."""
        with _uncollected():
            for name, meaning in pairs:
                key = name if folded else key_of_name(name)
                known = self._meanings.get(key, ())
                if key and meaning not in known:
                    self._meanings[key] = (*known, meaning)
            for key in self._meanings:
                last, words = key[key.rfind(" ") + 1 :], key.count(" ") + 1
                if words > self._reach.get(last, 0):
                    self._reach[last] = words

    def find(self, text: str) -> Iterator[Found[T]]:
        """Every name in the text, also those within or across others, by where they end."""
        words, starts, ends, firsts = fold_text(text)
        for last, word in enumerate(words):
            reach = self._reach.get(word)
            if reach is None:
                continue
            for first in range(max(firsts[last], last + 1 - reach), last + 1):
                meanings = self._meanings.get(" ".join(words[first : last + 1]))
                if meanings is not None:
                    start, end = starts[first], ends[last]
                    yield Found(start, end, text[start:end], meanings)


def longest(found: Iterable[Found[T]]) -> list[Found[T]]:
    """Of names that overlap the longest, of equals the first; in the order of the text."""
    starts: list[int] = []
    taken: list[Found[T]] = []
    for name in sorted(found, key=lambda f: (f.start - f.end, f.start)):
        place = bisect_left(starts, name.start)
        if (place == 0 or taken[place - 1].end <= name.start) and (place == len(taken) or name.end <= taken[place].start):
            starts.insert(place, name.start)
            taken.insert(place, name)
    return taken
