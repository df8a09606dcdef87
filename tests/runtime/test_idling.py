"""What is due without a record: asked twice a second, tried again when it fails, and the end only when it always fails."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import pytest
from structlog.testing import capture_logs

from schemas import Tick
from schemas.topics import INDICATORS
from services.runtime.failures import TooMany
from services.runtime.idling import IDLE_EVERY, Idling
from services.runtime.lane import Lane
from services.stage import Output, Record, SlowDown, State
from tests.support.streams import Counting

NOW = datetime(2024, 4, 6, tzinfo=UTC)
LONG_AFTER = 60.0


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Traces would be drawn with all their variables, which takes longer than the tests."""
    with capture_logs():
        yield


class Ticking(Counting):
    """Says something when nothing comes; raises what it is given first."""

    def __init__(self, *errors: Exception) -> None:
        super().__init__()
        self.errors = list(errors)
        self.asked = 0

    def idle(self, partition: int, state: State, now: datetime) -> Iterable[Output]:
        self.asked += 1
        if self.errors:
            state.put("half", b"done")
            raise self.errors.pop(0)
        return [Output(INDICATORS, "tick", Tick(at=now))]


async def test_a_stage_is_asked_for_each_idle_lane_once_in_a_while() -> None:
    stage = Ticking()
    lanes = [Lane(stage, 0, None, None), Lane(stage, 1, None, None)]
    idling = Idling(3)
    assert await idling.ask(lanes, NOW, 10.0)
    assert not await idling.ask(lanes, NOW, 10.0 + IDLE_EVERY / 2)
    assert stage.asked == 2


async def test_a_lane_with_something_under_way_is_not_asked() -> None:
    stage = Ticking()
    lane = Lane(stage, 0, None, None)
    lane.fold(Record("t", 0, 0, None, b"", NOW))
    assert not await Idling(3).ask([lane], NOW, 10.0)
    assert stage.asked == 0


async def test_an_unexpected_error_is_tried_again_later_with_nothing_of_it_left() -> None:
    stage = Ticking(RuntimeError("passing"))
    lane = Lane(stage, 0, None, None)
    idling = Idling(3)
    assert not await idling.ask([lane], NOW, 10.0)
    assert lane.idle
    assert lane.get("half") is None
    assert await idling.ask([lane], NOW, 10.0 + LONG_AFTER)


async def test_the_next_try_waits_longer_after_each_failure() -> None:
    stage = Ticking(*[RuntimeError("always")] * 9)
    lane = Lane(stage, 0, None, None)
    idling = Idling(10)
    moment, waited = 10.0, []
    for _ in range(3):
        asked = stage.asked
        before = moment
        while stage.asked == asked:
            await idling.ask([lane], NOW, moment)
            moment += 0.1
        waited.append(moment - before)
    assert waited == sorted(waited)
    assert waited[-1] > waited[0]


async def test_failing_in_a_row_ends_the_service_but_not_with_a_success_between() -> None:
    broken = [RuntimeError("a bad deploy")] * 2
    stage = Ticking(*broken)
    lane = Lane(stage, 0, None, None)
    idling = Idling(3)
    for number in range(3):
        await idling.ask([lane], NOW, LONG_AFTER * (number + 1))
    lane.settle(lane.cut() or pytest.fail("it told nothing"))
    stage.errors = [RuntimeError("a bad deploy")] * 3
    for number in range(2):
        await idling.ask([lane], NOW, LONG_AFTER * (number + 4))
    with pytest.raises(TooMany, match=r"test.count failed 3 times in a row .* RuntimeError: a bad deploy"):
        await idling.ask([lane], NOW, LONG_AFTER * 6)


async def test_who_is_told_to_slow_down_is_asked_again_after_that_time() -> None:
    stage = Ticking(SlowDown("the receiver", 30.0))
    lane = Lane(stage, 0, None, None)
    idling = Idling(1)
    assert not await idling.ask([lane], NOW, 10.0)
    assert not await idling.ask([lane], NOW, 39.0)
    assert await idling.ask([lane], NOW, 41.0)
