"""What became of those told of before: "64 were abducted, of whom 41 have been freed", "42 escaped; of these, 28 have been recaptured"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from schemas import Measure

from ..text.reasons import Reason
from .tallies import Tally

BACK = 1
"""Sentences back to those of whom it is told."""

OPENING = 9
"""Words of "of the 19 prisoners who escaped" before the comma."""

_FATES = {
    Measure.ABDUCTED: {Measure.RELEASED, Measure.ESCAPED, Measure.KILLED, Measure.MISSING, Measure.HELD},
    Measure.DETAINED: {Measure.RELEASED, Measure.ESCAPED, Measure.HELD},
    Measure.ESCAPED: {Measure.DETAINED, Measure.KILLED, Measure.MISSING},
    Measure.DISPLACED: {Measure.REPATRIATED},
    Measure.MISSING: {Measure.KILLED, Measure.RELEASED},
    Measure.NEUTRALIZED: {Measure.KILLED, Measure.DETAINED, Measure.SURRENDERED, Measure.INJURED},
}
"""What may become of people of whom a measure is told."""
_SURE = {
    Measure.ABDUCTED: {Measure.RELEASED, Measure.ESCAPED},
    Measure.DETAINED: {Measure.RELEASED},
    Measure.ESCAPED: {Measure.DETAINED},
    Measure.DISPLACED: {Measure.REPATRIATED},
}
"""The same where only a bare number points at them ("Eleven escaped the same night")."""
_OF_WHOM = re.compile(r"(?:^|[,;:(] ?)(?:\w+ )?of (?:whom|which)(?: only| just| about| some| another)?$")
_OPENS = re.compile(rf"of (?:these|those|them|the|all|[\w,-]+)\b(?: [\w’'-]+){{0,{OPENING}}} ,")
_BREAKS = frozenset({";", ".", ":"})


def put_under_whom(tallies: Sequence[Tally]) -> None:
    """Put what became of people under the count that tells of them."""
    for place, fate in enumerate(tallies):
        if fate.parent is None and fate.real and fate.value and not fate.in_title and not fate.noun.additive:
            whole = _whole(fate, tallies[:place]) or _neutralized(fate, tallies)
            if whole is not None:
                fate.put_under(whole, Reason("what became of those told of before"))


def _neutralized(fate: Tally, tallies: Sequence[Tally]) -> Tally | None:
    """Those neutralized of whom the same sentence says to the last what that was ("15 were neutralised: nine were killed, six captured")."""
    beside = [t for t in tallies if t.sentence == fate.sentence and t.real and not t.in_title and t.noun.quantity is not None]
    whole = next((t for t in beside if t.measure is Measure.NEUTRALIZED and t.noun.first < fate.noun.first), None)
    if whole is None or fate.measure not in _FATES[Measure.NEUTRALIZED]:
        return None
    fates = [
        t for t in beside if t.measure in _FATES[Measure.NEUTRALIZED] and t.parent in (None, whole) and t.noun.first > whole.noun.first
    ]
    return whole if len(fates) > 1 and sum(t.value for t in fates) == whole.value else None


def _whole(fate: Tally, before: Sequence[Tally]) -> Tally | None:
    """Those of whom it tells what became of some; None where its words do not say so, or nobody is told of of whom it may be said."""
    if fate.noun.sort != "none" or fate.noun.quantity is None:
        return None
    said = [t.low for t in fate.told.tokens[: fate.noun.first]]
    after = max((i + 1 for i, low in enumerate(said) if low in _BREAKS), default=0)
    clause = " ".join(said[after:])
    of_whom = _OF_WHOM.search(" ".join(said)) is not None
    opened = _OPENS.match(clause) is not None
    fates = _FATES if of_whom or opened else _SURE if not clause else {}
    near = [
        t
        for t in before
        if fates and t.real and t.noun.quantity is not None and not t.in_title and 0 <= fate.sentence - t.last_sentence <= BACK
    ]
    if of_whom:
        near = [t for t in near if t.sentence == fate.sentence]
    fitting = [t for t in near if fate.measure in fates.get(t.measure, ()) and t.value >= fate.value]
    return fitting[-1] if len({id(t) for t in fitting if t.parent is None or t.parent not in fitting}) == 1 else None
