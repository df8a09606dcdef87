"""What crosses a topic reads back as it was, carries what it does not know, and refuses what no writer may say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import orjson
import pytest
from pydantic import ValidationError

from schemas import TOPICS, Count, Measure, Message, Tick, iso
from schemas.message import MAX_WORD, STRANGERS, Part

SPAN = {"field": "text", "start": 0, "end": 2, "words": "12", "sentence": "12 were killed."}
COUNT = {"id": "c", "measure": "killed", "value": 12, "kind": "flow", "scope": "incident", "evidence": [SPAN]}


def test_times_are_told_in_utc_however_they_came() -> None:
    elsewhere = datetime(2024, 4, 6, 14, 30, tzinfo=timezone(timedelta(hours=2, minutes=30)))
    assert Tick(at=elsewhere).to_bytes() == b'{"record":"tick","at":"2024-04-06T12:00:00Z","heard":null}'
    assert iso(datetime(2024, 4, 6, 12, 0, 0, 5, tzinfo=UTC)) == "2024-04-06T12:00:00.000005Z"


def test_a_time_without_its_offset_is_refused() -> None:
    with pytest.raises(ValidationError, match="offset from UTC"):
        Tick.from_bytes(b'{"at":"2024-04-06T12:00:00"}')


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+05:00", "9999-12-31T23:00:00-05:00"])
def test_a_time_that_utc_has_no_date_for_is_refused(moment: str) -> None:
    with pytest.raises(ValidationError, match="before the year 1 or after 9999"):
        Tick.from_bytes(b'{"at":"%s"}' % moment.encode())


def test_a_reader_ignores_fields_that_it_does_not_know() -> None:
    assert Tick.from_bytes(b'{"at":"2024-04-06T12:00:00Z","mood":"calm"}') == Tick(at=datetime(2024, 4, 6, 12, tzinfo=UTC))


def test_a_reader_carries_an_unknown_word_counts_it_and_writes_it_again_unchanged() -> None:
    before = STRANGERS["Measure"]
    count = Count.model_validate({**COUNT, "measure": "evacuated"}, context={"reading": True})
    assert (str(count.measure), count.measure.known, count.measure in set(Measure)) == ("evacuated", False, False)
    assert STRANGERS["Measure"] == before + 1
    again = Count.model_validate({**COUNT, "measure": count.measure})
    assert again.model_dump(mode="json")["measure"] == "evacuated"


def test_a_writer_may_use_declared_words_only() -> None:
    with pytest.raises(ValidationError, match="'evacuated' is not one of: killed, injured"):
        Count.model_validate({**COUNT, "measure": "evacuated"})


@pytest.mark.parametrize("word", [7, None, ["killed"], "x" * (MAX_WORD + 1)])
def test_what_is_no_word_is_refused_even_by_a_reader(word: object) -> None:
    with pytest.raises(ValidationError):
        Count.model_validate({**COUNT, "measure": word}, context={"reading": True})


@pytest.mark.parametrize("value", [-1, 1_000_000_001, 2.0, True, "12", None])
def test_a_count_is_a_whole_number_within_bounds(value: object) -> None:
    with pytest.raises(ValidationError):
        Count.model_validate({**COUNT, "value": value}, context={"reading": True})


def test_a_count_without_evidence_is_none() -> None:
    with pytest.raises(ValidationError):
        Count.model_validate({**COUNT, "evidence": []})


def test_the_same_message_is_the_same_bytes() -> None:
    count = Count.model_validate(COUNT)
    assert orjson.dumps(count.model_dump(mode="json")) == orjson.dumps(Count.model_validate(COUNT).model_dump(mode="json"))


def _parts(of: type[Part]) -> set[type[Part]]:
    return {of, *(each for sub in of.__subclasses__() for each in _parts(sub))}


RECORDS = sorted(_parts(Part) - {Part, Message}, key=lambda model: model.__name__)


@pytest.mark.parametrize("model", [model for model in RECORDS if model.__module__.startswith("schemas.")])
def test_every_record_is_frozen_and_says_what_it_and_each_field_is(model: type[Part]) -> None:
    assert model.model_config["frozen"]
    assert model.__doc__
    undescribed = [name for name, field in model.model_fields.items() if not field.description]
    assert undescribed == []


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_every_topic_says_what_stands_on_it(topic: object) -> None:
    assert topic.messages  # type: ignore[attr-defined]
    assert topic.key  # type: ignore[attr-defined]
    assert topic.summary  # type: ignore[attr-defined]
