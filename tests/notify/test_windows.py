"""Sums of incidents over days, by when they happened, as of the data's clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import Direction, Indicator, Measure, Qualifier, Rule, Selection, Tick
from schemas.rule import GroupBy
from services.notify.crossing import Bounds
from services.notify.memory import Memory
from services.notify.windows import Share, changes_at, covered, day_of, forgotten, together, total

from .wire import KIRKUK, Desk, at, incident, rule, seen, teller

WEEK = timedelta(days=7)
KILLED = Selection(measure=Measure.KILLED)
NOON = datetime(2024, 3, 10, 12, tzinfo=UTC)


def weekly(level: int = 10, **changes: Any) -> Rule:
    return rule(Direction.AT_LEAST, level, name="weekly", select=KILLED, window=WEEK, group_by=(GroupBy.COUNTRY,), **changes)


def told(desk: Desk) -> list[tuple[str, int]]:
    return [(str(alert.status), alert.value) for alert in desk.alerts]


def test_a_window_ends_today_and_covers_whole_days() -> None:
    assert covered(WEEK, NOON) == (date(2024, 3, 4), date(2024, 3, 10))
    assert covered(timedelta(days=1), NOON) == (date(2024, 3, 10), date(2024, 3, 10))


def test_the_end_of_time_stops_nothing() -> None:
    assert covered(timedelta(days=400), datetime(1, 1, 1, tzinfo=UTC)) == (date.min, date.min)
    last = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert changes_at(WEEK, [date(9999, 12, 31)], last) == last
    assert forgotten(WEEK, datetime(1, 1, 3, tzinfo=UTC)) == date.min


def test_a_sum_changes_by_itself_when_a_day_leaves_or_begins() -> None:
    assert changes_at(WEEK, [date(2024, 3, 5), date(2024, 3, 9)], NOON) == datetime(2024, 3, 12, tzinfo=UTC)
    assert changes_at(WEEK, [date(2024, 3, 11), date(2024, 3, 10)], NOON) == datetime(2024, 3, 11, tzinfo=UTC)
    assert changes_at(WEEK, [date(2024, 3, 1)], NOON) is None


def test_bounds_of_a_sum() -> None:
    shares = [Share(5, 5, 5, "1", "a"), Share(12, 12, None, "3", "b"), Share(3, None, 3, "2", "c")]
    assert total(shares) == Bounds(20, 17, None)
    assert total(shares[:1] + shares[2:]) == Bounds(8, 5, 8)
    assert total([]) == Bounds(0, 0, 0)
    assert together(shares) == Share(20, 17, None, "3", "b")


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 9), st.integers(0, 9)), max_size=20))
def test_a_sum_lies_within_its_bounds(shares: list[tuple[int, int, int]]) -> None:
    figure = total(Share(value, max(0, value - down), value + up, "", "") for value, down, up in shares)
    assert figure.low is not None
    assert figure.high is not None
    assert figure.low <= figure.value <= figure.high


def test_an_incident_without_a_date_counts_on_the_day_of_its_publication() -> None:
    assert day_of(incident(3, "a", 2).model_copy(update={"period": None})) == at(2).date()


def test_incidents_of_a_week_add_up_and_leave_again() -> None:
    desk = Desk().prime(weekly())
    desk.hear(seen(weekly(), incident(6, "a", 0)), seen(weekly(), incident(3, "b", 2)))
    assert desk.alerts == []
    desk.hear(seen(weekly(), incident(2, "c", 4)))
    assert told(desk) == [("fired", 11)]
    assert desk.alerts[-1].indicator.fact == "c"
    assert [piece.claim for piece in desk.alerts[-1].evidence] == [
        "claim-claimant:centcom-2",
        "claim-claimant:centcom-3",
        "claim-claimant:centcom-6",
    ]
    desk.hear(Tick(at=at(30)))
    assert told(desk) == [("fired", 11), ("resolved", 5)]
    assert desk.alerts[-1].event_time == datetime(2024, 3, 8, tzinfo=UTC)


def test_a_toll_that_rises_counts_once() -> None:
    desk = Desk().prime(weekly(20))
    desk.hear(*(seen(weekly(20), incident(toll, "bombing", 0 + n / 10)) for n, toll in enumerate([8, 12, 19])))
    assert desk.alerts == []
    desk.hear(seen(weekly(20), incident(21, "bombing", 1, on=0)))
    assert told(desk) == [("fired", 21)]


def test_a_late_article_about_an_old_incident_does_not_count_this_week() -> None:
    desk = Desk().prime(weekly())
    desk.hear(seen(weekly(), incident(6, "now", 20)), seen(weekly(), incident(9, "old", 21, on=3)))
    assert desk.alerts == []


def test_a_late_article_about_this_week_counts() -> None:
    desk = Desk().prime(weekly())
    desk.hear(seen(weekly(), incident(6, "first", 3)), seen(weekly(), incident(6, "late", 1)))
    assert told(desk) == [("fired", 12)]


def test_what_lies_ahead_counts_when_its_day_has_come() -> None:
    """A date that is a day ahead of the newest publication, as an article of the far east has it."""
    desk = Desk().prime(weekly())
    desk.hear(seen(weekly(), incident(12, "ahead", 0, on=2)))
    assert desk.alerts == []
    desk.hear(Tick(at=at(2)))
    assert told(desk) == [("fired", 12)]


def test_a_date_moved_by_a_correction_moves_the_incident() -> None:
    desk = Desk().prime(weekly())
    desk.hear(seen(weekly(), incident(6, "a", 20)), seen(weekly(), incident(6, "b", 20, on=2)), seen(weekly(), incident(6, "b", 21, on=19)))
    assert told(desk) == [("fired", 12)]


def test_an_incident_that_is_taken_back_no_longer_counts() -> None:
    desk = Desk().prime(weekly())
    desk.hear(
        seen(weekly(), incident(6, "a", 0)),
        seen(weekly(), incident(6, "b", 1)),
        seen(weekly(), incident(6, "b", 2, tellers=[], retracted=True)),
    )
    assert told(desk) == [("fired", 12), ("retracted", 6)]


def test_each_country_has_a_sum_of_its_own() -> None:
    desk = Desk().prime(weekly())
    desk.hear(seen(weekly(), incident(6, "a", 0)), seen(weekly(), incident(6, "b", 0, place=KIRKUK)))
    assert desk.alerts == []


def test_a_sum_of_at_least_is_sure_above_and_never_below() -> None:
    at_least: dict[str, Any] = {"tellers": [teller(6, qualifier=Qualifier.AT_LEAST, low=6)]}
    below = rule(Direction.BELOW, 20, name="below", select=KILLED, window=WEEK)
    desk = Desk().prime(weekly(), below)
    for each in (weekly(), below):
        desk.hear(*(seen(each, incident(6, name, 0, **at_least)) for name in "ab"))
    assert [(alert.rule.id, alert.value, alert.low, alert.high) for alert in desk.alerts] == [("weekly", 12, 12, None)]
    assert desk.decisions[-1].reason == "only_possible"


def test_incidents_told_by_too_few_publishers_do_not_count() -> None:
    backed = weekly(min_publishers=2)
    desk = Desk().prime(backed)
    desk.hear(seen(backed, incident(30, "rumour", 0)))
    assert desk.alerts == []
    assert desk.reasons == ["too_few_publishers"]
    assert desk.decisions[-1].detail == "a sum of 0 in 7 days is not at or above 10; 30 more are told by too few or too unsurely"
    desk.hear(seen(backed, incident(12, "known", 0, tellers=[teller(12, publishers=2)])))
    assert told(desk) == [("fired", 12)]
    assert desk.alerts[-1].indicator.fact == "known"


@pytest.mark.parametrize(("changes", "reason"), [({"min_tellers": 2}, "too_few_tellers"), ({"min_confidence": 0.95}, "too_unsure")])
def test_a_sum_says_what_the_incidents_lack_that_would_lift_it_over_the_line(changes: dict[str, Any], reason: str) -> None:
    backed = weekly(**changes)
    desk = Desk().prime(backed)
    desk.hear(seen(backed, incident(6, "a", 0)), seen(backed, incident(6, "b", 1)))
    assert desk.reasons == ["not_crossed", reason]


def test_what_lies_far_behind_the_window_is_forgotten() -> None:
    desk = Desk().prime(weekly())
    for day in range(0, 200, 2):
        desk.hear(seen(weekly(), incident(1, f"incident-{day}", day)))
    assert sum(key.startswith("figure|") for key in desk.state.rows) <= 20
    assert sum(key.startswith("day|") for key in desk.state.rows) <= 20
    assert all(len(row) < 3_000 for row in desk.state.rows.values())


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1)])
def test_the_order_of_arrival_within_the_window_does_not_change_the_sum(order: tuple[int, ...]) -> None:
    figures: list[Indicator] = [incident(3, f"i{n}", n) for n in range(4)]
    desk = Desk().prime(weekly(12))
    desk.hear(Tick(at=at(3)), *(seen(weekly(12), figures[n]) for n in order))
    assert told(desk) == [("fired", 12)]


def test_a_line_that_is_crossed_by_less_and_less_fires_when_the_last_incident_has_left() -> None:
    quiet = rule(Direction.BELOW, 5, name="quiet", select=KILLED, window=WEEK)
    desk = Desk().prime(quiet)
    desk.hear(seen(quiet, incident(8, "last", 0)))
    (alert,) = desk.hear(Tick(at=at(9)))
    assert (alert.status, alert.value, alert.indicator.fact, alert.event_time) == ("fired", 0, "last", datetime(2024, 3, 8, tzinfo=UTC))


def test_a_sum_of_old_news_starts_nothing() -> None:
    fresh = rule(Direction.AT_LEAST, 10, name="fresh", select=KILLED, window=timedelta(days=30), max_age=timedelta(days=2))
    desk = Desk()
    desk.hear(seen(fresh, incident(12, "old", 0), priming=True), Tick(at=at(5)))
    desk.prime(fresh)
    assert desk.reasons == ["stale"]
    desk.hear(seen(fresh, incident(1, "new", 6)))
    assert told(desk) == [("fired", 13)]


Heard = tuple[int, int, int, bool]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 40), st.integers(0, 9), st.booleans()), min_size=1, max_size=40))
@settings(max_examples=30, deadline=None)
def test_a_sum_is_always_that_of_the_newest_figures_in_the_window(heard: list[Heard]) -> None:
    """Against the plain definition: whatever is corrected, moved, taken back or late, in whatever order the days come."""
    desk, newest, clock = Desk().prime(weekly()), {}, 0
    for revision, (name, day, value, retracted) in enumerate(heard, 1):
        clock = max(clock, revision // 4)
        desk.hear(seen(weekly(), incident(value, f"i{name}", clock, on=day, revision=revision, retracted=retracted)))
        newest[name] = (day, 0 if retracted else value)
    expected = sum(value for day, value in newest.values() if clock - 6 <= day <= clock)
    memory = Memory(desk.state)
    first, last = covered(WEEK, at(clock))
    days = memory.days("weekly", known_as(memory), "country=SY")
    assert total(share for day, share in days.items() if first <= day <= last).value == expected
    group = memory.group("weekly", known_as(memory), "country=SY")
    assert group is not None
    assert (group.episode.open is not None) == (expected >= 10)


def known_as(memory: Memory) -> str:
    """Generation of the weekly rule."""
    known = memory.rule("weekly")
    assert known is not None
    return known.generation
