"""The days with which the entries of registers begin, and what becomes of entries that came out late."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.extract.readings import read

PUBLISHED = datetime(2024, 4, 16, 12, tzinfo=UTC)


def days(text: str, title: str = "") -> dict[int, tuple[date, bool]]:
    """The first day of each count and whether it is background, by its value."""
    return {t.count.value: (t.period.start, t.event.background) for t in read(text, title, published=PUBLISHED) if t.period is not None}


ENTRIES = {
    "{}: Raid in Tar. Four men were killed.": ("March 29", "April 3", "April 11"),
    "{}, Goz. Four men were killed.": ("29 March", "3 April", "11 April"),
    "{}, hills of Goz. A cart burned. Four men were killed.": ("29 March", "3 April", "11 April"),
    "{}, Sahr. Clash at a well. Four men were killed.": ("29/03", "03/04", "11/04"),
    "{}: Clash at a well. Four men were killed.": ("03/29", "04/03", "04/11"),
    "{}. Clash at a well. Four men were killed.": ("Fri 29 March", "Wed 3 April", "Thu 11 April"),
    "KAS-301 | {} | Sahr. Clash at a well. Four men were killed.": ("29 March", "3 April", "11 April"),
    "240329-1. Date: {}. Clash at a well. Four men were killed.": ("29 March 2024", "3 April 2024", "11 April 2024"),
}


@pytest.mark.parametrize(("line", "when"), ENTRIES.items())
def test_the_entries_of_a_register_happened_on_the_days_with_which_they_begin(line: str, when: tuple[str, ...]) -> None:
    text = "\n\n".join(line.format(day).replace("Four", number) for day, number in zip(when, ("Four", "Five", "Six"), strict=True))
    assert {value: day for value, (day, _) in days(text).items()} == {4: date(2024, 3, 29), 5: date(2024, 4, 3), 6: date(2024, 4, 11)}


def test_a_fraction_begins_no_entry() -> None:
    text = "1/3: Four men were killed.\n\n2/3: Five men were killed.\n\n3/3: Six men were killed."
    assert {day for day, _ in days(text).values()} == {PUBLISHED.date()}


def test_a_chronology_that_came_out_late_tells_no_background() -> None:
    text = "On 2 February rebels killed 11 men.\n\nOn 9 February a bomb killed 12 men.\n\nOn 20 February 13 men were killed in a raid."
    assert {background for _, background in days(f"{text}\n\nOn 4 April rebels killed 14 men.").values()} == {False}
    text = "3 January, Tar: 21 men killed.\n\n9 January, Goz: 22 men killed.\n\n30 March, Sahr: 23 men killed."
    assert {background for _, background in days(text).values()} == {False}


def test_earlier_attacks_behind_the_news_are_background() -> None:
    text = "On 14 April rebels killed 11 men.\n\nOn 2 February a bomb had killed 12 men.\n\nOn 9 February rebels had killed 13 men."
    assert {value: background for value, (_, background) in days(text).items()} == {11: False, 12: True, 13: True}
