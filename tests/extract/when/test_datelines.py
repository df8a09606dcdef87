"""Datelines: found before a report, believed near its publication, and kept out of what it tells."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from services.extract.when.datelines import Datelines
from tests.extract.readings import read
from tests.support.growing import grows_linearly

PUBLISHED = date(2024, 4, 16)


@pytest.mark.parametrize(
    ("text", "line", "day"),
    [
        ("BAMAKO, Mali (April 15) - Troops found a cache.", "BAMAKO, Mali (April 15) -", "2024-04-15"),
        ("BAMAKO, Mali (April 15, 2024) — Troops found a cache.", "BAMAKO, Mali (April 15, 2024) —", "2024-04-15"),
        ("BAMAKO, April 15 (Example Wire) - Troops found a cache.", "BAMAKO, April 15 (Example Wire) -", "2024-04-15"),
        ("BAMAKO, 15 April 2024 (Example Wire) - Troops found a cache.", "BAMAKO, 15 April 2024 (Example Wire) -", "2024-04-15"),
        ("BAMAKO (Example Wire) - Troops found a cache.", "BAMAKO (Example Wire) -", None),
        ("BURKINA FASO — Troops found a cache.", "BURKINA FASO —", None),
        ("No. 12 For Release  BAMAKO, Mali (April 15)\nTroops found a cache.", "BAMAKO, Mali (April 15)", "2024-04-15"),
        ("BAMAKO, Mali (April 18) - Troops found a cache.", "BAMAKO, Mali (April 18) -", "2024-04-18"),
        ("BAMAKO, Mali (Aug. 18) - Troops found a cache.", "BAMAKO, Mali (Aug. 18) -", None),
    ],
)
def test_a_dateline_ends_with_its_dash_and_may_give_a_day_near_the_publication(text: str, line: str, day: str | None) -> None:
    found = Datelines(text, PUBLISHED)
    (one,) = found.within(0, len(text))
    assert text[one.start : one.end].strip() == line
    assert one.day == (date.fromisoformat(day) if day else None)


@pytest.mark.parametrize(
    "text",
    ["Troops of the UN - and others - met.", "The IED (a bomb) - was found.\n", "He met the PKK (Kurdish fighters) in Erbil.", "UN\nMali"],
)
def test_capitals_alone_are_no_dateline(text: str) -> None:
    assert not any(one.day for one in Datelines(text, PUBLISHED).within(0, len(text)))


def test_weekdays_are_those_before_the_dateline() -> None:
    """A collector gave the report the day of the event."""
    published = datetime(2024, 4, 8, 12, tzinfo=UTC)
    (told,) = read("BAMAKO, Mali (April 10) - Troops killed 12 fighters in Gao on Tuesday.", published=published)
    assert told.period is not None
    assert (str(told.period.start), told.period.inferred) == ("2024-04-09", False)


def test_the_day_of_filing_is_not_the_day_of_the_event() -> None:
    (told,) = read("BAMAKO, Mali (April 15) - Troops killed 12 fighters in Gao.")
    assert told.period is not None
    assert told.period.inferred


def test_a_day_of_filing_shortly_behind_the_publication_does_not_put_the_event_a_year_back() -> None:
    told = read("BAMAKO, Mali (April 18) - Troops killed 12 fighters in Gao. They detained three others.")
    assert [(one.count.value, one.event.background) for one in told] == [(12, False), (3, False)]


def test_where_it_was_filed_is_where_it_happened_only_if_nothing_else_is_said() -> None:
    (told,) = read("BAMAKO, Mali (Example Wire) - Troops killed 12 fighters in Gao.")
    assert [place.name for place in told.places] == ["Gao"]
    (told,) = read("BAMAKO, Mali (Example Wire) - Troops killed 12 fighters.")
    assert "Bamako" in [place.name for place in told.places]


def test_of_releases_put_behind_each_other_each_has_its_own_days() -> None:
    text = (
        "BAMAKO, Mali (April 9) - Troops killed 12 fighters in Gao on Monday.\n---\n"
        "BAMAKO, Mali (April 16) - Troops killed seven fighters in Kidal on Monday."
    )
    assert {told.count.value: str(told.period.start) for told in read(text) if told.period} == {12: "2024-04-08", 7: "2024-04-15"}


def test_hostile_texts_take_time_in_proportion() -> None:
    for piece in ("AA ", "AA, ", "AA-", "AA, Aa Aa (", "AA (Jan. 1) "):
        assert grows_linearly(lambda text: Datelines(text, PUBLISHED), piece * 5_000), piece
