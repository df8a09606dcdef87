"""How long a service held its own event loop, as its metrics tell: without what other programs on the machine took."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from .services import Service

LIMIT = 0.15
"""Seconds from which on a loop counts as held, on a processor that takes `TURNS_TAKE` for the yardstick. The aim is 0.1; what other
programs take is left out of what is measured, but not that a processor is slower for what others do to its caches, nor what a
machine's own host takes. 0.09 was the most that was seen with three tests at a time on two processors; what is printed says how near
it is."""

TURNS = 300_000
TURNS_TAKE = 0.015
"""Seconds of a processor's time that so many turns of a plain loop take where the limit was set. A slower one may take longer for its
work in the same ratio: whether something holds the loop is a question of how much is done at once."""

SCRAPE_EVERY = 2.0
"""Seconds between two looks: the service tells the worst of its last ten."""

GAUGE = "tallywire_event_loop_held_seconds"


@dataclass(slots=True)
class Held:
    """What was seen."""

    longest: float = 0.0
    """Seconds that the service kept its loop."""
    peak: float = 0.0
    """Most resident memory of the service, MiB."""

    def check(self) -> None:
        """Fail where the loop was held for longer than is allowed."""
        limit = LIMIT * max(1.0, yardstick() / TURNS_TAKE)
        said = f"held for {self.longest * 1000:.0f} ms, where {limit * 1000:.0f} are too long on this processor"
        print(said)
        assert 0 < self.longest < limit, said


def yardstick() -> float:
    """Seconds that this processor takes for some plain work: of a few tries the shortest, which the least disturbed."""
    return min(_turns() for _ in range(5))


def _turns() -> float:
    began = time.thread_time()
    total = 0
    for number in range(TURNS):
        total += number * number % 7
    return time.thread_time() - began


@asynccontextmanager
async def held(service: Service) -> AsyncIterator[Held]:
    """Watch a service until the block ends."""
    seen = Held()
    watching = asyncio.create_task(_watch(service, seen))
    try:
        yield seen
        await _look(service, seen)
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


async def _watch(service: Service, seen: Held) -> None:
    while True:
        await asyncio.sleep(SCRAPE_EVERY)
        await _look(service, seen)


async def _look(service: Service, seen: Held) -> None:
    status, text = await service.ask("/metrics")
    if status == 200:
        seen.longest = max(seen.longest, *(float(line.split()[1]) for line in text.splitlines() if line.startswith(GAUGE)))
    seen.peak = max(seen.peak, service.resident)
