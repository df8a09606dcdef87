"""Of whom a part is one that its own sentence does not count: "Of these, 40 were in Est", an item of a list, "15 of the 145 were women"."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.vocabulary import OF_DEEDS

from ..frames.mentions import Mention
from .tallies import Tally

POINTS = 2
"""Sentences back that "of these" points."""

NAMES = 8
"""Sentences back that "of the 145" and "of the dead" point."""


def whole_of(mention: Mention, tallies: Sequence[Tally], sentence: int, lead: int | None, before: int | None = None) -> Tally | None:
    """The count that a part is of; None where there is none, or more than one that it may be.

    `lead` is the sentence that introduces the list in which it stands, `before` the character before which its bracket opens.
    """
    if mention.total is not None:
        return next((t for t in tallies if t.measure is mention.measure and (t.value, t.sentence) == mention.total), None)
    told = [t for t in tallies if _may_be_divided(t) and t.sentence <= sentence]
    value = mention.noun.quantity.value if mention.noun.quantity is not None else 1
    whole = mention.noun.whole
    stated = whole.quantity.value if whole is not None and whole.quantity is not None else None
    if lead is not None and mention.shares == "last":
        told = [t for t in told if lead in (t.sentence, t.last_sentence)]
        people = [t for t in told if t.measure not in OF_DEEDS and t.value >= value]
        if before is not None:
            return max((t for t in people if t.evidence[0].start < before), key=lambda t: t.evidence[0].start, default=None)
        return people[-1] if len({t.measure for t in people}) == 1 else None
    if mention.shares == "measure":
        near = (t for t in reversed(told) if t.measure is mention.measure and sentence - t.last_sentence <= NAMES)
        fitting = (t for t in near if t.value >= value and stated in (None, t.value))
        return next(fitting, None)
    if stated is not None:
        named = [t for t in told if t.value == stated > value and sentence - t.last_sentence <= NAMES]
        return named[-1] if len({t.measure for t in named}) == 1 else None
    if mention.shares == "last" and whole is None and (divided := _divided_before(tallies, sentence, value)) is not None:
        return divided
    newest = max((t.last_sentence for t in told), default=-1)
    last = [t for t in told if t.last_sentence == newest and sentence - newest <= POINTS]
    if len({t.measure for t in last}) != 1 or last[-1].value < value or (last[-1].measure in OF_DEEDS and mention.noun.sort == "person"):
        return None
    if mention.noun.sort == "deed" and last[-1].measure not in OF_DEEDS:
        return None
    return last[-1]


def _divided_before(tallies: Sequence[Tally], sentence: int, value: int) -> Tally | None:
    """What the sentence before divides, and others' shares of which are told on ("The rebels caused 40 of the 90 deaths. The army was responsible for 30.")."""
    parts = [t for t in tallies if t.last_sentence == sentence - 1 and t.parent is not None and t.told.mention.noun.whole is not None]
    whole = parts[0].parent if parts else None
    return whole if whole is not None and whole.value >= value and all(t.measure is whole.measure for t in parts) else None


def _may_be_divided(tally: Tally) -> bool:
    """Whether a count is of several, told as having happened, in the body of the text, and no part itself."""
    counted = tally.noun.quantity is not None and not tally.vague and tally.value > 1
    return counted and tally.real and tally.parent is None and not tally.in_title
