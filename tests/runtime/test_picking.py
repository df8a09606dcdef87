"""What a person means by the beginning of an id is one thing, or it is said that it is not."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from services.runtime.known import Known
from services.runtime.picking import NotOne, Picking, pick


@dataclass(frozen=True)
class Thing:
    id: str


THINGS = [Thing("abc"), Thing("abd"), Thing("xyz")]


def test_things_are_picked_by_the_beginning_of_their_ids() -> None:
    assert pick(THINGS, ["x", "abd"], "things") == [Thing("abd"), Thing("xyz")]


@pytest.mark.parametrize(("beginning", "said"), [("ab", "several things"), ("q", "no things"), ("", "several things")])
def test_what_fits_none_or_several_is_refused(beginning: str, said: str) -> None:
    with pytest.raises(NotOne, match=f"{said} have an id that begins with '{beginning}'"):
        pick(THINGS, [beginning], "things")


def test_one_that_comes_again_is_still_one() -> None:
    picking = Picking(["abc"])
    assert [picking.takes(identity) for identity in ("abc", "abd", "abc")] == [True, False, True]
    picking.check("things")


def test_a_known_id_is_known_however_many_there_are() -> None:
    with Known() as known:
        assert all(known.add(f"id-{number}") for number in range(20_000))
        assert not known.add("id-7")
        assert "id-19999" in known
        assert "id-20000" not in known
