"""A mention: one measure said of one noun phrase, with the words that say it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from schemas import Measure

from ..syntax.nouns import NounPhrase
from ..syntax.pieces import Chunk, VerbGroup


@dataclass(slots=True)
class Mention:
    """One measure said of one noun phrase."""

    measure: Measure
    noun: NounPhrase
    trigger: Chunk
    """The chunk that tells the measure."""
    via: str
    """`verb`, `nominal`, `counted`, `state`, `deed`, `toll`, `change`, `remaining`, `attributive`, `compared` or `part`."""
    place: int
    """Index of the trigger among the chunks."""
    agent: NounPhrase | None = None
    """Who did it, as the words show."""
    part_of: Mention | None = None
    """The mention whose noun phrase this is a part of."""
    harm: bool = False
    """An injury only as long as no death is told of the same people."""
    placed: bool = False
    """Whether it and those beside it share a verb and differ in their place ("57 in Iraq and 32 in Syria")."""
    includes: bool = False
    """Whether it is a total of what was told before it as well ("bringing the toll to 45")."""
    word: tuple[int, int] | None = None
    """First and last token of the words that say which measure it is, where the trigger does not ("the number of people killed")."""
    joint: tuple[int, int] | None = None
    """First and last token of the words that make it a part ("including", "among them")."""
    shares: str = ""
    """Of whom it is a part that another sentence tells: `last` are those told of last, whose measure it takes; `measure` those told of by its own; `sum` those of `total`."""
    sharer: tuple[int, int] | None = None
    """First and last token of the name of the place or the doer whose share it is ("Hama 71 and Raqqa 44")."""
    total: tuple[int, int] | None = None
    """Of what it is a part where `shares` is `sum`: how many they are, and in which sentence."""
    month: int | None = None
    """The month that it is the figure of, where a list of months gives it."""
    siblings: list[Mention] = field(default_factory=list)
    """Others counted by the same trigger."""

    def part(self, noun: NounPhrase, *, joint: tuple[int, int] | None = None, harm: bool | None = None) -> Mention:
        """The same said of some of its people, as a part of it; `joint` are the words that make it one."""
        return replace(
            self,
            noun=noun,
            via="part",
            part_of=self,
            placed=False,
            includes=False,
            harm=self.harm if harm is None else harm,
            joint=joint or self.joint,
            siblings=[],
        )

    @property
    def verb(self) -> VerbGroup | None:
        """The verb, where a verb tells it."""
        return self.trigger.verb
