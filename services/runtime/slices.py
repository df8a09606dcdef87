"""Long work on the event loop in slices, between which others get their turn."""

from __future__ import annotations

import asyncio
from typing import Final

SLICE: Final = 0.02
"""Seconds of work before others get their turn: a fifth of what may hold the event loop."""


class Slices:
    """The slices of one stretch of work; made when it begins."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._began = self._loop.time()

    async def turn(self) -> None:
        """Let others have their turn, if this slice is over."""
        if self._loop.time() - self._began >= SLICE:
            await asyncio.sleep(0)
            self._began = self._loop.time()
