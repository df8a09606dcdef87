"""When a count was: a part within its whole, a time until now, a stock as it stood, a figure of the time before."""

from __future__ import annotations

from datetime import date

import pytest

from tests.extract.readings import noon, read


def _days(text: str, value: int, title: str = "", day: date | None = None) -> str | None:
    told = next(t for t in read(text, title, published=noon(day)) if t.count.value == value)
    return f"{told.period.start} {told.period.end}" if told.period is not None else None


@pytest.mark.parametrize(
    ("text", "value", "days"),
    [
        ("The war, which began in May 2019, has claimed 9,000 lives.", 9000, "2019-05-01 2024-04-16"),
        ("A conflict that erupted on 3 June 2021, has killed 800 people.", 800, "2021-06-03 2024-04-16"),
        ("The siege, which began in May 2019, was lifted after a raid on 3 March 2020 that killed 12 people.", 12, "2020-03-03 2020-03-03"),
        ("At the end of February 1,030 persons were held in the prisons.", 1030, "2024-02-29 2024-02-29"),
        ("By the end of March, 300 hostages were still held by the rebels.", 300, "2024-03-31 2024-03-31"),
        ("At the end of March, 30 villagers were killed in a raid.", 30, "2024-03-22 2024-03-31"),
        ("In February 87 people were killed.", 87, "2024-02-01 2024-02-29"),
        ("Shelling killed 165 people in the last half of 2023.", 165, "2023-07-01 2023-12-31"),
        ("Shelling killed 165 people in the final half of 2022.", 165, "2022-07-01 2022-12-31"),
        ("Rebels mounted 40 attacks in March, up from 29 the month before.", 29, "2024-02-01 2024-02-29"),
        ("Rebels mounted 40 attacks from January to March, against 63 in the previous quarter.", 63, "2023-10-01 2023-12-31"),
        ("The gang mounted 40 attacks in the second half of 2023, double the 20 of the first half.", 40, "2023-07-01 2023-12-31"),
    ],
)
def test_the_time_of_a_figure(text: str, value: int, days: str) -> None:
    assert _days(text, value) == days


def test_a_part_lies_within_the_time_of_its_whole() -> None:
    text = "Mines killed 98 people in 2023. Farmers, a third of the victims in 2021, made up 40 of the 98."
    assert _days(text, 40) == "2023-01-01 2023-12-31"
    text = "Shells killed 112 people in March. In February 87 people were killed. Ten of those killed in March were children."
    told = {t.count.value: t for t in read(text)}
    assert told[10].count.parent == told[112].count.id


def test_results_of_a_year_are_of_that_year() -> None:
    text = "Fifteen gunmen were neutralised: nine were killed, two were captured and four gave themselves up."
    told = read(text, "Ministry publishes the army's results for 2023", published=noon(date(2024, 1, 3)))
    assert {f"{t.period.start} {t.period.end}" for t in told if t.period is not None} == {"2023-01-01 2023-12-31"}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Fifteen gunmen were neutralised: nine were killed, two were captured and four gave themselves up.", [9, 2, 4]),
        ("In March 40 rebels were neutralised; 30 of them were killed and 10 captured.", [30, 10]),
        ("Fifteen gunmen were neutralised, while nine soldiers were killed and two were captured.", []),
    ],
)
def test_what_became_of_the_neutralised_is_a_part_of_them(text: str, parts: list[int]) -> None:
    assert [t.count.value for t in read(text) if t.count.parent is not None] == parts


@pytest.mark.parametrize(
    "text",
    [
        "Police found the bodies of 23 men in Baghdad on Tuesday.\n\nThe army said three soldiers had died in Anbar on Monday.",
        "Gunmen killed 23 people in several districts of Baghdad on Tuesday.\n\nThe U.S. military said three of its soldiers were killed in Mosul on Sunday.",
    ],
)
def test_what_was_on_another_day_is_no_part(text: str) -> None:
    three = next(t for t in read(text) if t.count.value == 3)
    assert three.count.parent is None
    assert three.period is not None
    assert str(three.period.start) < "2024-04-16"


def test_who_dies_later_is_a_part_of_the_toll_that_it_raises() -> None:
    told = {t.count.value: t for t in read("Two people died of their wounds on Monday, raising the toll of Friday's blast to 31.")}
    assert told[2].count.parent == told[31].count.id
