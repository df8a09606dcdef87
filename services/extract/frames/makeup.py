"""What a group makes up of a total: "civilians accounted for 640 of those killed"."""

from __future__ import annotations

from schemas import Measure

from ..syntax.clauses import Clauses
from ..syntax.nouns import NounPhrase
from ..syntax.pieces import Chunk, Parsed
from .mentions import Mention

_MAKES = frozenset({"accounted", "account", "accounts", "accounting", "made", "make", "makes", "making"})
_BEHIND = {"accounted": "for", "account": "for", "accounts": "for", "accounting": "for"}
"""What comes behind the verb; "up" where nothing is said."""
_WHOLLY = frozenset({"comprised", "comprise", "constituted", "constitute", "represented", "represent"})
"""Verbs that say the same alone."""
ALL = "all of whom a group is a part"
_OF = 4
"""Chunks behind a figure that say of whom it is."""


class Makeup:
    """Finds the parts of one sentence that are told so; places are indices of chunks."""

    def __init__(self, parsed: Parsed, clauses: Clauses) -> None:
        self.parsed = parsed
        self.chunks = parsed.chunks
        self.clauses = clauses
        self.taken: set[int] = set()
        """Places of the words that only say of whom a part is one."""

    def at(self, place: int, chunk: Chunk, noun: NounPhrase, found: list[Mention]) -> list[Mention] | None:
        """The part that a group makes up; None where its noun phrase begins no such thing."""
        figure_at = self._figure(place) if noun.sort == "person" and noun.quantity is None and noun.plural else None
        figure = self.chunks[figure_at].noun if figure_at is not None and figure_at < len(self.chunks) else None
        if figure_at is None:
            return None
        if figure is not None and figure.sort == "counted" and figure.whole is not None and figure.quantity is not None:
            return self._of_deaths(figure_at, chunk, noun, found)
        if figure is None or figure.quantity is None or figure.sort not in ("none", "state"):
            self._share(figure_at)
            return []
        last = next((m for m in reversed(found) if m.noun.quantity is not None and m.part_of is None), None)
        measure = self._of_whom(figure_at, figure) or (last.measure if last is not None else None)
        if measure is None:
            return []
        self.taken.add(figure_at)
        figure.regroup(noun.group, self.parsed.reason("as the noun that makes it up says", noun.first, noun.last))
        whole = figure.whole
        if last is None and whole is not None and whole.quantity is not None:
            if not whole.lemma:
                whole.grouped = self.parsed.reason(ALL, whole.first, whole.last)
            last = Mention(measure, whole, chunk, "state", figure_at)
            return [last, Mention(measure, figure, chunk, "part", figure_at, part_of=last)]
        if whole is None and last is None:
            figure.whole = NounPhrase(figure.first, figure.last, "dead", "state", definite="definite", plural=True, measure=measure)
        return [Mention(measure, figure, chunk, "part", figure_at, part_of=last)]

    def _of_deaths(self, at: int, chunk: Chunk, group: NounPhrase, found: list[Mention]) -> list[Mention]:
        """What a group makes up of figures that are nouns themselves ("women accounted for 84 of the deaths and 163 of the injured")."""
        parts = []
        while at < len(self.chunks) and (figure := self.chunks[at].noun) is not None and figure.quantity is not None:
            measure = figure.whole.measure if figure.whole is not None else None
            if not isinstance(measure, Measure):
                break
            self.taken.add(at)
            figure.regroup(group.group, self.parsed.reason("as the noun that makes it up says", group.first, group.last))
            last = next((m for m in reversed(found) if m.noun.quantity is not None and m.part_of is None and m.measure is measure), None)
            parts.append(Mention(measure, figure, chunk, "part", at, part_of=last, shares="measure"))
            at += 2 if self.clauses.kind(at + 1) == "conjunction" else len(self.chunks)
        return parts

    def _figure(self, place: int) -> int | None:
        """Where the figure stands behind "accounted for", "made up" and the like."""
        at = self.clauses.skip_adverbs(place + 1)
        while self.clauses.kind(at) == "auxiliary":
            at = self.clauses.skip_adverbs(at + 1)
        word = self.clauses.word(at)
        if word in _WHOLLY:
            return at + 1
        return at + 2 if word in _MAKES and self.clauses.word(at + 1) == _BEHIND.get(word, "up") else None

    def _of_whom(self, at: int, figure: NounPhrase) -> Measure | None:
        """Of whom the figure is one: "of those killed", "of the dead"."""
        if figure.whole is not None and isinstance(figure.whole.measure, Measure):
            return figure.whole.measure
        for place in range(at + 1, min(at + 1 + _OF, len(self.chunks))):
            verb = self.chunks[place].verb
            if verb is not None:
                self.taken.add(place)
                return verb.measure
            if self.clauses.kind(place) not in ("preposition", "word", "noun") or self.clauses.word(at + 1) != "of":
                return None
        return None

    def _share(self, at: int) -> None:
        """Keep the group of a share off the whole that it is one of ("children were 70 percent of the 2,310 dead")."""
        for place in range(at, min(at + 2 * _OF, len(self.chunks))):
            whole = self.chunks[place].noun
            if whole is not None and whole.quantity is not None and whole.sort == "none" and self.clauses.word(place - 1) == "of":
                whole.grouped = self.parsed.reason(ALL, whole.first, whole.last)
                return
            if self.chunks[place].verb is not None and self.clauses.word(place - 1) in ("those", "the"):
                self.taken.add(place)
                return
