"""What is slow or away makes those before it wait, or answer that they do: it makes lag, never memory."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from schemas import Topic, key_of
from schemas.topics import ALERTS, ARTICLES, EVENTS
from services.runtime.encoding import Sending, encode
from services.stage import Output
from tests.conftest import Brokers
from tests.notify.delivery.alerts import alert
from tests.support import hostile
from tests.support import kafka as real
from tests.support.groups import behind
from tests.support.installation import Installation
from tests.support.services import Service
from tests.support.streams import until, until_true
from tests.support.workload import RULES

pytestmark = [pytest.mark.broker, pytest.mark.timeout(290)]

MIB = 1024 * 1024

WAITING = 2_400
"""Articles of a quarter of a mebibyte that wait before a slow stage: three times what fills every queue on their way (200 MiB at most)."""


@pytest.fixture
def mortal(kafka: real.Kafka) -> Iterator[real.Kafka]:
    """A cluster of this test's own, to be frozen; `kafka` sees to it that there can be one."""
    with real.running(1) as cluster:
        if not cluster.nodes:
            pytest.skip(f"a cluster that {real.BROKERS} names is not ours to freeze: {kafka.bootstrap}")
        yield cluster


@asynccontextmanager
async def remembered(service: Service) -> AsyncIterator[list[float]]:
    """The resident memory of a service, MiB, looked at until the block ends."""
    seen = [service.resident]

    async def look() -> None:
        while True:
            await asyncio.sleep(0.2)
            seen.append(service.resident)

    looking = asyncio.create_task(look())
    try:
        yield seen
    finally:
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)


async def test_without_brokers_the_intake_says_come_back_and_keeps_nothing(mortal: real.Kafka, tmp_path: Path) -> None:
    installation = await Installation.make(Brokers("kafka", mortal.bootstrap), tmp_path, RULES, None)
    body = {"title": "Long", "text": "Nothing happened. " * 16_000, "source": "Example Wire"}
    answers: Counter[int] = Counter()
    async with installation.services("collect") as services, aiohttp.ClientSession() as session:
        collect = services["collect"]
        url = f"http://127.0.0.1:{intake_port(collect)}/articles"

        async def post(number: int) -> int:
            async with session.post(url, json=body | {"url": f"https://wire.example/{number}"}) as answer:
                assert answer.status == 202 or (answer.status == 503 and int(answer.headers["Retry-After"]) > 0)
                answers[answer.status] += 1
                return answer.status

        async def post_for(seconds: float, worker: int) -> None:
            began, number = asyncio.get_running_loop().time(), 0
            while asyncio.get_running_loop().time() - began < seconds:
                await post(1_000_000 * worker + number)
                number += 1
                await asyncio.sleep(0.02)

        assert await post(0) == 202
        (node,) = mortal.nodes
        assert node.process is not None
        node.process.send_signal(signal.SIGSTOP)
        try:
            async with remembered(collect) as memory:
                await asyncio.gather(*(post_for(25, worker) for worker in range(1, 49)))
        finally:
            node.process.send_signal(signal.SIGCONT)
        posted = sum(answers.values()) * len(str(body)) / MIB
        assert answers[202] <= 5, "the one before, and what was on its way"
        assert posted > 300, "much more than may be kept"
        assert max(memory) - memory[0] < 200, f"{memory[0]:.0f} to {max(memory):.0f} MiB, of {posted:.0f} MiB that were posted"

        async def taken() -> bool:
            return await post(1) == 202

        await until_true(taken, 60)
        assert collect.exit_code is None


@pytest.mark.parametrize(("service", "stage", "topic"), [("extract", "extract", ARTICLES), ("measure", "measure.split", EVENTS)])
async def test_a_slow_stage_makes_lag_and_not_memory(kafka: real.Kafka, tmp_path: Path, service: str, stage: str, topic: Topic) -> None:
    installation = await Installation.make(Brokers("kafka", kafka.bootstrap), tmp_path, RULES, None)
    large = hostile.good(0).model_copy(update={"text": "Nothing happened here. " * 11_000}).to_bytes()
    services = installation.services(service)
    services[service].order({"TALLYWIRE_FAILPOINTS": f"before-handle:{stage}:sleep=0.05:0"})
    async with services, installation.publisher() as publisher, remembered(services[service]) as memory:
        for start in range(0, WAITING, 40):
            await publisher.send_all([Sending(topic.name, b"k%d" % number, large, None) for number in range(start, start + 40)])
        lag = (await behind(installation.settings, {service: (topic,)}))[service]
        await asyncio.sleep(10)
        assert services[service].exit_code is None
        assert lag > 500, "it is slower than what comes"
        assert (await behind(installation.settings, {service: (topic,)}))[service] < lag, "it moves"
        assert (await services[service].ask("/livez"))[0] == 200
    put = WAITING * len(large) / MIB
    print(f"{memory[0]:.0f} to {max(memory):.0f} MiB, of {put:.0f} MiB that wait")
    assert max(memory) - memory[0] < put / 2, f"{memory[0]:.0f} to {max(memory):.0f} MiB, of {put:.0f} MiB that wait"


async def test_a_slow_webhook_makes_deliveries_wait_and_not_memory(kafka: real.Kafka, tmp_path: Path) -> None:
    at_once = [0, 0]

    async def slow(_request: web.Request) -> web.Response:
        at_once[0] += 1
        at_once[1] = max(at_once)
        await asyncio.sleep(2)
        at_once[0] -= 1
        return web.Response(status=204)

    runner = web.AppRunner(_app(slow), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        receiver = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
        installation = await Installation.make(Brokers("kafka", kafka.bootstrap), tmp_path, RULES, receiver)
        async with (
            installation.services("notify") as services,
            installation.publisher() as publisher,
            remembered(services["notify"]) as memory,
        ):
            for start in range(0, 4_000, 200):
                told = [alert(number + 1) for number in range(start, start + 200)]
                await publisher.send_all(encode(Output(ALERTS, key_of("rule", each.id), each) for each in told))

            async def waiting() -> bool:
                _, text = await services["notify"].ask("/metrics")
                return any(float(line.split()[1]) > 3_000 for line in text.splitlines() if line.startswith("tallywire_webhooks_pending "))

            await until_true(waiting, 120)
            await until(lambda: at_once[1] > 0)
            assert services["notify"].exit_code is None
            assert (await services["notify"].ask("/livez"))[0] == 200
    finally:
        await runner.cleanup()
    assert at_once[1] <= 8, "an endpoint has its few places"
    assert max(memory) - memory[0] < 80, f"{memory[0]:.0f} to {max(memory):.0f} MiB"


def _app(handler: object) -> web.Application:
    app = web.Application()
    app.router.add_post("/hook", handler)  # type: ignore[arg-type]  # a handler, as aiohttp knows it
    return app


def intake_port(service: Service) -> int:
    """Where the intake listens, as the log says."""
    line = next(line for line in service.log().splitlines() if '"intake.listening"' in line)
    return int(line.split('"port":')[1].split(",")[0].rstrip("}"))
