"""The step: an article in, one reading out under the article's id; what is no article is refused with its cause."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from schemas import ArticleStatus, Cause, Reading
from schemas.topics import ARTICLES, EVENTS
from services.extract.stream import Extract
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
    (output,) = Extract().handle(record(article("Five men were killed.", id="a1").to_bytes()), NoState())
    assert output.topic is EVENTS
    assert output.key == "a1"
    assert isinstance(output.value, Reading)
    assert output.value.events[0].counts[0].value == 5


def test_an_article_about_nothing_gives_a_reading_without_events() -> None:
    (output,) = Extract().handle(record(article("The council met.").to_bytes()), NoState())
    assert isinstance(output.value, Reading)
    assert output.value.events == ()


def test_a_withdrawn_article_takes_its_events_back() -> None:
    (output,) = Extract().handle(record(article("Five men were killed.", status=ArticleStatus.WITHDRAWN).to_bytes()), NoState())
    assert isinstance(output.value, Reading)
    assert output.value.events == ()
    assert output.value.article.status == "withdrawn"


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
        Extract().handle(record(value), NoState())
    assert refused.value.cause == cause
    assert str(refused.value)
