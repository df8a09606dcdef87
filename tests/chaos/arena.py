"""Where faults are played out: three brokers, an installation, workers of every service under load, and a history of it all.

A test reads like this:

    async with arena.playing(articles=600) as play:
        await play.every(20, lambda: play.kill(play.anyone()))
        assert check(await play.finish()) == []

`every` waits before the k-th fault until the k-th part of the work is done, so that faults meet a run that moves. `finish` waits until
all is sent, committed and told, and reads what stands then. Every choice comes from `play.random`, so that a seed says them all.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from schemas import Article
from schemas.topics import ARTICLES, EVENTS
from tests.conftest import Brokers
from tests.support import workload
from tests.support.installation import SECRET, Installation
from tests.support.kafka import Kafka, Node
from tests.support.services import READY_WITHIN, RUN
from tests.support.webhooks import Receiver, receiving

from .history import Begun, Due, Entry, Fault, Figure, Finished, History, Sent, Stuck, Webhook, digest, read
from .load import Item, send, told_again
from .proxy import Network
from .reference import figures
from .standing import Progress, members, stands
from .workers import Crew, Worker

STREAMS = ("extract", "measure", "notify")
"""The services whose promise is tested: each reads one topic of Kafka and writes another."""

RULE = "operations-in-a-quarter"
"""The rule of tests/support/workload.py."""

QUARTER = "period=2024-01-01..2024-03-31"
"""The period that its summaries tell of, as it stands in the groups of alerts."""

RATE = 40.0
"""Articles a second: half of what the pipeline takes, so that faults meet both an idle and a busy run."""

LOOK_EVERY = 0.4
"""Seconds between two looks at what is committed."""

PATIENCE = 60.0
"""Seconds without any progress after which a run is stuck: a dead worker's session takes six, a start on a busy machine twenty."""

TOLD_WITHIN = 40.0
"""Seconds from the last commit until the last webhook: a delivery worker that was killed waits for its session as well."""


@dataclass(slots=True)
class Play:
    """One run."""

    random: random.Random
    history: History
    installation: Installation
    crew: Crew
    receiver: Receiver
    cluster: Kafka
    items: Sequence[Item]
    progress: Progress
    patience: float = PATIENCE
    _moved: float = field(default_factory=time.monotonic)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    # Whom it may concern

    def anyone(self, *services: str) -> Worker:
        """One of the workers that are to run, of these services or of all."""
        return self.random.choice([worker for service in services or STREAMS for worker in self.crew.of(service)])

    def everyone(self) -> list[Worker]:
        """All workers that are to run, in any order."""
        found = [worker for service in STREAMS for worker in self.crew.of(service)]
        self.random.shuffle(found)
        return found

    def leader(self, topic: str, partition: int) -> Node:
        """The broker that leads a partition of one of ours."""
        return self.cluster.leader(self.installation.settings.topic(topic), partition)

    # Faults

    def note(self, name: str, whom: str = "") -> None:
        """Write down that something is broken or mended."""
        self.history.write(Fault(name=name, whom=whom))

    async def kill(self, worker: Worker, down: float = 0.0) -> None:
        """SIGKILL, and a start after so many seconds."""
        self.note("kill", worker.name)
        self.crew.kill(worker)
        await asyncio.sleep(down)
        self.crew.start(worker)

    async def restart(self, worker: Worker) -> None:
        """SIGTERM, and a start as soon as it has ended; returns when it takes work."""
        self.note("restart", worker.name)
        await self.crew.stop(worker)
        self.crew.start(worker)
        await self.crew.ready(worker)

    async def kill_broker(self, node: Node, down: float) -> None:
        """SIGKILL of a broker, and a start after so many seconds; returns when the cluster is whole."""
        self.note("kill broker", str(node.number))
        node.kill()
        await asyncio.sleep(down)
        self.note("start broker", str(node.number))
        node.start()
        await asyncio.to_thread(self.cluster.wait_until_whole)

    async def every(self, times: int, fault: Callable[[], Awaitable[None]]) -> None:
        """Break something so often, each time when a further part of the work is done."""
        for number in range(1, times + 1):
            if not await self.reached(number / (times + 1)):
                return
            await fault()

    # Progress

    @property
    def done(self) -> float:
        """The part of the work that extract and measure have committed, from 0 to 1."""
        records = self.progress.of("extract", ARTICLES) + self.progress.of("measure", EVENTS)
        return records / (2 * len(self.items))

    async def reached(self, part: float) -> bool:
        """Wait until this part of the work is done; False, and in the history, when nothing moves any more."""
        return await self._wait(lambda: self.done >= part, f"{part:.0%} of the work, at {{0:.0%}}")

    async def held_by(self, service: str, number: int) -> None:
        """Return when so many workers of a service hold its partitions; in the history when it does not come to that."""
        deadline = time.monotonic() + READY_WITHIN
        while await members(self.installation.settings, service) != number:
            if time.monotonic() > deadline:
                self.history.write(Stuck(waiting_for=f"{number} workers of {service} to hold its partitions"))
                return
            await asyncio.sleep(LOOK_EVERY)

    async def finish(self) -> list[Entry]:
        """Wait until all is sent, committed and told; the whole history, with what stands then."""
        *_, loading = self._tasks
        expected = asyncio.create_task(asyncio.to_thread(figures, self.articles))
        if await self._wait(loading.done, "the load to be acknowledged, at {0:.0%}"):
            loading.result()
            await self._settled()
        due = {(f"country={code},{QUARTER}", severity) for code, severity in workload.due(self.articles)}
        with contextlib.suppress(TimeoutError):  # the checker says what is missing
            async with asyncio.timeout(min(TOLD_WITHIN, self.patience)):
                while len(self.receiver.by_id) < len(due):
                    await asyncio.sleep(0.1)
        await asyncio.sleep(1.0)  # for what should not come
        self.crew.dismiss()
        self.history.write(*[Figure(source="expected", key=key, figure=figure) for key, figure in (await expected).items()])
        self.history.write(*[Due(rule=RULE, group=group, transition="fired", severity=severity) for group, severity in sorted(due)])
        self.history.write(*(await self.progress.lags() or []))
        sent_to = {entry.topic for entry in read(self.history.path) if isinstance(entry, Sent)}
        self.history.write(*await stands(self.installation, sent_to), Finished())
        return read(self.history.path)

    @property
    def articles(self) -> list[Article]:
        """Those from which a reading is due."""
        return [item.article for item in self.items if item.article is not None and item.cause is None]

    async def _settled(self) -> None:
        """Return when every group has committed all that its topics hold, twice in a row; or when nothing moves any more."""
        calm = 0
        while calm < 2:
            lags = await self.progress.lags()
            calm = calm + 1 if lags and all((one.committed or 0) == one.end for one in lags) else 0
            if time.monotonic() - self._moved > self.patience and not calm:
                self.history.write(Stuck(waiting_for="every group to commit the end of what it reads"))
                return
            await asyncio.sleep(LOOK_EVERY)

    async def _wait(self, condition: Callable[[], bool], what: str) -> bool:
        self._moved = time.monotonic()
        while not condition():
            if time.monotonic() - self._moved > self.patience:
                self.history.write(Stuck(waiting_for=what.format(self.done)))
                return False
            await asyncio.sleep(0.05)
        return True

    async def _watch(self) -> None:
        while True:
            before = dict(self.progress.committed)
            await self.progress.look()
            if self.progress.committed != before:
                self._moved = time.monotonic()
            await asyncio.sleep(LOOK_EVERY)

    def _told(self, _number: int) -> int:
        """The receiver's answer to each request, and its line in the history."""
        request = self.receiver.requests[-1]
        data = request.payload["data"]
        self.history.write(
            Webhook(
                id=request.id,
                digest=digest(request.body),
                rule=data["rule"]["id"],
                group=",".join(f"{name}={label}" for name, label in sorted(data["group"].items())),
                transition=data["status"],
                severity=data["severity"],
            )
        )
        return 204


@dataclass(frozen=True, slots=True)
class Arena:
    """The brokers, and where a test's history is kept."""

    cluster: Kafka
    network: Network
    """Before the brokers' second listener."""
    folder: Path
    """Of this test: the history, and a folder for each worker."""
    test: str
    seed: int

    @asynccontextmanager
    async def playing(
        self,
        *,
        articles: int = 600,
        items: Sequence[Item] | None = None,
        rate: float = RATE,
        workers: int = 1,
        endings: int = 0,
        repeats: bool = True,
        arguments: Sequence[str] = RUN,
        brokers: Mapping[str, str] | None = None,
        failpoints: str = "",
        patience: float = PATIENCE,
    ) -> AsyncIterator[Play]:
        """A run under load, from the first article to the end of the block.

        `items` take the place of the so many articles; `workers` is how many of each service; `endings` how often services may end by
        themselves, `repeats` whether outputs may be written again; `arguments` start other services than ours (tests/support/stock.py);
        `brokers` says of services where they find the cluster, if not where it is; `failpoints` are as in services/runtime/failpoints.py.
        """
        brokers = brokers or {}
        for node in self.cluster.nodes:
            if node.process is None or node.process.poll() is not None:
                node.start()
        await asyncio.to_thread(self.cluster.wait_until_whole)
        await asyncio.to_thread(self.cluster.clear)  # of what the test before has left, and might still be looked at
        history = History(self.folder / "history.jsonl")
        history.write(Begun(test=self.test, seed=self.seed, endings=endings, repeats=repeats))
        print(f"TALLYWIRE_CHAOS_SEED={self.seed}, history in {history.path}")
        async with receiving(SECRET, lambda number: play._told(number)) as receiver:  # noqa: PLW0108  # the play is made below
            installation = await Installation.make(
                Brokers("kafka", self.cluster.bootstrap), self.folder / "installation", workload.RULES, receiver.url
            )
            extra = {"TALLYWIRE_ENDPOINTS_FILE": str(self.folder / "installation" / "endpoints.yaml"), "TALLYWIRE_FAILPOINTS": failpoints}
            crew = Crew(installation.settings, self.folder, history, arguments=arguments, extra=extra)
            async with Progress(installation.settings, history) as progress, installation.publisher() as publisher:
                play = Play(
                    random=random.Random(f"{self.seed} {self.test}"),
                    history=history,
                    installation=installation,
                    crew=crew,
                    receiver=receiver,
                    cluster=self.cluster,
                    items=told_again(articles) if items is None else items,
                    progress=progress,
                    patience=patience,
                )
                try:
                    for service in STREAMS:
                        for _ in range(workers):
                            crew.start(crew.hire(service, **({"brokers": brokers[service]} if service in brokers else {})), by="play")
                    play._tasks += [asyncio.create_task(crew.supervise()), asyncio.create_task(play._watch())]
                    await crew.ready()
                    play._tasks.append(asyncio.create_task(send(play.items, publisher, history, rate)))
                    yield play
                finally:
                    for task in play._tasks:
                        task.cancel()
                    await asyncio.gather(*play._tasks, return_exceptions=True)
                    crew.dismiss()
                    history.close()
