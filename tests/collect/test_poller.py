"""Feeds served on loopback, walked from the file of feeds to the topics, by one poller and by two."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
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
from tests.support.patience import patient

from .feed_server import FeedServer, item, rss

T = TypeVar("T")

PATIENCE = patient(20.0)
"""Seconds within which what must happen does."""


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with FeedServer() as server:
        yield server


def clock() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def polled(settings: Settings, publisher: Publisher, folder: Path, *feeds: Mapping[str, object]) -> AsyncIterator[Poller]:
    """A poller of these feeds, until the block ends."""
    file = folder / "feeds.yaml"
    file.write_text(yaml.safe_dump({"feeds": [{"every": "1s", "allow_networks": ["127.0.0.0/8"]} | dict(feed) for feed in feeds]}))
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


async def test_a_feed_is_walked_from_its_file_to_the_topics(
    server: FeedServer, settings: Settings, publisher: Publisher, tmp_path: Path
) -> None:
    server.answers["/paper"] = rss([item(1, "12 were killed."), "<item><title>Torn & open</title></item>", item(2)])
    server.answers["/bad"] = web.Response(status=500)
    feeds = [{"id": name, "url": f"{server.at}/{name}"} for name in ("paper", "bad")]
    async with polled(settings, publisher, tmp_path, *feeds) as poller:
        await until(lambda: articles(settings), lambda found: len(found) == 2)
        assert poller.not_ready() is None
        server.answers["/paper"] = rss([item(1, "2 were killed.", more="<category>Correction</category>"), item(2)])
        before, after, _ = await until(lambda: articles(settings), lambda found: len(found) == 3)
        assert poller.polled == {"paper", "bad"}
    assert before.id == after.id
    assert (before.text, after.text) == ("12 were killed.", "2 were killed.")
    assert after.revision.newer_than(before.revision)
    assert len(await letters(settings)) == 1


async def test_a_feed_that_has_not_changed_is_not_sent_again_and_its_state_survives_the_poller(
    server: FeedServer, settings: Settings, publisher: Publisher, tmp_path: Path
) -> None:
    server.etag = '"one"'
    server.answers["/feed"] = rss([item(1)])
    feed = {"id": "paper", "url": f"{server.at}/feed"}
    async with polled(settings, publisher, tmp_path, feed):
        await until(lambda: states(settings), lambda found: "paper" in found)
        await polls(server, 2)
    assert server.asked[-1][1]["If-None-Match"] == '"one"'
    first = len(server.asked)
    async with polled(settings, publisher, tmp_path, feed):
        await polls(server, 1)
        assert server.asked[first][1]["If-None-Match"] == '"one"', "the next poller knows what the last one knew"
        server.etag = '"two"'
        await polls(server, 2)
    assert len(await articles(settings)) == 1


@pytest.mark.broker
async def test_two_pollers_share_the_feeds(server: FeedServer, kafka: Kafka, tmp_path: Path) -> None:
    """On real Kafka: the embedded broker takes no second member into a group of aiokafka's."""
    settings = Settings(brokers=kafka.bootstrap, prefix=f"t{uuid.uuid4().hex}.", session_timeout=6, stop_timeout=4)
    await create(settings, partitions=8)
    feeds = [{"id": f"f{number}", "url": f"{server.at}/f{number}"} for number in range(8)]
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
