"""Whatever comes, no service's event loop is held for 100 ms: else heartbeats, deliveries and health wait for one bad message."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from schemas import Article, Topic, key_of
from schemas.topics import ARTICLES, CLAIMS, DELIVERIES, EVENTS, INDICATORS, OBSERVATIONS
from services.extract.extraction import Extraction
from services.notify.delivery.advance import scheduled
from services.runtime.encoding import Sending, encode
from services.stage import Output
from tests.conftest import Brokers
from tests.notify.delivery.alerts import alert
from tests.notify.wire import incident
from tests.support import hostile
from tests.support import kafka as real
from tests.support.groups import behind
from tests.support.holding import held
from tests.support.installation import Installation
from tests.support.services import Service
from tests.support.streams import until_true
from tests.support.workload import RULES, article

pytestmark = [pytest.mark.broker, pytest.mark.timeout(290)]

SHORT = 15_000
"""Bytes of an article that is still read on the event loop; longer ones are read in a thread."""

LONGEST = 300_000
"""Characters that an article may have."""

DENSE = {
    "tolls": "At least 12 soldiers and 3 civilians were killed and 40 wounded in Hama, Syria, on 3 March 2024, the ministry said. ",
    "numbers": "12 killed, 13 killed, 14 killed, 15 wounded, 16 missing, 17 detained, 18 fighters, ",
    "asides": "Ten (of whom two (one of them (a child) wounded) killed) people were killed in Raqqa (Syria (SDF)). ",
    "names": "ISIS al-Shabaab Boko Haram SDF CENTCOM Hezbollah killed 5 in Hama Homs Idlib Raqqa Mosul Kirkuk Gao Mopti. ",
    "dates": "On 1 March 2024, 2 March 2024 and last Monday, between January and March, 7 were killed the day before yesterday. ",
    "quotes": "“‘He said 3 were killed,’ she said, ‘and 4 wounded,’” they said, “in ‘Hama’”. ",
    "words": "twenty-one hundred and forty-two thousand three hundred and five people and dozens of scores were killed. ",
    "unicode": "٣ قتلى في حماة\u202e 12 killed\u202c 𝟏𝟐 killed ①② killed i̇\u0307 \u200d👩‍👩‍👧 5 killed in Ḥamā. ",
    "one sentence": "and 5 killed and 6 wounded in Hama and ",
}


def worst() -> Iterator[Article]:
    """The worst articles that may stand on the topic: of the longest, and of the longest that are read on the loop."""
    right = hostile.good(0)
    yield from hostile.nasty()
    for name, piece in DENSE.items():
        for size in (SHORT // len(piece.encode()), LONGEST // len(piece)):
            text = piece * size
            yield right.model_copy(update={"id": f"worst-{name}-{size}", "text": text, "title": piece[:200]})


async def settled(installation: Installation, group: str, *topics: Topic) -> None:
    async def done() -> bool:
        return not any((await behind(installation.settings, {group: topics})).values())

    await until_true(done, 200)


async def test_the_worst_articles_do_not_hold_extract(brokers: Brokers, tmp_path: Path) -> None:
    installation = await Installation.make(brokers, tmp_path, RULES, None)
    async with installation.services("extract") as services, installation.publisher() as publisher, held(services["extract"]) as seen:
        for each in worst():
            await publisher.send_all([Sending(ARTICLES.name, f"{each.id}-{number}".encode(), each.to_bytes(), None) for number in range(3)])
        await settled(installation, "extract", ARTICLES)
    seen.check()


async def test_the_hottest_book_does_not_hold_measure(kafka: real.Kafka, tmp_path: Path) -> None:
    installation = await Installation.make(Brokers("kafka", kafka.bootstrap), tmp_path, RULES, None)
    extraction = Extraction()
    when = datetime(2024, 3, 4, 12, tzinfo=UTC)
    async with installation.services("measure") as services, installation.publisher() as publisher, held(services["measure"]) as seen:
        for number in range(600):
            killed = 12 + number % 3
            text = (
                f"At least {killed} civilians were killed when militants attacked a market in Hama, Syria, on Monday, outlet {number} said."
            )
            told = article(f"Attack kills {killed}", text, f"https://wire-{number}.example/hama", when + timedelta(minutes=number), when)
            reading = extraction.read(told.model_copy(update={"source": f"Outlet {number}"}))
            await publisher.send_all(encode([Output(EVENTS, told.id, reading)]))
        await settled(installation, "measure", EVENTS, CLAIMS)
    seen.check()


async def test_two_hundred_rules_do_not_hold_notify(kafka: real.Kafka, tmp_path: Path) -> None:
    rules = "version: 1\nrules:\n" + "".join(
        f"  - {{id: rule-{n}, summary: Rule {n}, measure: killed, group_by: [country], window: 7d, line: {{at_least: {10 + n}}}}}\n"
        for n in range(200)
    )
    installation = await Installation.make(Brokers("kafka", kafka.bootstrap), tmp_path, rules, None)
    async with installation.services("notify") as services, installation.publisher() as publisher, held(services["notify"]) as seen:
        figures = [incident(5 + number % 40, f"fact-{number}", number / 10, revision=number) for number in range(100)]
        await publisher.send_all(encode(Output(INDICATORS, key_of(each.book, each.fact), each) for each in figures))
        await settled(installation, "notify", INDICATORS, OBSERVATIONS)
    seen.check()


async def test_a_hundred_thousand_pending_deliveries_are_taken_over_without_holding_notify(kafka: real.Kafka, tmp_path: Path) -> None:
    installation = await Installation.make(Brokers("kafka", kafka.bootstrap), tmp_path, RULES, "https://desk.example/hook")
    later = datetime.now(UTC) + timedelta(days=1)
    pattern = scheduled(alert(1), "desk", datetime.now(UTC)).model_copy(update={"id": "ID-OF-IT", "due_at": later}).to_bytes()
    async with installation.publisher() as publisher:
        for start in range(0, 100_000, 5_000):
            ids = [f"delivery-{number}" for number in range(start, start + 5_000)]
            await publisher.send_all(
                [
                    Sending(DELIVERIES.name, key_of("desk", each).encode(), pattern.replace(b"ID-OF-IT", each.encode()), number % 4)
                    for number, each in enumerate(ids)
                ]
            )
    services = installation.services("notify")
    notify = services["notify"]
    notify.start()

    async def known() -> bool:
        assert notify.exit_code is None, notify.tail()
        return "tallywire_webhooks_pending 100000.0" in (await notify.ask("/metrics"))[1]

    try:
        await until_true(lambda: _answers(notify), 60)
        async with held(notify) as seen:
            await until_true(known, 200)
        seen.check()
        assert seen.peak < 400, f"{seen.peak:.0f} MiB; the records by themselves are {len(pattern) * 100_000 / 2**20:.0f} MiB"
    finally:
        notify.kill()


async def _answers(service: Service) -> bool:
    return (await service.ask("/livez"))[0] != 0
