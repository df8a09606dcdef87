"""How often a count like this one is right: shares measured on labelled texts, by how it was told."""

from __future__ import annotations

from .tallies import Tally

BY_WAY = {
    "verb": 0.9,
    "nominal": 0.85,
    "counted": 0.85,
    "state": 0.75,
    "deed": 0.85,
    "toll": 0.85,
    "change": 0.8,
    "remaining": 0.85,
    "attributive": 0.7,
    "part": 0.8,
}
"""Share of right counts by the construction that tells them."""

VAGUE = 0.92
"""A vague word may stand for a number that is told elsewhere."""

HARM = 0.9
"""A blow is not always a wound."""

UNKNOWN_NOUN = 0.8
"""A noun that stands in no table may be no person."""


def confidence_of(tally: Tally) -> float:
    """The confidence of a count, 0 to 1."""
    share = BY_WAY.get(tally.via, 0.7)
    if tally.vague:
        share *= VAGUE
    if tally.harm:
        share *= HARM
    if tally.noun.sort == "unknown":
        share *= UNKNOWN_NOUN
    if not tally.real:
        share *= 0.9
    return round(share, 2)
