"""An answer of a server becomes what is new in it, and what to remember."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from services.collect.feeds_file import FeedSpec
from services.collect.news import News, read_news
from services.collect.xml_entries import NotAFeed

from .feed_server import item, rss

NOW = datetime(2024, 4, 8, 12, tzinfo=UTC)
SPEC = FeedSpec(id="paper", url="https://paper.example/feed")
BROKEN = "<item><title>Torn & open</title></item>"


def read(body: bytes, seen: dict[str, str] | None = None) -> News:
    return read_news(SPEC, seen or {}, body, address=SPEC.url, charset=None, now=NOW)


def test_what_is_new_is_told_oldest_first_with_what_is_broken() -> None:
    news = read(rss([item(3, date="Wed, 03 Apr 2024 10:00:00 GMT"), BROKEN, item(1), item(2, date="Tue, 02 Apr 2024 10:00:00 GMT")]))
    assert [article.title for article in news.articles] == ["Title 1", "Title 2", "Title 3"]
    assert [letter.detail.split(":")[0] for letter in news.letters] == ["feed paper"]
    assert (news.known, news.beyond) == (0, 0)


def test_what_is_remembered_is_not_told_again() -> None:
    first = read(rss([item(1), BROKEN]))
    again = read(rss([item(1), BROKEN, item(2)]), first.seen)
    assert [article.title for article in again.articles] == ["Title 2"]
    assert (again.letters, again.known) == ((), 1)


def test_the_same_answer_is_always_the_same_news() -> None:
    body = rss([item(number) for number in range(20)] + [BROKEN])
    assert [article.to_bytes() for article in read(body).articles] == [article.to_bytes() for article in read(body).articles]
    assert read(body) == read(body)


def test_what_is_no_feed_is_no_news() -> None:
    with pytest.raises(NotAFeed):
        read(b"<html></html>")
