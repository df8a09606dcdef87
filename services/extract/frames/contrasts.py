"""Figures of another time with which one is compared: "178 killed, compared with 412 in May", "40 attacks, against 51 the month before"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from ..numbers.number_words import MONTHS
from ..syntax.clauses import Clauses
from ..syntax.nouns import NounPhrase
from ..syntax.pieces import Chunk
from .mentions import Mention

AGAINST = frozenset({"against", "compared", "versus"})
"""Words before a figure that is only compared."""
WHEN = 9
"""Words behind a figure that say of when it is."""

YEAR = 4
"""Digits of a year."""

_SAID = frozenset({("last", "year"), ("first", "quarter"), ("second", "quarter"), ("third", "quarter"), ("fourth", "quarter")})
_WITH = frozenset({"with", "to"})
_TIMES = frozenset({"in", "during", "for"})
"""Prepositions behind it, with which its time begins."""


def compared(chunks: Sequence[Chunk], clauses: Clauses, found: Sequence[Mention]) -> Iterator[Mention]:
    """The bare figures of one sentence that stand so behind a count, with the count's measure; its own time stands behind each."""
    for place in range(2, len(chunks) - 2):
        if clauses.word(place) not in AGAINST or clauses.kind(place - 1) not in ("comma", "open"):
            continue
        at = place + 1 + (clauses.word(place) == "compared" and clauses.word(place + 1) in _WITH)
        noun = chunks[at].noun
        bare = noun is not None and noun.sort == "none" and noun.quantity is not None and noun.whole is None
        if noun is None or not bare or clauses.word(at + 1) not in _TIMES or not _says_when(clauses, noun):
            continue
        before = [m for m in found if m.noun.last < chunks[place].first and m.part_of is None and m.noun.quantity is not None]
        if before and len({m.measure for m in before}) == 1:
            noun.regroup(
                before[-1].noun.group,
                before[-1].noun.grouped or clauses.parsed.reason("as what it is compared with", noun.first, noun.last),
            )
            yield replace(before[-1], noun=noun, trigger=chunks[at], via="counted", place=at, includes=False, compared=True, siblings=[])


def _says_when(clauses: Clauses, noun: NounPhrase) -> bool:
    """Whether a month, a year or a numbered part of one stands behind a figure; "in the previous one" cannot be dated."""
    behind = clauses.parsed.tokens[noun.last + 1 : noun.last + 1 + WHEN]
    ends = next((i for i, token in enumerate(behind) if token.low in (",", ".", ";")), len(behind))
    words = [token.low for token in behind[:ends]]
    named = any(token.low in MONTHS and token.capital for token in behind[:ends])
    year = any(word.isdigit() and len(word) == YEAR for word in words)
    return named or year or any(pair in _SAID for pair in pairwise(words))
