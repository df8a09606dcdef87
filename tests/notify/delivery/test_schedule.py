"""Delays grow, are a delivery's own, and listen to the receiver within bounds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.delivery.schedule import DELAYS, DELAYS_REFUSED, LONGEST, SPREAD, Schedule

SCHEDULE = Schedule()


@pytest.mark.parametrize(("refused", "delays"), [(False, DELAYS), (True, DELAYS_REFUSED)])
def test_each_delay_is_the_declared_one_and_a_little_more_until_the_end(refused: bool, delays: tuple[float, ...]) -> None:
    for number, delay in enumerate(delays, 1):
        wait = SCHEDULE.wait("a", number, refused_again=refused)
        assert wait is not None
        assert delay <= wait.total_seconds() <= delay * (1 + SPREAD)
    assert SCHEDULE.wait("a", len(delays) + 1, refused_again=refused) is None


def test_ten_attempts_span_three_days() -> None:
    assert len(DELAYS) + 1 == 10
    assert timedelta(hours=75) < timedelta(seconds=sum(DELAYS)) < timedelta(hours=76)


def test_the_same_delivery_always_waits_as_long_and_others_wait_otherwise() -> None:
    waits = {SCHEDULE.wait(f"delivery-{n}", 3, refused_again=False) for n in range(100)}
    assert len(waits) > 90
    assert SCHEDULE.wait("a", 3, refused_again=False) == SCHEDULE.wait("a", 3, refused_again=False)


@given(st.text(), st.integers(1, 9), st.booleans(), st.floats(0, 1e12))
def test_a_wish_is_heard_between_the_plain_delay_and_twice_that(delivery: str, number: int, refused: bool, wish: float) -> None:
    wait = SCHEDULE.wait(delivery, number, refused_again=refused, retry_after=wish)
    delays = DELAYS_REFUSED if refused else DELAYS
    if number > len(delays):
        assert wait is None
        return
    assert wait is not None
    base = delays[number - 1]
    assert base <= wait.total_seconds() <= max(min(2 * base, LONGEST), base * (1 + SPREAD)) + 1e-6
    if base * (1 + SPREAD) < wish < min(2 * base, LONGEST):
        assert wait.total_seconds() == pytest.approx(wish, abs=1e-6)
