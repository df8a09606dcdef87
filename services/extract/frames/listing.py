"""Lists of people with their numbers, as the parts of a count stand in them."""

from __future__ import annotations

from collections.abc import Iterator

from ..syntax.clauses import Clauses
from ..syntax.nouns import NounPhrase
from ..syntax.pieces import Parsed
from ..syntax.rows import PEOPLE_LIKE

LISTED = 60
"""Chunks of a list of parts."""

SEPARATES = frozenset({"comma", "conjunction", "break"})
"""Kinds of chunks that part one item of a list from the next."""
COPULAS = frozenset({"were", "was", "are", "is", "being", "remain", "remained"})
BULLETS = frozenset({"-", "–", "—", "•", "*", "·", "●", "▪"})
"""Marks at the beginning of an item."""
WHERE = frozenset({"in", "at", "near", "around"})
"""Prepositions of places."""
_COUNTED = PEOPLE_LIKE - {"body", "pronoun"}


class Listing:
    """Reads the lists of one sentence; places are indices of chunks."""

    def __init__(self, parsed: Parsed, clauses: Clauses) -> None:
        self.parsed = parsed
        self.chunks = parsed.chunks
        self.clauses = clauses

    def _list(self, at: int) -> Iterator[NounPhrase]:
        """The people of a list that begins at a place: each behind a comma, a semicolon or "and"."""
        begins = True
        while self.clauses.word(at) in BULLETS:
            at += 1
        for place in range(at, min(at + LISTED, len(self.chunks))):
            noun = self.chunks[place].noun
            if self.clauses.word(place) in ("including", "among") or self.chunks[place].kind in ("subordinator", "relative"):
                return
            single = noun is not None and not noun.plural and (noun.definite == "indefinite" or noun.owned)
            counted = noun is not None and (noun.quantity is not None or single)
            if noun is not None and begins and counted and noun.sort in _COUNTED and noun.whole is None:
                yield noun
            begins = self.chunks[place].kind in SEPARATES

    def _bare(self, place: int) -> bool:
        """Whether a number alone stands at a place, and nothing is said to have befallen it."""
        noun = self.chunks[place].noun if place < len(self.chunks) else None
        return noun is not None and noun.sort == "none" and noun.quantity is not None and noun.whole is None and not self._befallen(place)

    def _befallen(self, place: int) -> bool:
        """Whether a verb says something of those at a place."""
        return self.clauses.verb_follows(place) or self.clauses.kind(place + 1) == "auxiliary"

    def _as_said(self, place: int, noun: NounPhrase) -> None:
        """Count a bare number in the group of those whom a copula says it to be ("five were women")."""
        at = self.clauses.skip_adverbs(place + 1)
        at = self.clauses.skip_adverbs(at + 1) if self.clauses.word(at) in COPULAS else len(self.chunks)
        who = self.chunks[at].noun if at < len(self.chunks) else None
        if noun.sort == "none" and who is not None and who.sort == "person" and who.quantity is None and who.definite == "bare":
            noun.regroup(who.group, self.parsed.reason("as the noun behind the number says", who.first, who.last))


def value_of(noun: NounPhrase) -> int:
    """How many people a noun phrase of a list is."""
    return noun.quantity.value if noun.quantity is not None else 1
