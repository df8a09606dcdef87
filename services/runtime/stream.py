"""One service's stages as a running stream: Faust's app, the worker, the watchdog; started, watched, and stopped in order."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from services.stage import Stage

from .access import topics_of
from .brokers import Identity, identify
from .consumer import App
from .flusher import Observe
from .handling import Clock
from .leaving import ended
from .logs import logger
from .membership import superseded
from .publisher import Publisher
from .settings import Settings
from .watch import Watch, client_id
from .watchdog import Partition
from .worker import Worker

log = logger(__name__)

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
        self._client_id = client_id(service)
        self._watch = Watch(
            settings,
            self,
            group=service,
            client_id=self._client_id,
            reads={stage.topic.name: stage.name for stage in stages},
            writes=[topic.name for topic in topics_of(service)],
        )
        self._app: App | None = None
        self._stop = asyncio.Event()

    async def run(self) -> None:
        """Move records until stopped.

        Raises:
            Stop: nothing more can be processed; the text says why and what to do.
            Stalled: there is lag without progress.
            Fenced: another worker has taken a partition over.
            Superseded: another process has taken our place in the group.

        """
        identity = await self._identify()
        if identity is None:
            return
        self._app = app = App(self._worker, identity, client_id=self._client_id)
        app.finalize()
        tasks: list[asyncio.Task[Any]] = [
            asyncio.create_task(self._worker.run()),
            asyncio.create_task(self._watch.run()),
            asyncio.create_task(self._stop.wait()),
        ]
        start: asyncio.Task[Any] = asyncio.create_task(app.start())
        crash: asyncio.Task[Any] = asyncio.create_task(app._crashed.wait())  # noqa: SLF001  # mode offers no other way to wait for it
        cause: BaseException | None = None
        try:
            watched: list[asyncio.Future[Any]] = [*tasks, crash, app.failure]
            done, _ = await asyncio.wait([*watched, start], return_when=asyncio.FIRST_COMPLETED)
            if done == {start}:
                start.result()
                done, _ = await asyncio.wait(watched, return_when=asyncio.FIRST_COMPLETED)
            for one in done:
                one.result()
            if crash in done:
                raise superseded(app.crash_reason) or app.crash_reason or RuntimeError("Faust's app crashed without a reason")
        except BaseException as error:
            cause = error
            raise
        finally:
            tasks[1].cancel()
            await self._ended(app, cause)
            for task in (*tasks, start, crash):
                task.cancel()
            app.failure.cancel()
        if not app.failure.cancelled():
            app.failure.result()

    async def _identify(self) -> Identity | None:
        """What the brokers say of themselves, however long they stay away; None if told to stop before."""
        asking = asyncio.create_task(identify(self._settings, topics_of(self._service)))
        stopping = asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait([asking, stopping], return_when=asyncio.FIRST_COMPLETED)
            return asking.result() if asking.done() else None
        finally:
            asking.cancel()
            stopping.cancel()

    async def _ended(self, app: App, cause: BaseException | None) -> None:
        """Let everything end within a limit; what goes wrong in that is raised only where nothing else has ended the stream."""
        try:
            await ended(self._end(app), self._settings.stop_timeout + 2)
        except Exception as error:
            if cause is None:
                raise
            log.warning("stream.broken-off", error=f"{type(error).__name__}: {error}")

    async def _end(self, app: App) -> None:
        try:
            await app.stop()
        finally:
            await self._worker.close(list(self._worker.lanes))

    async def stop(self) -> None:
        """Finish and commit what is in flight, then end `run`."""
        self._stop.set()

    # What the watch looks at

    @property
    def waiting_for(self) -> str | None:
        """Who holds it back; also itself, while a fold tells every figure again, or takes in what it told, before it goes on."""
        lanes = self._worker.lanes.values()
        if any(lane.recalls for lane in lanes) and self._recall_moves:
            return self._worker.waiting_for or "the recall of what was told"
        telling = any(lane.republish and not lane.silent for lane in lanes)
        return self._worker.waiting_for or ("the telling of all figures" if telling else None)

    @property
    def _recall_moves(self) -> bool:
        """Whether the recall has taken something in lately: one that hangs is nobody's excuse."""
        return asyncio.get_running_loop().time() - self._worker.recall.moved_at < self._settings.stall_timeout / 2

    def positions(self) -> dict[Partition, int | None]:
        """What is finished and acknowledged of each partition."""
        return {key: lane.watermark.position for key, lane in self._worker.lanes.items()}

    # What is said of it

    def not_ready(self) -> str | None:
        """Why nothing can be processed yet; None when it can."""
        if self._app is None:
            return "the brokers have not answered, or topics are missing"
        if not self._app.assigned.is_set():
            return "no partitions assigned yet"
        if self._watch.silent:
            return "the brokers do not answer"
        if self._worker.waiting_for is not None:
            return f"held back by {self._worker.waiting_for}"
        refolding = [f"{t}[{p}]" for (t, p), lane in self._worker.lanes.items() if lane.silent or lane.republish]
        return f"state is being folded again: {', '.join(refolding)}" if refolding else None

    def not_alive(self) -> str | None:
        """Why the stream cannot move; None when it can."""
        if self._app is None or self._worker.sending or self._worker.waiting_for is not None:
            return None
        silence = asyncio.get_running_loop().time() - self._worker.beat
        return f"the flusher has not turned for {silence:.0f} s" if self._worker.beat and silence > DEAF_AFTER else None
