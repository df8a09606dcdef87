"""Places of a sentence that are not where it happened: where somebody spoke, what came from there, who was taken there, beyond a border."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .places import PlaceMention
from .sentences import Sentence

LOOK = 60
"""Characters before a place in which the words are looked for that make it another's."""

_SPOKEN = re.compile(
    r"\b(?:speaking|said|says|told (?:\w+ ){1,3}|spoke|statement|ministry|government|conference|summit|talks|meeting|headquarters|embassy|parliament|court|offices?)"
    r" (?:on \w+ )?(?:in|from|at) (?:the )?$",
    re.IGNORECASE,
)
_BORDER = re.compile(r"\b(?:border|frontier)s? (?:with|of) (?:the )?$|\bbordering (?:the )?$", re.IGNORECASE)
_MOVED = re.compile(
    r"\b(?:taken|brought|flown|evacuated|transferred|moved|airlifted|deported|extradited|returned|fled|sent|repatriated|them) (?:\w+ ){0,3}to (?:\w+ ){0,3}$",
    re.IGNORECASE,
)
_ORIGIN = re.compile(
    r"\b(?:launched|fired|crossed|came|coming|arrived|originally|hailing|hailed|peacekeepers|rockets?|missiles?|drones?|troops|fighters|militants|soldiers|refugees|migrants|nationals|men|travelling|traveling)"
    r" (?:\w+ ){0,2}from (?:the )?$",
    re.IGNORECASE,
)
_WHOSE = re.compile(r"['’]s? (?=[A-Z][\w-]*|(?:\w+ ){0,3}(?:army|police|military|government|ministry|forces|agency|president|minister)\b)")


def without_others(sentence: Sentence, here: Sequence[PlaceMention]) -> list[PlaceMention]:
    """The places of a sentence without those of a speaker, a border or a way; where only an origin is told, that stays."""
    if len(here) == 0:
        return []
    certain = [place for place in here if not _is_anothers(sentence, place)]
    kept = [place for place in certain if not _is_whose(sentence, place, certain)]
    return kept or certain


def _is_anothers(sentence: Sentence, place: PlaceMention) -> bool:
    before = sentence.text[max(0, place.start - sentence.start - LOOK) : place.start - sentence.start]
    return any(pattern.search(before) for pattern in (_SPOKEN, _BORDER, _MOVED))


def _is_whose(sentence: Sentence, place: PlaceMention, others: Sequence[PlaceMention]) -> bool:
    """Whether a place is only an origin, or says whose a force is, and no place within it follows at once ("Niger's Tillaberi region")."""
    start, end = place.start - sentence.start, place.end - sentence.start
    if _ORIGIN.search(sentence.text[max(0, start - LOOK) : start]):
        return True
    return _WHOSE.match(sentence.text, end) is not None and not any(0 <= other.start - place.end <= 4 for other in others)
