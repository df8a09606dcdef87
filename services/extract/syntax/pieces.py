"""The pieces of a sentence: noun phrases, verb groups that tell a measure, and the small words between them."""

from __future__ import annotations

from dataclasses import dataclass, field

from schemas import Measure

from ..numbers.quantity import Quantity
from ..text.reasons import Reason
from ..text.tokens import Token
from .nouns import NounPhrase


@dataclass(slots=True)
class VerbGroup:
    """A verb that tells a measure, with what stands before it."""

    lemma: str
    measure: Measure
    transitive: bool
    harm: bool
    form: str
    auxiliaries: tuple[str, ...] = ()
    """Auxiliaries, modals, negations and adverbs before the verb."""
    passive: bool | None = None
    """None where only its surroundings can tell."""
    to: bool = False
    """Whether it is an infinitive."""


@dataclass(slots=True)
class Chunk:
    """One piece of a sentence; `first` and `last` are tokens, both within it."""

    kind: str
    """`noun`, `verb`, `preposition`, `conjunction`, `comma`, `break` (dash, semicolon, colon), `open`, `close`,
    `subordinator`, `relative`, `possessive`, `auxiliary` or `word`."""
    first: int
    last: int
    noun: NounPhrase | None = None
    verb: VerbGroup | None = None


@dataclass(slots=True)
class Parsed:
    """A sentence, cut."""

    tokens: list[Token]
    quantities: list[Quantity]
    chunks: list[Chunk] = field(default_factory=list)
    said: str = ""
    """All its words in lower case, with one blank between."""
    heading: bool = False
    """Whether it is a headline, which joins with commas and leaves articles out."""
    item: bool = False
    """Whether it is an item of a list that another sentence introduces."""
    part: str = "text"
    """The part of the article in which its tokens stand: `text` or `title`."""

    def reason(self, because: str, first: int, last: int) -> Reason:
        """A reason that went by the words from one token to another."""
        return Reason(because, self.tokens[first].start, self.tokens[last].end, self.part)

    def lows(self, chunk: Chunk) -> tuple[str, ...]:
        """The words of a chunk in lower case."""
        return tuple(t.low for t in self.tokens[chunk.first : chunk.last + 1])
