"""Lists whose items add up to what introduces them."""

from __future__ import annotations

import pytest

from tests.extract.readings import read


@pytest.mark.parametrize(
    ("text", "parents"),
    [
        (
            (
                "On 14 April aircraft flew 15 strikes against the rebels.\n\nPilots flew five strikes in the north:\n\n"
                "* Near Raqqa, three strikes hit a store.\n\n* Near Homs, two strikes hit three bunkers.\n\n"
                "Pilots flew ten strikes in the south:\n\n* At Daraa, six strikes hit 11 lorries.\n\n* At Bosra, four strikes hit a tank."
            ),
            {5: 15, 10: 15, 2: 5, 4: 10},
        ),
        (
            "Troops carried out 12 operations in March:\n\n- In Anbar, seven operations led to 15 arrests.\n\n- In Diyala, five operations found weapons.",
            {7: 12, 5: 12},
        ),
        (
            "Troops carried out 12 operations in March:\n\n- In Anbar, seven operations found caves.\n\n- In Diyala, nine operations found weapons.",
            {9: None},
        ),
    ],
)
def test_items_that_add_up_are_parts_of_what_introduces_them(text: str, parents: dict[int, int | None]) -> None:
    told = {t.count.id: t.count for t in read(text)}
    found = {c.value: told[c.parent].value for c in told.values() if c.parent is not None}
    assert {value: found.get(value) for value in parents} == parents


def test_a_part_has_the_day_of_its_whole() -> None:
    text = "On 14 April troops carried out 12 raids:\n\n- In Anbar, seven raids found caves.\n\n- In Diyala, five raids found weapons."
    assert {str(t.period.start) for t in read(text) if t.period is not None} == {"2024-04-14"}
