"""Ages behind people: "Omar Said, 41, was arrested". They are blanked out before a sentence is cut, so that they count nobody."""

from __future__ import annotations

import re

from .number_words import MONTHS

OLDEST = 110
"""Years; a larger number behind a name is no age."""

_PERSON = (
    r"(?:man|woman|boy|girl|son|daughter|father|mother|wife|husband|brother|sister|child|teenager|baby|infant|toddler|soldier|officer|farmer"
    r"|driver|student|teacher|guard|worker|policeman|civilian|journalist|victim|suspect|nurse|doctor|resident|grandmother|grandfather)"
)
_AGE = re.compile(
    rf"(?<![\w-])(?P<who>[A-Z][\w'’.-]*[\w.]|(?i:{_PERSON}))(?P<age>, ?(?:aged? )?(?P<years>\d{{1,3}})(?: years? old)?)"
    r"(?P<end>,(?=\s(?!\d))|(?=[.;:]?\s*$)|(?=[.;]\s)|(?= (?:and|was|were|of|from|who|in|at|on|as|while|when|is|has|had|died)\b))"
)
_OF_SOMEBODY = re.compile(
    r"(?<![\w-])(?P<who>(?i:an?|another|his|her|their) (?:[^\W\d_][\w'’-]* ){0,3}[a-z][\w'’-]*[a-z])(?P<age>, (?:aged? )?(?P<years>[1-9]\d|10\d)(?: years? old)?)"
    r"(?P<end>,(?= (?:and|was|were|who|died)\b))"
)
"""The age of somebody whose trade is in no list ("a rubber tapper, 51, and his wife, 47, were shot")."""
_NUMBER = r"(?:\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty)"
_AGES = re.compile(
    rf"(?:,\s*|\s)(?:ages|aged)\s+(?:between\s+|from\s+)?{_NUMBER}(?:(?:,\s*and\s+|,\s*|\s+and\s+|\s+to\s+|-|–){_NUMBER})*(?:\s+years)?(?=[\s,.;)]|$)"
)
"""The ages of several people ("three girls aged 7, 9 and 12")."""
_OF_YEARS = re.compile(
    rf"\b(?i:{_PERSON}s?|men|women|children|youths?|sisters|brothers|cousins|students)(?P<age> of {_NUMBER}(?:(?:,| and| or) {_NUMBER})*)"
    r"(?=(?:\s+(?:was|were|is|are|has|have|had|who)\b)|\s*[,.;:)]|\s*$)"
)
"""How old somebody is, behind "of" ("two boys of 12 and 15 were")."""
_PARENT = re.compile(
    rf"(?P<age>, \d{{1,3}}) and an? (?:\w+ )?(?:father|mother|parent|grandfather|grandmother)(?: of {_NUMBER}(?: children)?)?(?=,)"
)
"""An age that goes on with whose parent somebody is ("a clerk, 38 and a mother of two,")."""
_LIST_OF_NAMES = re.compile(r"(?:\b(?:in|at|from|near|of|to|on|across|and|outside|around)\s+(?:the\s+)?|\d\s+)$", re.IGNORECASE)
"""Before a word with a capital letter it says that this names a place or a month."""
_MONTHS = frozenset(month.capitalize() for month in MONTHS)
_FINITE = re.compile(r"\s+(?:was|were|is|are|has|have|had|died|and|also|who)\b")
"""Behind an age and its comma: the sentence goes on as if neither had stood there."""


def without(sentence: str) -> str:
    """The sentence, as long as before, with blanks for the ages in it."""
    if "age" in sentence:
        sentence = _AGES.sub(lambda match: " " * len(match.group()), sentence)
    if "," in sentence:
        sentence = _PARENT.sub(lambda match: " " * len(match.group()), sentence)
    if " of " in sentence:
        sentence = _OF_YEARS.sub(_without_age, sentence)
    if not any(c.isdigit() for c in sentence) or "," not in sentence:
        return sentence
    sentence = _OF_SOMEBODY.sub(lambda match: f"{match['who']}{' ' * (len(match['age']) + 1)}", sentence)
    return _AGE.sub(lambda match: _blanked(sentence, match), sentence)


def _without_age(match: re.Match[str]) -> str:
    return match.group()[: match.start("age") - match.start()] + " " * len(match["age"])


def _blanked(sentence: str, match: re.Match[str]) -> str:
    who = match["who"]
    named = who[0].isupper()
    before = sentence[max(0, match.start() - 14) : match.start()]
    if int(match["years"]) > OLDEST or who in _MONTHS or (named and _LIST_OF_NAMES.search(before) and not _first_name(before)):
        return match.group()
    closes = bool(match["end"]) and _FINITE.match(sentence, match.end()) is None
    return f"{who}{' ' * len(match['age'])}{',' if closes else ' ' * len(match['end'])}"


def _first_name(before: str) -> bool:
    """Whether another word with a capital letter stands right before, and so a full name."""
    words = before.split()
    return bool(words) and words[-1][:1].isupper()
