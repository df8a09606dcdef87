"""A sentence, or what stood in its brackets, with all that is known of it before it is read."""

from __future__ import annotations

from dataclasses import dataclass

from ..syntax.pieces import Parsed
from ..text.sentences import Sentence
from ..who.actors import ActorMention
from .breakdowns import Run
from .kinds import Signs


@dataclass(frozen=True, slots=True)
class Part:
    """A sentence, where it stands and what stands in it."""

    number: int
    field: str
    sentence: Sentence
    parsed: Parsed
    actors: list[ActorMention]
    aside: bool = False
    """Whether it stood in brackets."""
    share: bool = False
    """Whether that bracket gives the figures of a share ("the majority, 2,814 (701 killed ...)")."""
    signs: Signs = frozenset()
    """What its words tell that it is about."""
    lead: int | None = None
    """Number of the sentence that introduces the list in which it is an item."""
    runs: tuple[Run, ...] = ()
    """Its figures that add up to totals told before."""

    @property
    def in_title(self) -> bool:
        """Whether it is the title or a heading: such are read last, and repeat or sum up the body."""
        return self.field == "title" or self.sentence.heading
