"""The brokers die and come back: senders are told, feeds wait, and nothing that was accepted is missing."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest
import yaml

from schemas import Article
from schemas.topics import ARTICLES
from services.collect import intake as module
from services.collect.intake import Intake
from services.collect.poller import Poller
from services.runtime.publisher import Publisher
from services.runtime.reader import read_all
from services.runtime.settings import Settings
from services.runtime.topics_admin import create
from tests.support import kafka as real
from tests.support.patience import patient

from .feed_server import FeedServer, item, rss

PATIENCE = patient(60.0)
"""Seconds within which brokers that came back are used again."""


@pytest.fixture
def mortal(kafka: real.Kafka) -> Iterator[real.Kafka]:
    """A cluster of this test's own, to be killed; `kafka` sees to it that there can be one."""
    with real.running(1) as cluster:
        if not cluster.nodes:
            pytest.skip(f"a cluster that {real.BROKERS} names is not ours to kill: {kafka.bootstrap}")
        yield cluster


@pytest.mark.broker
async def test_brokers_that_die_and_come_back_cost_no_article(mortal: real.Kafka, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SEND_WITHIN", 2.0)
    file = tmp_path / "feeds.yaml"
    settings = Settings(brokers=mortal.bootstrap, prefix=f"t{uuid.uuid4().hex}.", intake_port=0, feeds_file=file, session_timeout=6)
    await create(settings, partitions=4)
    async with FeedServer() as server, Publisher(settings, "test") as publisher, aiohttp.ClientSession() as session:
        feed = {"id": "paper", "url": f"{server.at}/feed", "every": "1s", "allow_networks": ["127.0.0.0/8"]}
        file.write_text(yaml.safe_dump({"feeds": [feed]}))
        server.answers["/feed"] = rss([item(number) for number in range(5)])
        intake, poller = Intake(settings, publisher, now), Poller(settings, publisher, now)
        running = [asyncio.create_task(intake.run()), asyncio.create_task(poller.run())]
        await intake.listening.wait()

        async def post(text: str) -> int:
            async with session.post(f"http://127.0.0.1:{intake.port}/articles", json={"text": text}) as response:
                return response.status

        await eventually(settings, 5)
        assert await post("Before.") == 202
        (node,) = mortal.nodes
        node.kill()
        server.answers["/feed"] = rss([item(number) for number in range(10)])
        assert await post("During.") == 503
        node.start()
        async with asyncio.timeout(PATIENCE):
            while await post("After.") != 202:
                await asyncio.sleep(0.5)
        found = await eventually(settings, 12)
        assert {"Before.", "After."} <= found
        await intake.stop()
        await poller.stop()
        await asyncio.gather(*running)


def now() -> datetime:
    return datetime.now(UTC)


async def eventually(settings: Settings, number: int) -> set[str]:
    """Texts of so many different articles at least, as soon as they are there."""
    async with asyncio.timeout(PATIENCE):
        while True:
            articles = {
                article.id: article
                for article in map(Article.from_bytes, [each.value or b"" for each in await read_all(settings, ARTICLES)])
            }
            if len(articles) >= number:
                return {article.text for article in articles.values()}
            await asyncio.sleep(0.3)
