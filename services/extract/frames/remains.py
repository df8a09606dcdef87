"""Deaths told by what is left: lives that are claimed or lost, bodies that are found, and how few survived."""

from __future__ import annotations

import re
from dataclasses import replace

from schemas import Group, Measure

from ..syntax.clauses import Clauses
from ..syntax.nouns import NounPhrase
from ..syntax.pieces import Chunk, Parsed
from ..syntax.rows import PEOPLE_LIKE
from .mentions import Mention

BODIES = frozenset({"body", "corpse"})
"""Nouns for the dead as they are found."""

BEHIND = 8
"""Words behind bodies by which they may be said to be counted twice."""

REACH = 14
"""Chunks on either side among which a verb of taking or finding is looked for."""


class Remains:
    """Finds the deaths of one sentence that are told so; places are indices of chunks."""

    def __init__(self, parsed: Parsed, clauses: Clauses) -> None:
        self.tokens = parsed.tokens
        self.chunks = parsed.chunks
        self.clauses = clauses

    def of_word(self, place: int, low: str) -> list[Mention] | None:
        """What a word tells that is no noun of a phrase; None where it is none of those."""
        if low in ("lives", "life"):
            return self._of_lives(place)
        if low == "whereabouts":
            return self._of_whereabouts(place)
        if low == "loss" and self.clauses.word(place + 1) == "of":
            return self._of_loss(place)
        return self._of_throats(place) if low in ("throats", "throat") else None

    def of_noun(self, place: int, chunk: Chunk, noun: NounPhrase) -> list[Mention]:
        """The deaths that "31 lives" or "19 bodies" tell with the words around them."""
        if noun.lemma in ("live", "life") and noun.quantity is not None and self._near(place, _TAKEN):
            return [Mention(Measure.KILLED, noun, chunk, "counted", place)]
        if noun.lemma not in BODIES or noun.negative:
            return []
        if noun.quantity is None and not noun.plural:
            return self._one_body(place, chunk, noun)
        whole = noun.whole if noun.whole is not None and noun.quantity is None else None
        counted = whole or self._behind_of(place) or noun
        found = _CAME_TO_LIGHT if counted.definite == "definite" else _FOUND
        if counted.quantity is None or not self._near(place, found) or "twice" in self._lows_behind(place):
            return []  # "some bodies having been counted twice"
        return [Mention(Measure.KILLED, counted, chunk, "counted", place)]

    def of_survivors(self, place: int, chunk: Chunk, noun: NounPhrase) -> list[Mention]:
        """The dead of whom only the survivors are told ("three of the 30 passengers survived", "none of the 14 survived")."""
        if noun.quantity is not None and noun.whole is None and noun.definite == "indefinite" and self._did_not_survive(place):
            return [Mention(Measure.KILLED, noun, chunk, "counted", place)] if noun.sort in ("none", "person") else []
        none = noun.negative and self.clauses.word(place + 1) == "of"
        at = place + 2 * none
        whole = self._behind_of(place) if none else noun.whole
        if whole is None or whole.quantity is None or whole.quantity.vague or not self._survive(at):
            return []
        dead = whole.quantity.value - (0 if none or noun.quantity is None else noun.quantity.value)
        if dead <= 0 or (noun.quantity is not None and noun.quantity.vague):
            return []
        number = replace(whole.quantity, first=noun.first, core=noun.first, value=dead, low=dead, high=dead)
        who = replace(whole, first=noun.first, quantity=number, definite="indefinite", plural=dead > 1)
        return [Mention(Measure.KILLED, who, chunk, "counted", place)]

    def _did_not_survive(self, place: int) -> bool:
        """Whether those at a place are said not to have survived ("twenty-seven did not survive their wounds")."""
        auxiliary, verb = place + 1, place + 2
        if self.clauses.word(verb) not in ("survive", "survived") or self.clauses.kind(auxiliary) != "auxiliary":
            return False
        words = [t.low for t in self.tokens[self.chunks[auxiliary].first : self.chunks[auxiliary].last + 1]]
        return words[:1] != ["would"] and not _NOT.isdisjoint(words)

    def _survive(self, place: int) -> bool:
        """Whether those at a place are said to have survived, on board of whatever they were."""
        at = place + 1
        while self.clauses.kind(at) in ("word", "preposition") and self.clauses.word(at) in _ABOARD:
            at += 1
        return self.clauses.word(at) == "survived" and self.chunks[at].verb is None

    def _one_body(self, place: int, chunk: Chunk, noun: NounPhrase) -> list[Mention]:
        """The one person whose body is found ("the body of a farmer", "his body")."""
        if not self._near(place, _FOUND):
            return []
        owner = self.tokens[noun.first].low
        if owner in ("his", "her"):
            who = NounPhrase(noun.first, noun.last, "he", "pronoun", definite="pronoun")
            return [Mention(Measure.KILLED, who, chunk, "nominal", place)]
        if (whose := self._whose(noun)) is not None:
            return [Mention(Measure.KILLED, whose, chunk, "nominal", place)]
        if self.clauses.word(place + 1) == "of" and self.clauses.is_name(place + 2):
            return [Mention(Measure.KILLED, self.clauses.name(place + 2), chunk, "nominal", place)]
        behind = self._behind_of(place)
        single = behind is not None and behind.sort == "person" and not behind.plural and behind.definite == "indefinite"
        return [Mention(Measure.KILLED, behind, chunk, "nominal", place)] if behind is not None and single else []

    def _whose(self, noun: NounPhrase) -> NounPhrase | None:
        """The one person to whom a body is said to belong ("the guard's body")."""
        at = next((i for i in range(noun.first + 1, noun.last) if self.tokens[i].kind == "possessive"), 0)
        owner = self.clauses.lexicon[self.tokens[at - 1].low].noun if at else None
        if owner is None or owner.sort != "person" or not owner.singular or self.tokens[noun.first].low != "the":
            return None
        return NounPhrase(noun.first, at - 1, owner.lemma, "person", owner.group, definite="definite")

    def _of_lives(self, place: int) -> list[Mention]:
        """The people of "claimed the lives of 31 people"."""
        behind = self._behind_of(place)
        if behind is None or behind.sort not in PEOPLE_LIKE or not self._near(place, _TAKEN):
            return []
        return [Mention(Measure.KILLED, noun, self.chunks[place], "nominal", place) for noun in self.clauses.objects(place + 2)]

    def _of_loss(self, place: int) -> list[Mention]:
        """The people of "mourned the loss of 14 soldiers"; of jobs and seats nothing is told."""
        behind = self._behind_of(place)
        if behind is None or behind.sort != "person" or behind.quantity is None or behind.quantity.vague:
            return []
        people = [noun for noun in self.clauses.objects(place + 2) if noun.sort == "person" and noun.quantity is not None]
        mourned = any(t.low.startswith(_MOURNS) for t in self.tokens[max(0, self.chunks[place].first - 6) : self.chunks[place].first])
        if not mourned and any(noun.group not in _IN_DANGER for noun in people):
            return []  # "the loss of 14 councillors in the election"
        if people and self.clauses.word(next(i for i, c in enumerate(self.chunks) if c.noun is people[-1]) + 1) == "to":
            return []  # "the loss of three pilots to airlines"
        return [Mention(Measure.KILLED, noun, self.chunks[place], "nominal", place) for noun in people]

    def _of_whereabouts(self, place: int) -> list[Mention]:
        """Those of whom nobody knows where they are ("the whereabouts of another 30 remain unknown"); not fugitives'."""
        noun = self.chunks[place + 2].noun if place + 2 < len(self.chunks) and self.clauses.word(place + 1) == "of" else None
        if noun is None or noun.quantity is None or noun.sort not in ("person", "none", "unknown"):
            return []
        if noun.group in (Group.LEADERS, Group.MILITANTS, Group.PERPETRATORS):
            return []
        behind = " ".join(t.low for t in self.tokens[noun.last + 1 :]).partition(";")[0]
        return [Mention(Measure.MISSING, noun, self.chunks[place], "nominal", place)] if _UNKNOWN.search(behind) else []

    def _of_throats(self, place: int) -> list[Mention]:
        """Those whose throats were cut ("cut the throats of 22 villagers", "six farmers had their throats slit")."""
        before = [t.low for t in self.tokens[max(0, self.chunks[place].first - 3) : self.chunks[place].first]]
        behind = self._behind_of(place)
        if behind is not None and not _CUT.isdisjoint(before):
            people = [noun for noun in self.clauses.objects(place + 2) if noun.sort in PEOPLE_LIKE]
            return [Mention(Measure.KILLED, noun, self.chunks[place], "nominal", place) for noun in people]
        had = place - 2 if before[-1:] in (["their"], ["his"], ["her"]) and self.clauses.word(place - 2) in ("had", "have", "having") else 0
        if had <= 0 or self.clauses.word(place + 1) not in _CUT:
            return []
        nouns = [noun for noun in self.clauses.subjects(had) if noun.sort in PEOPLE_LIKE]
        return [Mention(Measure.KILLED, noun, self.chunks[place], "nominal", place) for noun in nouns]

    def _behind_of(self, place: int) -> NounPhrase | None:
        if self.clauses.word(place + 1) != "of" or place + 2 >= len(self.chunks):
            return None
        return self.chunks[place + 2].noun

    def _lows_behind(self, place: int) -> list[str]:
        return [t.low for t in self.tokens[self.chunks[place].last + 1 : self.chunks[place].last + 1 + BEHIND]]

    def _near(self, place: int, words: frozenset[str]) -> bool:
        first = self.chunks[max(0, place - REACH)].first
        last = self.chunks[min(len(self.chunks) - 1, place + REACH)].last
        return any(t.low in words for t in self.tokens[first : last + 1])


_MOURNS = ("mourn", "griev", "tragic", "condol", "lament")
_IN_DANGER = frozenset({Group.SOLDIERS, Group.POLICE, Group.MILITANTS, Group.AID_WORKERS, Group.JOURNALISTS, Group.LEADERS})
"""Of whom a loss is one of lives without another word."""
_NOT = frozenset({"not", "n't"})
_ABOARD = frozenset({"aboard", "on", "board"})
_CUT = frozenset({"cut", "cutting", "cuts", "slit", "slitting", "slashed", "slashing", "slits"})
_TAKEN = frozenset("claim claims claimed claiming cost costs costing take takes took taken taking lose loses lost losing loss".split())
"""Words by which lives end."""
_CAME_TO_LIGHT = frozenset("found discovered recovered retrieved exhumed unearthed".split())
"""Words by which those that the text knows for missing are found dead."""
_FOUND = frozenset(
    "found find finding discovered recovered recover retrieved pulled exhumed unearthed dug counted saw seen lay lying lie buried received dumped floating strewn collected washed brought taken delivered removed littered arrived returned handed hanging identified turned".split()
)
"""Words by which the dead come to light."""
_UNKNOWN = re.compile(
    r"\b(?:remain(?:s|ed)?|is|are|was|were|stay(?:s|ed)?) (?:still |as yet |so far )?(?:unknown|unclear|uncertain|not known|a mystery)\b"
)
"""What is said of the whereabouts of those who are missing."""
