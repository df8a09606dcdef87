"""Deaths told by what is left: lives that are claimed or lost, and bodies that are found."""

from __future__ import annotations

from schemas import Measure

from .clauses import Clauses
from .mentions import Mention
from .nouns import NounPhrase
from .pieces import Chunk, Parsed
from .rows import PEOPLE_LIKE

BODIES = frozenset({"body", "corpse"})
"""Nouns for the dead as they are found."""

REACH = 14
"""Chunks on either side among which a verb of taking or finding is looked for."""


class Remains:
    """Finds the deaths of one sentence that are told so; places are indices of chunks."""

    def __init__(self, parsed: Parsed, clauses: Clauses) -> None:
        self.tokens = parsed.tokens
        self.chunks = parsed.chunks
        self.clauses = clauses

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
        if counted.quantity is None or not self._near(place, found):
            return []
        return [Mention(Measure.KILLED, counted, chunk, "counted", place)]

    def _one_body(self, place: int, chunk: Chunk, noun: NounPhrase) -> list[Mention]:
        """The one person whose body is found ("the body of a farmer", "his body")."""
        if not self._near(place, _FOUND):
            return []
        owner = self.tokens[noun.first].low
        if owner in ("his", "her"):
            who = NounPhrase(noun.first, noun.last, "he", "pronoun", definite="pronoun")
            return [Mention(Measure.KILLED, who, chunk, "counted", place)]
        behind = self._behind_of(place)
        single = behind is not None and behind.sort == "person" and not behind.plural and behind.definite == "indefinite"
        return [Mention(Measure.KILLED, behind, chunk, "nominal", place)] if behind is not None and single else []

    def of_lives(self, place: int) -> list[Mention]:
        """The people of "claimed the lives of 31 people"."""
        behind = self._behind_of(place)
        if behind is None or behind.sort not in PEOPLE_LIKE or not self._near(place, _TAKEN):
            return []
        return [Mention(Measure.KILLED, noun, self.chunks[place], "nominal", place) for noun in self.clauses.objects(place + 2)]

    def _behind_of(self, place: int) -> NounPhrase | None:
        if self.clauses.word(place + 1) != "of" or place + 2 >= len(self.chunks):
            return None
        return self.chunks[place + 2].noun

    def _near(self, place: int, words: frozenset[str]) -> bool:
        first = self.chunks[max(0, place - REACH)].first
        last = self.chunks[min(len(self.chunks) - 1, place + REACH)].last
        return any(t.low in words for t in self.tokens[first : last + 1])


_TAKEN = frozenset("claim claims claimed claiming cost costs costing take takes took taken taking lose loses lost losing loss".split())
"""Words by which lives end."""
_CAME_TO_LIGHT = frozenset("found discovered recovered retrieved exhumed unearthed".split())
"""Words by which those that the text knows for missing are found dead."""
_FOUND = frozenset(
    "found find finding discovered recovered recover retrieved pulled exhumed unearthed dug counted saw seen lay lying lie buried received dumped floating strewn collected washed brought taken delivered removed littered arrived returned handed hanging identified turned".split()
)
"""Words by which the dead come to light."""
