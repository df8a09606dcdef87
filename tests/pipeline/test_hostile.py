"""Two hundred hostile messages and requests: no service dies, each is answered or dead-lettered, the good ones come through."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest

from schemas import Cause
from schemas.topics import ARTICLES, CLAIMS, EVENTS, INDICATORS, OBSERVATIONS
from services.runtime.encoding import Sending
from tests.conftest import Brokers
from tests.support import hostile
from tests.support.installation import Installation
from tests.support.services import Service
from tests.support.workload import RULES

pytestmark = [pytest.mark.broker, pytest.mark.timeout(400)]

STREAMS = ("extract", "measure", "notify")
FUTURE = datetime(9999, 12, 31, tzinfo=UTC)


async def test_hostile_messages_are_dead_lettered_and_the_good_ones_around_them_come_through(brokers: Brokers, tmp_path: Path) -> None:
    installation = await Installation.make(brokers, tmp_path, RULES, None)
    bad = [*hostile.undecodable(), *hostile.invalid()]
    nasty = list(hostile.nasty())
    goods = [hostile.good(number) for number in range(1, 21)]
    from_the_future = hostile.good(99).model_copy(update={"id": "nasty-collected", "collected_at": FUTURE, "published_at": FUTURE})
    sendings = [Sending(ARTICLES.name, f"bad-{i}".encode(), data, None) for i, (_, data) in enumerate(bad)]
    sendings += [Sending(ARTICLES.name, article.id.encode(), article.to_bytes(), None) for article in [*nasty, *goods, from_the_future]]
    for topic in (EVENTS, CLAIMS, INDICATORS, OBSERVATIONS):
        sendings += [Sending(topic.name, b"bad", data, None) for _, data in list(hostile.undecodable())[:12]]
    poisoned = len(bad) + 4 * 12

    async with installation.services(*STREAMS) as services, installation.publisher() as publisher:
        await publisher.send_all(sendings)
        await installation.settled()
        assert [service.exit_code for service in services] == [None, None, None]
        assert [(await service.ask("/livez"))[0] for service in services] == [200, 200, 200]

    letters = {(letter.topic, letter.partition, letter.offset): letter for letter in await installation.dead_letters()}
    assert poisoned <= len(letters) <= poisoned + 1, "the one from the future may be either refused or not believed"
    assert {letter.cause for letter in letters.values()} <= {Cause.UNDECODABLE, Cause.INVALID}
    assert all(letter.detail for letter in letters.values())
    read = {reading.article.id: reading for reading in await installation.readings()}
    assert {article.id for article in [*nasty, *goods]} <= set(read)
    assert all(read[article.id].events for article in goods)
    latest = max(indicator.published_at for indicator in (await installation.indicators()).values())
    assert latest <= hostile.NOW + timedelta(days=2), "no date of theirs moved a clock"


async def test_hostile_requests_are_answered_with_what_to_do(brokers: Brokers, tmp_path: Path) -> None:
    installation = await Installation.make(brokers, tmp_path, RULES, None)
    async with installation.services("collect") as services, aiohttp.ClientSession() as session:
        url = f"http://127.0.0.1:{intake_port(services['collect'])}/articles"
        answers: dict[str, tuple[int, str]] = {}
        for name, data in [*hostile.undecodable(), ("ten megabytes", b"x" * 10_000_000)]:
            async with session.post(url, data=data, headers={"content-type": "application/json"}) as response:
                answers[name] = response.status, await response.text()
        async with session.post(
            url, json={"title": "Two killed in Hama", "text": "Two people were killed in Hama.", "source": "Example Wire"}
        ) as response:
            assert response.status == 202, await response.text()
        assert services["collect"].exit_code is None
    assert {name: answer for name, answer in answers.items() if not (400 <= answer[0] < 500 and answer[1])} == {}


def intake_port(service: Service) -> int:
    """Where the intake listens, as the log says."""
    line = next(line for line in service.log().splitlines() if '"intake.listening"' in line)
    return int(line.split('"port":')[1].split(",")[0].rstrip("}"))
