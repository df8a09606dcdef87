"""When the next attempt is due: delays that grow, spread by the delivery's id, so that the same delivery always waits as long."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

MINUTE: Final = 60.0
HOUR: Final = 3600.0

DELAYS: Final = (5.0, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR)
"""Seconds after the first, second, ... attempt that failed: ten attempts in three days, over a weekend that nobody is there."""

DELAYS_REFUSED: Final = (5.0, 5 * MINUTE, 30 * MINUTE)
"""The same for a receiver that says no: half an hour, as long as a deployment takes that loses a route."""

SPREAD: Final = 0.2
"""Up to so much is added to a delay, as a share: what failed together does not come back together."""

LONGEST: Final = 24 * HOUR
"""No wish of a receiver puts the next attempt further off than this."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """The delays in force, in seconds."""

    delays: tuple[float, ...] = DELAYS
    """After each attempt that may yet succeed."""
    refused: tuple[float, ...] = DELAYS_REFUSED
    """After each that was refused; refused twice in a row beyond its end is the end."""

    def wait(self, delivery: str, attempts: int, *, refused_again: bool, retry_after: float | None = None) -> timedelta | None:
        """How long after attempt number `attempts` (from 1) the next is due; None where none follows.

        `retry_after` is what the receiver asks for, in seconds; it is heard between the plain delay and twice that.
        """
        plain = self.refused if refused_again else self.delays
        if attempts > len(plain):
            return None
        base = plain[attempts - 1]
        seconds = base * (1 + SPREAD * _share(delivery, attempts))
        if retry_after is not None:
            seconds = max(seconds, min(retry_after, 2 * base, LONGEST))
        return timedelta(seconds=seconds)


def _share(delivery: str, attempts: int) -> float:
    """A number from 0 to 1 that is the delivery's and attempt's own."""
    return int.from_bytes(hashlib.blake2b(f"{delivery}|{attempts}".encode(), digest_size=4).digest()) / 0xFFFFFFFF
