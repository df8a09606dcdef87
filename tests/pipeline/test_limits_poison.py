"""However much bad input comes, the service goes on; however few messages a bad build fails on in a row, it stops and loses none."""

from __future__ import annotations

import asyncio
from pathlib import Path

import orjson
import pytest
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from schemas import Cause
from schemas.topics import ARTICLES
from services.runtime.encoding import Sending
from services.runtime.process import SPOILED
from services.runtime.settings import Settings
from tests.conftest import Brokers
from tests.support import hostile
from tests.support.groups import behind
from tests.support.installation import Installation
from tests.support.streams import until, until_true
from tests.support.workload import RULES, articles, sendings

pytestmark = [pytest.mark.broker, pytest.mark.timeout(280)]

GROUP = {"extract": (ARTICLES,)}


async def settled(installation: Installation) -> None:
    async def done() -> bool:
        return not any((await behind(installation.settings, GROUP)).values())

    await until_true(done, 120)


async def committed(settings: Settings) -> dict[int, int]:
    """Partition -> offset of the group, where there is one."""
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.brokers)
    await admin.start()
    try:
        partitions = [TopicPartition(settings.topic(ARTICLES.name), number) for number in range(4)]
        found = await admin.list_consumer_group_offsets(settings.group("extract"), partitions=partitions)
        return {tp.partition: offset.offset for tp, offset in found.items() if offset.offset > 0}
    finally:
        await admin.close()


async def test_a_thousand_bad_messages_in_a_row_stop_nothing(brokers: Brokers, tmp_path: Path) -> None:
    installation = await Installation.make(brokers, tmp_path, RULES, None)
    poison = [data for _, data in hostile.undecodable() if len(data) < 10_000]
    bad = [Sending(ARTICLES.name, b"same", poison[number % len(poison)], None) for number in range(1_000)]
    good = [Sending(ARTICLES.name, b"same", hostile.good(number).to_bytes(), None) for number in range(5)]
    async with installation.publisher() as publisher:
        await publisher.send_all([*bad, *good])
    async with installation.services("extract") as services:
        await settled(installation)
        assert services["extract"].exit_code is None
    letters = await installation.dead_letters()
    assert len({letter.id for letter in letters}) == len(letters) == 1_000
    assert {letter.cause for letter in letters} <= {Cause.UNDECODABLE, Cause.INVALID}
    assert {reading.article.id for reading in await installation.readings()} == {f"good-{number}" for number in range(5)}


async def test_a_build_that_fails_on_all_messages_stops_with_a_reason_and_what_follows_it_processes_every_one(
    brokers: Brokers, tmp_path: Path
) -> None:
    installation = await Installation.make(brokers, tmp_path, RULES, None)
    before, after = list(sendings(articles(60)))[:20], list(sendings(articles(60)))[20:]
    async with installation.publisher() as publisher:
        await publisher.send_all(before)
        async with installation.services("extract") as services:
            await settled(installation)
            services["extract"].stop()
            stood = await committed(installation.settings)
            await publisher.send_all(after)

            services["extract"].start({"TALLYWIRE_FAILPOINTS": "before-handle:extract:raise:0", "TALLYWIRE_FAILURES_TO_STOP": "5"})
            await until(lambda: services["extract"].exit_code is not None, 120)
            assert services["extract"].exit_code == SPOILED
            (line,) = [orjson.loads(line) for line in services["extract"].log().splitlines() if '"service.spoiled"' in line]
            for words in ("extract failed on 5 messages in a row", f"{ARTICLES.name}[", "Injected: ordered", "none of them is committed"):
                assert words in line["reason"]
            assert await committed(installation.settings) == stood
            assert await installation.dead_letters() == []

            services["extract"].start()
            await settled(installation)
    assert await installation.dead_letters() == []
    readings = [reading.article.id for reading in await installation.readings()]
    assert set(readings) == {(sending.key or b"").decode() for sending in [*before, *after]}


async def test_one_that_always_fails_among_good_ones_is_a_dead_letter_and_the_rest_go_on(brokers: Brokers, tmp_path: Path) -> None:
    installation = await Installation.make(brokers, tmp_path, RULES, None)
    sent = list(sendings(articles(20)))
    needle = sent[7].key.decode()
    async with installation.publisher() as publisher:
        await publisher.send_all(sent)
    services = installation.services("extract")
    services["extract"].order({"TALLYWIRE_FAILPOINTS": f"before-handle:extract:raise:0:{needle}"})
    async with services:
        await settled(installation)
    (letter,) = await installation.dead_letters()
    assert (letter.cause, letter.attempts, letter.topic) == (Cause.FAILED, 4, ARTICLES.name)
    assert len({reading.article.id for reading in await installation.readings()}) == 19
    services["extract"].order({"TALLYWIRE_FAILPOINTS": ""})
    async with services:
        told = await asyncio.to_thread(installation.command, "dead-letters", "replay", letter.id)
        assert told.splitlines()[-1] == "1 replayed"
        await settled(installation)
    assert len({reading.article.id for reading in await installation.readings()}) == 20
