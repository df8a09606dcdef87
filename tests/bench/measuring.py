"""The three measurements: articles a second, publish to webhook, peak memory."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

from schemas import Article
from services.extract.extraction import Extraction
from tests.conftest import Brokers
from tests.support.groups import behind
from tests.support.installation import GROUPS, SECRET, Installation
from tests.support.services import Services
from tests.support.streams import until_true
from tests.support.webhooks import Received, Receiver, receiving
from tests.support.workload import RULES, articles, sendings

from . import tide

STREAMS = ("extract", "measure", "notify")
WARM = 40
"""Articles that are read before the clock starts: tables are loaded at the first one."""

PATIENCE = 600.0
"""Seconds after which a measurement fails."""

RATE = 20.0
"""Articles a second at which the time to the webhook is taken."""

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Throughput:
    """Articles a second, bare and through everything."""

    articles: int
    bare: float
    """The extractor in a loop, in one process, without a broker."""
    pipeline: float
    """From the first article sent until every group of consumers has committed the last record."""

    @property
    def ratio(self) -> float:
        """What carrying, counting and deciding leaves of the extractor's speed."""
        return self.pipeline / self.bare


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds from the moment at which an article is handed to Kafka to the moment at which its webhook has come in."""

    articles: int
    arrived: int
    """Articles whose own webhook came: two tidings of one country that meet are told as one."""
    p50: float
    p99: float


@dataclass(frozen=True, slots=True)
class Bench:
    """All figures of one run."""

    throughput: Throughput
    latency: Latency
    memory: dict[str, int]
    """Process -> peak resident MiB."""


def bare(texts: Sequence[Article]) -> float:
    """Articles a second of the extractor alone."""
    extraction = Extraction()
    for article in texts[:WARM]:
        extraction.read(article)
    started = time.perf_counter()
    for article in texts:
        extraction.read(article)
    return len(texts) / (time.perf_counter() - started)


async def bench(brokers: Brokers, folder: Path, *, count: int, seconds: float, broker_pids: Sequence[int]) -> Bench:
    """Run everything once; processes are started as in production, and ended."""
    texts = list(articles(WARM + count))
    alone = bare(texts)
    memory: dict[str, int] = {}
    async with _running(brokers, folder / "flow", RULES) as (installation, services, _):
        through = await _flow(installation, texts)
        memory |= {service.name: peak_memory(service.pid) for service in services}
    async with _running(brokers, folder / "tide", tide.RULES) as (installation, _, receiver):
        latency = await _tide(installation, receiver, seconds)
    memory |= {f"kafka {number}": peak_memory(pid) for number, pid in enumerate(broker_pids, 1)}
    return Bench(Throughput(count, alone, through), latency, memory)


@asynccontextmanager
async def _running(brokers: Brokers, folder: Path, rules: str) -> AsyncIterator[tuple[Installation, Services, _Clocked]]:
    receiver = _Clocked()
    async with receiving(SECRET, receiver.note) as web:
        receiver.web = web
        installation = await Installation.make(brokers, folder, rules, web.url)
        async with installation.services(*STREAMS) as services:
            yield installation, services, receiver


class _Clocked:
    """When each webhook came in."""

    def __init__(self) -> None:
        self.web: Receiver | None = None
        self._times: list[float] = []

    def note(self, _number: int) -> int:
        self._times.append(time.perf_counter())
        return 204

    @property
    def received(self) -> list[tuple[float, Received]]:
        """Requests with the time of each."""
        return list(zip(self._times, self.web.requests if self.web else [], strict=False))


async def _flow(installation: Installation, texts: Sequence[Article]) -> float:
    async with installation.publisher() as publisher:
        await publisher.send_all(sendings(iter(texts[:WARM])))
        await installation.settled()
        started = time.perf_counter()
        await publisher.send_all(sendings(iter(texts[WARM:])))
        ended = await _committed(installation)
    return (len(texts) - WARM) / (ended - started)


async def _committed(installation: Installation) -> float:
    """The time at which every group was first seen to have committed everything, and was so a second time."""
    since: float | None = None

    async def calm() -> bool:
        nonlocal since
        moment = time.perf_counter()
        if any((await behind(installation.settings, GROUPS)).values()):
            since = None
            return False
        if since is None:
            since = moment
            return False
        return True

    await until_true(calm, PATIENCE)
    assert since is not None
    return since


async def _tide(installation: Installation, receiver: _Clocked, seconds: float) -> Latency:
    first = len(tide.COUNTRIES)
    texts = list(tide.articles(first + int(RATE * seconds)))
    sent: dict[int, float] = {}
    async with installation.publisher() as publisher:
        await publisher.send_all(sendings(iter(texts[:first])))
        await installation.settled()
        started = time.perf_counter()
        for number, sending in enumerate(sendings(iter(texts[first:])), first):
            await asyncio.sleep(max(0.0, started + (number - first) / RATE - time.perf_counter()))
            sent[number] = time.perf_counter()
            (await publisher.enqueue(sending)).add_done_callback(_raise)
    await installation.settled()
    await asyncio.sleep(2)
    taken: dict[int, float] = {}
    for at, request in receiver.received:
        article = tide.told_by(request.body)
        if article in sent:
            taken.setdefault(article, at - sent[article])
    if len(taken) < 2:  # quantiles need two
        raise RuntimeError(f"{len(taken)} of {len(sent)} articles led to a webhook: there is nothing to measure")
    cuts = quantiles(taken.values(), n=100, method="inclusive")
    return Latency(len(sent), len(taken), cuts[49], cuts[98])


def _raise(done: asyncio.Future[object]) -> None:
    done.result()


def peak_memory(pid: int) -> int:
    """Peak resident memory of a process in MiB, as Linux counts it; 0 where there is no such count."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return 0
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024 // _MIB


def cpu_seconds(pid: int) -> float:
    """Seconds of CPU that a process has taken so far, in all threads, as Linux counts them."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
