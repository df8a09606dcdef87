"""Services die without a word, again and again, at moments that nobody chose."""

from __future__ import annotations

import asyncio

import pytest

from .arena import Arena, Play
from .checker import check
from .history import Ended

ROUNDS = 7
"""Of three kills each: a killed worker's partitions wait six seconds for its session, and so would each of 21 kills alone."""


@pytest.mark.quick
async def test_sigkill_of_every_service_at_random_points(arena: Arena) -> None:
    async with arena.playing(articles=600) as play:
        await play.every(ROUNDS, lambda: _kill_everyone(play))
        history = await play.finish()
    assert sum(isinstance(entry, Ended) and entry.by == "fault" for entry in history) >= 20
    assert check(history) == []


async def _kill_everyone(play: Play) -> None:
    """In any order, a moment apart: each dies while the others start."""
    for worker in play.everyone():
        await play.kill(worker)
        await asyncio.sleep(play.random.uniform(0.0, 0.6))
