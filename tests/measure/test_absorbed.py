"""What is absorbed and then decided on is what folding record by record would have left, wherever the silence ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import Claim, Indicator, Review, ReviewAction, Tick
from schemas.topics import CLAIMS
from services.measure.absorbed import ENOUGH, LOOKED_AT
from services.measure.ledger import Ledger
from services.measure.sheets import SHEET, Heading
from services.measure.stream import Fold
from services.stage import Absorbing, Output, Record
from tests.support.state import MemoryState

from .newsroom import LATE, Newsroom, at, reading
from .test_properties import articles, dense

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


@pytest.mark.parametrize("owed", [2, 3, 5, 8, 12, 20, 40])
def test_what_a_record_tells_is_the_same_over_weeks_of_what_is_owed(owed: int) -> None:
    """Whether much is owed or little: what is far from a record bears on others that are nearer."""
    for seed in range(4):
        _decided_before_it_is_told(Random(seed), owed)


def _decided_before_it_is_told(chance: Random, owed: int) -> None:
    newsroom, fold, one, other = Newsroom(), Fold(partitions=1), MemoryState(), MemoryState()
    for number in range(owed + 4):
        told = dense(chance, f"a{chance.randrange(60)}") | {
            "updated": f"2024-06-01T{number // 60:02d}:{number % 60:02d}",
            "content": f"{number}",
        }
        for offset, output in enumerate(newsroom.claims(reading(told)), 100 * number):
            assert output.value is not None
            record = Record(CLAIMS.name, 0, offset, b"key", output.value.to_bytes(), LATE)
            if number < owed:
                fold.handle(record, one)
                fold.absorb(record, other)
                continue
            while fold.digest(other, record):
                pass
            assert list(heard(fold, [record], other)) == list(heard(fold, [record], one))
    while fold.digest(other):
        pass
    assert unswept(other) == unswept(one)


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


def absorbed(fold: Fold, state: MemoryState, newsroom: Newsroom, *told: dict[str, Any], first: int = 0) -> int:
    """Absorb what the claims of these articles are; the next offset."""
    claims = [output.value for one in told for output in newsroom.claims(reading(one))]
    for value in claims:
        assert value is not None
        fold.absorb(Record(CLAIMS.name, 0, first, b"key", value.to_bytes(), LATE), state)
        first += 1
    return first


def test_of_a_large_ledger_few_headings_are_looked_at_in_one_go() -> None:
    """So that finding the one that is owed among many does not hold the event loop either."""
    newsroom, fold, state = Newsroom(), Fold(partitions=1), MemoryState()
    settled = Heading().changed(0, b"x", 1, -1).row
    state.rows |= {f"{SHEET}|killed:AA|people|{number:07d}": settled for number in range(2 * LOOKED_AT + 10)}
    absorbed(fold, state, newsroom, {"killed": 3, "in": "Hama", "at": "2024-03-01T10:00"})
    for _ in range(2):
        assert fold.digest(state)
        assert not [key for key in state.rows if key.startswith("told|")]
    assert fold.digest(state)
    assert len([key for key in state.rows if key.startswith("told|")]) == 1
    while fold.digest(state):
        pass
    assert state.get("settled") is None


def test_what_came_and_went_while_nothing_was_decided_leaves_nothing() -> None:
    newsroom, fold, state = Newsroom(), Fold(partitions=1), MemoryState()
    death = {"article": "a", "killed": 3, "in": "Hama", "at": "2024-03-01T10:00"}
    absorbed(fold, state, newsroom, death, death | {"status": "withdrawn", "updated": "2024-03-01T11:00"})
    assert [key for key in state.rows if key.startswith(SHEET)]
    while fold.digest(state):
        pass
    assert {key.partition("|")[0] for key in state.rows} <= {"clock", "article", "expiry"}


def test_what_was_told_and_is_gone_when_its_claims_were_absorbed_is_taken_back() -> None:
    """Told before the state was saved, withdrawn behind it; also where half of what is owed was decided on before."""
    newsroom, fold, state = Newsroom(), Fold(partitions=1), MemoryState()
    deaths = [{"article": f"a{number}", "killed": 3, "in": "Hama", "at": f"2024-0{number}-01T10:00"} for number in range(1, 7)]
    first = absorbed(fold, state, newsroom, *deaths)
    while fold.digest(state):
        pass
    first = absorbed(
        fold, state, newsroom, *(death | {"status": "withdrawn", "updated": f"{death['at']}:30"} for death in deaths[3:]), first=first
    )
    assert fold.digest(state)
    absorbed(fold, state, newsroom, *(death | {"status": "withdrawn", "updated": f"{death['at']}:30"} for death in deaths[:3]), first=first)
    while fold.digest(state):
        pass
    assert [Indicator.from_bytes(row).retracted for key, row in state.rows.items() if key.startswith("told|")] == [True] * 6


def test_before_a_claim_of_a_batch_that_is_not_complete_nothing_is_read_or_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    """An article with thousands of claims costs no more than each of them."""
    newsroom, fold, state = Newsroom(), Fold(partitions=1), MemoryState()
    first = absorbed(fold, state, newsroom, {"killed": 3, "in": "Hama", "at": "2024-03-01T10:00"})
    counts = [{"killed": value, "in": "Hama"} for value in range(2, 12)]
    claims = newsroom.claims(reading({"at": "2024-03-01T11:00", "counts": counts}))
    read: list[str] = []
    scan = MemoryState.scan

    def counted(self: MemoryState, prefix: str, after: str = "") -> Iterator[tuple[str, bytes]]:
        read.append(prefix)
        return scan(self, prefix, after)

    for number, output in enumerate(claims, 1):
        assert output.value is not None
        record = Record(CLAIMS.name, 0, first + number, b"key", output.value.to_bytes(), LATE)
        with monkeypatch.context() as patched:
            patched.setattr(MemoryState, "scan", counted)
            assert fold.digest(state, record) == (number == len(claims))
        assert bool(read) == (number == len(claims))
        fold.handle(record, state)


@pytest.mark.parametrize("book", ["killed:S|Y", "killed:%7C", "", "killed:SY|people|0738000", "kil\u2028led,\x00:\U0001f480"])
def test_books_may_have_any_name(book: str) -> None:
    """Whoever writes to the topic chooses it."""
    newsroom, fold, one, other = Newsroom(), Fold(partitions=1), MemoryState(), MemoryState()
    records = []
    for number, when in enumerate(["2024-03-01", None, "2024-03-01..2024-03-02", "2024-02-28..2024-03-02 week"]):
        (output,) = newsroom.claims(reading({"article": f"a|{number}%", "killed": 3, "in": "Hama", "at": "2024-03-01T10:00", "when": when}))
        assert isinstance(output.value, Claim)
        value = output.value.model_copy(update={"book": book}).to_bytes()
        records.append(Record(CLAIMS.name, 0, number, b"key", value, LATE))
    for record in records:
        fold.handle(record, one)
        fold.absorb(record, other)
    while fold.digest(other):
        pass
    assert kept(other) == kept(one)
    (told,) = Ledger(one).everything_told()
    assert (told.book, told.value, told.tellers[0].claims) == (book, 3, 4)
