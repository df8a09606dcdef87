"""A failed message is given up when another succeeds or nothing comes; too many in a row stop the service."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from services.runtime.failures import HOLD, RETRY_DELAYS, Held, Run
from services.stage import Record

NOW = datetime(2024, 4, 6, tzinfo=UTC)


def held(offset: int, lane: str = "a", since: datetime = NOW) -> Held[str]:
    return Held(lane, Record("t", 0, offset, None, b"", NOW), "ValueError: x", 4, since)


def test_held_messages_are_given_up_in_order_when_another_succeeds() -> None:
    run: Run[str] = Run(20)
    for offset in (3, 4):
        assert run.hold(held(offset))
    assert [one.record.offset for one in run.release()] == [3, 4]
    assert len(run) == 0


def test_a_run_as_long_as_the_limit_is_too_long() -> None:
    run: Run[str] = Run(3)
    assert [run.hold(held(i)) for i in range(3)] == [True, True, False]
    assert len(run) == 3


def test_one_alone_is_given_up_after_a_while_but_not_before() -> None:
    run: Run[str] = Run(20)
    run.hold(held(1))
    assert run.overdue(NOW + HOLD - timedelta(seconds=1)) == []
    assert [one.record.offset for one in run.overdue(NOW + HOLD)] == [1]


def test_failures_that_follow_each_other_are_not_given_up_before_they_are_too_many() -> None:
    run: Run[str] = Run(20)
    every = timedelta(seconds=sum(RETRY_DELAYS))
    for number in range(19):
        assert run.overdue(NOW + number * every) == []
        assert run.hold(held(number, since=NOW + number * every))
    assert not run.hold(held(19, since=NOW + 19 * every))


def test_a_lane_that_is_given_up_takes_its_messages_with_it() -> None:
    run: Run[str] = Run(20)
    run.hold(held(1, "a"))
    run.hold(held(2, "b"))
    run.forget("a")
    assert [one.record.offset for one in run.release()] == [2]
