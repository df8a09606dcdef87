"""Named points between reading and committing at which a test makes this process fail; none is armed in production.

Armed by `TALLYWIRE_FAILPOINTS`, entries with `;` between: `point:stage:action[%CHANCE[@SEED]][:times[:needle]]`. Actions are `raise` (an
unexpected error), `exit` (as a SIGKILL would) and `sleep=SECONDS` (a handler that takes long, and holds the event loop as one would);
with a chance (0 to 1) it is drawn each time whether it happens; `times` bounds how often (0: always), `needle` must stand in the
record's key.
"""

from __future__ import annotations

import os
import random
import sys
import time
from dataclasses import dataclass
from typing import Literal, cast, get_args

from services.stage import Stop

Point = Literal["before-handle", "after-handle", "after-send", "after-checkpoint", "after-commit"]
"""Between reading and committing: a record was read; it is folded; its outputs are acknowledged; so is its checkpoint; so is its offset."""

Action = Literal["raise", "exit", "sleep"]

KILLED = 137
"""Exit code of a process ended by SIGKILL, as shells count."""


class Injected(Exception):
    """A failure that a test ordered."""


@dataclass(slots=True)
class _Armed:
    point: Point
    stage: str
    action: Action
    times: int
    needle: bytes
    seconds: float
    chance: float
    random: random.Random
    passed: int = 0

    def met(self, point: Point, stage: str, key: bytes | None) -> bool:
        """Whether it is to happen now."""
        meant = self.point == point and self.stage == stage and self.needle in (key or b"") and not 0 < self.times <= self.passed
        return meant and (self.chance >= 1 or self.random.random() < self.chance)


class Failpoints:
    """The points that are armed in this process."""

    def __init__(self, spec: str) -> None:
        self._armed = [_parse(entry) for entry in spec.split(";") if entry]

    def hit(self, point: Point, stage: str, key: bytes | None = None) -> None:
        """Pass a point: fail there if it is armed for this stage and key."""
        for armed in self._armed:
            if armed.met(point, stage, key):
                armed.passed += 1
                if armed.action == "exit":
                    sys.stderr.write(f"exit ordered at {point} of {stage}\n")
                    os._exit(KILLED)
                if armed.action == "raise":
                    raise Injected(f"ordered at {point} of {stage}")
                time.sleep(armed.seconds)


def _parse(entry: str) -> _Armed:
    point, stage, ordered, times, needle = [*entry.split(":", 4), *("", "", "", "", "")][:5]
    ordered, _, drawn = ordered.partition("%")
    action, _, seconds = ordered.partition("=")
    chance, _, seed = drawn.partition("@")
    try:
        if point not in get_args(Point) or action not in get_args(Action) or (action == "sleep") != bool(seconds):
            raise ValueError(entry)
        return _Armed(
            point=cast(Point, point),
            stage=stage,
            action=cast(Action, action),
            times=int(times or 1),
            needle=needle.encode(),
            seconds=float(seconds or 0),
            chance=float(chance or 1),
            random=random.Random(seed),
        )
    except ValueError as error:
        raise Stop(
            f"TALLYWIRE_FAILPOINTS: {entry!r} is not point:stage:action[%CHANCE[@SEED]][:times[:needle]] with a point of {', '.join(get_args(Point))} "
            "and raise, exit or sleep=SECONDS"
        ) from error
