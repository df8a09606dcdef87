"""A failed message is given up when another succeeds or nothing comes; too many in a row stop the service."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from services.runtime.failures import HOLD, RETRY_DELAYS, Held, Panicked, Run, as_error
from services.stage import Record
from tests.support.panic import panic

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


def test_a_panic_of_a_library_in_rust_is_an_error_that_keeps_its_words_and_its_cause() -> None:
    with pytest.raises(BaseException, match="char boundary") as caught:
        panic()
    assert not isinstance(caught.value, Exception), "or nothing would have to be made of it"
    error = as_error(caught.value)
    assert isinstance(error, Panicked)
    assert "char boundary" in str(error)
    assert error.__cause__ is caught.value


@pytest.mark.parametrize("ending", [asyncio.CancelledError(), KeyboardInterrupt(), SystemExit(3)])
def test_what_ends_a_task_or_the_process_goes_on_its_way(ending: BaseException) -> None:
    with pytest.raises(type(ending)) as caught:
        as_error(ending)
    assert caught.value is ending


def test_an_error_is_itself() -> None:
    error = ValueError("x")
    assert as_error(error) is error
