"""What is sent: articles and poison, at a pace, each until the brokers acknowledge it, and written down then."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Self

from aiokafka.errors import KafkaError
from aiokafka.structs import RecordMetadata

from schemas import Article, Cause, Topic
from schemas.topics import ARTICLES
from services.runtime.encoding import Sending
from services.runtime.publisher import Publisher
from tests.support.workload import TOWNS, article, articles

from .history import History, Sent, digest

BEAT = 0.1
"""Seconds between two handfuls: short beside everything that is broken meanwhile."""

AGAIN = 0.5
"""Seconds until a record is sent again that was not acknowledged."""


@dataclass(frozen=True, slots=True)
class Item:
    """One record of the input."""

    sending: Sending
    article: Article | None = None
    cause: Cause | None = None
    """With which it is to be dead-lettered."""

    @classmethod
    def of(cls, article: Article) -> Self:
        """An article, from which a reading is due."""
        return cls(Sending(ARTICLES.name, article.id.encode(), article.to_bytes(), None), article)

    def failing(self) -> Self:
        """The same, but every attempt to handle it fails."""
        return replace(self, cause=Cause.FAILED)


def news(count: int) -> list[Item]:
    """So many articles."""
    return [Item.of(article) for article in articles(count)]


def told_again(count: int) -> list[Item]:
    """So many articles: incidents and summaries, and then each incident as another teller has it.

    What is believed at the end needs both: a service that has lost what it knew is found out by every figure.
    """
    summaries = len(TOWNS)
    first = list(articles((count + summaries + 1) // 2))
    return [Item.of(one) for one in [*first, *(_again(one) for one in first if "/incidents/" in (one.url or ""))][:count]]


def _again(one: Article) -> Article:
    """The same incident with other bounds, by the army, on the next day."""
    words = one.text.replace("At least", "More than").replace("the health ministry", "the army").replace("The ministry", "It")
    assert one.published_at is not None
    return article(one.title, words, f"{one.url}/again", one.published_at + timedelta(hours=9), one.collected_at)


def poison(number: int, topic: Topic = ARTICLES) -> Item:
    """A record that is no JSON; each number another one."""
    return Item(Sending(topic.name, b"poison-%d" % number, b"\xff{ %d" % number, None), cause=Cause.UNDECODABLE)


async def send(items: Iterable[Item], publisher: Publisher, history: History, rate: float) -> None:
    """Send in order, so many a second, and return when all are acknowledged, however long the brokers stay away."""
    handful = max(1, round(rate * BEAT))
    rest = list(items)
    due = time.monotonic()
    while rest:
        now, rest = rest[:handful], rest[handful:]
        await _acknowledged(now, publisher, history)
        due = max(due + BEAT, time.monotonic() - BEAT)  # what an outage held up is not made good all at once
        await asyncio.sleep(due - time.monotonic())


async def _acknowledged(items: Sequence[Item], publisher: Publisher, history: History) -> None:
    """One after the other into the producer, so that they keep their order; those that fail again, until none does."""
    unsent = list(items)
    while unsent:
        failed = []
        for item, future in [(item, await _enqueue(item, publisher)) for item in unsent]:
            try:
                stored = await future if future is not None else None
            except KafkaError:
                stored = None
            if stored is None:
                failed.append(item)
                continue
            history.write(
                Sent(
                    topic=item.sending.topic,
                    partition=stored.partition,
                    offset=stored.offset,
                    digest=digest(item.sending.value),
                    article=item.article.id if item.article else None,
                    cause=item.cause,
                )
            )
        unsent = failed
        if unsent:
            await asyncio.sleep(AGAIN)


async def _enqueue(item: Item, publisher: Publisher) -> asyncio.Future[RecordMetadata] | None:
    try:
        return await publisher.enqueue(item.sending)
    except KafkaError:
        return None
