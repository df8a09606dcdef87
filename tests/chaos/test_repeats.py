"""What comes again says nothing new: articles published twice, and whole partitions replayed."""

from __future__ import annotations

import asyncio

import orjson
import pytest
from confluent_kafka import ConsumerGroupTopicPartitions, TopicPartition
from confluent_kafka.admin import AdminClient

from schemas import Article
from schemas.topics import ARTICLES
from services.runtime.encoding import Sending
from tests.support import workload
from tests.support.installation import GROUPS

from .arena import Arena, Play
from .checker import REWIND, check
from .history import Sent, digest
from .load import Item, news
from .reference import PARTITIONS


async def test_every_article_published_twice(arena: Arena) -> None:
    """The same bytes, some at once and some much later."""
    once = news(250)
    soon = [item for item in once[:125] for _ in range(2)]
    async with arena.playing(items=[*soon, *once[125:], *once[125:]]) as play:
        assert check(await play.finish()) == []


async def test_every_article_published_twice_by_the_command_line(arena: Arena) -> None:
    folder = arena.folder / "published"
    folder.mkdir()
    lines = [orjson.dumps(_draft(article)) for article in workload.articles(200)]
    (folder / "articles.jsonl").write_bytes(b"\n".join(lines))
    async with arena.playing(items=[]) as play:
        for _ in range(2):
            await asyncio.to_thread(play.installation.command, "publish", str(folder / "articles.jsonl"))
        await _take_for_sent(play)
        assert len(play.items) == 2 * len(lines)
        assert check(await play.finish()) == []


@pytest.mark.quick
async def test_whole_partitions_replayed(arena: Arena) -> None:
    """Every group is set back to the beginning while its service is stopped; what was told is not told again."""
    async with arena.playing(articles=300) as play:
        await play.reached(0.7)
        for worker in play.everyone():
            await play.crew.stop(worker)
        await play.progress.look()
        play.note(REWIND)
        await asyncio.to_thread(_set_back, play)
        for worker in play.crew:
            play.crew.start(worker)
        assert check(await play.finish()) == []


def _set_back(play: Play) -> None:
    settings = play.installation.settings
    admin = AdminClient({"bootstrap.servers": settings.brokers, "log_level": 0})
    for group, topics in GROUPS.items():
        name = settings.group(group)
        beginning = [TopicPartition(settings.topic(topic.name), number, 0) for topic in topics for number in range(PARTITIONS)]
        admin.alter_consumer_group_offsets([ConsumerGroupTopicPartitions(name, beginning)])[name].result()


async def _take_for_sent(play: Play) -> None:
    """Put down in the history what somebody else has published."""
    items = []
    for record in await play.installation.records(ARTICLES):
        article = Article.from_bytes(record.value or b"")
        items.append(Item(Sending(ARTICLES.name, record.key or b"", record.value, None), article))
        play.history.write(
            Sent(topic=ARTICLES.name, partition=record.partition, offset=record.offset, digest=digest(record.value), article=article.id)
        )
    play.items = items


def _draft(article: Article) -> dict[str, object]:
    return article.model_dump(mode="json", include={"id", "title", "text", "url", "source", "published_at"})
