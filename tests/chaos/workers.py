"""The workers of a run: processes of the services, several of each, under a supervisor that brings back what ends by itself."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from services.runtime.settings import Settings
from tests.support.services import READY_WITHIN, RUN, Service

from .history import By, Ended, History, Started, Stuck

HTTP_OK = 200

LOOK_EVERY = 0.2
"""Seconds between two looks of the supervisor."""

RESTART_AFTER = 1.0
"""Seconds until it starts again what ended by itself."""

PATIENCE = 20
"""How often it does, in one run: beyond, something is broken for good, and the checker is to say so."""


@dataclass(slots=True)
class Worker:
    """One process of a service, with a folder (log and state) of its own."""

    name: str
    """`extract-0`."""
    service: Service
    wanted: bool = False
    """Whether it is to run: what ended while it is was not told to."""
    ended: bool = False
    """Whether it did, and waits for the supervisor."""
    frozen: bool = False


class Crew:
    """All workers of a run; each start and end of one is in the history."""

    def __init__(
        self,
        settings: Settings,
        folder: Path,
        history: History,
        *,
        arguments: Sequence[str] = RUN,
        extra: Mapping[str, str] | None = None,
    ) -> None:
        self._settings = settings
        self._folder = folder
        self._history = history
        self._arguments = arguments
        self._extra = dict(extra or {})
        self._workers: dict[str, Worker] = {}
        self._revived = 0

    def __iter__(self) -> Iterator[Worker]:
        return iter(self._workers.values())

    def of(self, service: str) -> list[Worker]:
        """The workers of a service that are to run."""
        return [worker for worker in self if worker.service.name == service and worker.wanted]

    def hire(self, service: str, **changes: object) -> Worker:
        """A further worker, not yet started; `changes` are of its settings (`brokers`, `state_dir`)."""
        name = f"{service}-{sum(worker.service.name == service for worker in self)}"
        folder = self._folder / name
        folder.mkdir(parents=True)
        settings = self._settings.model_copy(update={"state_dir": folder / "state", **changes})
        worker = Worker(name, Service(service, settings, folder, arguments=self._arguments, extra=self._extra))
        self._workers[name] = worker
        return worker

    def start(self, worker: Worker, by: By = "fault") -> None:
        """Start it."""
        self._history.write(Started(worker=worker.name, by=by))
        worker.service.start()
        worker.wanted, worker.ended = True, False

    def kill(self, worker: Worker, by: By = "fault") -> None:
        """SIGKILL; what has just ended by itself did so."""
        self._note_ending(worker)
        worker.wanted = worker.frozen = False
        if worker.service.exit_code is None:
            worker.service.kill()
            self._history.write(Ended(worker=worker.name, code=-signal.SIGKILL, by=by))

    async def stop(self, worker: Worker, by: By = "fault") -> int:
        """SIGTERM, and the exit code."""
        self._note_ending(worker)
        worker.wanted = False
        code = await asyncio.to_thread(worker.service.stop)
        if not worker.ended:
            self._history.write(Ended(worker=worker.name, code=code, by=by, asked=True))
        return code

    def freeze(self, worker: Worker) -> None:
        """SIGSTOP: it neither runs nor ends."""
        os.kill(worker.service.pid, signal.SIGSTOP)
        worker.frozen = True

    def thaw(self, worker: Worker) -> None:
        """SIGCONT."""
        os.kill(worker.service.pid, signal.SIGCONT)
        worker.frozen = False

    async def ready(self, *workers: Worker) -> None:
        """Return when these workers take work, or all; in the history when one does not, with what it says instead."""
        for worker in workers or list(self):
            deadline = time.monotonic() + READY_WITHIN
            while (answer := await worker.service.ask("/readyz"))[0] != HTTP_OK:
                if time.monotonic() > deadline:
                    self._history.write(Stuck(waiting_for=f"{worker.name} to be ready: {answer[1]}"))
                    break
                await asyncio.sleep(LOOK_EVERY)

    async def supervise(self) -> None:
        """Start again what ended by itself, as an orchestrator would, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            for worker in list(self):
                if self._note_ending(worker) and self._revived < PATIENCE:
                    self._revived += 1
                    await asyncio.sleep(RESTART_AFTER)
                    if worker.wanted and worker.ended:  # no fault has taken it away meanwhile
                        self.start(worker, by="supervisor")

    def _note_ending(self, worker: Worker) -> bool:
        """Whether it ended though it is to run; said once."""
        code = worker.service.exit_code
        if not worker.wanted or worker.ended or code is None:
            return False
        worker.ended = True
        self._history.write(Ended(worker=worker.name, code=code, by="itself"))
        return True

    def dismiss(self) -> None:
        """End all that still run; the run is over."""
        for worker in self:
            if worker.service.starts:
                self.kill(worker, by="play")
