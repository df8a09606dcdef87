"""How many there are: fighters who remain, people who are held."""

from __future__ import annotations

from itertools import takewhile

from schemas import Group, Measure

from ..syntax.clauses import Clauses
from ..syntax.nouns import NounPhrase
from ..syntax.pieces import Parsed
from ..words.groups import FIGHTING
from .strength import Strength


class Stocks:
    """Tells which noun phrases of one sentence are stocks; places are indices of chunks."""

    def __init__(self, parsed: Parsed, clauses: Clauses) -> None:
        self.parsed = parsed
        self.chunks = parsed.chunks
        self.clauses = clauses
        self.strength = Strength(parsed, clauses)

    def of(self, place: int, noun: NounPhrase) -> tuple[Measure, tuple[int, int] | None] | None:
        """The measure of the stock that a counted noun phrase is, and the tokens that say that they remain; None where it is none."""
        if noun.quantity is None:
            return None
        if self._stays_held(place, noun) or (noun.sort in ("person", "state") and self._is_held(place, noun)):
            return Measure.HELD, None
        if (words := self._remaining(place, noun)) is not None:
            return Measure.HELD if noun.measure is Measure.HELD else Measure.FIGHTERS_REMAINING, words
        return (Measure.FIGHTERS_REMAINING, None) if noun.measure is not Measure.HELD and self.strength.has(place, noun) else None

    def _remaining(self, place: int, noun: NounPhrase) -> tuple[int, int] | None:
        """First and last token of what says that fighters or prisoners remain."""
        if (
            noun.sort not in ("person", "unknown", "state")
            or not noun.plural
            or (noun.group not in FIGHTING and noun.measure is not Measure.HELD and noun.lemma != "member")
        ):
            return None
        words = [self.clauses.word(i) for i in range(place + 1, min(place + 9, len(self.chunks)))]
        for i, word in enumerate(words):
            if word in (".", ",", ";") and i:
                break
            if word in ("remain", "remained", "remains", "remaining", *_LURKING) or (
                word == "still" and {"active", "large", "operating", "operate", "fighting", "present"} & set(words)
            ):
                return self.chunks[place + 1 + i].first, self.chunks[place + 1 + i].last
            if word in ("active", "operating") and words[0] in ("are", "were", "currently", "who", "remain"):
                return self.chunks[place + 1 + i].first, self.chunks[place + 1 + i].last
        lows = [t.low for t in self.parsed.tokens[noun.first : noun.last + 1]]
        left = self.chunks[place - 1] if place else None
        before = self.parsed.tokens[left.last].low if left is not None and left.verb is None else ""
        if "remaining" in lows and not self.befallen(place):
            at = noun.first + lows.index("remaining")
            return at, at
        estimated = before in _ESTIMATES or lows[0] == "estimated"
        if not estimated or self.clauses.verb_follows(place) or noun.group is Group.PEOPLE:
            return None
        return (noun.first, noun.first) if left is None or lows[0] == "estimated" else (left.last, left.last)

    def _stays_held(self, place: int, noun: NounPhrase) -> bool:
        """Whether people are said to be in captivity still ("116 remain in captivity", "40 are still hostages")."""
        if noun.sort not in ("none", "person", "unknown", "state") or not noun.plural:
            return False
        words: list[str] = ["still"] if self.clauses.word(place - 1) == "leaving" else []
        first = place + 1
        if self.clauses.word(first) == "of" and self.clauses.kind(place + 2) == "noun":
            first = place + 3  # "212 members of the security forces are in guerrilla hands"
        for at in range(first, min(first + 6, len(self.chunks))):
            if self.chunks[at].verb is not None or self.chunks[at].kind in ("break", "comma", "conjunction"):
                break
            words += self.parsed.lows(self.chunks[at])
        if noun.sort == "none" and words[:1] and words[0] in _STILL and self._of_captives(noun):
            return True
        there = (
            not _STILL.isdisjoint(words)
            or words[:2] in (["are", "in"], ["were", "in"], ["is", "in"])
            or (words[:1] != [] and words[0] not in _CAPTIVE and {"under", "in"} & set(words[1:3]) != set())
        )
        return there and not _CAPTIVE.isdisjoint(words) and ("hands" not in words or _HELPING.isdisjoint(self._clause_behind(place)))

    def _clause_behind(self, place: int) -> set[str]:
        """The words behind a place up to the next mark."""
        behind = (t.low for t in self.parsed.tokens[self.chunks[place].last + 1 :])
        return set(takewhile(lambda word: word not in _MARKS, behind))

    def _of_captives(self, noun: NounPhrase) -> bool:
        """Whether a bare number is of hostages or prisoners told of before it ("of the 40 hostages, 12 remain in the camp")."""
        return not _CAPTIVES.isdisjoint(t.low for t in self.parsed.tokens[: noun.first])

    def _is_held(self, place: int, noun: NounPhrase) -> bool:
        """Whether hostages or prisoners are said to be in somebody's hands ("holds 30 hostages", "there are 30 hostages in Gaza")."""
        if self.clauses.verb_follows(place) or self.clauses.word(place + 1) in _TO_ACCOUNT:
            return False
        before = [self.clauses.word(at) for at in range(max(0, place - 3), place)]
        return before[-1:] != [] and (
            (before[-1] in _HOLDS and (noun.measure is Measure.HELD or noun.group in _CAUGHT or not _JAILS.isdisjoint(before)))
            or (noun.measure is Measure.HELD and "there" in before and before[-1] in ("are", "were", "still"))
        )

    def in_custody(self) -> bool:
        """Whether the sentence says that prisoners or hostages are held, rather than what becomes of them."""
        return bool(_CUSTODY & {t.low for t in self.parsed.tokens})

    def _last_word(self, at: int) -> str:
        return self.parsed.tokens[self.chunks[at].last].low if at >= 0 else ""

    def befallen(self, place: int) -> bool:
        """Whether something is done to those at a place, so that they are no stock."""
        before = self.chunks[place - 1] if place else None
        if self.clauses.word(place - 1) == "of" and self.clauses.lexicon[self._last_word(place - 2)].nominal is not None:
            return True  # "the deaths of 44 prisoners of war"
        if (self.clauses.word(place + 1), self.clauses.word(place + 3)) in (("on", "run"), ("on", "loose"), ("at", "large")):
            return True
        relative = self.clauses.kind(place + 1) == "relative" and self.clauses.verb_follows(place + 1)
        return (
            relative
            or (before is not None and before.verb is not None and before.verb.passive is False)
            or self.clauses.verb_follows(place)
            or self._joined_to_befallen(place)
        )

    def _joined_to_befallen(self, place: int) -> bool:
        """Whether others joined to those at a place share what is said of them ("16 inmates and three guards were killed")."""
        joined = self.clauses.kind(place + 1) == "conjunction" and self.clauses.kind(place + 2) == "noun"
        return joined and self.clauses.verb_follows(place + 2)


_ESTIMATES = frozenset("estimated estimates estimate put puts numbers numbering".split())
"""Words before a stock of fighters."""
_LURKING = ("hiding", "holed", "entrenched", "lurking", "roaming")
"""Words by which fighters are still there."""
_STILL = frozenset("remain remains remained still".split())
_JAILS = frozenset("prison prisons jail jails facility facilities camp camps centre centres center centers".split())
"""What holds people, whoever they are."""
_HOLDS = frozenset("hold holds holding keep keeps keeping imprisons detains houses".split())
_TO_ACCOUNT = frozenset({"responsible", "accountable", "liable"})
_CAUGHT = frozenset({Group.SOLDIERS, Group.POLICE})
"""Of whom "hold" says that they are captives, without another word."""
_CAPTIVES = frozenset("hostage hostages captives prisoners detainees abductees".split())
_CAPTIVE = frozenset("captivity custody detention prison jail captive hostage hostages captives prisoners bars hands".split())
"""Where and as what people are held."""
_HELPING = frozenset(
    "good safe capable caring experienced expert teachers doctors surgeons medics nurses specialists carers families parents god".split()
)
"""In whose hands nobody is a captive."""
_MARKS = frozenset({",", ".", ";", ":"})
_CUSTODY = frozenset(
    "remain remains remained hold holds held holding keep keeps prison prisons custody camp camps jail jails detention there captivity".split()
)
"""Words by which people are held."""
