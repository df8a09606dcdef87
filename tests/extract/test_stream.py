"""The step: an article in, one reading out under the article's id; what is no article is refused with its cause."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

import schemas
from schemas import (
    Article,
    ArticleReference,
    ArticleStatus,
    Cause,
    Count,
    EventRecord,
    EventType,
    Kind,
    Measure,
    Reading,
    Scope,
    Span,
    SpanField,
)
from schemas.topics import ARTICLES, EVENTS
from services.extract.extraction import Extraction
from services.extract.extractor import Extractor
from services.extract.stream import Extract
from services.extract.text.simhash import simhash
from services.stage import Invalid, Record
from tests.extract.readings import article


class NoState:
    """A state that must not be used."""

    def get(self, key: str) -> bytes | None:
        raise AssertionError(key)

    def put(self, key: str, value: bytes) -> None:
        raise AssertionError(key, value)

    def delete(self, key: str) -> None:
        raise AssertionError(key)

    def scan(self, prefix: str, after: str = "") -> Iterator[tuple[str, bytes]]:
        raise AssertionError(prefix, after)


def record(value: bytes | None) -> Record:
    return Record(ARTICLES.name, 0, 0, b"test", value, datetime(2024, 4, 16, tzinfo=UTC))


def test_an_article_gives_one_reading_under_its_id() -> None:
    (output,) = Extract(Extraction()).handle(record(article("Five men were killed.", id="a1").to_bytes()), NoState())
    assert output.topic is EVENTS
    assert output.key == "a1"
    assert isinstance(output.value, Reading)
    assert output.value.events[0].counts[0].value == 5


def test_an_article_about_nothing_gives_a_reading_without_events() -> None:
    (output,) = Extract(Extraction()).handle(record(article("The council met.").to_bytes()), NoState())
    assert isinstance(output.value, Reading)
    assert output.value.events == ()


def test_a_withdrawn_article_takes_its_events_back() -> None:
    (output,) = Extract(Extraction()).handle(record(article("Five men were killed.", status=ArticleStatus.WITHDRAWN).to_bytes()), NoState())
    assert isinstance(output.value, Reading)
    assert output.value.events == ()
    assert output.value.article.status == "withdrawn"


class Shouting:
    """Another engine: who speaks in capitals of so many DEAD is believed, and nobody else."""

    def read(self, article: Article) -> Reading:
        counts = [
            Count(
                id=Count.identify(article.id, Measure.KILLED, found.group(), place),
                measure=Measure.KILLED,
                value=int(found[1]),
                kind=Kind.FLOW,
                scope=Scope.INCIDENT,
                evidence=(Span(field=SpanField.TEXT, start=found.start(1), end=found.end(1), words=found[1], sentence=found.group()),),
            )
            for place, found in enumerate(re.finditer(r"(\d+) DEAD", article.text))
        ]
        told = EventRecord(id=EventRecord.identify(article.id, tuple(c.id for c in counts)), type=EventType.OTHER, counts=tuple(counts))
        reference = ArticleReference.of(article, simhash(article.text), article.published_at)
        return Reading(article=reference, extractor=schemas.Extractor(name="shouting", version="0.3"), events=(told,) if counts else ())


def test_another_engine_stands_beside_ours_under_its_own_name_and_version() -> None:
    given = record(article("12 DEAD in the north. Five men were killed in the south.").to_bytes())
    read = {}
    engines: list[Extractor] = [Extraction(), Shouting()]
    for engine in engines:
        (output,) = Extract(engine).handle(given, NoState())
        assert isinstance(output.value, Reading)
        read[output.value.extractor.name] = output.value
    assert [count.value for event in read["shouting"].events for count in event.counts] == [12]
    assert read["shouting"].extractor.version == "0.3"
    assert 5 in [count.value for event in read["tallywire"].events for count in event.counts]


@pytest.mark.parametrize(
    ("value", "cause"),
    [
        (None, Cause.UNDECODABLE),
        (b"", Cause.UNDECODABLE),
        (b"{", Cause.UNDECODABLE),
        (b"\xff\xfe{}", Cause.UNDECODABLE),
        (b"[1]", Cause.INVALID),
        (b"{}", Cause.INVALID),
        (b'{"id": 1}', Cause.INVALID),
        (b"[" * 100_000, Cause.UNDECODABLE),
    ],
)
def test_what_is_no_article_is_refused_with_its_cause(value: bytes | None, cause: Cause) -> None:
    with pytest.raises(Invalid) as refused:
        Extract(Extraction()).handle(record(value), NoState())
    assert refused.value.cause == cause
    assert str(refused.value)
