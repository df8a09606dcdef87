"""Notices that brokers which let this process in do so no more: clients say of that only what they say of brokers that are away."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from .logs import logger
from .security import connection, refusal
from .settings import Settings

log = logger(__name__)

LOOK_EVERY = 5.0
"""Seconds between two looks while something is amiss."""

REFUSALS = 3
"""Refusals in a row after which a service ends: users and their passwords reach the brokers of a cluster one after the other. A password
and a certificate are read when a process starts, so that only another start can be let in."""


class Refused(Exception):
    """The brokers let this process in before, and do so no more; the text says whom they refuse, and what to look at."""


class Door:
    """Knocks with what this process was started with, for as long as something is amiss; one of its parts."""

    def __init__(self, settings: Settings, amiss: Callable[[], bool]) -> None:
        self._settings = settings
        self._shown = connection(settings)
        self._amiss = amiss
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Look until stopped.

        Raises:
            Refused: another start may be let in, with what then stands in its files.

        """
        refused = 0
        while not self._stopping.is_set():
            why = await refusal(self._settings, self._shown) if self._amiss() else None
            if why is not None:
                log.warning("brokers.refuse", reason=why.reason)
            refused = refused + 1 if why is not None and why.final else 0
            if why is not None and refused >= REFUSALS:
                raise Refused(f"{why.reason} It was let in before: the process ends to be started again with what its files say then")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), LOOK_EVERY)

    async def stop(self) -> None:
        """End `run`."""
        self._stopping.set()

    def not_ready(self) -> str | None:
        """Others say what is amiss."""
        return None

    def not_alive(self) -> str | None:
        """It holds nothing up."""
        return None
