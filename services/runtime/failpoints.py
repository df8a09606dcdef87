"""Named points between reading and committing at which a test makes this process fail; none is armed in production.

Armed by `TALLYWIRE_FAILPOINTS`, entries with `;` between: `point:stage:action[:times[:needle]]`. Actions are `raise` (an unexpected
error) and `exit` (as a SIGKILL would); `times` bounds how often (0: always), `needle` must stand in the record's key.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Literal, cast, get_args

from services.stage import Stop

Point = Literal["before-handle", "after-handle", "after-send", "after-checkpoint", "after-commit"]
"""Between reading and committing: a record was read; it is folded; its outputs are acknowledged; so is its checkpoint; so is its offset."""

Action = Literal["raise", "exit"]

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
    passed: int = 0


class Failpoints:
    """The points that are armed in this process."""

    def __init__(self, spec: str) -> None:
        self._armed = [_parse(entry) for entry in spec.split(";") if entry]

    def hit(self, point: Point, stage: str, key: bytes | None = None) -> None:
        """Pass a point: fail there if it is armed for this stage and key."""
        for armed in self._armed:
            if armed.point == point and armed.stage == stage and armed.needle in (key or b"") and not 0 < armed.times <= armed.passed:
                armed.passed += 1
                if armed.action == "exit":
                    os._exit(KILLED)
                raise Injected(f"ordered at {point} of {stage}")


def _parse(entry: str) -> _Armed:
    point, stage, action, *rest = entry.split(":", 4)
    if point not in get_args(Point) or action not in get_args(Action):
        raise Stop(
            f"TALLYWIRE_FAILPOINTS: {entry!r} is not point:stage:action[:times[:needle]] with a point of {', '.join(get_args(Point))}"
        )
    return _Armed(cast(Point, point), stage, cast(Action, action), int(rest[0]) if rest else 1, rest[1].encode() if len(rest) > 1 else b"")
