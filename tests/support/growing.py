"""How work grows with its text: by CPU time and as a ratio, so that neither the machine nor what else it does matters."""

from __future__ import annotations

import time
from collections.abc import Callable

LINEAR = 10
"""So many times as long at most for four times the text: four is linear, sixteen is quadratic."""

TICK = 0.02
"""Seconds that say nothing: the clock's own steps, and what else a process does."""


def grows_linearly(work: Callable[[str], object], text: str) -> bool:
    """Whether four times a text takes about four times as long."""
    small, large = (_best(work, text[: len(text) // part]) for part in (4, 1))
    return large < LINEAR * small + TICK


def _best(work: Callable[[str], object], text: str) -> float:
    """The best of three, in seconds of CPU."""

    def once() -> float:
        start = time.process_time()
        work(text)
        return time.process_time() - start

    return min(once() for _ in range(3))
