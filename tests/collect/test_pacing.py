"""Feeds are asked evenly, less often while they fail, and never before their server wishes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.collect.pacing import LONGEST_PAUSE, LONGEST_WISH, MOST_SPREAD, pause, shift, wish_of

NOW = datetime(2024, 4, 8, 12, tzinfo=UTC)
FIVE = timedelta(minutes=5)


def test_a_feed_is_always_set_apart_by_the_same_and_feeds_by_different_times() -> None:
    shifts = [shift(f"feed-{number}", FIVE) for number in range(200)]
    assert shifts == [shift(f"feed-{number}", FIVE) for number in range(200)]
    assert timedelta(0) <= min(shifts) < max(shifts) <= MOST_SPREAD
    assert len({int(each.total_seconds() / 3) for each in shifts}) == 10, "spread over the whole of it"


def test_pauses_double_with_failures_up_to_a_limit() -> None:
    waits = [pause("a", FIVE, failures) - shift("a", FIVE) for failures in range(12)]
    assert waits[:4] == [FIVE, FIVE * 2, FIVE * 4, FIVE * 8]
    assert waits[-1] == LONGEST_PAUSE
    assert pause("a", timedelta(days=1), 1_000_000) >= timedelta(days=1), "a failing feed is never asked more often than a good one"


def test_the_servers_wish_is_obeyed_within_reason() -> None:
    assert pause("a", FIVE, 0, timedelta(hours=1)) >= timedelta(hours=1)
    assert pause("a", FIVE, 0, timedelta(days=400)) <= LONGEST_WISH + MOST_SPREAD
    assert pause("a", FIVE, 0, timedelta(0)) == pause("a", FIVE, 0)


@pytest.mark.parametrize(
    ("header", "wish"),
    [
        ("120", timedelta(seconds=120)),
        (" 5 ", timedelta(seconds=5)),
        ("Mon, 08 Apr 2024 13:00:00 GMT", timedelta(hours=1)),
        ("Mon, 08 Apr 2024 11:00:00 GMT", timedelta(0)),
        ("9" * 90, LONGEST_WISH),
        ("-5", None),
        ("soon", None),
        ("", None),
        (None, None),
        ("Fri, 31 Dec 9999 23:59:59 -2359", None),
    ],
)
def test_wishes_are_read_as_seconds_or_dates(header: str | None, wish: timedelta | None) -> None:
    found = wish_of(header, NOW)
    assert found == wish or (header or "").startswith("Fri")
