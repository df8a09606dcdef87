"""How strong a force is: what it has, what there are of it, and figures for its strength, size and ranks."""

from __future__ import annotations

from schemas import Group, Measure

from ..syntax.clauses import Clauses
from ..syntax.nouns import NounPhrase
from ..syntax.pieces import Parsed
from ..words.groups import FIGHTING
from .mentions import Mention

STRONG = "as those whose strength it is"
"""Why a bare number is one of fighters."""

REACH = 18
"""Chunks behind "strength" or "ranks" among which their figure is looked for."""


class Strength:
    """Tells which figures of one sentence are of how many a force has; places are indices of chunks."""

    def __init__(self, parsed: Parsed, clauses: Clauses) -> None:
        self.parsed = parsed
        self.tokens = parsed.tokens
        self.chunks = parsed.chunks
        self.clauses = clauses

    def has(self, place: int, noun: NounPhrase) -> bool:
        """Whether a counted noun phrase is what a force has ("commands 900 men") or what there is of it ("there are 900 fighters in Iraq")."""
        if noun.sort == "none":
            return self._bare(noun)
        fighters = noun.group in FIGHTING
        if not noun.plural or not (fighters or noun.lemma in _MEMBERS) or self.clauses.verb_follows(place):
            return False
        before = [t.low for t in self.tokens[max(0, noun.first - 5) : noun.first]]
        if not _AHEAD.isdisjoint(before[-2:-1]) or (before[-2:-1] == ["to"] and not _MEANT.isdisjoint(before[-3:-2])):
            return False  # "a mission which is to have 2,500 members"
        if before[-2:] == ["down", "to"] and fighters:
            return True  # "the group is now down to 400 fighters"
        if before and before[-1] in _HAVE and not self._auxiliary(noun):
            return _OF_ONE.isdisjoint(before[-3:]) and not (before[-1] in _MADE_OF and self._of_a_figure(place))
        if not fighters:
            return False
        there = "there" in before and not _BE.isdisjoint(before)
        return there or self._stands(place)

    def _of_a_figure(self, place: int) -> bool:
        """Whether it is a figure that is made up of so many, and no force ("the 41 killed comprised 29 rebels")."""
        before = next((c for c in self.chunks[max(0, place - 3) : place][::-1] if c.noun is not None or c.verb is not None), None)
        if before is None:
            return self.clauses.word(place - 2) in _FIGURES
        told = before.verb is not None or (before.noun is not None and before.noun.sort in ("state", "counted", "none", "pronoun"))
        return told or self.tokens[before.last].low in _FIGURES

    def _bare(self, noun: NounPhrase) -> bool:
        """Whether a number without a noun is of fighters ("the rebels, numbering about 400", "now has 800 left")."""
        before = self.tokens[noun.first - 1].low if noun.first else ""
        behind = self.tokens[noun.last + 1].low if noun.last + 1 < len(self.tokens) else ""
        if before not in _NUMBER and not (before in _HAVE and behind == "left"):
            return False
        if any(c.verb is not None for c in self.chunks if c.first > noun.last):
            return False  # it only says how many they were of whom something else is told
        fighters = next((c.noun for c in self.chunks if c.first < noun.first and c.noun is not None and c.noun.group in FIGHTING), None)
        if fighters is not None:
            noun.regroup(fighters.group, self.parsed.reason(STRONG, fighters.first, fighters.last))
        return fighters is not None

    def _stands(self, place: int) -> bool:
        """Whether fighters are said to be somewhere, or at large ("900 fighters are still in the desert")."""
        behind = [self.clauses.word(i) for i in range(place + 1, min(place + 7, len(self.chunks)))]
        if not behind or behind[0] not in _BE | _OPERATE:
            return False
        if behind[0] in _OPERATE:
            return True
        rest = [word for word in behind[1:] if word not in _STILL]
        return (
            rest[:2] == ["at", "large"]
            or rest[:1] in (["active"], ["left"], ["hiding"], ["holed"], ["present"], ["entrenched"], ["based"])
            or self._somewhere(rest)
        )

    @staticmethod
    def _somewhere(words: list[str]) -> bool:
        return words[:1] in (["in"], ["inside"], ["across"], ["around"], ["near"]) and _CONFINED.isdisjoint(words)

    def _auxiliary(self, noun: NounPhrase) -> bool:
        """Whether "has" only helps a verb behind the noun phrase ("has 12 fighters killed")."""
        behind = self.tokens[noun.last + 1].low if noun.last + 1 < len(self.tokens) else ""
        return behind in ("killed", "wounded", "captured", "detained", "missing", "dead", "injured")

    def at(self, place: int) -> list[Mention]:
        """The figure of a word like "strength" or "ranks", or of "is 1,500 strong"."""
        word = self.clauses.word(place)
        if word == "strong" and self.clauses.word(place - 2) in _BE:
            noun = self.chunks[place - 1].noun
            return [self._mention(noun, place)] if noun is not None and noun.quantity is not None and noun.sort == "none" else []
        owned = word == "numbers" and self.clauses.kind(place - 1) == "possessive"
        if word not in _STRENGTH and not owned:
            return []
        for at in range(place + 1, min(place + REACH, len(self.chunks))):
            noun = self.chunks[at].noun
            if self.chunks[at].verb is not None or self.chunks[at].kind == "break":
                return []
            counted = (
                noun is not None and noun.quantity is not None and not noun.quantity.vague and noun.sort in ("none", "person", "unknown")
            )
            if noun is not None and counted and self.clauses.word(at - 1) in _AT:
                return [self._mention(noun, place)]
        return []

    def _mention(self, noun: NounPhrase, place: int) -> Mention:
        noun.regroup(Group.MILITANTS, self.parsed.reason(STRONG, self.chunks[place].first, self.chunks[place].last))
        return Mention(Measure.FIGHTERS_REMAINING, noun, self.chunks[place], "remaining", place)


_AHEAD = frozenset({"will", "would", "should", "could", "might"})
"""Words before "have" or "number" by which so many are only meant to be there."""
_MEANT = frozenset({"is", "are", "was", "were", "plans", "planned", "wants", "hopes", "aims", "due", "set", "expected"})
"""The same before "to have"; "is believed to have" tells how many there are."""
_MEMBERS = frozenset({"member", "man", "combatant", "recruit", "follower", "people", "person"})
"""Nouns that are of a force where it is one that has them."""
_HAVE = frozenset(
    "has have had commands command commanded fields fielded boasts boasted retains retained maintains numbers numbering numbered counts comprises comprised".split()
)
_MADE_OF = frozenset({"comprise", "comprises", "comprised", "counts"})
_FIGURES = frozenset({"figure", "figures", "number", "total", "toll", "tally", "victims", "casualties", "those"})
"""Of what such verbs say that it is divided."""
_NUMBER = frozenset({"numbering", "numbered", "number"})
_OF_ONE = frozenset({"who", "which", "as"})
"""Before "has" they make it what one man has, or no verb of its own ("a leader who commands 20 fighters", "as have 158 fighters")."""
_BE = frozenset({"is", "are", "was", "were", "be", "been"})
_OPERATE = frozenset({"operate", "operates", "remain", "lurk", "roam"})
_STILL = frozenset({"still", "currently", "now", "believed", "thought", "estimated", "to", "be", "reportedly", "also"})
_CONFINED = frozenset("custody prison prisons jail jails detention captivity camps hospital hospitals critical stable serious".split())
"""Where fighters are no more at large."""
_STRENGTH = frozenset({"strength", "ranks", "membership", "manpower", "size"})
_AT = frozenset("to at of is was as reached now : over under about exceeds".split())
"""Words before a figure of strength."""
