"""A lane absorbs what was told already, decides on it before it folds on, and outlives a kill in between."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from services.runtime.lane import Lane
from services.stage import Output, Record, State

from .test_lane import Counting, checkpoint, flush, record


class Late(Counting):
    """Counts, and of what it absorbed decides on one record at a time."""

    def handle(self, record: Record, state: State) -> Iterable[Output]:
        assert not list(state.scan("owed/")), "decided on before anything else is folded"
        return super().handle(record, state)

    def absorb(self, record: Record, state: State) -> None:
        """Mark it."""
        state.put(f"owed/{record.offset}", b"")

    def digest(self, state: State) -> bool:
        """Count one."""
        for key, _ in state.scan("owed/"):
            state.delete(key)
            state.put("count", str(int(state.get("count") or 0) + 1).encode())
            return True
        return False


def digested(lane: Lane) -> None:
    while lane.digests:
        assert lane.silent
        lane.digest()


def test_what_was_told_is_absorbed_and_decided_on_before_it_goes_on(tmp_path: Path) -> None:
    lane = Lane(Late(), 0, checkpoint(tmp_path), 3)
    for offset in range(3):
        assert lane.silent
        assert not lane.digests
        lane.fold(record(offset))
    assert lane.get("count") is None
    assert lane.digests
    assert lane.waits
    digested(lane)
    assert not lane.silent
    lane.fold(record(3))
    assert flush(lane) == [b"k4"]


def test_a_kill_in_the_midst_of_deciding_goes_on_deciding(tmp_path: Path) -> None:
    lane = Lane(Late(), 0, checkpoint(tmp_path), 3)
    for offset in range(3):
        lane.fold(record(offset))
    lane.digest()
    flush(lane)
    lane.digest()
    lane.close()
    again = Lane(Late(), 0, checkpoint(tmp_path), 4)
    assert (again.position, again.get("count"), again.digests) == (3, b"1", False)
    again.fold(record(3))
    digested(again)
    assert (again.get("count"), again.silent) == (b"4", False)


def test_a_checkpoint_with_nothing_left_goes_on_at_once(tmp_path: Path) -> None:
    lane = Lane(Late(), 0, checkpoint(tmp_path), None)
    digested(lane)
    lane.fold(record(0))
    assert flush(lane) == [b"k1"]


def test_a_figure_that_cannot_be_decided_on_leaves_everything_as_it_was(tmp_path: Path) -> None:
    class Failing(Late):
        def digest(self, state: State) -> bool:
            state.put("count", b"77")
            raise ValueError("told to")

    lane = Lane(Failing(), 0, checkpoint(tmp_path), 1)
    lane.fold(record(0))
    with pytest.raises(ValueError, match="told to"):
        lane.digest()
    assert lane.get("count") is None
    assert lane.digests
    assert list(lane.scan("owed/")) == [("owed/0", b"")]
