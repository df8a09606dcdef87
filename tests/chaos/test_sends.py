"""Sends fail after they were queued: the brokers take no more for a while, or refuse what they are given."""

from __future__ import annotations

import asyncio

import pytest
from confluent_kafka.admin import (  # type: ignore[attr-defined]  # they are documented to be there
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    ResourceType,
)

from schemas import Topic
from schemas.topics import ARTICLES, CLAIMS, EVENTS, INDICATORS

from .arena import Arena, Play
from .checker import check
from .history import Ended

RATE = 15.0
"""Articles a second: 400 of them last longer than the fault."""

FOR = 8.0
"""Seconds for which a topic takes nothing."""

SOON = 1.5
"""Seconds after which the brokers hold to a changed setting, and what was acknowledged before is committed."""

REFUSE = "max.message.bytes", "120"
"""No record of ours is so small: the brokers refuse it for good, and the service ends."""

WAIT = "min.insync.replicas", "3"
"""With one broker away, no record is acknowledged: the service waits."""


@pytest.mark.parametrize("topic", [EVENTS, CLAIMS, INDICATORS], ids=["events", "claims", "indicators"])
async def test_what_the_brokers_refuse_for_a_while_is_not_committed_and_comes_later(arena: Arena, topic: Topic) -> None:
    """The service ends with a line that says so, again and again, until the topic takes its records."""
    async with arena.playing(articles=400, rate=RATE, endings=10) as play:
        await play.reached(0.2)
        await asyncio.to_thread(set_topic, play, topic, *REFUSE)
        play.note("refuse", topic.name)
        await asyncio.sleep(FOR)
        await asyncio.to_thread(set_topic, play, topic, REFUSE[0], None)
        play.note("take", topic.name)
        history = await play.finish()
        logs = "".join(worker.service.log() for worker in play.crew)
    assert check(history) == []
    assert any(isinstance(entry, Ended) and entry.by == "itself" for entry in history)
    assert "the brokers refuse what" in logs


async def test_nothing_is_committed_before_it_was_acknowledged(arena: Arena) -> None:
    """While too few replicas are there for an acknowledgement, extract reads and sends, and commits nothing; nobody ends."""
    async with arena.playing(articles=300, rate=RATE) as play:
        await play.reached(0.2)
        await asyncio.to_thread(set_topic, play, EVENTS, *WAIT)
        away = play.random.choice(play.cluster.nodes[1:])
        play.note("kill broker", str(away.number))
        away.kill()
        await asyncio.sleep(SOON)
        await play.progress.look()
        before = play.progress.of("extract", ARTICLES)
        await asyncio.sleep(FOR)
        await play.progress.look()
        assert play.progress.of("extract", ARTICLES) == before
        away.start()
        await asyncio.to_thread(play.cluster.wait_until_ready)
        assert check(await play.finish()) == []
    assert before < 300


def set_topic(play: Play, topic: Topic, name: str, value: str | None) -> None:
    """Set a setting of a topic, or take it back to what the installation says."""
    settings = play.installation.settings
    entry = ConfigEntry(name, value or topic.config[name], incremental_operation=AlterConfigOpType.SET)
    resource = ConfigResource(ResourceType.TOPIC, settings.topic(topic.name), incremental_configs=[entry])
    admin = AdminClient({"bootstrap.servers": settings.brokers, "log_level": 0})
    admin.incremental_alter_configs([resource])[resource].result()
