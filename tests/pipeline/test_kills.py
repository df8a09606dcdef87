"""1,000 articles on real Kafka while extract, measure and notify are each killed three times: nothing lost, nothing told twice."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from schemas import Cause
from schemas.topics import ARTICLES
from services.runtime.encoding import Sending
from tests.conftest import Brokers
from tests.support.installation import SECRET, Installation, comparable
from tests.support.kafka import Kafka
from tests.support.services import RUN
from tests.support.streams import until
from tests.support.webhooks import Receiver, receiving
from tests.support.workload import EXPECTED, RULES, articles, sendings

pytestmark = [pytest.mark.broker, pytest.mark.timeout(600)]

ARTICLES_SENT = 1_000
STREAMS = ("extract", "measure", "notify")
ROUNDS = 3
BAD = Sending(ARTICLES.name, b"bad", b"\xff{not an article", None)
STOCK = ("-m", "tests.support.stock")


async def test_nothing_is_lost_or_told_twice_when_each_service_is_killed_three_times(kafka: Kafka, tmp_path: Path) -> None:
    brokers = Brokers("kafka", kafka.bootstrap)
    async with receiving(SECRET) as receiver, receiving(SECRET) as calm_receiver:
        disturbed = await _run(brokers, tmp_path / "disturbed", receiver, kills=True)
        calm = await _run(brokers, tmp_path / "calm", calm_receiver, kills=False)

        assert await _faults(disturbed, receiver) == []
        assert await _faults(calm, calm_receiver) == []
        assert {key: comparable(i, "revision", "previous") for key, i in (await disturbed.indicators()).items()} == {
            key: comparable(i, "revision", "previous") for key, i in (await calm.indicators()).items()
        }


async def test_the_same_on_stock_faust_is_found_out(kafka: Kafka, tmp_path: Path) -> None:
    """A harness that could not go red would prove nothing."""
    async with receiving(SECRET) as receiver:
        stock = await _run(Brokers("kafka", kafka.bootstrap), tmp_path, receiver, kills=False, arguments=STOCK, count=200)
        faults = await _faults(stock, receiver, count=200)
    assert any("lost" in fault for fault in faults)
    assert any("dead letters" in fault for fault in faults)


async def _run(
    brokers: Brokers, folder: Path, receiver: Receiver, *, kills: bool, arguments: Sequence[str] = RUN, count: int = ARTICLES_SENT
) -> Installation:
    """Send the articles, a bad message early among them, while a handler fails once and services die."""
    installation = await Installation.make(brokers, folder, RULES, receiver.url)
    sent = list(sendings(articles(count)))
    stumbles = sent[7].key.decode()
    services = installation.services(*STREAMS, arguments=arguments)
    everything = [*sent[:3], BAD, *sent[3:]]
    size = count // (2 * ROUNDS) + 1
    parts = [everything[i : i + size] for i in range(0, len(everything), size)]
    for service in services:
        service.order({"TALLYWIRE_FAILPOINTS": f"before-handle:extract:raise:1:{stumbles}"} if service.name == "extract" else {})
    async with services, installation.publisher() as publisher:
        for number, part in enumerate(parts):
            await publisher.send_all(part)
            if kills and number < ROUNDS:
                for service in services:
                    await asyncio.sleep(0.3)
                    service.kill()
                    service.start()
                for service in services:
                    await service.ready()
        if arguments is RUN:
            await installation.settled()
            await _told(receiver)
        else:
            await asyncio.sleep(20)
    return installation


async def _told(receiver: Receiver) -> None:
    """Wait until the receiver has as many alerts as are due, and a moment longer for what should not come."""
    await until(lambda: len(receiver.by_id) >= len(EXPECTED), patience=60)
    await asyncio.sleep(1)


async def _faults(installation: Installation, receiver: Receiver, count: int = ARTICLES_SENT) -> list[str]:
    """What the promise says and does not hold, in words; empty when it holds."""
    faults = []
    sent = {article.id for article in articles(count)}
    read = {reading.article.id for reading in await installation.readings()}
    if lost := sent - read:
        faults.append(f"lost: {len(lost)} articles have no reading")
    letters = await installation.dead_letters()
    if {(letter.cause, letter.offset is not None) for letter in letters} != {(Cause.UNDECODABLE, True)} or len(
        {letter.id for letter in letters}
    ) != 1:
        faults.append(f"dead letters are not the one poisoned message: {Counter(str(letter.cause) for letter in letters)}")
    told = Counter(
        (r.payload["data"]["group"]["country"], r.payload["data"]["severity"]) for r in (each[0] for each in receiver.by_id.values())
    )
    if told != Counter(dict.fromkeys(EXPECTED, 1)):
        faults.append(f"alerts by country and severity, one webhook-id each: expected {sorted(EXPECTED)}, got {dict(told)}")
    faults += [
        f"webhook {each[0].id} came with {len({r.body for r in each})} bodies"
        for each in receiver.by_id.values()
        if len({r.body for r in each}) > 1
    ]
    return faults
