"""A layer of changes gives its keys in order, whatever comes and goes, and a lane lays its layers over what is stored."""

from __future__ import annotations

import tempfile
from contextlib import closing
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from services.runtime.lane import Lane
from services.runtime.layer import LOOK_AHEAD, Layer
from tests.support.state import MemoryState

from .test_lane import Counting, checkpoint

KEYS, PREFIXES = st.text("ab|", min_size=1, max_size=4), st.text("ab|", max_size=3)


@given(st.lists(st.tuples(KEYS, st.sampled_from([b"1", None]), st.booleans())), PREFIXES, PREFIXES)
def test_its_keys_below_a_prefix_are_all_there_are_in_order(changes: list[tuple[str, bytes | None, bool]], prefix: str, after: str) -> None:
    layer, plain = Layer(), dict[str, bytes | None]()
    for key, value, looked_at in changes:
        layer.put(key, value)
        plain[key] = value
        if looked_at:
            list(layer.below(prefix, after))
    assert layer == plain
    assert list(layer.below(prefix, after)) == sorted(key for key in plain if key.startswith(prefix) and key > after)


def test_what_comes_behind_where_a_scan_has_come_is_found_by_it() -> None:
    layer = Layer()
    layer.cover({f"{number:04d}": b"" for number in range(LOOK_AHEAD + 1)})
    keys = layer.below("", "")
    assert next(keys) == "0000"
    layer.put("9999", b"")
    assert len(list(keys)) == LOOK_AHEAD + 1


ROWS = st.dictionaries(KEYS, st.one_of(st.none(), st.binary(max_size=1)))


@given(st.lists(ROWS, min_size=4, max_size=4), PREFIXES, PREFIXES)
def test_a_lane_looks_through_all_its_layers(layers: list[dict[str, bytes | None]], prefix: str, after: str) -> None:
    """What is stored, what is being stored, what waits, and what the record under way has changed."""
    plain = MemoryState()
    with tempfile.TemporaryDirectory() as folder, closing(Lane(Counting(), 0, checkpoint(Path(folder)), None)) as lane:
        for number, changes in enumerate(layers):
            for key, value in changes.items():
                for state in (plain, lane):
                    state.delete(key) if value is None else state.put(key, value)
            if number < len(layers) - 1:
                lane.tell([])
            if number == 0 and (batch := lane.cut()) is not None and lane.checkpoint is not None:
                lane.checkpoint.write(batch.changes, batch.position)
                lane.settle(batch)
            if number == 1:
                lane.cut()
        assert list(lane.scan(prefix, after)) == list(plain.scan(prefix, after))
        assert {key: lane.get(key) for changes in layers for key in changes} == {
            key: plain.get(key) for changes in layers for key in changes
        }
