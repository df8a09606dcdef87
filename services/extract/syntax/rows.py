"""The chunks of one sentence as a row to walk: what stands where, and where a person's name begins."""

from __future__ import annotations

from ..numbers.number_words import MONTHS, WEEKDAYS
from ..text.tokens import Token
from ..words.lexicon import Lexicon
from .nouns import NounPhrase
from .pieces import Parsed

PEOPLE_LIKE = frozenset({"person", "none", "unknown", "pronoun", "state", "name", "body"})
"""Sorts of noun phrases that a verb of harm or custody can count."""

PERSONAL = frozenset({"kill", "murder", "assassinate", "arrest", "detain", "injure", "wound", "kidnap", "abduct", "apprehend"})
"""Verbs whose object, where it is a single capitalised word, is a person's name ("captured Mosul" is not)."""


class Row:
    """Walks the chunks of one sentence; places are indices of chunks."""

    def __init__(self, parsed: Parsed, lexicon: Lexicon) -> None:
        self.parsed = parsed
        self.chunks = parsed.chunks
        self.lexicon = lexicon

    def kind(self, at: int) -> str:
        return self.chunks[at].kind if 0 <= at < len(self.chunks) else ""

    def word(self, at: int) -> str:
        return self.parsed.tokens[self.chunks[at].first].low if 0 <= at < len(self.chunks) else ""

    def is_capital(self, at: int) -> bool:
        """Whether a word with a capital letter stands at a place, and no day."""
        if self.kind(at) != "word":
            return False
        token = self.parsed.tokens[self.chunks[at].first]
        return _names(token) and token.kind == "word" and token.low not in DAYS

    def is_name(self, place: int) -> bool:
        """Whether a person's name begins at a place: capitalised words that are in no table."""
        if not self.is_capital(place) or self.word(place).endswith("ly"):
            return False
        before = self.chunks[place - 1].verb if place else None
        if before is not None and before.lemma in PERSONAL:
            return True
        following = self.chunks[place + 1] if place + 1 < len(self.chunks) else None
        return following is not None and following.kind == "word" and _names(self.parsed.tokens[following.first])

    def name(self, place: int) -> NounPhrase:
        last = place
        while (
            last + 1 < len(self.chunks) and self.chunks[last + 1].kind == "word" and _names(self.parsed.tokens[self.chunks[last + 1].first])
        ):
            last += 1
        return NounPhrase(self.chunks[place].first, self.chunks[last].last, "", "name", named=True)

    def is_adverb(self, at: int) -> bool:
        return self.kind(at) == "word" and (self.word(at).endswith("ly") or self.lexicon.cue(self.word(at), "adverbs"))

    def skip_adverbs(self, place: int) -> int:
        while self.is_adverb(place):
            place += 1
        return place

    def acts(self, at: int) -> bool:
        """Whether a word at a place is a verb in the past that tells no measure ("raided", "gathered", "fled")."""
        chunk = self.chunks[at]
        token = self.parsed.tokens[chunk.first]
        if chunk.noun is not None and chunk.first < chunk.last and chunk.noun.sort in _THINGS and chunk.noun.definite == "bare":
            return token.low in _PASTS  # "opened fire"
        if chunk.kind != "word" or token.kind != "word" or token.capital:
            return False
        if token.low in _PASTS:
            return True
        if not token.low.endswith("ed") or "-" in token.low or token.low in _REDUCED or self.lexicon.cue(token.low, "modifiers"):
            return False
        before = self.chunks[at - 1] if at else None
        return before is not None and before.kind in ("noun", "relative", "auxiliary", "word", "conjunction", "comma", "close")

    def verb_follows(self, place: int) -> bool:
        following = self.skip_adverbs(place + 1)
        return following < len(self.chunks) and self.chunks[following].verb is not None


DAYS = WEEKDAYS | MONTHS | {"yesterday", "today", "tonight", "tomorrow"}
_THINGS = frozenset({"thing", "deed", "counted", "body"})
_REDUCED = frozenset(
    "posted stationed deployed based trapped stranded involved suspected accused identified named called employed contracted seated dressed armed linked wanted assigned attached affiliated located related married".split()
)
"""Participles that stand behind their noun and say which people are meant ("two policemen posted at the gate")."""
_PASTS = frozenset(
    "went came ran fell rose left stood stormed fought broke drove threw set began took gave made met sat spoke spread swept burst rode crept hid fled flew got kept lay led lost sought sent shook shut slid stole stuck swam tore woke blew built bought brought chose drew dug ate entered held laid paid put read sold took won wrote overran overrun withdrew opened".split()
)
"""Verbs in the past that do not end in "ed"; a few others that are frequent, so that they are known behind anything."""
_PARTICLES = ("al-", "el-", "ul-", "ad-", "ash-", "an-", "as-", "bin", "ibn", "abu", "ould", "ag", "de", "van", "von")
"""What a part of a name may begin with in lower case."""


def _names(token: Token) -> bool:
    """Whether a word can be part of a name."""
    return token.capital or (token.low.startswith(_PARTICLES) and ("-" in token.low or token.low in _PARTICLES))
