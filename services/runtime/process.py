"""A service as a process: logs, health, its parts run side by side, and an exit code that says how it ended."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from typing import Protocol

from aiokafka.errors import ClusterAuthorizationFailedError

from services.stage import Stop

from .brokers import admit
from .checkpoint import Fenced, Unusable
from .door import REFUSALS, Door, Refused
from .failures import TooMany
from .health import Health
from .last_resort import LastResort
from .logs import configure, logger
from .membership import Superseded
from .metrics import BUILD
from .publisher import Publisher
from .security import denied, in_the_clear, refusal
from .settings import Settings
from .watchdog import Stalled

log = logger(__name__)

OK, FAILED, MISUSED, STALLED, SPOILED, UNWRITABLE = range(6)
"""Exit codes: stopped as told; ended by an error; cannot start as configured; lag without progress; too many messages in a row failed;
the state cannot be written. After all but "cannot start as configured" another start may do better."""

OVERDUE = 5.0
"""Seconds beyond the time for a stop after which an end that hangs is cut off: for leaving groups and closing connections."""


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
    """Run a service in this process until it is told to stop or cannot go on; the exit code.

    Whatever hangs, the end takes no longer than a stop may: then a thread says so, and cuts it off.
    """
    configure(service, settings.log_level)
    settle_heap()
    BUILD.labels(version("tallywire"), service).set(1)
    last_resort = LastResort(settings.stall_timeout, STALLED)
    ending = partial(last_resort.ending, settings.stop_timeout + OVERDUE)
    try:
        asyncio.run(_main(settings, service, port, build, last_resort, ending))
    except Exception as error:  # the verdict tells one from another
        if (reason := denied(settings, error)) is not None:
            error = Stop(reason)  # wherever in a library it was raised
        code, event = verdict(error)
        ending(code)
        if event == "service.failed":
            log.exception(event)
        else:
            log.error(event, reason=str(error))  # noqa: TRY400  # the text is the message; a trace would hide it
        return code
    ending(FAILED)
    log.info("service.ended")
    return OK


def settle_heap() -> None:
    """Let the garbage collector never again look through what was loaded before: it stays for as long as the process does.

    These are some 200,000 objects, and a full collection holds the event loop, whichever thread it comes in: 0.1 s with them, 0.01 s
    without (measured in extract).
    """
    gc.collect()
    gc.freeze()


def verdict(error: Exception) -> tuple[int, str]:
    """What an error that ends the process means: the exit code, and the name of the log's last line."""
    match error:
        case TooMany():
            return SPOILED, "service.spoiled"
        case Unusable():
            return UNWRITABLE, "service.unwritable"
        case Stop():
            return MISUSED, "service.stopped"
        case Stalled():
            return STALLED, "service.stalled"
        case Fenced() | Superseded():
            return FAILED, "service.fenced"
        case Refused():
            return FAILED, "service.refused"
        case _:
            return FAILED, "service.failed"


async def _main(settings: Settings, service: str, port: int, build: Build, last_resort: LastResort, ending: Callable[[int], None]) -> None:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()

    def end() -> None:
        ending(FAILED)
        told.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end)
    last_resort.start(loop)
    parts: list[Part] = []
    starting: list[str] = ["the brokers have not answered yet"]
    health = Health(
        settings.host,
        port,
        service,
        alive=[lambda: next((reason for part in parts if (reason := part.not_alive())), None)],
        ready=[lambda: starting[0] if starting else None, lambda: next((reason for part in parts if (reason := part.not_ready())), None)],
    )
    await health.start()
    log.info("service.started", host=settings.host, port=health.port, brokers=settings.brokers)
    if in_the_clear(settings):
        log.warning("brokers.in_the_clear", brokers=settings.brokers, advice="set TALLYWIRE_SECURITY_PROTOCOL=SASL_SSL")
    ask = asyncio.create_task(told.wait())
    try:
        publisher = await _connect(settings, service, ask)
        if publisher is None:
            return
        async with publisher:
            if not await _admitted(settings, service, ask):
                return
            parts.extend(await build(publisher))
            if settings.security_protocol != "PLAINTEXT":
                parts.append(Door(settings, lambda: publisher.failing or any(part.not_ready() for part in parts)))
            starting.clear()
            await _run_parts(parts, ask, ending)
    finally:
        ask.cancel()
        await health.stop()


async def _connect(settings: Settings, service: str, told: asyncio.Task[bool]) -> Publisher | None:
    """A publisher that has reached the brokers, however long they stay away; None if told to stop before.

    Raises:
        Stop: they are there, and do not let us in.

    """
    refused = 0
    while not told.done():
        publisher = Publisher(settings, f"tallywire-{service}")
        try:
            await publisher.start()
        except Exception as error:  # whatever a client says while brokers are away
            if isinstance(error, ClusterAuthorizationFailedError):  # what a producer is told that may not write anywhere
                await admit(settings, service)
            why = await refusal(settings)
            refused = refused + 1 if why is not None and why.final else 0
            if why is not None and refused >= REFUSALS:
                raise Stop(why.reason) from error
            log.warning(
                "brokers.absent", brokers=settings.brokers, error=why.reason if why is not None else f"{type(error).__name__}: {error}"
            )
            await asyncio.wait([told], timeout=1.0)
        else:
            return publisher
    return None


async def _admitted(settings: Settings, service: str, told: asyncio.Task[bool]) -> bool:
    """Whether our user may do what the service does; False if told to stop before the brokers have said."""
    asking = asyncio.create_task(admit(settings, service))
    await asyncio.wait([asking, told], return_when=asyncio.FIRST_COMPLETED)
    if not asking.done():
        asking.cancel()
        return False
    asking.result()
    return True


async def _run_parts(parts: Sequence[Part], told: asyncio.Task[bool], ending: Callable[[int], None]) -> None:
    """Run all parts until told to stop or one of them ends; then stop all, and raise what ended the first."""
    running = [asyncio.create_task(part.run()) for part in parts]
    first: BaseException | None = None
    try:
        done, _ = await asyncio.wait([told, *running], return_when=asyncio.FIRST_COMPLETED)
        first = next((error for task in running if task in done and not task.cancelled() and (error := task.exception())), None)
    finally:
        ending(verdict(first)[0] if isinstance(first, Exception) else FAILED)
        for part in parts:
            with contextlib.suppress(Exception):
                await part.stop()
        ended = await asyncio.gather(*running, return_exceptions=True)
    for outcome in (first, *ended):
        if isinstance(outcome, asyncio.CancelledError):
            raise RuntimeError("a part of the service was cancelled, though nobody told it to stop") from outcome  # noqa: TRY004  # no caller gave a wrong type
        if isinstance(outcome, BaseException):
            raise outcome
