"""Feeds served on loopback, walked from the file of feeds to the topics."""

from __future__ import annotations

import asyncio
import base64
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest
import yaml
from aiohttp import web

from schemas import Article, DeadLetter, FeedState
from schemas.topics import ARTICLES, DEAD_LETTERS, FEEDS
from services.collect.poller import Poller
from services.runtime.publisher import Publisher
from services.runtime.reader import read_all
from services.runtime.settings import Settings
from services.runtime.topics_admin import create
from services.stage import Stop
from tests.support.kafka import Kafka

from .feed_server import FeedServer, item, rss

T = TypeVar("T")

PATIENCE = 20.0
"""Seconds within which what must happen does."""


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with FeedServer() as server:
        yield server


def clock() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def polled(settings: Settings, publisher: Publisher, folder: Path, *feeds: dict[str, object]) -> AsyncIterator[Poller]:
    """A poller of these feeds, until the block ends."""
    file = folder / "feeds.yaml"
    file.write_text(yaml.safe_dump({"feeds": [{"every": "1s", "allow_networks": ["127.0.0.0/8"]} | feed for feed in feeds]}))
    poller = Poller(settings.model_copy(update={"feeds_file": file}), publisher, clock)
    running = asyncio.create_task(poller.run())
    try:
        yield poller
    finally:
        await poller.stop()
        await running


async def until(ask: Callable[[], Awaitable[T]], fits: Callable[[T], bool]) -> T:
    """What the question answers, as soon as it fits."""
    end = asyncio.get_running_loop().time() + PATIENCE
    while not fits(answer := await ask()):
        assert asyncio.get_running_loop().time() < end, f"still after {PATIENCE:.0f} s: {answer}"
        await asyncio.sleep(0.05)
    return answer


async def articles(settings: Settings) -> list[Article]:
    found = [Article.from_bytes(record.value or b"") for record in await read_all(settings, ARTICLES, latest=False)]
    return sorted(found, key=lambda article: (article.url or "", article.revision.updated_at))


async def letters(settings: Settings) -> list[DeadLetter]:
    return [DeadLetter.from_bytes(record.value or b"") for record in await read_all(settings, DEAD_LETTERS, latest=False)]


async def states(settings: Settings) -> dict[str, FeedState]:
    found = [FeedState.from_bytes(record.value or b"") for record in await read_all(settings, FEEDS)]
    return {state.feed: state for state in found}


async def polls(server: FeedServer, more: int) -> None:
    """Wait until the server has been asked so many times more."""
    before = len(server.asked)

    async def asked() -> int:
        return len(server.asked) - before

    await until(asked, lambda number: number >= more)


async def test_entries_become_articles_once_and_broken_ones_dead_letters_once(
    server: FeedServer, settings: Settings, publisher: Publisher, tmp_path: Path
) -> None:
    bad = "<item><title>A link that is none</title><link>https://paper.example:99999/</link><description>Words.</description></item>"
    torn = "<item><title>Torn & open</title><link>https://paper.example/torn</link></item>"
    server.answers["/feed"] = rss([item(1), bad, torn, item(2, more="<source url='https://other.example/'>Other</source>")])
    async with polled(settings, publisher, tmp_path, {"id": "paper", "url": f"{server.at}/feed"}):
        await until(lambda: states(settings), lambda found: "paper" in found)
        await polls(server, 2)
        found, dead = await articles(settings), await letters(settings)
    assert [(article.title, article.source, article.via) for article in found] == [
        ("Title 1", "A paper", "feed"),
        ("Title 2", "Other", "feed"),
    ]
    assert [base64.b64decode(letter.original or "") for letter in dead] == [torn.encode(), bad.encode()]
    assert {letter.cause for letter in dead} == {"refused"}
    assert all("feed paper: " in letter.detail for letter in dead)


async def test_a_correction_is_a_newer_revision_of_the_same_article(
    server: FeedServer, settings: Settings, publisher: Publisher, tmp_path: Path
) -> None:
    server.answers["/feed"] = rss([item(1, "12 were killed.")])
    async with polled(settings, publisher, tmp_path, {"id": "paper", "url": f"{server.at}/feed"}):
        await until(lambda: articles(settings), lambda found: len(found) == 1)
        updated = "<atom:updated>2024-04-02T08:00:00Z</atom:updated><category>Correction</category>"
        server.answers["/feed"] = rss([item(1, "2 were killed.", more=updated)])
        before, after = await until(lambda: articles(settings), lambda found: len(found) == 2)
        await polls(server, 2)
        assert len(await articles(settings)) == 2
    assert before.id == after.id
    assert (before.text, after.text) == ("12 were killed.", "2 were killed.")
    assert after.revision.newer_than(before.revision)
    assert after.status == "corrected"


async def test_a_feed_that_has_not_changed_is_not_sent_again_and_its_state_survives_the_poller(
    server: FeedServer, settings: Settings, publisher: Publisher, tmp_path: Path
) -> None:
    server.etag = '"one"'
    server.answers["/feed"] = rss([item(1)])
    feed: dict[str, object] = {"id": "paper", "url": f"{server.at}/feed"}
    async with polled(settings, publisher, tmp_path, feed):
        await until(lambda: states(settings), lambda found: "paper" in found)
        await polls(server, 2)
    assert server.asked[-1][1]["If-None-Match"] == '"one"'
    async with polled(settings, publisher, tmp_path, feed):
        first = len(server.asked)
        await polls(server, 1)
        assert server.asked[first][1]["If-None-Match"] == '"one"', "the next poller knows what the last one knew"
        server.etag = '"two"'
        await polls(server, 2)
    assert len(await articles(settings)) == 1


async def test_two_outlets_with_one_text_are_two_articles(
    server: FeedServer, settings: Settings, publisher: Publisher, tmp_path: Path
) -> None:
    server.answers["/a"] = rss([item(1, "The same text.")], "A")
    server.answers["/b"] = rss([item(2, "The same text.")], "B")
    feeds: list[dict[str, object]] = [{"id": "a", "url": f"{server.at}/a"}, {"id": "b", "url": f"{server.at}/b", "source": "Named B"}]
    async with polled(settings, publisher, tmp_path, *feeds):
        found = await until(lambda: articles(settings), lambda found: len(found) == 2)
    assert {article.source for article in found} == {"A", "Named B"}


async def test_a_redirect_is_followed_by_hand(server: FeedServer, settings: Settings, publisher: Publisher, tmp_path: Path) -> None:
    server.answers["/old"] = web.Response(status=301, headers={"Location": "/new"})
    server.answers["/new"] = rss([item(1)])
    async with polled(settings, publisher, tmp_path, {"id": "paper", "url": f"{server.at}/old"}):
        await until(lambda: articles(settings), lambda found: len(found) == 1)


async def test_a_redirect_to_an_inside_address_is_refused(
    server: FeedServer, settings: Settings, publisher: Publisher, tmp_path: Path
) -> None:
    server.answers["/feed"] = web.Response(status=302, headers={"Location": "http://169.254.169.254/latest/meta-data"})
    async with polled(settings, publisher, tmp_path, {"id": "paper", "url": f"{server.at}/feed"}):
        await until(lambda: states(settings), lambda found: "paper" in found and found["paper"].failures > 0)
    assert {path for path, _ in server.asked} == {"/feed"}
    assert await letters(settings) == []


async def test_a_feed_inside_needs_to_be_allowed(server: FeedServer, settings: Settings, publisher: Publisher, tmp_path: Path) -> None:
    server.answers["/feed"] = rss([item(1)])
    async with polled(settings, publisher, tmp_path, {"id": "paper", "url": f"{server.at}/feed", "allow_networks": []}):
        await until(lambda: states(settings), lambda found: "paper" in found and found["paper"].failures > 0)
    assert server.asked == []


async def test_a_feed_that_fails_is_asked_less_often_and_the_others_as_ever(
    server: FeedServer, settings: Settings, publisher: Publisher, tmp_path: Path
) -> None:
    server.answers["/bad"] = web.Response(status=500)
    server.answers["/late"] = web.Response(status=429, headers={"Retry-After": "3600"})
    server.answers["/none"] = b"<html><body>A page</body></html>"
    server.answers["/good"] = rss([item(1)])
    feeds: list[dict[str, object]] = [{"id": name, "url": f"{server.at}/{name}"} for name in ("bad", "late", "none", "good")]
    async with polled(settings, publisher, tmp_path, *feeds):
        await until(lambda: states(settings), lambda found: len(found) == 4)
        before = len(server.asked)
        await polls(server, 6)
        after = [path for path, _ in server.asked[before:]]
    assert after.count("/late") == 0
    assert after.count("/good") > after.count("/bad")
    (letter,) = await letters(settings)
    assert "neither RSS nor Atom" in letter.detail


async def test_a_body_without_end_is_cut_off(server: FeedServer, settings: Settings, publisher: Publisher, tmp_path: Path) -> None:
    server.answers["/feed"] = rss([item(1, "a" * 6_000_000)])
    async with polled(settings, publisher, tmp_path, {"id": "paper", "url": f"{server.at}/feed"}):
        await until(lambda: states(settings), lambda found: "paper" in found and found["paper"].failures > 0)
    assert await letters(settings) == []


@pytest.mark.broker
async def test_two_pollers_share_the_feeds(server: FeedServer, kafka: Kafka, tmp_path: Path) -> None:
    """On real Kafka: the embedded broker takes no second member into a group of aiokafka's."""
    settings = Settings(brokers=kafka.bootstrap, prefix=f"t{uuid.uuid4().hex}.", session_timeout=6, stop_timeout=4)
    await create(settings, partitions=8)
    feeds: list[dict[str, object]] = [{"id": f"f{number}", "url": f"{server.at}/f{number}"} for number in range(8)]
    for number in range(8):
        server.answers[f"/f{number}"] = rss([item(number)])
    async with Publisher(settings, "test") as publisher, polled(settings, publisher, tmp_path, *feeds) as first:
        await until(lambda: articles(settings), lambda found: len(found) == 8)
        async with polled(settings, publisher, tmp_path, *feeds) as second:

            async def shared() -> tuple[int, int]:
                return len(first.polled), len(second.polled)

            await until(shared, lambda both: min(both) > 0 and sum(both) == 8)
            assert not first.polled & second.polled

        async def alone() -> int:
            return len(first.polled)

        await until(alone, lambda number: number == 8)
        assert len(await articles(settings)) == 8, "who took a feed over knew what had been told"


async def test_without_feeds_there_is_nothing_to_do_and_that_is_well(settings: Settings, publisher: Publisher) -> None:
    poller = Poller(settings, publisher, clock)
    running = asyncio.create_task(poller.run())
    await asyncio.sleep(0.05)
    assert (poller.not_ready(), poller.not_alive(), running.done()) == (None, None, False)
    await poller.stop()
    await running


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot be read"),
        ("feeds: [", "is no YAML"),
        ("feeds: [{id: a, url: 'http://u:p@paper.example/'}]", "must not hold a user name"),
    ],
)
async def test_a_file_that_cannot_be_used_stops_the_service_with_a_reason(
    settings: Settings, publisher: Publisher, tmp_path: Path, content: str | None, words: str
) -> None:
    file = tmp_path / "feeds.yaml"
    if content is not None:
        file.write_text(content)
    with pytest.raises(Stop, match=words):
        await Poller(settings.model_copy(update={"feeds_file": file}), publisher, clock).run()
