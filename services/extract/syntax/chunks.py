"""A sentence as a row of chunks: noun phrases, verb groups that tell a measure, and the small words between them."""

from __future__ import annotations

from ..numbers.quantities import find
from ..text.tokens import tokenize
from ..words.lexicon import Lexicon
from ..words.profiles import Profile
from .nouns import NounPhrase
from .phrases import Phrases
from .pieces import Chunk, Parsed
from .verb_groups import VerbGroups


def parse(sentence: str, offset: int, lexicon: Lexicon, profile: Profile, *, title: bool = False, part: str = "text") -> Parsed:
    """Cut a sentence that begins at `offset` of its text."""
    tokens = tokenize(sentence, offset)
    quantities = find(tokens, profile)
    return _Cutter(Parsed(tokens, quantities, said=" ".join(t.low for t in tokens), heading=title, part=part), lexicon).cut()


class _Cutter:
    def __init__(self, parsed: Parsed, lexicon: Lexicon) -> None:
        self.parsed = parsed
        self.tokens = parsed.tokens
        self.size = len(parsed.tokens)
        self.phrases = Phrases(parsed.tokens, {q.first: q for q in parsed.quantities}, lexicon, title=parsed.heading)
        self.entries = self.phrases.entries
        self.verbs = VerbGroups(parsed, self.phrases, lexicon)

    def cut(self) -> Parsed:
        at = 0
        while at < self.size:
            chunk = self._at(at)
            self.parsed.chunks.append(chunk)
            if chunk.noun is not None and chunk.noun.sort == "unknown":
                self._among_things(chunk.noun)
            at = chunk.last + 1
        return self.parsed

    def _in_number(self, noun: NounPhrase) -> None:
        """Give a noun phrase the number that stands behind its comma ("the officers, 22 in number, were held")."""
        at = noun.last + 2
        if noun.quantity is not None or not noun.plural or self._low(noun.last + 1) != "," or at not in self.phrases.quantities:
            return
        number = self.phrases.quantities[at]
        if (self._low(number.last + 1), self._low(number.last + 2)) == ("in", "number") and not number.vague:
            noun.quantity, noun.last = number, number.last + 2

    def _among_things(self, noun: NounPhrase) -> None:
        """Make a thing of a counted noun in no table that is joined to a counted thing ("six vehicles and 41 metal detectors")."""
        chunks = self.parsed.chunks
        before = chunks[-3].noun if len(chunks) > 2 and chunks[-2].kind in ("conjunction", "comma") else None
        if before is None or before.sort != "thing" or before.quantity is None or noun.quantity is None:
            return
        head, alone = self.tokens[noun.last], noun.last == noun.quantity.last + 1
        if not head.capital and not head.low.endswith(_PEOPLE if alone else _TRADES):
            noun.sort = "thing"

    def _at(self, at: int) -> Chunk:
        token = self.tokens[at]
        if token.kind == "possessive":
            return Chunk("possessive", at, at)
        if token.kind == "mark" and at not in self.phrases.quantities:
            return Chunk(_MARKS.get(token.low, "word"), at, at)
        if "relatives" in self.entries[at].cues:
            return Chunk("relative", at, at)
        verb = self.verbs.at(at)
        if verb is not None:
            return verb
        noun = self.phrases.at(at)
        if noun is not None:
            self._in_number(noun)
            return Chunk("noun", at, noun.last, noun=noun)
        return Chunk(self._kind(at), at, at)

    def _kind(self, at: int) -> str:
        cues = self.entries[at].cues
        return next((kind for name, kind in _KINDS if name in cues), "word") if cues else "word"

    def _low(self, place: int) -> str:
        return self.phrases.lows[place] if 0 <= place < self.size else ""


_TRADES = ("ists", "ians", "eers", "men")
"""Endings of nouns that mean people, though they are in no table."""
_PEOPLE = (*_TRADES, "ers")
"""The same, and one that tools have as well, whose nouns seldom stand alone ("30 gas cylinders", "five rustlers")."""
_MARKS = {
    ",": "comma",
    "/": "comma",
    "+": "conjunction",
    ";": "break",
    ":": "break",
    "–": "break",
    "—": "break",
    "(": "open",
    ")": "close",
    "[": "open",
    "]": "close",
    ".": "break",
}
_KINDS = (
    ("subordinators", "subordinator"),
    ("contrast", "conjunction"),
    ("conjunctions", "conjunction"),
    ("prepositions", "preposition"),
    ("be", "auxiliary"),
    ("have", "auxiliary"),
    ("do", "auxiliary"),
    ("modals", "auxiliary"),
)
