"""Parts of counts that another sentence, a row or a clause tells; a figure of something else is none."""

from __future__ import annotations

import pytest

from tests.extract.readings import read


def _told(text: str) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """The figures of their own, and the parts."""
    told = read(text)
    return (
        [(str(t.count.measure), t.count.value) for t in told if t.count.parent is None],
        [(str(t.count.measure), t.count.value) for t in told if t.count.parent is not None],
    )


@pytest.mark.parametrize(
    ("text", "whole", "parts"),
    [
        ("Rebels mounted 71 attacks in March.\n\n• Idlib: 29\n• Hama: 23\n• Homs: 17\n• Daraa: 2", ("attacks", 71), [29, 23, 17, 2]),
        (
            "In 2023 the war cost 1,712 lives.\n\nKilled by the state: 812\nKilled by rebels: 846\nBy others: 54",
            ("killed", 1712),
            [812, 846, 54],
        ),
        ("Forty-two fighters, 29 of them in Iraq and 13 in Syria, were killed in the past week.", ("killed", 42), [29, 13]),
        ("Nine villagers, six of them near Kirkuk, were abducted on Monday.", ("abducted", 9), [6]),
        ("The gang made 97 attacks in March, 15 of which failed.", ("attacks", 97), [15]),
        ("The group carried out 214 attacks in 2023. Thirty-eight of them hit convoys.", ("attacks", 214), [38]),
        ("Aircraft flew 60 strikes in March. Eleven of these ended in failure.", ("strikes", 60), [11]),
        ("On Sunday 14 guerrillas gave themselves up. Three of them are under 18.", ("surrendered", 14), [3]),
        ("Violence took 3,940 lives in 2023. Civilians were 1,470 of the 3,940.", ("killed", 3940), [1470]),
        ("Mines killed 98 people in 2023. Farmers made up 40 of the 98.", ("killed", 98), [40]),
        ("The mission verified 240 civilian deaths, including those of 79 children.", ("killed", 240), [79]),
    ],
)
def test_a_part_is_put_under_its_whole(text: str, whole: tuple[str, int], parts: list[int]) -> None:
    assert _told(text) == ([whole], [(whole[0], part) for part in parts])


def test_two_measures_share_what_is_said_of_their_parts() -> None:
    text = "Shells killed 112 civilians and injured 507 in March. Ten of those killed and 34 of those injured were children."
    assert _told(text) == ([("killed", 112), ("injured", 507)], [("killed", 10), ("injured", 34)])


@pytest.mark.parametrize(
    "text",
    [
        "Rebels mounted 71 attacks in March.\n\n• Idlib: 29\n• Hama: 23\n• Homs: 40",
        "Rebels mounted 71 attacks in March, and laid 90 mines, 15 of which failed.",
        "Rebels mounted 71 attacks in March. One of them hit a market.",
        "Rebels mounted 71 attacks in March. The army has 3,940 lorries. Trucks were 1,470 of the 3,940.",
    ],
)
def test_what_is_no_part_is_left(text: str) -> None:
    assert _told(text) == ([("attacks", 71)], [])


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("Three soldiers fell on the field of honour in 2023.", [("killed", 3)]),
        ("Two sergeants fell on the field of battle near Aleppo.", [("killed", 2)]),
        ("Three soldiers fell on the field and laughed.", []),
        (
            "Army figures put at 478 the number of rebels killed since 1 March, for the loss of 81 soldiers.",
            [("killed", 478), ("killed", 81)],
        ),
        ("The embassy put deaths since January at 288.", [("killed", 288)]),
        ("The loss of 12 aircraft was confirmed.", []),
        ("Traders report losses of 40 to 60 per cent after the attack.", []),
        ("The army admitted the loss of two pilots.", [("killed", 2)]),
        ("Some 38,700 refugees returned from Chad in March.", [("repatriated", 38_700)]),
        ("Nine refugees returning from the market were killed.", [("killed", 9)]),
        ("About 900 exiles and returnees returned from holiday.", []),
        ("The mission recorded injuries to 56 women.", [("injured", 56)]),
        ("Doctors reported injuries to 12 of the hostages.", [("injured", 12)]),
        ("Injuries to the back are common.", []),
    ],
)
def test_it_counts(text: str, tells: list[tuple[str, int]]) -> None:
    assert _told(text)[0] == tells


@pytest.mark.parametrize(
    ("text", "whole", "parts"),
    [
        ("Six soldiers were wounded: two guards who were shot and four drivers struck by stones.", ("injured", 6), [2, 4]),
        ("Five villagers were injured: three farmers who were hit by shells and two nurses struck by glass.", ("injured", 5), [3, 2]),
        ("Two brave soldiers, Sepoy Ali Khan and Naik Omar Din, having fought to the last, laid down their lives.", ("killed", 2), []),
        ("The army holds 900 prisoners, including about 40 women.", ("held", 900), [40]),
        ("The jails hold roughly 10,000 detainees, including some 2,000 foreign fighters.", ("held", 10_000), [2000]),
        ("Doctors treated 12 people for burns.", ("injured", 12), []),
        ("The clinic treated nine men for gunshot wounds on Monday.", ("injured", 9), []),
    ],
)
def test_it_is_counted_once_with_its_parts(text: str, whole: tuple[str, int], parts: list[int]) -> None:
    assert _told(text) == ([whole], [(whole[0], part) for part in parts])


def test_treatment_for_an_illness_injures_nobody() -> None:
    assert read("Doctors treated 12 people for malaria.") == []
