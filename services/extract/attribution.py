"""Who says so: the claimant of what a sentence tells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .chunks import Parsed
from .lexicon import Lexicon

REACH = 14
"""Words between a claimant and the verb of saying, a title and an apposition included."""

CLOSING = 4
"""Words from a verb of saying to the end of its sentence, the full stop and a weekday included."""

_SAYING = frozenset({"reporting", "claiming", "denying"})
_PASSIVE = frozenset({"reported", "confirmed", "estimated", "alleged", "claimed", "recorded"})
_SOURCES = frozenset(
    "officials official ministry police army military government spokesman spokeswoman spokesperson witnesses witness residents rescuers hospital medics doctors monitor monitors observatory activists rebels group sources source authorities governor report statement media militants insurgents agency agencies commander minister president mayor investigators prosecutors soldiers villagers survivors un navy coalition forces".split()
)
"""Generic words that can speak, where no known actor does."""


@dataclass(frozen=True, slots=True)
class Named:
    """A known actor in a sentence; offsets count in the text."""

    start: int
    end: int
    slug: str
    kind: str
    side: str | None


@dataclass(frozen=True, slots=True)
class Attribution:
    """A claimant and the tokens for which it speaks (both within)."""

    slug: str
    first: int
    last: int
    closing: bool = False
    """Whether it ends the sentence ("..., the army said"), and so speaks for all of it that no one else does."""


def attributions(parsed: Parsed, actors: Sequence[Named], lexicon: Lexicon) -> list[Attribution]:
    """All claimants of a sentence, each with the stretch between hard breaks that it speaks for."""
    found: list[Attribution] = []
    tokens = parsed.tokens
    if not tokens:
        return found
    bounds = [i for i, t in enumerate(tokens) if t.low == ";"]
    for place, token in enumerate(tokens):
        if token.low == "according" and place + 1 < len(tokens) and tokens[place + 1].low == "to":
            slug = _after(parsed, place + 2, actors)
        elif not token.capital and lexicon[token.low].cues & _SAYING:
            slug = _of_saying(parsed, place, actors, lexicon)
        else:
            continue
        if slug:
            first = max([b + 1 for b in bounds if b < place], default=0)
            last = min([b for b in bounds if b > place], default=len(tokens) - 1)
            found.append(Attribution(slug, first, last, closing=len(tokens) - place <= CLOSING))
    return found


def _of_saying(parsed: Parsed, place: int, actors: Sequence[Named], lexicon: Lexicon) -> str | None:
    """Who speaks with the verb of saying at `place`; of a passive only a "by" tells."""
    tokens = parsed.tokens
    if tokens[place].low in _PASSIVE and place and lexicon.cue(tokens[place - 1].low, "be"):
        return _after(parsed, place + 2, actors) if place + 1 < len(tokens) and tokens[place + 1].low == "by" else None
    return _before(parsed, place, actors) or _after(parsed, place + 1, actors, reach=4)


def claimant_of(place: int, found: Sequence[Attribution]) -> str | None:
    """Who speaks for the token at `place`: of several in its stretch the first."""
    return next((a.slug for a in found if a.first <= place <= a.last), None) or next((a.slug for a in found if a.closing), None)


def _before(parsed: Parsed, place: int, actors: Sequence[Named]) -> str | None:
    tokens = parsed.tokens
    low = max(0, place - REACH)
    for at in range(place - 1, low - 1, -1):
        token = tokens[at]
        named = next((a for a in actors if a.start <= token.start < a.end), None)
        if named is not None:
            return named.slug
        if token.low in ("that", ";", "and", "but") and at < place - 1:
            break
        if token.low == "," and at < place - 1 and tokens[at + 1].low in ("the", "a", "an"):
            return _generic(parsed, place - 1)
        if token.low in _SOURCES:
            return _generic(parsed, at)
    return None


def _after(parsed: Parsed, place: int, actors: Sequence[Named], reach: int = 8) -> str | None:
    tokens = parsed.tokens
    for at in range(place, min(len(tokens), place + reach)):
        token = tokens[at]
        named = next((a for a in actors if a.start <= token.start < a.end), None)
        if named is not None:
            return named.slug
        if token.low in (",", "that", ";") or (token.low in ("killed", "captured")):
            return None
        if token.low in _SOURCES and not (at + 1 < len(tokens) and tokens[at + 1].low in _SOURCES):
            return _generic(parsed, at)
    return None


def _generic(parsed: Parsed, at: int) -> str:
    """A slug from the words of an unnamed source: "defence ministry" becomes `defence-ministry`."""
    words = [parsed.tokens[at].low]
    if at and parsed.tokens[at - 1].kind == "word" and parsed.tokens[at - 1].low not in _SKIP and len(parsed.tokens[at - 1].low) > 2:
        words.insert(0, parsed.tokens[at - 1].low)
    return re.sub(r"[^a-z0-9]+", "-", "-".join(words)).strip("-")[:60] or "source"


_SKIP = frozenset(
    "the a an and or of to in on by for from some several local its their his her said that two three other unnamed anonymous senior".split()
)
