"""How often a deed was done: "attacked the base 47 times", "checkpoints came under fire 16 times"."""

from __future__ import annotations

from schemas import Measure

from ..syntax.clauses import Clauses
from ..syntax.nouns import NounPhrase
from ..syntax.pieces import Parsed
from .mentions import Mention

REACH = 16
"""Words before "47 times" among which the verb stands."""

FLOWN = 5
"""Words before such a verb among which the aircraft stand that do it."""

AIRCRAFT = frozenset(
    "warplane warplanes jet jets aircraft plane planes bomber bombers helicopter helicopters gunship gunships drone drones air aerial".split()
)
"""What flies, and strikes."""

TELLING = frozenset({"times"})
"""The word without which nothing here tells a measure."""


class Repeated:
    """Finds the deeds of one sentence that are counted by how often they were done; places are indices of chunks."""

    def __init__(self, parsed: Parsed, clauses: Clauses) -> None:
        self.parsed = parsed
        self.tokens = parsed.tokens
        self.chunks = parsed.chunks
        self.clauses = clauses

    def at(self, place: int, noun: NounPhrase) -> list[Mention]:
        """The deeds that "47 times" at a place counts; none where it compares, or no attack stands before it."""
        number = noun.quantity
        if number is None or number.vague or noun.definite == "definite" or self.tokens[noun.last].low not in TELLING:
            return []
        if number.last + 1 != noun.last or self._compares(noun) or (measure := self._measure(noun)) is None:
            return []
        noun.sort, noun.measure, noun.lemma = "deed", measure, measure.value.removesuffix("s")
        doer = next((c.noun for c in self.chunks[:place] if c.noun is not None and c.noun.sort in ("person", "body")), None)
        return [Mention(measure, noun, self.chunks[place], "deed", place, doer)]

    def _compares(self, noun: NounPhrase) -> bool:
        """Whether it says how many times more or larger something is."""
        behind = self.tokens[noun.last + 1].low if noun.last + 1 < len(self.tokens) else ""
        return behind in _MORE or behind.endswith("er")

    def _measure(self, noun: NounPhrase) -> Measure | None:
        """What was done so often, by the nearest verb before it in its clause."""
        before = [t.low for t in self.tokens[max(0, noun.first - REACH) : noun.first]]
        for at in range(len(before) - 1, -1, -1):
            aircraft = not AIRCRAFT.isdisjoint(before[max(0, at - FLOWN) : at]) and before[at - 1] not in _BE
            if aircraft and before[at] in _BOMBED | _HIT:
                return Measure.STRIKES
            if before[at] in _ATTACKED | _BOMBED or (before[at] == "under" and before[at + 1 : at + 2] in (["fire"], ["attack"])):
                return Measure.ATTACKS
            if before[at] in _ENDS or before[at].endswith(("ed", "ing")):
                return None
        return None


_ATTACKED = frozenset("attacked attacking raided ambushed shelled shelling assaulted stormed targeted mortared".split())
_BOMBED = frozenset("bombed bombing bombarded strafed pounded".split())
"""The same, which is a strike where aircraft do it."""
_HIT = frozenset({"hit", "struck"})
"""What only aircraft do to a place so often: a person may be hit four times in one attack."""
_BE = frozenset({"was", "were", "been", "being", "is", "are", "be", "and"})
_ENDS = frozenset({".", ";", ":", ",", "and", "but", "that", "who", "which", "him", "her", "them", "rose", "grew", "fell", "with"})
"""Where the clause begins that the number ends."""
_MORE = frozenset({"as", "more", "the", "over", "less", "that", "what", "its", "their", "his", "her"})
"""Words behind it that make it a factor."""
