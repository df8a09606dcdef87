"""Who has got away from captivity, by what is said of captives: "400 inmates on the run", "eight of the captives slipped away"."""

from __future__ import annotations

from schemas import Measure

from ..syntax.clauses import Clauses
from ..syntax.nouns import NounPhrase
from ..syntax.pieces import Parsed
from .mentions import Mention

REACH = 6
"""Words behind captives, or behind an insertion about them, that say what they did."""

INSERTED = 8
"""Most words of such an insertion ("eight of the captives, all of them women, slipped away")."""

TELLING = frozenset({"convict", "convicts"})
"""Words for captives by which no other frame tells a measure."""


class Fugitives:
    """Finds the captives of one sentence who got away; places are indices of chunks."""

    def __init__(self, parsed: Parsed, clauses: Clauses) -> None:
        self.parsed = parsed
        self.tokens = parsed.tokens
        self.chunks = parsed.chunks
        self.clauses = clauses

    def at(self, place: int, noun: NounPhrase) -> list[Mention]:
        """The captives at a place, if so many are said to have got away."""
        if noun.quantity is None or noun.negative or not self._are_captive(noun) or self._denied(noun) or not self._got_away(noun.last + 1):
            return []
        return [Mention(Measure.ESCAPED, noun, self.chunks[place], "state", place)]

    def _denied(self, noun: NounPhrase) -> bool:
        """Whether it is said of none of them, or not of them."""
        return not {"none", "not", "no", "nobody"}.isdisjoint(t.low for t in self.tokens[max(0, noun.first - 3) : noun.first + 1])

    @staticmethod
    def _are_captive(noun: NounPhrase) -> bool:
        whole = noun.whole
        return noun.measure is Measure.HELD or noun.lemma in TELLING or (whole is not None and whole.measure is Measure.HELD)

    def _got_away(self, at: int) -> bool:
        """Whether what stands from a token on says that somebody got away."""
        words = [t.low for t in self.tokens[at : at + INSERTED + REACH]]
        if words[:1] == [","] and "," in words[1:INSERTED]:
            words = words[words.index(",", 1) + 1 :]
        while words and words[0] in _BETWEEN:
            words = words[1:]
        return any(tuple(words[: len(away)]) == away for away in _AWAY)


_BETWEEN = frozenset("are is were was have has had been still remain remains remained now reportedly also all managed to".split())
"""What may stand between captives and the words that say it."""
_AWAY = frozenset(
    {
        ("on", "the", "run"),
        ("on", "the", "loose"),
        ("at", "large"),
        ("slipped", "away"),
        ("slip", "away"),
        ("got", "away"),
        ("got", "out", "through"),
        ("got", "out", "over"),
        ("climbed", "out", "of"),
        ("climbed", "out", "through"),
        ("broke", "away"),
        ("jumped", "overboard"),
        ("made", "their", "escape"),
    }
)
