"""Who is subject and who is object, where things, bodies and clauses stand beside people."""

from __future__ import annotations

import pytest

from tests.extract.readings import read


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("Government fighters captured a hilltop outside the town on Monday.", []),
        ("Rebels of the northern front captured the airstrip, killing four soldiers.", [("killed", 4)]),
        ("Three men captured a week earlier were freed.", [("detained", 3), ("released", 3)]),
        ("Ten fighters captured the day before were shown to reporters.", [("detained", 10)]),
    ],
)
def test_a_captured_place_detains_nobody(text: str, tells: list[tuple[str, int]]) -> None:
    assert [(t.count.measure, t.count.value) for t in read(text)] == tells


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Three fighters of the movement who had left their base in the hills surrendered to the army.", 3),
        ("Five members of an armed group who had hidden in the forest near Deir ez-Zor gave themselves up on Monday.", 5),
        ("The brother of a commander who had fled to the hills surrendered on Monday.", 1),
    ],
)
def test_who_behind_a_body_is_said_of_its_people(text: str, value: int) -> None:
    assert [t.count.value for t in read(text) if t.count.measure == "surrendered"] == [value]
