"""What stands in the gap of a verb that is not said again: "five were killed in Tank and four in Bajaur", "as were 158 fighters"."""

from __future__ import annotations

from dataclasses import replace

from ..syntax.clauses import Clauses
from ..syntax.nouns import NounPhrase
from ..syntax.pieces import Parsed
from ..syntax.rows import PEOPLE_LIKE
from .mentions import Mention
from .verbs import ALIKE


class Gaps:
    """Finds those of whom one sentence tells a measure without saying its verb again; places are indices of chunks."""

    def __init__(self, parsed: Parsed, clauses: Clauses) -> None:
        self.parsed = parsed
        self.chunks = parsed.chunks
        self.clauses = clauses

    def behind(self, mention: Mention) -> list[Mention]:
        """Numbers that share a verb which is not said again ("five were killed in Tank and four in Bajaur")."""
        place = max(mention.place, next((i for i, c in enumerate(self.chunks) if c.noun is mention.noun), 0))
        if (other := self._other_side(place, mention)) is not None:
            return [replace(mention, noun=other, part_of=None, siblings=[])]
        if (likewise := self._likewise(place)) is not None:
            return [replace(mention, noun=likewise, part_of=None, siblings=[])]
        joint = self.clauses.word(place + 1)
        if joint not in _WHERE and joint != "by":
            return []
        alike = frozenset({"by"}) if joint == "by" else _WHERE
        found = []
        for at in range(place + 2, min(place + 14, len(self.chunks) - 2)):
            if self.chunks[at].verb is not None or self.chunks[at].kind in ("break", "subordinator", "relative", "auxiliary"):
                break
            noun = self.chunks[at].noun
            bare = noun is not None and noun.sort == "none" and noun.quantity is not None and noun.whole is None
            if bare and noun is not None and self.clauses.kind(at - 1) in ("conjunction", "comma") and self.clauses.word(at + 1) in alike:
                mention.placed = True
                noun.regroup(mention.noun.group, self.parsed.reason(ALIKE, mention.noun.first, mention.noun.last))
                found.append(replace(mention, noun=noun, part_of=None, siblings=[]))
        return found

    def _likewise(self, place: int) -> NounPhrase | None:
        """Of whom "as" says the same ("71 civilians were killed, as were 158 fighters")."""
        for at in range(place + 1, min(place + 9, len(self.chunks) - 2)):
            if self.clauses.word(at) == "as" and self.clauses.word(at + 1) in ("were", "was", "have", "had", "did"):
                noun = self.chunks[at + 2].noun
                return noun if noun is not None and noun.quantity is not None and noun.sort in PEOPLE_LIKE else None
            if self.chunks[at].verb is not None or self.chunks[at].kind == "break":
                return None
        return None

    def _other_side(self, place: int, mention: Mention) -> NounPhrase | None:
        """What another subject shares the verb for ("the army lost 11 soldiers and the rebels about 60 fighters")."""
        if self.clauses.kind(place + 1) != "conjunction" or place + 3 >= len(self.chunks) or mention.agent is None:
            return None
        side, other = self.chunks[place + 2].noun, self.chunks[place + 3].noun
        sides = side is not None and side.quantity is None and side.sort in ("person", "body") and side.definite == "definite"
        counted = other is not None and other.quantity is not None and other.sort in ("person", "none")
        return other if sides and counted and not self.clauses.verb_follows(place + 3) else None


_WHERE = frozenset("in at near outside around across on during".split())
"""Prepositions of places."""
