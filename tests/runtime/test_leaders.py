"""Where partitions end, as their leaders say; and that nothing is said of those whose leader is away."""

from __future__ import annotations

import asyncio
from pathlib import Path

from schemas.topics import ARTICLES, EVENTS
from services.runtime import leaders
from services.runtime.settings import Settings
from tests.conftest import Brokers
from tests.support.kafka import Kafka, bound
from tests.support.streams import prepared, write

ALL = [(ARTICLES.name, number) for number in range(4)]


async def test_they_say_where_partitions_end(brokers: Brokers, tmp_path: Path) -> None:
    settings = await prepared(brokers, tmp_path)
    await write(settings, ARTICLES, [(b"k%d" % number, b"x") for number in range(50)])
    found = await leaders.ends(settings, [*ALL, (EVENTS.name, 2)])
    assert found is not None
    assert sum(found[each] for each in ALL) == 50
    assert found[EVENTS.name, 2] == 0


async def test_what_has_no_leader_is_left_out(brokers: Brokers, tmp_path: Path) -> None:
    settings = await prepared(brokers, tmp_path)
    assert await leaders.ends(settings, [(ARTICLES.name, 0), (ARTICLES.name, 99)]) == {(ARTICLES.name, 0): 0}


async def test_the_next_leader_is_asked_when_one_is_gone(kafka_of_three: Kafka, tmp_path: Path) -> None:
    settings = await prepared(Brokers("kafka", kafka_of_three.bootstrap), tmp_path)
    await write(settings, ARTICLES, [(b"k%d" % number, b"x") for number in range(50)])
    before = await leaders.ends(settings, ALL)
    gone = kafka_of_three.leader(settings.topic(ARTICLES.name), 0)
    gone.kill()
    try:
        async with asyncio.timeout(60):
            while await leaders.ends(settings, ALL) != before:  # until the next one has been chosen
                await asyncio.sleep(0.2)
    finally:
        gone.start()
        await asyncio.to_thread(kafka_of_three.wait_until_whole)
    assert await leaders.ends(settings, ALL) == before


async def test_brokers_that_are_away_say_nothing() -> None:
    with bound() as free:  # nobody listens there
        assert await leaders.ends(Settings(brokers="{}:{}".format(*free.getsockname())), ALL) is None
