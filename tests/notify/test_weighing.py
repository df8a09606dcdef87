"""Lines on what moves, on records, on silence and on what is new: from what is observed to what is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from schemas import Direction, Line, Measure, Qualifier, Reckoned, Reckoning, Rule, Selection, Severity, Tick, Total
from schemas.rule import Condition, GroupBy

from .wire import HAJIN, KIRKUK, Desk, at, incident, indicator, rule, seen, teller

DAY, WEEK, MONTH = timedelta(days=1), timedelta(days=7), timedelta(days=30)


def reckoning(
    levels: dict[Severity, int] | int, of: Reckoned = Reckoned.ITSELF, *, window: timedelta | None = None, **changes: Any
) -> Rule:
    """A rule on killed in each country by a window, or on fighters remaining without one."""
    fields = {"total", "percent", "windows", "within", "min_base"}
    line = Line(
        direction=Direction.AT_LEAST,
        levels={Severity.WARNING: levels} if isinstance(levels, int) else levels,
        window=window,
        reckoning=Reckoning(of=of, **{name: changes.pop(name) for name in fields & set(changes)}),
    )
    select = changes.pop("select", Selection(measure=Measure.KILLED if window else Measure.FIGHTERS_REMAINING))
    group_by = changes.pop("group_by", (GroupBy.COUNTRY,) if window else ())
    condition = Condition(select=select, line=line, group_by=group_by, **changes)
    return Rule(id="a-rule", summary="Something an analyst wants to know", condition=condition)


def presence(levels: dict[Severity, int] | int, of: Reckoned, **changes: Any) -> Rule:
    """A rule on when each side was told of in incidents."""
    return reckoning(levels, of, select=Selection(measure=Measure.KILLED), group_by=(GroupBy.SIDE,), **changes)


def told(desk: Desk) -> list[tuple[str, int]]:
    return [(str(alert.status), alert.value) for alert in desk.alerts]


def last(desk: Desk) -> tuple[str, str]:
    return str(desk.decisions[-1].reason), desk.decisions[-1].detail


class TestTotals:
    """What a window comes to."""

    def test_incidents_of_a_window_are_counted_whatever_their_toll(self) -> None:
        many = reckoning(3, window=WEEK, total=Total.INCIDENTS)
        desk = Desk().prime(many)
        desk.hear(*(seen(many, incident(40, f"i{n}", n)) for n in range(2)))
        assert desk.alerts == []
        desk.hear(seen(many, incident(1, "i2", 2)))
        assert told(desk) == [("fired", 3)]
        assert desk.decisions[-1].detail == "3 incidents in 7 days is surely at or above 3 (warning)"

    def test_the_largest_incident_counts_alone_and_its_correction_takes_it_back(self) -> None:
        large = reckoning(20, window=WEEK, total=Total.LARGEST)
        desk = Desk().prime(large)
        desk.hear(*(seen(large, incident(15, f"i{n}", 0)) for n in range(3)))
        assert desk.alerts == []
        desk.hear(seen(large, incident(25, "i3", 1)), seen(large, incident(5, "i3", 2, on=1)))
        assert told(desk) == [("fired", 25), ("resolved", 15)]

    def test_what_too_few_tell_is_no_incident(self) -> None:
        many = reckoning(2, window=WEEK, total=Total.INCIDENTS, min_publishers=2)
        desk = Desk().prime(many)
        desk.hear(*(seen(many, incident(9, f"i{n}", 0)) for n in range(2)))
        assert desk.alerts == []
        assert last(desk)[0] == "too_few_publishers"


class TestChange:
    """Windows against those before, and figures against what their tellers said before."""

    def weeks(self, given: Rule, *sums: int) -> Desk:
        """One incident a week, the first of them long enough ago that all windows are known, the last in the week of day 0."""
        desk = Desk()
        desk.hear(seen(given, incident(0, "long-ago", -90, revision=0), priming=True))
        weeks = [incident(value, f"w{back}", -7 * back, revision=0) for back, value in zip(range(len(sums) - 1, -1, -1), sums, strict=True)]
        desk.hear(*(seen(given, week, priming=True) for week in weeks))
        return desk.prime(given)

    def test_a_week_that_rises_over_the_average_of_those_before(self) -> None:
        sudden = reckoning({Severity.WARNING: 100, Severity.CRITICAL: 300}, Reckoned.RISE, window=WEEK, windows=4, percent=True, min_base=5)
        desk = self.weeks(sudden, 10, 12, 8, 10, 11)
        assert desk.alerts == []
        desk.hear(seen(sudden, incident(14, "more", 0)))
        (alert,) = desk.alerts
        assert (alert.value, alert.threshold, alert.severity) == (150, 100, "warning")
        assert alert.reckoned is not None
        assert (alert.reckoned.figure.value, alert.reckoned.base and alert.reckoned.base.value) == (25, 10)
        assert last(desk)[1] == "a rise of 150 % (from 10 to a sum of 25 in 7 days) is surely at or above 100 % (warning)"

    def test_it_is_over_when_the_days_have_moved_into_the_time_before(self) -> None:
        sudden = reckoning(100, Reckoned.RISE, window=WEEK, windows=4, percent=True, min_base=5)
        desk = self.weeks(sudden, 10, 10, 10, 10, 30)
        desk.hear(Tick(at=at(8)))
        assert [status for status, _ in told(desk)] == ["fired", "resolved"]

    def test_a_fall_is_reckoned_from_what_it_fell_from(self) -> None:
        calm = reckoning(50, Reckoned.FALL, window=WEEK, percent=True, min_base=10)
        desk = self.weeks(calm, 40, 18)
        assert told(desk) == [("fired", 55)]
        assert desk.alerts[0].initial

    def test_little_before_is_no_base(self) -> None:
        sudden = reckoning(100, Reckoned.RISE, window=WEEK, percent=True, min_base=5)
        desk = self.weeks(sudden, 3, 60)
        assert desk.alerts == []
        assert last(desk) == ("base_too_small", "60 after 3: a change is reckoned from 5 on")

    def test_nothing_before_is_never_a_percentage(self) -> None:
        desk = self.weeks(reckoning(100, Reckoned.RISE, window=WEEK, percent=True), 0, 60)
        assert desk.alerts == []
        assert last(desk)[0] == "base_too_small"

    def test_time_that_was_not_watched_is_not_nothing(self) -> None:
        """The first week of a new installation has risen over nothing at all."""
        sudden = reckoning(10, Reckoned.RISE, window=WEEK)
        desk = Desk().prime(sudden)
        desk.hear(seen(sudden, incident(50, "first", 0)))
        assert desk.alerts == []
        assert last(desk)[0] == "too_little_history"

    def test_what_may_have_been_more_before_has_not_surely_risen(self) -> None:
        rises = reckoning(25, Reckoned.RISE, window=WEEK)
        floor: dict[str, Any] = {"tellers": [teller(20, qualifier=Qualifier.AT_LEAST, low=20)]}
        desk = self.weeks(rises, 0)
        desk.hear(seen(rises, incident(20, "a", 0, **floor)), seen(rises, incident(50, "b", 7)))
        assert desk.alerts == []
        assert last(desk)[0] == "only_possible"

    def test_a_stock_falls_against_the_highest_that_its_teller_said(self) -> None:
        falls = reckoning(20, Reckoned.FALL, within=MONTH, percent=True)
        desk = Desk().prime(falls)
        desk.hear(*(seen(falls, indicator(value, day=day)) for day, value in enumerate([3_000, 2_800, 2_500])))
        assert desk.alerts == []
        desk.hear(seen(falls, indicator(2_300, day=3)))
        assert told(desk) == [("fired", 23)]

    def test_tellers_in_turn_are_each_compared_with_themselves(self) -> None:
        falls = reckoning(20, Reckoned.FALL, within=MONTH, percent=True)
        desk = Desk().prime(falls)
        high, low = teller(3_000, "claimant:un"), teller(2_000, "claimant:centcom")
        for day in range(6):
            desk.hear(seen(falls, indicator(2_000 if day % 2 else 3_000, day=day, tellers=[high, low] if day else [high])))
        assert desk.alerts == []

    def test_a_figure_that_is_corrected_has_not_moved(self) -> None:
        falls = reckoning(20, Reckoned.FALL, within=MONTH, percent=True)
        desk = Desk().prime(falls)
        wrong, right = (teller(value, published_at=at(1)) for value in (30_000, 3_000))
        desk.hear(
            seen(falls, indicator(3_100, day=0)),
            seen(falls, indicator(30_000, day=1, tellers=[wrong])),
            seen(falls, indicator(3_000, day=1, revision=5_000, tellers=[right])),
        )
        assert desk.alerts == []
        assert last(desk)[0] == "not_crossed"

    def test_the_first_figure_has_moved_from_nowhere(self) -> None:
        falls = reckoning(1, Reckoned.FALL, within=MONTH)
        desk = Desk().prime(falls)
        desk.hear(seen(falls, indicator(10, day=0)))
        assert last(desk) == ("too_little_history", "no earlier figure is known")


class TestRecords:
    """Higher or lower than all before."""

    def test_a_stock_that_is_lower_than_all_within_a_year(self) -> None:
        lowest = reckoning(1, Reckoned.LOWEST, within=timedelta(days=365))
        desk = Desk().prime(lowest)
        desk.hear(*(seen(lowest, indicator(value, day=day * 30)) for day, value in enumerate([3_000, 2_500, 2_600])))
        assert told(desk) == [("fired", 500), ("resolved", -100)]
        desk.hear(seen(lowest, indicator(2_400, day=100)))
        assert told(desk)[2:] == [("fired", 100)]
        assert desk.decisions[-1].detail == "2,400, 100 less than the lowest before, 2,500, is surely at or above 1 (warning)"

    def test_the_deadliest_day_of_a_year(self) -> None:
        deadliest = reckoning(1, Reckoned.HIGHEST, window=DAY, within=timedelta(days=90))
        desk = Desk().prime(deadliest)
        desk.hear(seen(deadliest, incident(1, "long-ago", -100, revision=0)))
        desk.hear(*(seen(deadliest, incident(value, f"d{day}", day)) for day, value in enumerate([30, 20])))
        desk.hear(seen(deadliest, incident(31, "d2", 2)))
        assert told(desk) == [("fired", 30), ("resolved", -30), ("fired", 1)]


class TestSilence:
    """Nothing is told of a group."""

    def test_it_speaks_without_a_further_article_and_ends_with_one(self) -> None:
        silent = presence({Severity.WARNING: 7 * 24, Severity.CRITICAL: 14 * 24}, Reckoned.SILENCE)
        desk = Desk().prime(silent)
        desk.hear(seen(silent, incident(3, "a", 0)))
        desk.hear(Tick(at=at(6.9), heard=at(6.9)), Tick(at=at(7.1), heard=at(7.1)), Tick(at=at(14.1), heard=at(14)))
        assert told(desk) == [("fired", 168), ("escalated", 336)]
        assert desk.alerts[0].event_time == at(7)
        assert desk.alerts[0].evidence[0].words == "3"
        desk.hear(seen(silent, incident(4, "b", 15)))
        assert told(desk)[2:] == [("resolved", 0)]

    def test_a_silent_feed_makes_nobody_silent(self) -> None:
        silent = presence(24, Reckoned.SILENCE)
        desk = Desk().prime(silent)
        desk.hear(*(seen(silent, incident(3, side, 0, side=side)) for side in ("isis", "hts", "sna")))
        desk.hear(Tick(at=at(1.1), heard=at(0)), Tick(at=at(3), heard=at(0)))
        assert desk.alerts == []
        assert {decision.reason for decision in desk.decisions[-3:]} == {"feed_silent"}
        desk.hear(Tick(at=at(4), heard=at(4)))
        assert len(desk.alerts) == 3

    def test_who_is_silent_for_longer_than_max_age_is_given_up(self) -> None:
        silent = presence(24, Reckoned.SILENCE, max_age=timedelta(days=30))
        desk = Desk().prime(silent)
        desk.hear(
            seen(silent, incident(3, "a", 0)),
            Tick(at=at(2), heard=at(2)),
            Tick(at=at(40), heard=at(40)),
            seen(silent, incident(3, "b", 41, side="hts")),
        )
        assert [status for status, _ in told(desk)][:1] == ["fired"]


class TestNew:
    """A group is told of for the first time in long."""

    def test_who_was_never_told_of_is_new_and_who_stood_already_is_not(self) -> None:
        fresh = presence(90 * 24, Reckoned.ABSENCE)
        desk = Desk()
        desk.hear(seen(fresh, incident(3, "old", 0), priming=True))
        desk.prime(fresh)
        assert desk.alerts == []
        desk.hear(seen(fresh, incident(3, "again", 1)), seen(fresh, incident(2, "first", 2, side="hts")))
        (alert,) = desk.alerts
        assert (alert.group, alert.status, alert.initial, alert.indicator.fact) == ({"side": "hts"}, "fired", False, "first")

    def test_it_is_told_once_and_is_new_for_a_week(self) -> None:
        fresh = presence(90 * 24, Reckoned.ABSENCE)
        desk = Desk().prime(fresh)
        desk.hear(*(seen(fresh, incident(2, f"i{day}", day)) for day in range(5)))
        desk.hear(Tick(at=at(9)), *(seen(fresh, incident(2, f"j{day}", 10 + day)) for day in range(5)))
        assert told(desk) == [("fired", 9_600), ("resolved", 0)]

    def test_who_comes_back_after_long_is_new_again(self) -> None:
        fresh = presence(90 * 24, Reckoned.ABSENCE)
        desk = Desk()
        desk.hear(seen(fresh, incident(3, "old", 0), priming=True))
        desk.prime(fresh)
        desk.hear(seen(fresh, incident(3, "back", 100)))
        assert told(desk) == [("fired", 2_400)]

    def test_what_is_taken_back_was_never_there(self) -> None:
        fresh = presence(90 * 24, Reckoned.ABSENCE)
        desk = Desk().prime(fresh)
        desk.hear(seen(fresh, incident(2, "a", 0)), seen(fresh, incident(2, "a", 1, on=0, tellers=[], retracted=True)))
        assert [status for status, _ in told(desk)] == ["fired", "retracted"]
        desk.hear(seen(fresh, incident(2, "b", 2)))
        assert [status for status, _ in told(desk)] == ["fired", "retracted", "fired"]

    def test_one_house_alone_does_not_make_it_new_until_a_second_tells(self) -> None:
        fresh = presence(90 * 24, Reckoned.ABSENCE, min_publishers=2)
        desk = Desk().prime(fresh)
        desk.hear(seen(fresh, incident(2, "a", 0)))
        assert desk.alerts == []
        desk.hear(seen(fresh, incident(2, "a", 1, on=0, tellers=[teller(2, publishers=2)])))
        assert [status for status, _ in told(desk)] == ["fired"]


@pytest.mark.parametrize(
    "given", [reckoning(1, Reckoned.RISE, window=WEEK), reckoning(1, Reckoned.LOWEST, within=MONTH), presence(24, Reckoned.SILENCE)]
)
def test_what_is_observed_twice_is_told_once(given: Rule) -> None:
    heard = [Desk().prime(given), Desk().prime(given)]
    figures = (
        [indicator(value, day=day) for day, value in enumerate([9, 8, 9, 5])]
        if given.condition.select.measure is Measure.FIGHTERS_REMAINING
        else [
            incident(1, "old", -90, revision=0),
            *(incident(day * day, f"i{day}", day * 4, place=HAJIN if day % 2 else KIRKUK) for day in range(4)),
        ]
    )
    for figure in figures:
        heard[0].hear(seen(given, figure))
        heard[1].hear(seen(given, figure), seen(given, figure))
    assert told(heard[0]) == told(heard[1])


def test_a_plain_condition_has_the_hash_that_it_always_had() -> None:
    assert rule().condition.hash() == "db4dd7672e229c2c"
