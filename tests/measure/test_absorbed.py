"""What is absorbed and then decided on is what folding record by record would have left, wherever the silence ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import Indicator, Review, ReviewAction, Tick
from schemas.topics import CLAIMS
from services.measure.absorbed import ENOUGH
from services.measure.stream import Fold
from services.stage import Absorbing, Output, Record
from tests.support.state import MemoryState

from .newsroom import LATE, Newsroom, at, reading
from .test_properties import articles

EXPIRED = "2026-01-01T00:00"
"""By then nothing of the articles is believed any longer."""

REVIEW = Review(
    id="r", book="killed:SY", action=ReviewAction.PIN, subjects=("x",), value=1, author="a", reason="b", at=datetime(2024, 3, 1, tzinfo=UTC)
)


@st.composite
def logs(draw: st.DrawFn) -> list[Record]:
    """A partition of claims: articles told, corrected and withdrawn, some twice, with time passing and a review between."""
    newsroom = Newsroom()
    values: list[bytes] = []
    for told in draw(articles()):
        batch = [output.value.to_bytes() for output in newsroom.claims(reading(told)) if output.value is not None]
        values += batch * draw(st.sampled_from([1, 1, 1, 2]))
        if draw(st.integers(0, 4)) == 0:
            moment = draw(st.sampled_from(["2024-03-10T00:00", "2024-03-20T00:00", EXPIRED]))
            values.append(draw(st.sampled_from([Tick(at=at(moment)), REVIEW])).to_bytes())
    values.append(Tick(at=at(draw(st.sampled_from(["2024-03-20T00:00", EXPIRED])))).to_bytes())
    return [Record(CLAIMS.name, 0, offset, b"key", value, LATE) for offset, value in enumerate(values)]


def plain(indicator: Indicator) -> Indicator:
    """Without what depends on the moments in between."""
    return indicator.model_copy(update={"revision": 0, "previous": None})


def kept(state: MemoryState) -> dict[str, Any]:
    """The rows, but for figures that were taken back and their expiry: who absorbs has never believed those that came and went."""
    told = {key: Indicator.from_bytes(row) for key, row in state.rows.items() if key.startswith("told|")}
    rows: dict[str, Any] = {
        key: row
        for key, row in state.rows.items()
        if (key not in told and row != b"") or (key.startswith("expiry|") and "|told|" not in key)
    }
    return rows | {key: plain(indicator) for key, indicator in told.items() if not indicator.retracted}


def unswept(state: MemoryState) -> dict[str, Any]:
    """The rows, but for how far what expires has been looked for."""
    return {key: row for key, row in kept(state).items() if key != "clock" and not key.startswith("expiry|")}


def heard(fold: Fold, records: list[Record], state: MemoryState) -> Iterator[tuple[int, str, Indicator]]:
    """What is told from here on, but for tombstones of what was taken back; revisions are compared as they are."""
    for record in records:
        for output in fold.handle(record, state):
            if isinstance(output.value, Indicator):
                yield record.offset, output.key, output.value.model_copy(update={"previous": None})


@given(logs(), st.data())
@settings(max_examples=40, deadline=None)
def test_absorbed_up_to_any_offset_and_then_folded_is_folded_from_the_start(log: list[Record], data: st.DataObject) -> None:
    """Also where a kill in the midst of deciding is followed by a later committed offset: more is absorbed, then all is decided."""
    until = data.draw(st.integers(0, len(log)))
    first = data.draw(st.integers(0, until))
    fold = Fold(partitions=1)
    one, other = MemoryState(), MemoryState()
    for record in log[:until]:
        fold.handle(record, one)
    for record in log[:first]:
        fold.absorb(record, other)
    fold.digest(other)
    for record in log[first:until]:
        fold.absorb(record, other)
    while fold.digest(other):
        pass
    assert kept(other) == kept(one)
    assert all(Indicator.from_bytes(row).revision < until for key, row in other.rows.items() if key.startswith("told|"))
    assert list(heard(fold, log[until:], other)) == list(heard(fold, log[until:], one))
    assert kept(other) == kept(one)


@given(logs(), st.data())
@settings(max_examples=40, deadline=None)
def test_what_a_record_bears_on_is_decided_on_before_it_and_the_rest_whenever(log: list[Record], data: st.DataObject) -> None:
    """Each record tells the same figures; only what expires may go later, when all is decided on."""
    living = [record for record in log if EXPIRED[:10].encode() not in (record.value or b"")]
    until = data.draw(st.integers(0, len(living)))
    fold, one, other = Fold(partitions=1), MemoryState(), MemoryState()
    for record in living[:until]:
        fold.handle(record, one)
        fold.absorb(record, other)
    for record in living[until:]:
        if data.draw(st.integers(0, 3)) == 0:
            fold.digest(other)
        while fold.digest(other, record):
            pass
        assert list(heard(fold, [record], other)) == list(heard(fold, [record], one))
    while fold.digest(other):
        pass
    assert unswept(other) == unswept(one)
    end = [Record(CLAIMS.name, 0, len(log) + n, b"key", Tick(at=at(EXPIRED)).to_bytes(), LATE) for n in range(20)]
    assert {key for _, key, _ in heard(fold, end, other)} == {key for _, key, _ in heard(fold, end, one)}
    assert kept(other) == kept(one)


def test_nothing_absorbed_leaves_nothing_to_decide() -> None:
    fold, state = Fold(partitions=1), MemoryState()
    assert isinstance(fold, Absorbing)
    assert not fold.digest(state)
    assert state.rows == {}


def test_a_full_year_of_one_book_is_decided_in_parts() -> None:
    """So that no part takes longer than the event loop may be held."""
    newsroom, fold, state = Newsroom(), Fold(partitions=1), MemoryState()
    days = [date(2024, 1, 1) + timedelta(days=number) for number in range(3 * ENOUGH // 4)]
    told: list[Output] = []
    for day in days:
        for town in ("Hajin", "Hama"):
            told += newsroom.claims(reading({"killed": 3, "in": town, "of": "isis", "at": f"{day}T10:00", "when": day}))
    for offset, output in enumerate(told):
        assert output.value is not None
        fold.absorb(Record(CLAIMS.name, 0, offset, b"key", output.value.to_bytes(), LATE), state)
    parts = 0
    while fold.digest(state):
        parts += 1
    assert parts == 2
    assert sum(key.startswith("told|") for key in state.rows) == len(told)
    assert not any(key.startswith("owed|") for key in state.rows)
