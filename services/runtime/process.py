"""A service as a process: logs, health, its parts run side by side, and an exit code that says how it ended."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Protocol

from services.stage import Stop

from .checkpoint import Fenced, Unusable
from .health import Health
from .logs import configure, logger
from .metrics import BUILD
from .publisher import Publisher
from .settings import Settings
from .watchdog import Stalled

log = logger(__name__)

OK, FAILED, MISUSED, STALLED = 0, 1, 2, 3
"""Exit codes: stopped as told; ended by an error; cannot start as configured; lag without progress."""


class Part(Protocol):
    """Something that runs for as long as the process does."""

    async def run(self) -> None:
        """Run until stopped; raises what ends it before."""

    async def stop(self) -> None:
        """Finish what is in flight, then let `run` return."""

    def not_ready(self) -> str | None:
        """Why no work is taken yet."""

    def not_alive(self) -> str | None:
        """Why it cannot move."""


Build = Callable[[Publisher], Awaitable[Sequence[Part]]]
"""Makes the parts of a service, when the brokers have answered."""


def wall_clock() -> datetime:
    """Now, in UTC: the one place where the services read it."""
    return datetime.now(UTC)


def run(settings: Settings, service: str, port: int, build: Build) -> int:
    """Run a service in this process until it is told to stop or cannot go on; the exit code."""
    configure(service, settings.log_level)
    BUILD.labels(version("tallywire"), service).set(1)
    try:
        asyncio.run(_main(settings, service, port, build))
    except (Stop, Unusable) as error:
        log.error("service.stopped", reason=str(error))  # noqa: TRY400  # the text is the message; a trace would hide it
        return MISUSED
    except Stalled as error:
        log.error("service.stalled", reason=str(error))  # noqa: TRY400  # as above
        return STALLED
    except Fenced as error:
        log.error("service.fenced", reason=str(error))  # noqa: TRY400  # as above
        return FAILED
    except Exception:
        log.exception("service.failed")
        return FAILED
    log.info("service.ended")
    return OK


async def _main(settings: Settings, service: str, port: int, build: Build) -> None:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    parts: list[Part] = []
    starting: list[str] = ["the brokers have not answered yet"]
    health = Health(
        settings.host,
        port,
        alive=[lambda: next((reason for part in parts if (reason := part.not_alive())), None)],
        ready=[lambda: starting[0] if starting else None, lambda: next((reason for part in parts if (reason := part.not_ready())), None)],
    )
    await health.start()
    log.info("service.started", host=settings.host, port=health.port, brokers=settings.brokers)
    ask = asyncio.create_task(told.wait())
    try:
        publisher = await _connect(settings, service, ask)
        if publisher is None:
            return
        async with publisher:
            parts.extend(await build(publisher))
            starting.clear()
            await _run_parts(parts, ask)
    finally:
        ask.cancel()
        await health.stop()


async def _connect(settings: Settings, service: str, told: asyncio.Task[bool]) -> Publisher | None:
    """A publisher that has reached the brokers, however long they stay away; None if told to stop before."""
    while not told.done():
        publisher = Publisher(settings, f"tallywire-{service}")
        try:
            await publisher.start()
        except Exception as error:  # noqa: BLE001  # whatever a client says while brokers are away
            log.warning("brokers.absent", brokers=settings.brokers, error=f"{type(error).__name__}: {error}")
            await asyncio.wait([told], timeout=1.0)
        else:
            return publisher
    return None


async def _run_parts(parts: Sequence[Part], told: asyncio.Task[bool]) -> None:
    """Run all parts until told to stop or one of them ends; then stop all, and raise what ended the first."""
    running = [asyncio.create_task(part.run()) for part in parts]
    try:
        await asyncio.wait([told, *running], return_when=asyncio.FIRST_COMPLETED)
    finally:
        for part in parts:
            with contextlib.suppress(Exception):
                await part.stop()
        ended = await asyncio.gather(*running, return_exceptions=True)
    for outcome in ended:
        if isinstance(outcome, BaseException):
            raise outcome
