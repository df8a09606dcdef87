"""Figures of another time with which one is compared: "178 killed, compared with 412 in May", "40 attacks, against 51 the month before"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..syntax.clauses import Clauses
from ..syntax.pieces import Chunk
from .mentions import Mention

AGAINST = frozenset({"against", "compared", "versus"})
"""Words before a figure that is only compared."""
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
        if noun is None or not bare or clauses.word(at + 1) not in _TIMES:
            continue
        before = [m for m in found if m.noun.last < chunks[place].first and m.part_of is None and m.noun.quantity is not None]
        if before and len({m.measure for m in before}) == 1:
            noun.regroup(
                before[-1].noun.group,
                before[-1].noun.grouped or clauses.parsed.reason("as what it is compared with", noun.first, noun.last),
            )
            yield replace(before[-1], noun=noun, trigger=chunks[at], via="counted", place=at, includes=False, compared=True, siblings=[])
