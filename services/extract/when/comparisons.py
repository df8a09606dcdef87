"""What a sentence only compares its figures with: "up from 882 killed in February", "(Q1: 187)", "compared with 309 in 2021"."""

from __future__ import annotations

import re

from .dates import MONTH_NAMES

_PARTICLE = "".join(
    f"(?<!{verb} )" for verb in "blew blow blown blowing gunned shot hunted rounded picked came broke set went cut mowed held".split()
)
"""Before an "up" or "down" that belongs to no verb ("a bomb blew up on Monday")."""
_CHANGE = re.compile(
    rf",? ?\b(?:{_PARTICLE}(?:up|down)|(?:an? |a further )?(?:increase|decrease|rise|drop|fall|decline)s?)(?: by| of)?(?: (?:about|nearly|around|almost|more than|some|roughly))?"
    r"(?: [\d.,]*\d ?(?:%|per ?cent\b|percent\b))? (?:from|on|over|compared (?:with|to))\b(?:(?!, (?!when\b)|[;()]|\. |\.$| and (?:\w+ ){0,3}(?:was|were|said)\b).)*"
)
"""A change and where it began, up to the next clause."""
_COMPARED = re.compile(
    r"(?:,? ?\b(?:compared (?:with|to)|as against|as opposed to|versus|surpassing|exceeding|(?:more|fewer|less|higher|lower) than (?:in|during)"
    r"|(?:twice|three times|half|double) as many as|(?:twice|double|triple|half|than) the [\d,]*\d)\b"
    r"|, against\b(?= (?:[\w-]+ ){0,2}[\d,]+ (?:\w+ )?(?:in|during|the|a|for)\b))(?:(?!, |[;()]|\. |\.$).)*"
)
_BRACKET = re.compile(
    rf"\((?!(?:\d{{1,2}} )?(?:{MONTH_NAMES})(?: \d{{1,2}})?(?:,? \d{{4}})?\))"
    r"(?:[^()\d]{0,30}|Q[1-4]|H[12]|\d{4}):? ?[\d.,]+[^()]{0,30}\)"
    r"|\((?:up|down|previous|last|compared|against|from)\b[^()]{0,80}\)"
)
"""A bracket with the figure of another time ("(Q1: 187)", "(down from 1,461 in H1 2024)"), and not with a day only."""
_TIMED = re.compile(rf"\b(?:Q[1-4]|H[12]|\d{{4}}|previous|last|prior|{MONTH_NAMES}|up|down|from|ago|earlier)\b")


_MARKS = (
    (_CHANGE, ("up ", "down ", "increase", "decrease", "rise", "drop", "fall", "decline")),
    (
        _COMPARED,
        (
            "compared ",
            "as against",
            "as opposed to",
            "versus",
            "surpassing",
            "exceeding",
            ", against ",
            " than ",
            " as many as ",
            "twice the",
            "double the",
            "triple the",
            "half the",
        ),
    ),
)
"""Each pattern with what it cannot match without: most sentences hold none of it, which is sooner seen."""


def spans(text: str) -> list[tuple[int, int]]:
    """The stretches of a sentence whose times are not those of its figures, as offsets."""
    found = [match.span() for pattern, marks in _MARKS if any(mark in text for mark in marks) for match in pattern.finditer(text)]
    if "(" not in text:
        return found
    return found + [match.span() for match in _BRACKET.finditer(text) if _TIMED.search(match.group())]


def without_changes(sentence: str) -> str:
    """The sentence, as long as before, with blanks for where a change began: its figures would be taken for more of the same."""
    if " from " not in sentence and " on the " not in sentence:
        return sentence
    return _CHANGE.sub(lambda match: " " * len(match.group()) if any(c.isdigit() for c in match.group()) else match.group(), sentence)
