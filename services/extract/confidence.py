"""How often a count like this one is right: shares measured on labelled texts, by how it was told."""

from __future__ import annotations

from .tallies import Tally

BY_WAY = {
    "verb": 0.93,
    "nominal": 0.85,
    "counted": 0.9,
    "state": 0.75,
    "deed": 0.85,
    "toll": 0.85,
    "change": 0.8,
    "remaining": 0.85,
    "attributive": 0.7,
    "part": 0.8,
}
"""Share of right counts by the construction that tells them, where nothing below makes them less sure."""

BESIDE = 0.88
"""Beside others of its measure a count may be one of them told again, or a part: of two alike 78 in 100 are right, of one alone 92."""

VAGUE = 0.94
"""A vague word may stand for a number that is told elsewhere: 82 in 100, of exact ones 88."""

HARM = 0.8
"""A blow is not always a wound: 70 in 100, of other verbs 89."""

UNSURE = {"unknown": 0.8, "pronoun": 0.7, "none": 0.88}
"""Of the sorts of noun phrases those that may be no person (a noun in no table), another one (a pronoun), or of another group (a bare
number): 67, 62 and 77 in 100, of known nouns 88."""

ASSUMED = 0.9
"""A definite noun phrase points at people who may have been told of before: 78 in 100, of indefinite ones 88."""


def confidence_of(tally: Tally, *, beside: int) -> float:
    """The confidence of a count, 0 to 1; `beside` is how many others of its measure the article tells that are no parts."""
    share = BY_WAY.get(tally.via, 0.7) * UNSURE.get(tally.noun.sort, 1.0)
    if beside:
        share *= BESIDE
    if tally.vague:
        share *= VAGUE
    if tally.harm:
        share *= HARM
    if tally.noun.definite in ("definite", "all"):
        share *= ASSUMED
    if not tally.real:
        share *= 0.9
    return round(share, 2)
