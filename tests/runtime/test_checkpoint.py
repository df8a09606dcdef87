"""A checkpoint is all or nothing, knows what it belongs to, and has one holder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from services.runtime.checkpoint import ROWS_AT_ONCE, Belongs, Checkpoint, Fenced, Unusable

BELONGS = Belongs("cluster", "claims", "topic-id", 4, 2, "measure.fold", 1)


def test_state_and_offset_come_back_together(tmp_path: Path) -> None:
    first = Checkpoint(tmp_path / "2.sqlite", BELONGS)
    first.write({"a": b"1", "b": b"2"}, 7)
    first.write({"a": None}, 9)
    first.close()
    again = Checkpoint(tmp_path / "2.sqlite", BELONGS)
    assert (again.position, again.get("a"), again.get("b"), again.discarded) == (9, None, b"2", None)


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (replace(BELONGS, version=2), "version"),
        (replace(BELONGS, cluster="another"), "belongs"),
        (replace(BELONGS, topic_id="made again"), "belongs"),
        (replace(BELONGS, partitions=8), "belongs"),
    ],
)
def test_what_belongs_to_something_else_is_thrown_away(tmp_path: Path, other: Belongs, reason: str) -> None:
    first = Checkpoint(tmp_path / "2.sqlite", BELONGS)
    first.write({"a": b"1"}, 7)
    first.close()
    again = Checkpoint(tmp_path / "2.sqlite", other)
    assert (again.position, again.get("a"), again.discarded) == (None, None, reason)


@pytest.mark.parametrize(
    "damage", [b"not a database at all, but long enough to be read as one" * 40, b"SQLite format 3\x00" + b"\xff" * 4000]
)
def test_a_damaged_file_is_thrown_away(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "2.sqlite"
    path.write_bytes(damage)
    again = Checkpoint(path, BELONGS)
    assert (again.position, again.discarded) == (None, "damaged")
    again.write({"a": b"1"}, 1)
    assert again.get("a") == b"1"


def test_a_torn_page_is_thrown_away(tmp_path: Path) -> None:
    path = tmp_path / "2.sqlite"
    first = Checkpoint(path, BELONGS)
    first.write({f"key{i}": b"x" * 500 for i in range(500)}, 7)
    first.close()
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"\x00" * 4096 + data[8192:])
    again = Checkpoint(path, BELONGS)
    assert (again.position, again.discarded) == (None, "damaged")


def test_damage_of_a_file_too_large_to_read_through_shows_in_use_and_is_thrown_away_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.runtime.checkpoint.CHECKED", 0)
    path = tmp_path / "2.sqlite"
    first = Checkpoint(path, BELONGS)
    first.write({f"key{i:03d}": b"x" * 500 for i in range(500)}, 7)
    first.close()
    data = path.read_bytes()
    sound = len(data) // 4096 // 2 * 4096
    path.write_bytes(data[:sound] + b"\xff" * (len(data) - sound))
    torn = Checkpoint(path, BELONGS)
    with pytest.raises(Unusable, match="folded again"):
        list(torn.scan("key"))
    torn.close()
    again = Checkpoint(path, BELONGS)
    assert (again.position, again.discarded, again.get("key001")) == (None, "damaged", None)
    again.close()
    assert Checkpoint(path, BELONGS).discarded is None


def test_a_key_is_found_whoever_wrote_it(tmp_path: Path) -> None:
    """Who began with nothing knows what it wrote without looking; whoever opens the file later looks."""
    first = Checkpoint(tmp_path / "2.sqlite", BELONGS)
    first.write({f"key{number}": b"1" for number in range(3 * ROWS_AT_ONCE)}, 7)
    first.write({"key5": None}, 8)
    for each in (first, Checkpoint(tmp_path / "2.sqlite", BELONGS)):
        assert [number for number in range(4 * ROWS_AT_ONCE) if each.get(f"key{number}") is not None] == [
            number for number in range(3 * ROWS_AT_ONCE) if number != 5
        ]


def test_a_holder_back_from_the_dead_is_fenced_and_changes_nothing(tmp_path: Path) -> None:
    zombie = Checkpoint(tmp_path / "2.sqlite", BELONGS)
    zombie.write({"a": b"1"}, 7)
    holder = Checkpoint(tmp_path / "2.sqlite", BELONGS)
    holder.write({"a": b"2"}, 8)
    with pytest.raises(Fenced):
        zombie.write({"a": b"zombie"}, 9)
    assert (holder.get("a"), holder.position) == (b"2", 8)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unusable, match="TALLYWIRE_STATE_DIR"):
        Checkpoint(tmp_path / "file" / "2.sqlite", BELONGS)


def test_scan_goes_in_order_below_a_prefix(tmp_path: Path) -> None:
    one = Checkpoint(tmp_path / "2.sqlite", BELONGS)
    one.write({key: key.encode() for key in ("b/2", "a/1", "b/1", "b/é", "c")}, 1)
    assert [key for key, _ in one.scan("b/")] == ["b/1", "b/2", "b/é"]
    assert [key for key, _ in one.scan("b/", after="b/1")] == ["b/2", "b/é"]


@pytest.mark.parametrize("prefix", ["", "a", "a|", "a\ud7ff", "\U0010ffff", "a\U0010ffff"])
def test_scan_finds_all_below_a_prefix_and_nothing_else(tmp_path: Path, prefix: str) -> None:
    stems = ("a", "a|", "a}", "b", "a\ud7ff", "a\ue000", "\U0010ffff", "a\U0010ffff")
    keys = sorted({stem + rest for stem in stems for rest in ("", "\U0010ffff")})
    one = Checkpoint(tmp_path / "2.sqlite", BELONGS)
    one.write(dict.fromkeys(reversed(keys), b""), 1)
    below = [key for key in keys if key.startswith(prefix)]
    assert [key for key, _ in one.scan(prefix)] == below
    assert [key for key, _ in one.scan(prefix, after="a|")] == [key for key in below if key > "a|"]


def test_many_rows_are_written_and_removed_as_one(tmp_path: Path) -> None:
    """More than one statement takes."""
    keys = [f"{number:04d}" for number in range(3 * ROWS_AT_ONCE + 1)]
    one = Checkpoint(tmp_path / "2.sqlite", BELONGS)
    one.write({key: key.encode() for key in reversed(keys)}, 1)
    assert list(one.scan("")) == [(key, key.encode()) for key in keys]
    one.write({**dict.fromkeys(keys[:-2]), keys[-1]: b"new"}, 2)
    assert list(one.scan("")) == [(keys[-2], keys[-2].encode()), (keys[-1], b"new")]
