"""What is a part of what is decided by incidents of few days around."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from services.measure.entries import mark_of
from services.measure.incidents import NOBODY, Incident
from services.measure.parts import NEXT_TO, facts_of_wholes
from services.measure.sightings import Sighting

from .books import day, entry
from .newsroom import place


def incidents(chance: Random, count: int) -> list[Incident]:
    """Incidents with one claim each, that name the claims of others as their wholes."""
    told = []
    for number in range(count):
        when, group = chance.randrange(8), chance.choice(["people", "civilians", "children"])
        claim = entry(
            f"c{number}",
            chance.choice([2, 3, 7]),
            when=day(when),
            places=["Hama"],
            group=group,
            parent=chance.choice([None, f"c{chance.randrange(count)}"]),
        )
        seen = Sighting(claim, mark_of(claim.row))
        told.append(
            Incident(group, date.fromisoformat(day(when)), place("Hama"), (None, None), True, number + 1, [seen], seen.mark, NOBODY)
        )
    return told


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 25))
def test_a_whole_is_the_same_whatever_is_told_of_other_days(seed: int, count: int) -> None:
    told = incidents(Random(seed), count)
    wholes = facts_of_wholes(told)
    for on in {one.day for one in told}:
        around = [one for one in told if abs(one.day - on) <= timedelta(days=NEXT_TO)]
        near = facts_of_wholes(around)
        for part in around:
            if part.day == on:
                assert near.get(part.fact) == wholes.get(part.fact)
