"""Sentences that go on with the count of one before them: items of a list, and what begins with "of these"."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from .sentences import Sentence

BEFORE = 2
"""Sentences back to the count that "of these" points at."""

_ITEM = re.compile(r"\s*[-–—•*·●▪]\s*\S")
_SHARES = re.compile(
    r"\b(?:of|among) (?:these|those|them|whom|the)\b|\bvictims\b|\b(?:figure|toll|tally|total) (?:include|comprise)[sd]?\b|\baccount(?:ed|s|ing)? for\b"
    r"|\bresponsible for \d",
    re.IGNORECASE,
)
"""How a part is told of people that another sentence counts."""

DIVIDES = re.compile(r"\s*[\w,-]+ [\w -]{2,40}?(?:, | and )(?:[\w,-]+ ){1,4}[\w’'-]+\s*$")
"""What may stand in brackets and divide a count: people and people, and no word of what befell them ("six men and four women")."""


def leads(sentences: Sequence[Sentence], telling: Collection[int]) -> dict[int, int]:
    """The items of lists, each with the telling sentence that ends with a colon before them."""
    found: dict[int, int] = {}
    lead: int | None = None
    for number, sentence in enumerate(sentences):
        if lead is not None and _ITEM.match(sentence.text):
            found[number] = lead
            continue
        lead = number if number in telling and sentence.text.rstrip().endswith(":") else None
    return found


def sharing(sentences: Sequence[Sentence], telling: Collection[int]) -> set[int]:
    """The sentences that hold no telling word, and may tell of a part of those counted right before them."""
    return {
        number
        for number, sentence in enumerate(sentences)
        if number not in telling and any(before in telling for before in range(number - BEFORE, number)) and _SHARES.search(sentence.text)
    }
