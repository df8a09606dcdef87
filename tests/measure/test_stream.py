"""Split and fold as the runtime drives them: what they write, what they repeat, what they refuse, and how time passes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from schemas import Cause, Claim, Indicator, Review, ReviewAction, Tick
from schemas.topics import CLAIMS, EVENTS, INDICATORS
from services.measure.ledger import Ledger
from services.measure.moments import micros
from services.measure.stream import Fold, Split
from services.stage import Invalid, Output, Record, Stage
from tests.support.state import MemoryState

from .newsroom import LATE, Newsroom, at, reading

BOMBING: dict[str, Any] = {"at": "2024-03-01T08:00", "article": "a", "killed": 12, "in": "Hama", "when": "2024-03-01"}
NOW = datetime(2024, 3, 1, 9, tzinfo=UTC)


def record(value: bytes | None, topic: str = EVENTS.name, timestamp: datetime = LATE) -> Record:
    return Record(topic, 0, 7, b"a", value, timestamp)


def written(outputs: list[Output]) -> list[tuple[str, bytes | None]]:
    return [(output.key, output.value.to_bytes() if output.value else None) for output in outputs]


def test_they_are_stages() -> None:
    stages: list[Stage] = [Split(), Fold(partitions=4)]
    assert [(stage.name, stage.topic.name, stage.version) for stage in stages] == [
        ("measure.split", EVENTS.name, 1),
        ("measure.fold", CLAIMS.name, 4),
    ]


def test_a_reading_that_comes_again_gives_the_same_bytes() -> None:
    newsroom = Newsroom()
    moved = BOMBING | {"in": "Kirkuk", "updated": "2024-03-02T08:00"}
    newsroom.claims(reading(BOMBING))
    first = written(newsroom.claims(reading(moved)))
    assert written(newsroom.claims(reading(moved))) == first
    assert [key for key, _ in first] == ["killed:IQ", "killed:SY"]


def test_an_older_reading_gives_nothing() -> None:
    newsroom = Newsroom()
    newsroom.claims(reading(BOMBING | {"updated": "2024-03-02T08:00", "killed": 13}))
    assert newsroom.claims(reading(BOMBING)) == []


def test_what_is_no_longer_said_is_taken_back_before_what_is_said() -> None:
    newsroom = Newsroom()
    newsroom.claims(reading(BOMBING))
    claims = [output.value for output in newsroom.claims(reading(BOMBING | {"killed": 14, "updated": "2024-03-02T08:00"}))]
    assert all(isinstance(claim, Claim) for claim in claims)
    told = [(c.withdrawn, c.value, c.batch.i, c.batch.n) for c in claims if isinstance(c, Claim)]
    assert told == [(True, 12, 1, 2), (False, 14, 2, 2)]


def test_the_same_content_again_later_still_keeps_out_what_lies_between() -> None:
    newsroom = Newsroom()
    newsroom.claims(reading(BOMBING | {"content": "x"}))
    assert newsroom.claims(reading(BOMBING | {"content": "x", "updated": "2024-03-03T08:00"})) == []
    assert newsroom.claims(reading(BOMBING | {"content": "y", "killed": 9, "updated": "2024-03-02T08:00"})) == []


def test_the_fold_speaks_only_after_the_last_of_a_batch() -> None:
    newsroom = Newsroom()
    told = BOMBING | {"counts": [BOMBING, BOMBING | {"killed": 3, "group": "children"}]}
    first, last = newsroom.claims(reading(told))
    newsroom.enter([first])
    assert newsroom.outputs == []
    newsroom.enter([first, last])
    assert sorted(indicator.value for indicator in newsroom.believed) == [3, 12]
    assert not [key for key in newsroom.fold_state.rows if key.startswith(("piece|", "batch|"))]


def test_only_what_changes_is_told_with_the_figure_before() -> None:
    newsroom = Newsroom().hear(BOMBING)
    claims = newsroom.claims(reading(BOMBING))
    newsroom.enter(claims)
    assert len(newsroom.outputs) == 1
    newsroom.hear(BOMBING | {"article": "b", "at": "2024-03-01T20:00", "killed": 45, "by": "Other"})
    (indicator,) = newsroom.believed
    assert (indicator.value, indicator.revision) == (45, 2)
    assert indicator.previous is not None
    assert indicator.previous.value == 12


def test_an_indicator_stands_under_its_book_and_fact() -> None:
    (output,) = Newsroom().hear(BOMBING).outputs
    assert output.topic is INDICATORS
    assert output.key == "killed:SY|incident,day=2024-03-01,group=people,place=g170017"


def test_what_expires_leaves_a_tombstone_and_no_rows() -> None:
    newsroom = Newsroom().hear(BOMBING)
    newsroom.tick("2026-01-01")
    assert [(output.key, output.value) for output in newsroom.outputs[1:]] == [(newsroom.outputs[0].key, None)]
    assert {key.split("|")[0] for key in newsroom.fold_state.rows} == {"clock", "ticked"}


def test_what_was_taken_back_leaves_a_tombstone_in_its_time() -> None:
    newsroom = Newsroom().hear(BOMBING, {"at": "2024-03-01T08:00", "article": "a", "status": "withdrawn", "updated": "2024-03-02T08:00"})
    newsroom.tick("2026-01-01")
    assert [output.value.retracted if isinstance(output.value, Indicator) else None for output in newsroom.outputs] == [False, True, None]
    assert {key.split("|")[0] for key in newsroom.fold_state.rows} == {"clock", "ticked"}


def test_the_split_forgets_articles_after_the_retention() -> None:
    newsroom = Newsroom().hear(BOMBING, {"at": "2026-03-01T08:00", "article": "b"})
    assert [key for key in newsroom.split_state.rows if key.startswith("article|")] == ["article|b"]


def test_a_review_is_kept_as_it_came() -> None:
    newsroom = Newsroom().hear(BOMBING)
    review = Review(
        id="r1", book="killed:SY", action=ReviewAction.REJECT, subjects=("c1",), author="An analyst", reason="Another year's toll.", at=NOW
    )
    assert newsroom.fold_record(b"killed:SY", review.to_bytes()) == []
    assert newsroom.fold_state.rows["review|killed:SY|r1"] == review.to_bytes()


def test_current_tells_every_figure() -> None:
    newsroom = Newsroom().hear(BOMBING, BOMBING | {"article": "b", "in": "Kirkuk"})
    assert {output.key: output.value for output in newsroom.fold.current(newsroom.fold_state)} == newsroom.indicators


def test_time_is_put_into_every_partition_once_a_minute_while_it_is_live() -> None:
    newsroom = Newsroom().hear(BOMBING)
    fold = Fold(partitions=3)
    ticks = list(fold.idle(0, newsroom.fold_state, NOW))
    assert [(tick.partition, tick.value) for tick in ticks] == [(each, Tick(at=NOW)) for each in range(3)]
    assert list(fold.idle(0, newsroom.fold_state, NOW + timedelta(seconds=30))) == []
    assert len(list(fold.idle(0, newsroom.fold_state, NOW + timedelta(seconds=61)))) == 3


def test_no_time_passes_where_the_data_is_old_or_absent() -> None:
    fold = Fold(partitions=3)
    assert list(fold.idle(0, MemoryState(), NOW)) == []
    assert list(fold.idle(0, Newsroom().hear(BOMBING).fold_state, NOW + timedelta(days=3))) == []


def test_a_live_partition_wakes_the_one_that_ticks() -> None:
    newsroom = Newsroom().hear(BOMBING)
    ticks = list(Fold(partitions=3).idle(2, newsroom.fold_state, NOW))
    assert [(tick.partition, tick.value) for tick in ticks] == [(0, Tick(at=at("2024-03-01T08:00")))]
    newsroom.tick(NOW)
    assert list(Fold(partitions=3).idle(2, newsroom.fold_state, NOW + timedelta(minutes=1))) == []


@pytest.mark.parametrize(
    ("value", "cause"),
    [
        (None, Cause.UNDECODABLE),
        (b"\xff\x00", Cause.UNDECODABLE),
        (b"{", Cause.UNDECODABLE),
        (b"[" * 100_000, Cause.UNDECODABLE),
        (b"null", Cause.INVALID),
        (b"{}", Cause.INVALID),
        (b'{"record": "claim"}', Cause.INVALID),
        (b'{"record": "tick", "at": "9999-99-99"}', Cause.INVALID),
        (b'{"record": "tick", "at": 1' + b"0" * 400 + b"}", Cause.UNDECODABLE),
    ],
)
@pytest.mark.parametrize("stage", [Split(), Fold(partitions=1)], ids=lambda stage: stage.name)
def test_bad_records_are_refused_with_their_cause(stage: Stage, value: bytes | None, cause: Cause) -> None:
    with pytest.raises(Invalid) as refused:
        list(stage.handle(record(value), MemoryState()))
    assert refused.value.cause is cause


def test_an_article_collected_after_its_record_moves_no_clock() -> None:
    told = reading(BOMBING | {"at": "9998-01-01T08:00", "when": None})
    claim = Newsroom()
    with pytest.raises(Invalid, match="collected_at"):
        claim.claims(told)
    assert claim.split_state.rows == {}


def test_a_version_of_a_million_digits_is_refused() -> None:
    newsroom = Newsroom()
    for version in ("1" * 1_000_000, "1." + "2" * 100):
        with pytest.raises(Invalid, match="version"):
            newsroom.claims(reading(BOMBING | {"version": version}))
    assert newsroom.split_state.rows == {}


def test_a_publication_later_than_its_collection_is_not_believed() -> None:
    newsroom = Newsroom()
    raw = orjson.loads(reading(BOMBING).to_bytes())
    raw["article"]["published_at"] = "9999-12-31T23:59:59Z"
    for output in newsroom.split.handle(record(orjson.dumps(raw)), newsroom.split_state):
        assert output.value is not None
        newsroom.fold_record(output.key.encode(), output.value.to_bytes())
    (indicator,) = newsroom.believed
    assert indicator.published_at == at("2024-03-01T08:05")


def test_a_tick_from_the_far_future_passes_no_time() -> None:
    newsroom = Newsroom().hear(BOMBING)
    list(newsroom.fold.handle(Record(CLAIMS.name, 0, 9, b"tick", Tick(at=at("9999-01-01")).to_bytes(), NOW), newsroom.fold_state))
    assert Ledger(newsroom.fold_state).clock == micros(at("2024-03-01T08:00"))


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "0001-01-01..9999-12-31", "~9999-12-31"])
def test_days_at_the_ends_of_time_break_nothing(day: str) -> None:
    newsroom = Newsroom().hear(BOMBING | {"when": day}, BOMBING | {"article": "b", "when": day, "kind": "stock", "scope": "period"})
    newsroom.tick("2026-01-01")
    assert newsroom.believed == []


def test_words_of_a_later_version_are_carried_and_move_nothing() -> None:
    newsroom = Newsroom().hear(BOMBING)
    for field, word in (
        ("realis", "rumoured"),
        ("group", "pets"),
        ("kind", "rate"),
        ("scope", "galaxy"),
        ("measure", "betrayed"),
        ("qualifier", "maybe"),
    ):
        raw = orjson.loads(reading(BOMBING | {"article": field}).to_bytes())
        raw["events"][0]["counts"][0][field] = word
        for output in newsroom.split.handle(record(orjson.dumps(raw)), newsroom.split_state):
            assert isinstance(output.value, Claim)
            assert getattr(output.value, field) == word
            newsroom.fold_record(output.key.encode(), output.value.to_bytes())
    (indicator,) = newsroom.believed
    assert (indicator.value, indicator.teller_count, indicator.set_aside) == (12, 1, {"unknown": 3})


def test_no_word_of_a_later_version_spells_the_fact_of_another() -> None:
    somewhere = BOMBING | {"in": "Syria"}
    newsroom = Newsroom().hear(somewhere)
    (indicator,) = newsroom.believed
    raw = orjson.loads(reading(somewhere | {"article": "b"}).to_bytes())
    event = raw["events"][0]
    event["period"] = event["counts"][0]["period"] = None
    event["counts"][0]["scope"] = indicator.fact.partition(",group=")[0]
    for output in newsroom.split.handle(record(orjson.dumps(raw)), newsroom.split_state):
        assert output.value is not None
        newsroom.fold_record(output.key.encode(), output.value.to_bytes())
    assert newsroom.believed == [indicator]
