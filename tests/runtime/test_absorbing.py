"""A lane absorbs what was told already, decides on what a record bears on before it folds it, and outlives a kill in between."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from services.runtime.lane import Lane
from services.stage import Output, Record, State

from .test_lane import Counting, checkpoint, flush, record


class Late(Counting):
    """Counts, and of what it absorbed decides on one record at a time; a record bears on what has its key."""

    def handle(self, record: Record, state: State) -> Iterable[Output]:
        assert not list(state.scan(f"owed/{_key(record)}/")), "decided on before it is handled"
        return super().handle(record, state)

    def absorb(self, record: Record, state: State) -> None:
        """Mark it."""
        state.put(f"owed/{_key(record)}/{record.offset}", b"")

    def digest(self, state: State, record: Record | None = None) -> bool:
        """Count one."""
        for key, _ in state.scan("owed/" if record is None else f"owed/{_key(record)}/"):
            state.delete(key)
            state.put("count", str(int(state.get("count") or 0) + 1).encode())
            return True
        return False


def _key(record: Record) -> str:
    return (record.key or b"").decode()


def of(key: str, offset: int) -> Record:
    return replace(record(offset), key=key.encode())


def digested(lane: Lane) -> None:
    while lane.undigested:
        lane.digest()


def absorbed(path: Path, *keys: str) -> Lane:
    """A lane that has absorbed a record of each of these keys."""
    lane = Lane(Late(), 0, checkpoint(path), len(keys))
    for offset, key in enumerate(keys):
        assert lane.silent
        assert not lane.undigested
        lane.fold(of(key, offset))
    return lane


def test_it_goes_on_at_once_with_what_was_told_absorbed(tmp_path: Path) -> None:
    lane = absorbed(tmp_path, "a", "b", "c")
    assert lane.get("count") is None
    assert lane.undigested
    assert not lane.silent
    lane.inbox.put([of("d", 3)])
    assert not lane.waits
    lane.fold(of("d", 3))
    assert flush(lane) == [b"k1"]


def test_before_a_record_is_folded_all_that_it_bears_on_is_decided_on_a_part_at_a_time(tmp_path: Path) -> None:
    lane = absorbed(tmp_path, "a", "b", "a")
    assert lane.prepare(of("a", 3))
    assert lane.get("count") == b"1"
    assert lane.prepare(of("a", 3))
    assert not lane.prepare(of("a", 3))
    lane.fold(of("a", 3))
    assert flush(lane) == [b"k3"]
    assert [key for key, _ in lane.scan("owed/")] == ["owed/b/1"]


def test_a_record_that_nobody_prepared_is_prepared_when_it_is_folded(tmp_path: Path) -> None:
    lane = absorbed(tmp_path, "a", "b", "a")
    lane.fold(of("a", 3))
    assert flush(lane) == [b"k3"]


def test_the_rest_is_decided_on_in_the_meantime_and_nothing_of_it_is_told(tmp_path: Path) -> None:
    lane = absorbed(tmp_path, "a", "b", "c")
    digested(lane)
    assert flush(lane) == []
    assert lane.get("count") == b"3"
    assert not lane.prepare(of("a", 3))
    lane.fold(of("a", 3))
    assert flush(lane) == [b"k4"]


def test_where_all_is_to_be_told_again_all_is_decided_on_first(tmp_path: Path) -> None:
    lane = absorbed(tmp_path, "a", "b")
    lane.owe()
    lane.inbox.put([of("c", 2)])
    assert lane.silent
    assert lane.waits
    digested(lane)
    assert not lane.silent


def test_a_kill_in_the_midst_of_deciding_goes_on_deciding(tmp_path: Path) -> None:
    lane = absorbed(tmp_path, "a", "b", "c")
    lane.digest()
    flush(lane)
    lane.digest()
    lane.close()
    again = Lane(Late(), 0, checkpoint(tmp_path), 4)
    assert (again.position, again.get("count"), again.undigested) == (3, b"1", False)
    again.fold(of("d", 3))
    digested(again)
    assert (again.get("count"), again.silent) == (b"4", False)


def test_a_checkpoint_with_nothing_left_goes_on_at_once(tmp_path: Path) -> None:
    lane = Lane(Late(), 0, checkpoint(tmp_path), None)
    digested(lane)
    lane.fold(record(0))
    assert flush(lane) == [b"k1"]


def test_what_cannot_be_decided_on_leaves_everything_as_it_was(tmp_path: Path) -> None:
    class Failing(Late):
        def digest(self, state: State, record: Record | None = None) -> bool:
            state.put("count", b"77")
            raise ValueError("told to")

    lane = Lane(Failing(), 0, checkpoint(tmp_path), 1)
    lane.fold(of("a", 0))
    with pytest.raises(ValueError, match="told to"):
        lane.digest()
    with pytest.raises(ValueError, match="told to"):
        lane.fold(of("a", 1))
    assert lane.get("count") is None
    assert lane.undigested
    assert list(lane.scan("owed/")) == [("owed/a/0", b"")]
