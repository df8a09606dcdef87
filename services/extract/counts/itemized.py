"""Counts of the items of a list as parts of what its introduction counts: "conducted eight strikes in Syria:", "* Near Raqqa, two strikes ..."."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..text.reasons import Reason
from .tallies import Tally

LISTED = Reason("an item of the list that a count introduces")
OF_LISTS = Reason("counts of lists that add up to it")
BACK = 12
"""Sentences back to what the counts of several lists add up to."""


def put_under_leads(tallies: Sequence[Tally], leads: Mapping[int, int]) -> None:
    """Put the first count of each item under that of its list, and those of lists under what they add up to; `leads` by the items' sentences."""
    wholes: list[Tally] = []
    for lead in sorted(set(leads.values())):
        numbers = [number for number, before in leads.items() if before == lead]
        for whole in [t for t in tallies if t.sentence == lead and _is_whole(t)]:
            items = [first for number in numbers if (first := _first(tallies, number, whole)) is not None]
            if len(items) > 1 and sum(t.value for t in items) == whole.value:
                wholes.append(whole)
                for item in items:
                    item.put_under(whole, LISTED)
    for measure in {t.measure for t in wholes}:
        lists = [t for t in wholes if t.measure is measure and t.parent is None]
        if len(lists) < 2:
            continue
        total, begins = sum(t.value for t in lists), lists[0].sentence
        above = [t for t in tallies if _is_whole(t) and t.measure is measure and t.value == total and t.sentence < begins]
        if above and begins - above[-1].last_sentence <= BACK:
            for part in lists:
                part.put_under(above[-1], OF_LISTS)


def _is_whole(tally: Tally) -> bool:
    return tally.real and not tally.status.background and tally.parent is None and tally.noun.quantity is not None and not tally.vague


def _first(tallies: Sequence[Tally], number: int, whole: Tally) -> Tally | None:
    """The first count of the same measure that an item tells, where it is no part of anything else."""
    own = [t for t in tallies if t.sentence == number and t.measure is whole.measure and t.real and t.noun.quantity is not None]
    return own[0] if own and own[0].parent in (None, whole) and own[0].value < whole.value else None
