"""Counts told as labels with their figures: "Killed: 4", "Civilians killed: 150", "Fatalities 23, injuries 40"."""

from __future__ import annotations

from collections.abc import Iterator

from schemas import Group, Measure

from ..syntax.clauses import Clauses
from ..syntax.nouns import NounPhrase
from ..syntax.pieces import Chunk, Parsed
from ..syntax.rows import PEOPLE_LIKE
from ..words.lexicon import Lexicon
from .mentions import Mention

_MARKS = frozenset({":", "=", "-", "–", "—"})
"""What may stand between a label and its figure."""
_ENDS = frozenset({",", ";", ".", "/", "|", "", "-", "–", "—", "•", "*", "·", ")"})
"""What stands before a label, and behind a figure whose label has no mark, else "killed 4 soldiers" were one."""
LONGEST = 12
"""Chunks of a label ("Number of civilians killed in July")."""


class Labels:
    """Finds the labelled counts of one sentence; places are indices of chunks."""

    def __init__(self, parsed: Parsed, clauses: Clauses, lexicon: Lexicon) -> None:
        self.parsed = parsed
        self.chunks = parsed.chunks
        self.clauses = clauses
        self.lexicon = lexicon
        self.taken: set[int] = set()
        """Places of labels and their figures, which tell nothing else."""
        self._found: dict[int, list[Mention]] = {}
        if ":" in parsed.said or "=" in parsed.said:
            for place in range(len(self.chunks)):
                if self.clauses.word(place) in (":", "="):
                    self._read(place)

    def at(self, place: int, chunk: Chunk) -> list[Mention]:
        """What a label whose measure stands at a place counts."""
        if place in self.taken:
            return self._found.get(place, [])
        measure = self._measure(chunk)
        if measure is None or self.clauses.word(place - 1) not in _ENDS:
            return []
        marked = self.clauses.word(place + 1) in _MARKS
        counted = self._figures(place + (2 if marked else 1))
        if not counted or not (marked or self._ends(counted[-1])):
            return []
        return [Mention(measure, noun, chunk, "counted", place) for noun in counted]

    def _read(self, mark: int) -> None:
        """Read the label that a colon ends, where it has one measure and figures behind it."""
        label = list(self._label(mark))
        if any((n := self.chunks[i].noun) is not None and n.sort == "thing" for i in label):
            return  # "Weapons seized: 3 rifles"
        told = [(place, measure) for place in label if (measure := self._told(self.chunks[place])) is not None]
        figures = self._figures(mark + 1)
        if len({measure for _, measure in told}) != 1 or not figures or self._befalls(figures[-1]):
            return
        place, measure = told[0]
        who = (self.chunks[i].noun for i in label if self.clauses.word(i - 1) != "by")  # "Killed by rebels: 40"
        group = next((n.group for n in who if n is not None and n.group is not Group.PEOPLE), None)
        for noun in figures:
            if group is not None and noun.sort == "none":
                noun.regroup(group, self.parsed.reason("as its label says", self.chunks[label[-1]].first, self.chunks[label[0]].last))
        self._found[place] = [Mention(measure, noun, self.chunks[place], "counted", place) for noun in figures]
        last = next(i for i, c in enumerate(self.chunks) if c.noun is figures[-1])
        self.taken |= set(range(label[-1], last + 1))

    def _label(self, mark: int) -> Iterator[int]:
        """The places of a label, from its colon to its beginning; none where it is no label."""
        places = []
        for place in range(mark - 1, max(-1, mark - 1 - LONGEST), -1):
            if self.clauses.word(place) in _ENDS:
                break
            so_far = (self.clauses.word(place), self.clauses.word(place + 1)) == ("so", "far")
            if self.chunks[place].kind in ("break", "subordinator", "relative", "auxiliary") and not so_far:
                return
            noun = self.chunks[place].noun
            if noun is not None and noun.quantity is not None and noun.sort in PEOPLE_LIKE:
                return
            places.append(place)
        yield from places

    def _told(self, chunk: Chunk) -> Measure | None:
        """What a chunk of a label tells: a participle, a predicate, or a plural noun of a measure."""
        if chunk.verb is not None:
            return chunk.verb.measure if chunk.verb.form in ("past", "participle", "adjective") and not chunk.verb.auxiliaries else None
        noun = chunk.noun
        if noun is not None and noun.quantity is None and isinstance(noun.measure, Measure) and noun.plural:
            return noun.measure
        entry = self.lexicon[self.parsed.tokens[chunk.last].low]
        counted = (entry.counted or entry.deed or entry.state) if not entry.singular or entry.state else None
        return counted if isinstance(counted, Measure) and chunk.kind == "word" else None

    def _befalls(self, noun: NounPhrase) -> bool:
        """Whether a verb says what befell the people of a figure, so that it is no label's ("Attacks: 12 killed")."""
        at = next(i for i, c in enumerate(self.chunks) if c.noun is noun)
        return self.clauses.verb_follows(at)

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
            while self.clauses.is_capital(place + 1):
                place += 1
            if self.clauses.kind(place + 1) not in ("comma", "conjunction") and self.clauses.word(place + 1) != ";":
                break
            place += 2
        return found

    def _ends(self, noun: NounPhrase) -> bool:
        behind = noun.last + 1
        return noun.sort == "none" and (behind >= len(self.parsed.tokens) or self.parsed.tokens[behind].low in _ENDS)
