"""Lets through one log record of a kind in a while, with how many were held back: clients say the same thing all through an outage."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable

EVERY = 10.0
"""Seconds between two lines of one kind: six a minute show that it lasts, thousands hide all else."""

KINDS = 500
"""Kinds remembered; beyond, all are forgotten: so many different ones are no repetition."""

KIND_LENGTH = 120
"""Characters that tell one kind from another; what follows is mostly an exception's own words."""

_VARIABLE = re.compile(r"\d+|0x[0-9a-f]+")


class Sparing(logging.Filter):
    """Lets one record of each kind pass in `EVERY` seconds; it says in `held_back` how many like it did not since the last."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._kinds: dict[tuple[str, int, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether it passes."""
        kind = (record.name, record.levelno, _VARIABLE.sub("#", str(record.msg)[:KIND_LENGTH]))
        now = self._clock()
        passed, held_back = self._kinds.get(kind, (now - EVERY, 0))
        if now - passed < EVERY:
            self._kinds[kind] = (passed, held_back + 1)
            return False
        if len(self._kinds) >= KINDS:
            self._kinds.clear()
        self._kinds[kind] = (now, 0)
        if held_back:
            record.held_back = held_back
        return True
