"""Dates are believed when they can be; otherwise their words are kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.collect.dates import MAX_GIVEN, NOTHING, believe

NOW = datetime(2024, 4, 8, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given", "moment"),
    [
        ("2024-04-06T12:00:00Z", datetime(2024, 4, 6, 12, tzinfo=UTC)),
        ("2024-04-06T12:00:00+02:00", datetime(2024, 4, 6, 10, tzinfo=UTC)),
        ("2024-04-06 12:00:00.25Z", datetime(2024, 4, 6, 12, 0, 0, 250_000, tzinfo=UTC)),
        ("2024-04-06T12:00:00", datetime(2024, 4, 6, 12, tzinfo=UTC)),
        ("2024-04-06", datetime(2024, 4, 6, tzinfo=UTC)),
        ("20240406", datetime(2024, 4, 6, tzinfo=UTC)),
        ("Sat, 06 Apr 2024 12:00:00 GMT", datetime(2024, 4, 6, 12, tzinfo=UTC)),
        ("Sat, 06 Apr 2024 12:00:00 -0500", datetime(2024, 4, 6, 17, tzinfo=UTC)),
        ("6 Apr 2024 12:00 EST", datetime(2024, 4, 6, 17, tzinfo=UTC)),
        (" \n2024-04-06\t", datetime(2024, 4, 6, tzinfo=UTC)),
    ],
)
def test_dates_as_publishers_write_them_are_read(given: str, moment: datetime) -> None:
    assert believe(given, NOW).believed == moment


@pytest.mark.parametrize("given", [None, "", "  ", "\0"])
def test_no_date_is_no_date(given: str | None) -> None:
    assert believe(given, NOW) == NOTHING


@pytest.mark.parametrize(
    "given",
    [
        "yesterday",
        "2024-13-45",
        "2024-02-30",
        "2024-04-06T25:00:00Z",
        "2024-04-06T12:00:00+99:00",
        "1712404800",
        "9999-12-31T23:59:59-23:59",
        "9999-12-31",
        "0001-01-01T00:00:00+14:00",
        "0001-01-01",
        "Fri, 31 Dec 9999 23:59:59 -1200",
        "99999999999999999999999999",
        "٢٠٢٤-٠٤-٠٦",
        "1970-01-01T00:00:00Z",
        "2024-04-06T12:00:00Z" * 100,
    ],
)
def test_garbage_and_wild_years_are_kept_as_words_and_not_believed(given: str) -> None:
    dated = believe(given, NOW)
    assert dated.believed is None
    assert dated.as_given == given[:MAX_GIVEN]
    assert dated.remark


def test_a_day_ahead_is_believed_and_a_second_more_is_not() -> None:
    day = NOW + timedelta(days=1)
    assert believe(day.isoformat(), NOW).believed == day
    assert believe((day + timedelta(seconds=1)).isoformat(), NOW).believed is None


@given(
    st.text()
    | st.from_regex(r"\A[0-9]{1,5}-[0-9]{1,3}-[0-9]{1,3}T[0-9:+.-]{0,20}\Z")
    | st.from_regex(r"\A[0-9]{1,3} [A-Z][a-z]{2} [0-9]{1,6} [0-9:]{0,9} [A-Z+0-9-]{0,6}\Z")
)
def test_nothing_makes_it_raise_and_nothing_believed_lies_ahead(words: str) -> None:
    dated = believe(words, NOW)
    assert dated.believed is None or dated.believed <= NOW + timedelta(days=1)
    assert dated.as_given is None or len(dated.as_given) <= MAX_GIVEN
