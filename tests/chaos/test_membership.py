"""Workers come and go all the time, each with a state folder that is empty at first: partitions, and what is folded of them, move."""

from __future__ import annotations

import asyncio
from itertools import cycle

from .arena import STREAMS, Arena, Play
from .checker import Kind, check
from .test_stock import PATIENCE, STOCK

CHANGES = 9
"""So many joins and departures, of each service in turn."""

PAUSE = (5.0, 8.0)
"""Seconds between two of them: about as long as a worker takes to start, and as a group takes to miss one that was killed."""

RATE = 9.0
"""Articles a second: 540 of them last as long as the changes."""


async def test_a_worker_joins_or_leaves_every_few_seconds(arena: Arena) -> None:
    async with arena.playing(articles=540, rate=RATE, workers=2) as play:
        await _come_and_go(play, CHANGES)
        assert check(await play.finish()) == []


async def test_joins_and_departures_lose_state_on_stock_faust(arena: Arena) -> None:
    async with arena.playing(articles=200, rate=RATE, arguments=STOCK, patience=PATIENCE) as play:
        await _come_and_go(play, 3)
        found = {finding.kind for finding in check(await play.finish())}
    assert Kind.MISBELIEVED in found


async def _come_and_go(play: Play, times: int) -> None:
    """A second worker of a service joins where there is one; where there are two, either leaves, with SIGTERM and SIGKILL in turn."""
    services = cycle(play.random.sample(STREAMS, len(STREAMS)))
    killing = cycle((False, True))
    for _ in range(times):
        service = next(services)
        workers = play.crew.of(service)
        if len(workers) == 1:
            joining = play.crew.hire(service)
            play.note("join", joining.name)
            play.crew.start(joining)
        elif next(killing):
            leaving = play.random.choice(workers)
            play.note("leave, killed", leaving.name)
            play.crew.kill(leaving)
        else:
            leaving = play.random.choice(workers)
            play.note("leave", leaving.name)
            await play.crew.stop(leaving)
        await asyncio.sleep(play.random.uniform(*PAUSE))
