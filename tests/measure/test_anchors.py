"""Whom a clue can mean is asked of few, and is what asking all would say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import Place
from services.measure import anchors, places
from services.measure.anchors import INDEXED, Anchor, Day, firm
from services.measure.entries import Entry, mark_of
from services.measure.places import same
from services.measure.sightings import Sheet, Sighting

from .books import day, entry

MANY = 400


def seen(entries: Iterable[Entry]) -> list[Sighting]:
    return [Sighting(one, mark_of(one.row)) for one in entries]


def somewhere(chance: Random, number: int) -> dict[str, Any]:
    """A place of any precision, often near others, at the poles and at the edge of the map too, known by a number or not."""
    lat, lon = chance.choice([(34.0, 40.0), (0.0, 0.0), (89.97, 10.0), (-89.2, -170.0), (51.0, 179.99), (51.0, -179.99)])
    located = chance.random() < 0.8
    return {
        "name": f"p{chance.randrange(8)}",
        "country": chance.choice(["SY", "SY", "SY", "IQ"]),
        "admin1": chance.choice([None, "SY-DY", "SY-HM"]),
        "lat": max(-90.0, min(90.0, lat + chance.choice([0, 0.02, 0.045, 0.09]))) if located else None,
        "lon": max(-180.0, min(180.0, lon + chance.choice([0, 0.03, 0.06, 5]))) if located else None,
        "precision": chance.choice(["site"] * 6 + ["area"] * 4 + ["admin1", "region", "country"]),
        "geonames": chance.choice([None, number, number % 5]),
    }


def clues(chance: Random, count: int) -> list[Sighting]:
    return seen(
        entry(
            f"c{number}",
            3,
            when=day(0),
            places=[somewhere(chance, number)] if number % 9 else [],
            side=chance.choice([None, "isis", "army"]),
        )
        for number in range(count)
    )


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 3 * INDEXED))
def test_whom_a_clue_can_mean_is_found_as_if_all_were_asked(seed: int, count: int) -> None:
    chance = Random(seed)
    found = Day(
        Anchor(s.day, s.place, s.party, firm=True, nth=1, sightings=[s], placed=s.mark) for s in clues(chance, count) if s.place is not None
    )
    for clue in clues(chance, 20):
        assert found.meant_by(clue) == [anchor for anchor in found.anchors if clue.can_mean(anchor)]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 40))
def test_clues_of_a_step_go_to_the_first_whose_place_fits(seed: int, count: int) -> None:
    told = list({clue.spot[0]: clue for clue in clues(Random(seed), count) if clue.place is not None and clue.step[1] == 0}.values())
    leaders, groups = anchors._Leaders(), _first_fitting(told)
    for clue in told:
        leaders.take([clue])
    assert leaders.groups == groups


def _first_fitting(told: Sequence[Sighting]) -> list[list[Sighting]]:
    groups: list[list[Sighting]] = []
    for clue in told:
        assert clue.place is not None
        fitting = (group for group in groups if group[0].place is not None and same(group[0].place, clue.place))
        if (group := next(fitting, None)) is not None:
            group.append(clue)
        else:
            groups.append([clue])
    return groups


def _spread(kind: str) -> Iterator[dict[str, Any]]:
    for number in range(MANY):
        of: dict[str, Any] = {
            "name": f"t{number}",
            "country": "SY",
            "admin1": None,
            "lat": None,
            "lon": None,
            "precision": "site",
            "geonames": None,
        }
        if kind == "of one latitude":
            of |= {"lat": 33.0, "lon": -170 + 340 * number / MANY, "geonames": number}
        elif kind == "provinces without a code":
            of |= {"precision": "admin1"}
        yield of


@pytest.mark.parametrize("kind", ["without coordinates", "of one latitude", "provinces without a code"])
def test_of_many_places_each_is_held_against_few(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 0

    def counted(one: Place, other: Place) -> bool:
        nonlocal asked
        asked += 1
        return same(one, other)

    for module in (places, anchors):
        monkeypatch.setattr(module, "same", counted)
    found = firm(Sheet(seen(entry(f"c{number}", 3, when=day(0), places=[of]) for number, of in enumerate(_spread(kind)))))
    assert len(found.anchors) == MANY
    assert asked < 3 * MANY


@pytest.mark.parametrize("figures", [(0, 1), (0, 2), (1, 2, 3), (0, 1, 100), tuple(range(30))])
def test_of_incidents_that_an_article_tells_apart_each_has_a_claim(figures: tuple[int, ...]) -> None:
    """Also where it says that in one of them nobody was killed."""
    told = [entry(f"c{value}", value, when=day(0), places=["Hama"], article="a", event=str(value)) for value in figures]
    found = firm(Sheet(seen(told)))
    assert sorted(anchor.sightings[0].value for anchor in found.anchors) == list(figures)


def test_a_claim_goes_to_the_figure_that_is_nearest_by_how_many_times_and_to_none_that_is_not_alike() -> None:
    of = {"when": day(0), "places": ["Hama"]}
    told = [entry(f"a{value}", value, article="a", event=str(value), **of) for value in (100, 10)]
    told += [entry(f"b{value}", value, article=f"b{value}", **of) for value in (60, 30, 19, 5, 4)]
    found = firm(Sheet(seen(told)))
    assert [sorted(s.value for s in anchor.sightings) for anchor in found.anchors] == [[60, 100], [5, 10, 19]]
