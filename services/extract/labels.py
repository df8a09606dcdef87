"""Counts told as labels with their figures: "Killed: 4", "Dead: 5 civilians, 2 police", "Fatalities 23, injuries 40"."""

from __future__ import annotations

from schemas import Measure

from .chunks import Chunk, Parsed
from .clauses import Clauses
from .lexicon import Lexicon
from .mentions import Mention
from .nouns import NounPhrase
from .rows import PEOPLE_LIKE

_MARKS = frozenset({":", "=", "-", "–", "—"})
"""What may stand between a label and its figure."""
_ENDS = frozenset({",", ";", ".", "/", "|", ""})
"""What stands behind a figure whose label has no such mark, else "killed 4 soldiers" were one."""


class Labels:
    """Finds the labelled counts of one sentence; places are indices of chunks."""

    def __init__(self, parsed: Parsed, clauses: Clauses, lexicon: Lexicon) -> None:
        self.parsed = parsed
        self.chunks = parsed.chunks
        self.clauses = clauses
        self.lexicon = lexicon

    def at(self, place: int, chunk: Chunk) -> list[Mention]:
        """What a label at a place counts."""
        measure = self._measure(chunk)
        if measure is None or self.clauses.word(place - 1) not in _ENDS:
            return []
        marked = self.clauses.word(place + 1) in _MARKS
        counted = self._figures(place + (2 if marked else 1))
        if not counted or not (marked or self._ends(counted[-1])):
            return []
        return [Mention(measure, noun, chunk, "counted", place) for noun in counted]

    def _measure(self, chunk: Chunk) -> Measure | None:
        if chunk.first != chunk.last:
            return None
        entry = self.lexicon[self.parsed.tokens[chunk.first].low]
        verb = entry.verb.measure if entry.verb is not None and entry.verb.form in ("past", "participle") else None
        told = verb or entry.predicate or entry.counted or entry.state
        return told if isinstance(told, Measure) else None

    def _figures(self, place: int) -> list[NounPhrase]:
        """The numbers behind a label, with or without their nouns."""
        found: list[NounPhrase] = []
        while place < len(self.chunks):
            noun = self.chunks[place].noun
            if noun is None or noun.quantity is None or noun.sort not in PEOPLE_LIKE or noun.whole is not None:
                break
            found.append(noun)
            if self.clauses.kind(place + 1) not in ("comma", "conjunction"):
                break
            place += 2
        return found

    def _ends(self, noun: NounPhrase) -> bool:
        behind = noun.last + 1
        return noun.sort == "none" and (behind >= len(self.parsed.tokens) or self.parsed.tokens[behind].low in _ENDS)
