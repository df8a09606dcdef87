"""Children and their keeper: starts them, restarts the dead with growing delays, gives up when that leads nowhere, leaves none behind."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

DELAYS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
"""Seconds before each restart of a child that keeps dying and gets no further in between; after the last there is none, and everything
ends: a disk that was full for a moment, or a neighbour that was busy, has had a minute."""

SETTLED = 120.0
"""Seconds of life after which a death is a new story, for a child that had nothing to do: twice what its watchdog takes."""

GRACE = 7.0
"""Seconds from SIGTERM to SIGKILL, so that the whole end, broker included, stays within ten."""

MISUSED = 2
"""Exit code of a service that cannot start as it is set up: another start would end the same way."""

TAIL = 5
"""Last lines of a child's log that are shown when it cannot be kept alive."""

TAIL_BYTES = 256 * 1024
"""Bytes of it that are looked at for these."""


@dataclass(frozen=True, slots=True)
class Command:
    """One child as it is started."""

    name: str
    arguments: tuple[str, ...]
    """Of `python -m`: a module and what it is given."""
    environment: Mapping[str, str]
    """Beside what this process has."""
    log: Path
    """Where its output is appended."""


class GaveUp(Exception):
    """A child died again and again and got no further in between; the text names it and shows the end of its log."""


Told = Callable[[str], None]
"""Is told, in a sentence, what happens to a child."""

Progress = Callable[[str], Awaitable[int | None]]
"""How much work a child has finished for good, over all of its lives; None where nobody can say now."""


async def unknown(_name: str) -> int | None:
    """Of a child whose work leaves nothing to be counted."""
    return None


class Supervisor:
    """Keeps children alive between `start` and `stop`."""

    def __init__(
        self,
        commands: Sequence[Command],
        told: Told,
        progress: Progress = unknown,
        *,
        delays: Sequence[float] = DELAYS,
        settled: float = SETTLED,
        grace: float = GRACE,
    ) -> None:
        self._commands = commands
        self._told = told
        self._progress = progress
        self._delays = delays
        self._settled = settled
        self._grace = grace
        self._children: dict[str, Process] = {}
        self._keepers: list[asyncio.Task[None]] = []

    @property
    def pids(self) -> dict[str, int]:
        """Of the children that are alive."""
        return {name: child.pid for name, child in self._children.items() if child.returncode is None}

    async def start(self) -> None:
        """Start every child."""
        for command in self._commands:
            self._children[command.name] = await _spawn(command)
        self._keepers = [asyncio.create_task(self._keep(command), name=f"keep {command.name}") for command in self._commands]

    async def failed(self) -> None:
        """Return never, unless a child cannot be kept alive.

        Raises:
            GaveUp: with the child's name and the end of its log.

        """
        await asyncio.gather(*self._keepers)

    async def stop(self) -> None:
        """End every child: all at once with SIGTERM, what is left after the grace with SIGKILL."""
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        alive = [child for child in self._children.values() if child.returncode is None]
        for child in alive:
            _signal(child, signal.SIGTERM)
        if alive:
            await asyncio.wait([asyncio.create_task(child.wait()) for child in alive], timeout=self._grace)
        for child in alive:
            if child.returncode is None:
                _signal(child, signal.SIGKILL)
            await child.wait()

    async def _keep(self, command: Command) -> None:
        loop = asyncio.get_running_loop()
        deaths = 0
        done = await self._progress(command.name)
        while True:
            born = loop.time()
            code = await self._children[command.name].wait()
            if code == MISUSED:
                raise GaveUp(f"{command.name} cannot run as it is set up.\n{_tail(command.log)}")
            now = await self._progress(command.name)
            moved = now is not None and done is not None and now > done
            done = done if now is None else now
            deaths = 1 if moved or loop.time() - born >= self._settled else deaths + 1
            if deaths > len(self._delays):
                raise GaveUp(
                    f"{command.name} has ended {deaths} times in a row ({_ending(code)}) and got no further in between: "
                    f"restarting does not help.\n{_tail(command.log)}"
                )
            delay = self._delays[deaths - 1]
            self._told(f"{command.name} has ended ({_ending(code)}); starting it again in {delay:g} s")
            await asyncio.sleep(delay)
            self._children[command.name] = await _spawn(command)


async def _spawn(command: Command) -> Process:
    with command.log.open("ab") as log:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "services.up.leash",
            *command.arguments,
            env={**os.environ, **command.environment},
            stdin=PIPE,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _signal(child: Process, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, number)


def _ending(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def _tail(log: Path) -> str:
    lines = _end(log).splitlines()[-TAIL:]
    return "\n".join([f"The end of {log}:", *(f"  {line[:500]}" for line in lines or ["(nothing)"])])


def _end(log: Path) -> str:
    """The last of a log, which may have grown for weeks."""
    if not log.exists():
        return ""
    with log.open("rb") as opened:
        opened.seek(max(0, opened.seek(0, os.SEEK_END) - TAIL_BYTES))
        return opened.read().decode(errors="replace")
