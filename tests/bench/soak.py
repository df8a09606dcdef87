"""Memory over a stream without end: real processes on a real Kafka that forgets, a table of what each holds, and a verdict.

`python -m tests.bench.soak [--articles 1000000] [--stages extract,measure,notify] [--rate 0]`. State on disk may grow with what is believed;
memory must not. One stage alone is given what it reads; several begin with the first.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import aiohttp
import orjson
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from schemas import TOPICS, Topic
from schemas.topics import ARTICLES, EVENTS, INDICATORS, MAX_MESSAGE, RULES
from services.runtime.encoding import Sending
from services.runtime.publisher import Publisher
from services.runtime.settings import Settings
from tests.conftest import Brokers
from tests.support import kafka
from tests.support.groups import behind
from tests.support.installation import GROUPS, SECRET, Installation
from tests.support.services import Service, Services
from tests.support.webhooks import receiving

from . import endless
from .growth import FLAT, MARKS, PER, Growth, Sample, Verdict, growth

READS: dict[str, tuple[Topic, Callable[[int], Iterator[Sending]]]] = {
    "collect": (ARTICLES, endless.articles),
    "extract": (ARTICLES, endless.articles),
    "measure": (EVENTS, endless.readings),
    "notify": (INDICATORS, endless.indicators),
}
"""Stage -> the topic that tells how far it is, and what is put in for it. Collect is posted to."""

AHEAD = 10_000
"""Records that may wait before the stages: far fewer than the topics keep, so that nothing is forgotten unread."""

PART = 500
"""Articles put in at a time."""

KEPT = 16 * 1024 * 1024
"""Bytes that each partition keeps, in segments of a quarter of it."""

SIZE = {"max.message.bytes": str(MAX_MESSAGE)}

SAMPLE_EVERY = 3.0
"""Seconds between two looks at the processes."""

BROKER = {"log.retention.check.interval.ms": "5000", "log.segment.delete.delay.ms": "1000"}

PATIENCE = 900.0
"""Seconds in which the stages must finish what was put in last."""


@dataclass(slots=True)
class Soak:
    """A run under way."""

    stages: Sequence[str]
    articles: int
    rate: float
    """Articles a second that are put in at most; 0 for as many as are taken."""
    put: int = 0
    done: int = 0
    samples: dict[str, list[Sample]] = field(default_factory=dict)
    began: float = field(default_factory=time.monotonic)

    async def run(self, installation: Installation, services: Services) -> None:
        """Put everything in, no faster than it is taken out, and watch."""
        watching = asyncio.create_task(self._watch(installation.settings, services))
        try:
            await (self._post(services["collect"]) if self.stages[0] == "collect" else self._write(installation))
            async with asyncio.timeout(PATIENCE):
                while self.done < self.put:
                    _die_with(watching)
                    await asyncio.sleep(SAMPLE_EVERY)
        finally:
            watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watching

    async def _write(self, installation: Installation) -> None:
        source = READS[self.stages[0]][1](self.articles)
        async with Publisher(installation.settings, "soak") as publisher:
            while part := await asyncio.to_thread(lambda: list(islice(source, PART))):
                await self._hold_back()
                await publisher.send_all(part)
                self.put += len(part)

    async def _post(self, collect: Service) -> None:
        async with aiohttp.ClientSession() as session:
            source = (endless.news(number) for number in range(self.articles))
            while part := list(islice(source, PART)):
                await self._hold_back()
                body = [{"title": a.title, "text": a.text, "url": a.url, "published_at": a.published_at, "source": a.source} for a in part]
                url = f"http://127.0.0.1:{intake_port(collect)}/articles"
                async with session.post(url, data=orjson.dumps(body), headers={"content-type": "application/json"}) as answer:
                    if answer.status != 202:
                        raise RuntimeError(f"the intake answered {answer.status}: {await answer.text()}")
                self.put += len(part)
                self.done = self.put if self.stages == ["collect"] else self.done

    async def _hold_back(self) -> None:
        while self.put - self.done > AHEAD or (self.rate and self.put > self.rate * (time.monotonic() - self.began)):
            await asyncio.sleep(0.1)

    async def _watch(self, settings: Settings, services: Services) -> None:
        groups = {group: topics for group, topics in GROUPS.items() if group.split("-")[0] in self.stages}
        told = 0.0
        while True:
            if groups:
                waiting = await behind(settings, groups)
                first = next(iter(groups))
                slack = sum(waiting.values()) - waiting[first]
                # What later stages have not read counts as not done, so that no topic forgets what was not read.
                self.done = max(self.done, self.put - waiting[first] - slack)
            for service in services:
                if service.exit_code is not None:
                    raise RuntimeError(f"{service.name} ended with {service.exit_code}:\n{service.tail()}")
                self.samples.setdefault(service.name, []).append(Sample(self.done, resident(service.pid)))
            if time.monotonic() - told > 60:
                told = time.monotonic()
                print(self.line(), file=sys.stderr, flush=True)
            await asyncio.sleep(SAMPLE_EVERY)

    def line(self) -> str:
        """How it goes."""
        seconds = time.monotonic() - self.began
        memory = "  ".join(f"{name} {samples[-1].mebibytes:.0f} MiB" for name, samples in self.samples.items())
        return f"{self.done:,} of {self.articles:,} in {seconds:.0f} s ({self.done / seconds:.0f}/s)  {memory}"


def _die_with(task: asyncio.Task[None]) -> None:
    if task.done():
        task.result()


def resident(pid: int) -> float:
    """Resident memory of a process in MiB, as Linux counts it."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS:")).split()[1]) / 1024


def intake_port(collect: Service) -> int:
    """Where the intake listens, as the log says."""
    line = next(line for line in collect.log().splitlines() if '"intake.listening"' in line)
    return int(line.split('"port":')[1].split(",")[0].rstrip("}"))


async def forget(settings: Settings) -> None:
    """Let every topic but the rules keep little, so that a long run fits a small disk."""
    little = {"cleanup.policy": "delete", "retention.ms": "-1", "retention.bytes": str(KEPT), "segment.bytes": str(KEPT // 4)}
    forgetful = [settings.topic(topic.name) for topic in TOPICS if topic is not RULES]
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.brokers)
    await admin.start()
    try:
        await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, name, little | SIZE) for name in forgetful])
    finally:
        await admin.close()


@contextlib.asynccontextmanager
async def installed(stages: Sequence[str], folder: Path, bootstrap: str) -> AsyncIterator[tuple[Installation, Services]]:
    """The stages as processes on topics of their own."""
    async with receiving(SECRET) as receiver:
        installation = await Installation.make(Brokers("kafka", bootstrap), folder, endless.RULES, receiver.url)
        await forget(installation.settings)
        async with installation.services(*stages) as services:
            yield installation, services


def table(found: dict[str, Growth], disk: int) -> Iterator[str]:
    """What came out, for a person."""
    marks = "".join(f"{f'at {mark:.0%}':>10}" for mark in MARKS)
    yield f"{'MiB resident':<14}{marks}{'slope':>16}   verdict (flat: up to {FLAT:g} MiB per {PER:,} articles)"
    for name, each in found.items():
        figures = "".join(f"{mark:>10.1f}" for mark in each.marks)
        yield f"{name:<14}{figures}{f'{each.slope:+.2f} ± {each.error:.2f}':>16}   {each.verdict}"
    yield f"state on disk at the end: {disk / 2**20:.0f} MiB"


async def soak(stages: Sequence[str], articles: int, rate: float) -> dict[str, Growth]:
    """Run it, print the table, and say what came of each process."""
    with (
        tempfile.TemporaryDirectory(prefix="tallywire-soak-", ignore_cleanup_errors=True) as folder,
        kafka.running(1, lambda *_: BROKER) as cluster,
    ):
        run = Soak(stages, articles, rate)
        async with installed(stages, Path(folder), cluster.bootstrap) as (installation, services):
            run.began = time.monotonic()
            running = asyncio.create_task(run.run(installation, services))
            for number in (signal.SIGINT, signal.SIGTERM):
                asyncio.get_running_loop().add_signal_handler(number, running.cancel)
            try:
                await running
            except asyncio.CancelledError:
                print("broken off; this is what was seen", file=sys.stderr)
            disk = sum(path.stat().st_size for path in Path(folder).rglob("*.sqlite*"))  # noqa: ASYNC240  # all has ended
        found = {name: growth(samples) for name, samples in run.samples.items()}
        print(run.line())
        print("\n".join(table(found, disk)), flush=True)
        return found


def main() -> None:
    """Run from the command line; exit code 1 where a process grows."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.soak", description=__doc__)
    parser.add_argument("--articles", type=int, default=1_000_000, help="how many (1000000)")
    parser.add_argument("--stages", default="extract,measure,notify", help=f"which, of {', '.join(READS)}, in this order (all but collect)")
    parser.add_argument("--rate", type=float, default=0.0, help="articles a second at most; 0 for as fast as they are taken (0)")
    given = parser.parse_args()
    stages = given.stages.split(",")
    if unknown := set(stages) - set(READS):
        parser.error(f"no such stages: {', '.join(sorted(unknown))}")
    found = asyncio.run(soak(stages, given.articles, given.rate))
    sys.exit(any(each.verdict is Verdict.GROWS for each in found.values()))


if __name__ == "__main__":
    main()
