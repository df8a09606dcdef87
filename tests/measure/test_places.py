"""Where a figure belongs: the narrowest place, the book of its country, and what lies in what."""

from __future__ import annotations

import pytest

from schemas import Kind, Measure, Place, PlacePrecision, Scope
from services.measure.books import book_of
from services.measure.places import contains, narrowed, narrowest, place_id, same

from .newsroom import place


def test_the_narrowest_place_is_where_it_happened() -> None:
    found = narrowest([place("Syria"), place("Deir ez-Zor"), place("Hajin")])
    assert found is not None
    assert found.name == "Hajin"
    assert narrowest([]) is None


def test_places_that_only_say_in_what_others_lie_are_left_out() -> None:
    assert [p.name for p in narrowed([place("Hajin"), place("Deir ez-Zor"), place("Syria"), place("Iraq")])] == ["Hajin", "Iraq"]


@pytest.mark.parametrize(
    ("names", "scope", "kind", "book"),
    [
        (["Syria", "Hajin"], Scope.INCIDENT, Kind.FLOW, "killed:SY"),
        (["Iraq", "Hajin"], Scope.INCIDENT, Kind.FLOW, "killed:SY"),
        (["Syria", "Iraq"], Scope.PERIOD, Kind.FLOW, "killed:IQ+SY"),
        (["Syria", "Iraq"], Scope.INCIDENT, Kind.STOCK, "killed:IQ+SY"),
        ([], Scope.INCIDENT, Kind.FLOW, "killed:ZZ"),
        (["the Sahel"], Scope.CAMPAIGN, Kind.CUMULATIVE, "killed:ZZ"),
        (["the Sahel", "Mali"], Scope.INCIDENT, Kind.FLOW, "killed:ML"),
    ],
)
def test_the_book_is_the_measure_and_where(names: list[str], scope: Scope, kind: Kind, book: str) -> None:
    assert book_of(Measure.KILLED, kind, scope, [place(name) for name in names]) == book


def test_what_lies_in_what() -> None:
    assert contains(place("Syria"), place("Hajin"))
    assert contains(place("Deir ez-Zor"), place("Hajin"))
    assert contains(place("eastern Syria"), place("Hajin"))
    assert contains(place("near Hajin"), place("Hajin"))
    assert not contains(place("Deir ez-Zor"), place("Hama"))
    assert not contains(place("Iraq"), place("Hajin"))
    assert not contains(place("Hama province"), place("Deir ez-Zor"))
    assert same(place("Hajin"), place("Syria"))
    assert not same(place("Hajin"), place("Shafah"))


def test_a_place_without_code_or_number_is_known_by_its_name() -> None:
    assert place_id(Place(name="Old | Mill, north", country="SY", precision=PlacePrecision.SITE)) == "old%20%7C%20mill%2C%20north.SY"


def test_places_on_both_sides_of_a_border_are_never_near() -> None:
    here = Place(name="x", country="SY", lat=34.0, lon=40.0, precision=PlacePrecision.SITE)
    there = Place(name="y", country="IQ", lat=34.0, lon=40.0, precision=PlacePrecision.SITE)
    assert not same(here, there)
