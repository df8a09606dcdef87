"""One service's stages as a running stream: Faust's app, the worker, the watchdog; started, watched, and stopped in order."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Sequence
from typing import Any, cast

from schemas.topics import TOPICS
from services.stage import Stage

from .brokers import Identity, identify
from .consumer import App, Consumer
from .logs import logger
from .metrics import LAG
from .publisher import Publisher
from .settings import Settings
from .watchdog import Watchdog
from .worker import Clock, Observe, Worker

log = logger(__name__)

LOOK_EVERY = 5.0
"""Seconds between two looks of the watchdog."""

ANSWER_WITHIN = 4.0
"""Seconds in which brokers answer, or count as away."""

DEAF_AFTER = 10.0
"""Seconds without a turn of the flusher after which the stream cannot move."""


class Stream:
    """The stages of one service in this process; `run` until `stop`."""

    def __init__(
        self, settings: Settings, service: str, stages: Sequence[Stage], publisher: Publisher, clock: Clock, observe: Observe | None = None
    ) -> None:
        self._settings = settings
        self._service = service
        self._worker = Worker(settings, service, stages, publisher, clock, observe)
        self._app: App | None = None
        self._stop = asyncio.Event()

    async def run(self) -> None:
        """Move records until stopped.

        Raises:
            Stop: nothing more can be processed; the text says why and what to do.
            Stalled: there is lag without progress.
            Fenced: another worker has taken a partition over.

        """
        identity = await self._identify()
        if identity is None:
            return
        self._app = app = App(self._worker, identity, client_id=f"tallywire-{self._service}-{socket.gethostname()}")
        app.finalize()
        tasks: list[asyncio.Task[Any]] = [
            asyncio.create_task(self._worker.run()),
            asyncio.create_task(self._watch(app)),
            asyncio.create_task(self._stop.wait()),
        ]
        start: asyncio.Task[Any] = asyncio.create_task(app.start())
        crash: asyncio.Task[Any] = asyncio.create_task(app._crashed.wait())  # noqa: SLF001  # mode offers no other way to wait for it
        try:
            watched: list[asyncio.Future[Any]] = [*tasks, crash, app.failure]
            done, _ = await asyncio.wait([*watched, start], return_when=asyncio.FIRST_COMPLETED)
            if done == {start}:
                start.result()
                done, _ = await asyncio.wait(watched, return_when=asyncio.FIRST_COMPLETED)
            for one in done:
                one.result()
            if crash in done:
                raise app.crash_reason or RuntimeError("Faust's app crashed without a reason")
        finally:
            tasks[1].cancel()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._end(app), self._settings.stop_timeout + 2)
            for task in (*tasks, start, crash):
                task.cancel()
            app.failure.cancel()
        if not app.failure.cancelled():
            app.failure.result()

    async def _identify(self) -> Identity | None:
        """What the brokers say of themselves, however long they stay away; None if told to stop before."""
        asking = asyncio.create_task(identify(self._settings, TOPICS))
        stopping = asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait([asking, stopping], return_when=asyncio.FIRST_COMPLETED)
            return asking.result() if asking.done() else None
        finally:
            asking.cancel()
            stopping.cancel()

    async def _end(self, app: App) -> None:
        await app.stop()
        await self._worker.close(list(self._worker.lanes))

    async def stop(self) -> None:
        """Finish and commit what is in flight, then end `run`."""
        self._stop.set()

    async def _watch(self, app: App) -> None:
        watchdog = Watchdog(self._settings.stall_timeout)
        loop = asyncio.get_running_loop()
        shown: set[tuple[str, int]] = set()
        while True:
            await asyncio.sleep(LOOK_EVERY)
            lanes = dict(self._worker.lanes)
            positions = {key: lane.watermark.position for key, lane in lanes.items()}
            ends = await self._ends(app, list(lanes))
            for (topic, partition), end in (ends or {}).items():
                stage = self._worker.stages[topic].name
                LAG.labels(stage, partition).set(max(0, end - (positions[topic, partition] or 0)))
            for topic, partition in shown - set(lanes):
                LAG.remove(self._worker.stages[topic].name, str(partition))
            shown = set(ends or {}) | (shown & set(lanes))
            watchdog.look(loop.time(), positions, ends, self._worker.waiting_for)

    async def _ends(self, app: App, partitions: list[tuple[str, int]]) -> dict[tuple[str, int], int] | None:
        """The ends of the logs; None where the brokers do not answer."""
        consumer = cast("Consumer", app.consumer)
        try:
            return await asyncio.wait_for(consumer.ends(partitions), ANSWER_WITHIN) if partitions else {}
        except Exception as error:  # noqa: BLE001  # whatever a client says while brokers are away
            log.warning("brokers.silent", error=f"{type(error).__name__}: {error}")
            return None

    def not_ready(self) -> str | None:
        """Why nothing can be processed yet; None when it can."""
        if self._app is None:
            return "the brokers have not answered, or topics are missing"
        if not self._app.assigned.is_set():
            return "no partitions assigned yet"
        refolding = [f"{t}[{p}]" for (t, p), lane in self._worker.lanes.items() if lane.silent or lane.republish]
        return f"state is being folded again: {', '.join(refolding)}" if refolding else None

    def not_alive(self) -> str | None:
        """Why the stream cannot move; None when it can."""
        if self._app is None or self._worker.sending or self._worker.waiting_for is not None:
            return None
        silence = asyncio.get_running_loop().time() - self._worker.beat
        return f"the flusher has not turned for {silence:.0f} s" if self._worker.beat and silence > DEAF_AFTER else None
