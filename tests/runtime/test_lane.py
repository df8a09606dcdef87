"""A lane folds all or nothing, keeps state and offset together, and is silent below what was told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from schemas import Tick
from schemas.topics import CLAIMS, INDICATORS, Topic
from services.runtime.checkpoint import Belongs, Checkpoint
from services.runtime.lane import MAX_BATCH_RECORDS, Lane
from services.stage import Output, Record, State

NOW = datetime(2024, 4, 6, tzinfo=UTC)


class Counting:
    """Counts records, and says how many there were."""

    name = "test.count"
    topic: Topic = CLAIMS
    version: int | None = 1

    def handle(self, record: Record, state: State) -> Iterable[Output]:
        count = int(state.get("count") or 0) + 1
        state.put("count", str(count).encode())
        if record.value == b"raise":
            raise ValueError("told to")
        return [Output(INDICATORS, f"k{count}", Tick(at=NOW))]

    def idle(self, partition: int, state: State, now: datetime) -> Iterable[Output]:
        return []

    def current(self, state: State) -> Iterator[Output]:
        yield Output(INDICATORS, "current", Tick(at=NOW))


def record(offset: int, value: bytes = b"") -> Record:
    return Record(CLAIMS.name, 0, offset, b"key", value, NOW)


def checkpoint(folder: Path, version: int = 1) -> Checkpoint:
    return Checkpoint(folder / "0.sqlite", Belongs("c", "t", "i", 1, 0, "test.count", version))


def flush(lane: Lane) -> list[bytes]:
    batch = lane.cut()
    assert batch is not None
    if lane.checkpoint is not None:
        lane.checkpoint.write(batch.changes, batch.position)
    lane.settle(batch)
    return [sending.key for sending in batch.outputs]


def test_what_a_failed_fold_changed_is_undone(tmp_path: Path) -> None:
    lane = Lane(Counting(), 0, checkpoint(tmp_path), None)
    lane.fold(record(0))
    with pytest.raises(ValueError, match="told to"):
        lane.fold(record(1, b"raise"))
    assert lane.get("count") == b"1"
    assert lane.position == 1


def test_state_is_seen_through_open_cut_and_kept_layers(tmp_path: Path) -> None:
    lane = Lane(Counting(), 0, checkpoint(tmp_path), None)
    lane.fold(record(0))
    batch = lane.cut()
    lane.fold(record(1))
    assert lane.get("count") == b"2"
    assert batch is not None
    assert batch.changes == {"count": b"1"}
    assert batch.position == 1


def test_a_kill_after_the_checkpoint_goes_on_behind_it(tmp_path: Path) -> None:
    lane = Lane(Counting(), 0, checkpoint(tmp_path), None)
    for offset in range(5):
        lane.watermark.deliver(offset)
        lane.fold(record(offset))
    assert flush(lane) == [b"k1", b"k2", b"k3", b"k4", b"k5"]
    assert lane.watermark.position == 5
    lane.fold(record(5))
    lane.close()
    again = Lane(Counting(), 0, checkpoint(tmp_path), 3)
    assert (again.position, again.get("count"), again.silent) == (5, b"5", False)


def test_without_a_checkpoint_it_folds_again_silently_up_to_the_committed_offset(tmp_path: Path) -> None:
    lane = Lane(Counting(), 0, checkpoint(tmp_path), 3)
    silent = []
    for offset in range(5):
        silent.append(lane.silent)
        lane.fold(record(offset))
    assert silent == [True, True, True, False, False]
    assert flush(lane) == [b"k4", b"k5"]


def test_a_new_version_folds_again_and_tells_every_figure_once(tmp_path: Path) -> None:
    old = Lane(Counting(), 0, checkpoint(tmp_path), None)
    old.fold(record(0))
    flush(old)
    old.close()
    assert Lane(Counting(), 0, checkpoint(tmp_path, version=2), 1).republish


def test_a_dead_letter_takes_the_records_place(tmp_path: Path) -> None:
    lane = Lane(Counting(), 0, checkpoint(tmp_path), None)
    lane.watermark.deliver(0)
    lane.bury(record(0), [Output(INDICATORS, "letter", Tick(at=NOW))])
    assert flush(lane) == [b"letter"]
    assert lane.watermark.position == 1
    assert lane.get("count") is None


def test_a_record_buried_late_does_not_take_the_position_back(tmp_path: Path) -> None:
    lane = Lane(Counting(), 0, checkpoint(tmp_path), None)
    lane.fold(record(1))
    lane.bury(record(0), [])
    batch = lane.cut()
    assert batch is not None
    assert batch.position == 2


def test_no_checkpoint_stands_for_what_is_behind_a_held_record(tmp_path: Path) -> None:
    lane = Lane(Counting(), 0, checkpoint(tmp_path), None)
    for offset in range(3):
        lane.watermark.deliver(offset)
    lane.fold(record(0))
    lane.hold(record(1))
    lane.bury(record(2), [])
    flush(lane)
    assert lane.watermark.position == 1
    lane.close()
    again = Lane(Counting(), 0, checkpoint(tmp_path), 1)
    assert again.position == 1
    again.hold(record(1))
    again.bury(record(1), [])
    flush(again)
    assert again.checkpoint is not None
    assert again.checkpoint.position == 2


def test_a_new_version_owes_every_figure_until_it_has_told_them(tmp_path: Path) -> None:
    old = Lane(Counting(), 0, checkpoint(tmp_path), None)
    old.fold(record(0))
    flush(old)
    old.close()
    for _ in range(2):
        lane = Lane(Counting(), 0, checkpoint(tmp_path, version=2), 1)
        assert lane.republish
        lane.fold(record(0))
        flush(lane)
        lane.close()
    kept = checkpoint(tmp_path, version=2)
    kept.write({}, kept.position, told=True)
    kept.close()
    assert not checkpoint(tmp_path, version=2).owed


def test_a_lane_without_state_has_no_checkpoint_and_is_never_silent() -> None:
    lane = Lane(Counting(), 0, None, 7)
    lane.fold(record(7))
    assert flush(lane) == [b"k1"]


def test_it_is_full_when_the_flusher_falls_behind() -> None:
    lane = Lane(Counting(), 0, None, None)
    for offset in range(MAX_BATCH_RECORDS):
        assert not lane.full
        lane.fold(record(offset))
    assert lane.full


def test_scan_merges_what_is_kept_with_what_has_changed(tmp_path: Path) -> None:
    lane = Lane(Counting(), 0, checkpoint(tmp_path), None)
    lane.put("a/1", b"old")
    lane.put("a/2", b"gone")
    lane.put("b", b"other")
    lane.tell([])
    flush(lane)
    lane.put("a/1", b"new")
    lane.put("a/0", b"first")
    lane.delete("a/2")
    assert list(lane.scan("a/")) == [("a/0", b"first"), ("a/1", b"new")]
    assert list(lane.scan("a/", after="a/0")) == [("a/1", b"new")]
