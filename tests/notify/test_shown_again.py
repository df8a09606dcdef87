"""What the log of observations has lost, the splits show again: once, and for as long as it is there not again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from schemas import Observation, Primed, read_observation_record

from .test_stream import room
from .wire import Room, indicator


def test_rules_are_shown_all_again_where_the_log_has_lost_what_they_were_shown() -> None:
    house, now = room(), datetime(2026, 1, 1, tzinfo=UTC)
    house.idle(now=now)
    house.publish(indicator(2500, day=1))
    house.idle(now=now + timedelta(minutes=1))
    written = len(shown(house))
    house.split.reaches = now - timedelta(days=1)
    house.idle(now=now + timedelta(minutes=2))
    assert len(shown(house)) == written, "what the log has lost was shown again since"
    house.split.reaches = now + timedelta(minutes=3)
    house.idle(2, now=now + timedelta(minutes=4))
    assert len(shown(house)) == 2 * written, "the figure, and for each rule that it was shown"
    assert {each.began for each in shown(house) if isinstance(each, Primed)} == {now, now + timedelta(minutes=4)}
    written = len(shown(house))
    house.idle(2, now=now + timedelta(days=2))
    assert len(shown(house)) == written


def shown(house: Room) -> list[Observation | Primed]:
    """What the splits have shown, but for ticks."""
    read = [read_observation_record(each.value or b"") for log in house.log for each in log]
    return [each for each in read if isinstance(each, Observation | Primed)]
