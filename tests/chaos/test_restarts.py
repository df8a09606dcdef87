"""Workers are stopped in order, one after the other, under load: what stops in order finishes what it has begun."""

from __future__ import annotations

import pytest

from .arena import Arena
from .checker import check

RATE = 10.0
"""Articles a second: a minute of them, as long as six restarts take."""


@pytest.mark.quick
async def test_rolling_sigterm_of_two_workers_each_loses_and_repeats_nothing(arena: Arena) -> None:
    async with arena.playing(articles=600, rate=RATE, workers=2, repeats=False) as play:
        for worker in play.everyone():
            await play.restart(worker)
        assert check(await play.finish()) == []
