"""How often a count like this one is right: shares measured on labelled texts, by how it was told."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

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
    "compared": 0.8,
}
"""Share of right counts by the construction that tells them, where nothing below makes them less sure."""

BESIDE = 0.88
"""Beside others of its measure a count may be one of them told again, or a part: of two alike 78 in 100 are right, of one alone 92."""

VAGUE = 0.94
"""A vague word may stand for a number that is told elsewhere: 82 in 100, of exact ones 88."""

HARM = 0.8
"""A blow is not always a wound: 70 in 100, of other verbs 89."""

UNSURE = {"unknown": ("noun in no table", 0.8), "pronoun": ("pronoun", 0.7), "none": ("bare number", 0.88)}
"""Of the sorts of noun phrases those that may be no person (a noun in no table), another one (a pronoun), or of another group (a bare
number): 67, 62 and 77 in 100, of known nouns 88."""

ASSUMED = 0.9
"""A definite noun phrase points at people who may have been told of before: 78 in 100, of indefinite ones 88."""

UNREAL = 0.9
"""What is not told as having happened is taken for it, or the other way round."""


def shares_of(tally: Tally, *, beside: int) -> tuple[tuple[str, float], ...]:
    """What makes a count more or less sure, by name; `beside` is how many others of its measure the article tells that are no parts."""
    noun = tally.noun
    given = (
        (tally.via, BY_WAY.get(tally.via, 0.7)),
        UNSURE.get(noun.sort, ("", None)),
        ("others of its measure", BESIDE if beside > 0 else None),
        ("vague", VAGUE if tally.vague else None),
        ("harm", HARM if tally.harm else None),
        ("definite noun", ASSUMED if noun.definite in ("definite", "all") else None),
        ("not told as real", UNREAL if not tally.real else None),
    )
    return tuple((name, share) for name, share in given if share is not None)


def confidence_of(shares: Sequence[tuple[str, float]]) -> float:
    """The confidence of a count, 0 to 1: the product of its shares."""
    return round(prod(share for _, share in shares), 2)
