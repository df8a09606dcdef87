"""Ends the process where nothing else can: a thread that needs neither the event loop nor anybody's consent to end.

An event loop that is held for ever answers no signal and no health check; a client's thread that waits for brokers holds up the end of
the interpreter. Seconds are counted in turns of this thread, so that a process which was stopped from outside is not blamed for it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import threading
import traceback
from collections.abc import Callable

from .logs import logger

log = logger(__name__)

TURN = 0.5
"""Seconds between two looks."""

SAY_WITHIN = 2.0
"""Seconds in which the last line may be written: a log that nobody reads may be what hangs."""


class LastResort:
    """Watches the event loop from `start`, and the end of the process from `ending`."""

    def __init__(self, stalled_after: float, stalled: int, end: Callable[[int], None] = os._exit) -> None:
        self._stalled_after = stalled_after
        self._stalled = stalled
        self._end = end
        self._left: float | None = None
        self._code = 0
        self._answered = threading.Event()
        self._over = threading.Event()

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to watch."""
        threading.Thread(target=self._watch, args=(loop,), name="last-resort", daemon=True).start()

    def ending(self, within: float, code: int) -> None:
        """From now on the process has so many seconds to end by itself; the first call counts, and the last code."""
        self._code = code
        if self._left is None:
            self._left = within

    def close(self) -> None:
        """Watch no longer."""
        self._over.set()

    def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        held = 0.0
        self._answered.set()
        while not self._over.wait(TURN):
            if self._left is not None:
                self._left -= TURN
                if self._left <= 0:
                    self._finish("service.overdue", self._code, "the end takes too long, and is cut off")
                    return
            elif self._answered.is_set():
                self._answered.clear()
                held = 0.0
                _ask(loop, self._answered.set)
            else:
                held += TURN
                if held >= self._stalled_after:
                    self._finish("service.stalled", self._stalled, f"the event loop has been held for {held:.0f} s")
                    return

    def _finish(self, event: str, code: int, reason: str) -> None:
        said = threading.Thread(
            target=log.error, args=(event,), kwargs={"reason": reason, "threads": standing(), "code": code}, daemon=True
        )
        said.start()
        said.join(SAY_WITHIN)
        self._end(code)


def _ask(loop: asyncio.AbstractEventLoop, answer: Callable[[], None]) -> None:
    with contextlib.suppress(RuntimeError):  # it may be closed: then the end has begun, or the process is about to end
        loop.call_soon_threadsafe(answer)


def standing() -> list[str]:
    """Where each thread stands that could hold up the end of the process, as `name: function at file:line`."""
    frames = sys._current_frames()  # noqa: SLF001  # the one way to see what another thread does
    found = []
    for thread in threading.enumerate():
        frame = frames.get(thread.ident or 0)
        if frame is not None and not thread.daemon:
            place = traceback.extract_stack(frame)[-1]
            found.append(f"{thread.name}: {place.name} at {place.filename}:{place.lineno}")
    return found
