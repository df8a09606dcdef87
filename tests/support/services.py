"""Services as production starts them: processes of their own, killed by pid, with their logs kept for a failing test."""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import aiohttp

from services.runtime.settings import Settings

from .patience import patient

READY_WITHIN = 90.0
"""Seconds; five are usual, and a worker that comes back after SIGKILL waits for the session of the dead to end."""

STOP_WITHIN = 20.0
"""Seconds after SIGTERM until the test ends it."""

_PR_SET_PDEATHSIG = 1

RUN = ("-m", "services.cli.main", "run")
"""How `tallywire run` is started, on this interpreter and this code."""


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


class Service:
    """One service of one installation; may be killed and started again."""

    def __init__(
        self, name: str, settings: Settings, folder: Path, *, arguments: Sequence[str] = RUN, extra: Mapping[str, str] | None = None
    ) -> None:
        self.name = name
        self.settings = settings
        self._arguments = arguments
        self._extra = dict(extra or {})
        self._log = folder / f"{name}.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._begun = 0
        self.starts = 0

    @property
    def pid(self) -> int:
        """Of the running process."""
        assert self._process is not None
        return self._process.pid

    @property
    def resident(self) -> float:
        """Its memory in MiB, as Linux counts it; 0 where it has ended."""
        status = Path(f"/proc/{self.pid}/status")
        lines = status.read_text().splitlines() if status.exists() else []
        return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:")), 0.0)

    @property
    def exit_code(self) -> int | None:
        """None while it runs."""
        return None if self._process is None else self._process.poll()

    def start(self, extra: Mapping[str, str] | None = None) -> None:
        """Start it, with its health on any free port."""
        environment = {
            **os.environ,
            "TALLYWIRE_BROKERS": self.settings.brokers,
            "TALLYWIRE_PREFIX": self.settings.prefix,
            "TALLYWIRE_STATE_DIR": str(self.settings.state_dir),
            "TALLYWIRE_SESSION_TIMEOUT": str(self.settings.session_timeout),
            f"TALLYWIRE_{self.name.upper()}_PORT": "0",
            "TALLYWIRE_INTAKE_PORT": "0",
            **self._extra,
            **(extra or {}),
        }
        self.starts += 1
        with self._log.open("ab") as log:
            self._begun = log.seek(0, os.SEEK_END)
            self._process = subprocess.Popen(
                [sys.executable, *self._arguments, self.name],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_die_with_parent,  # noqa: PLW1509  # no thread of ours holds a lock that it needs
            )

    def order(self, extra: Mapping[str, str]) -> None:
        """Give it further variables, from its next start on."""
        self._extra.update(extra)

    def kill(self) -> None:
        """SIGKILL."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> int:
        """SIGTERM, and the exit code."""
        assert self._process is not None
        self._process.terminate()
        return self._process.wait(patient(STOP_WITHIN))

    def tail(self, lines: int = 30) -> str:
        """The end of its log."""
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-lines:])

    def log(self) -> str:
        """All of its log."""
        return self._log.read_text(errors="replace")

    def port(self) -> int | None:
        """The port of its health, as this start's log says."""
        for line in reversed(self._log.read_bytes()[self._begun :].decode(errors="replace").splitlines()):
            if '"service.started"' in line:
                return int(line.split('"port":')[1].split(",")[0].rstrip("}"))
        return None

    async def ask(self, path: str) -> tuple[int, str]:
        """What it answers on its port of health; status 0 while it does not."""
        port = self.port()
        if port is None:
            return 0, "not started"
        try:
            async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}{path}") as response:
                return response.status, await response.text()
        except aiohttp.ClientError as error:
            return 0, str(error)

    async def ready(self) -> None:
        """Return when it is ready; fail with its log when it ends or takes too long."""
        deadline = time.monotonic() + patient(READY_WITHIN)
        answer = ""
        while time.monotonic() < deadline:
            if self.exit_code is not None:
                raise AssertionError(f"{self.name} ended with {self.exit_code}:\n{self.tail()}")
            status, answer = await self.ask("/readyz")
            if status == 200:
                return
            await asyncio.sleep(0.1)
        raise AssertionError(f"{self.name} is not ready: {answer}\n{self.tail()}")


class Services:
    """Several of them; whatever still runs at the end of the block is killed."""

    def __init__(self, services: Sequence[Service]) -> None:
        self._services = {service.name: service for service in services}

    def __getitem__(self, name: str) -> Service:
        return self._services[name]

    def __iter__(self) -> Iterator[Service]:
        return iter(self._services.values())

    async def __aenter__(self) -> Self:
        for service in self._services.values():
            service.start()
        try:
            for service in self._services.values():
                await service.ready()
        except BaseException:
            self._kill()
            raise
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._kill()

    def _kill(self) -> None:
        for service in self._services.values():
            if service.exit_code is None and service.starts:
                service.kill()
