"""The same faults on stock Faust are found out: a harness that could not go red would prove nothing."""

from __future__ import annotations

import asyncio

import pytest

from schemas.topics import EVENTS

from .arena import Arena, Play
from .checker import Kind, check
from .load import news, poison
from .test_sends import REFUSE, set_topic

STOCK = ("-m", "tests.support.stock")

PATIENCE = 12.0
"""Seconds without progress: what stock Faust has lost does not come later."""

RATE = 15.0
"""Articles a second: work goes on all the time, so that each fault meets some."""

REFUSED_FOR = 4.0
"""Seconds for which a topic takes nothing."""


async def test_a_handler_that_raises_once_loses_articles_on_stock_faust(arena: Arena) -> None:
    items = news(200)
    stumbles = items[7].sending.key.decode()
    failpoints = f"before-handle:extract:raise:1:{stumbles}"
    async with arena.playing(items=[*items[:3], poison(1), *items[3:]], arguments=STOCK, failpoints=failpoints, patience=PATIENCE) as play:
        found = await _found(play)
    assert {Kind.LOST, Kind.UNBURIED} <= found


async def test_poison_first_in_a_fresh_group_leaves_no_trace_on_stock_faust(arena: Arena) -> None:
    """The agent dies of each such message; what it had in its hands may be lost with it, and no dead letter says why."""
    items = [*(poison(number) for number in range(8)), *news(100)]
    async with arena.playing(items=items, arguments=STOCK, patience=PATIENCE) as play:
        found = await _found(play)
    assert Kind.UNBURIED in found


async def test_a_kill_loses_what_was_folded_on_stock_faust(arena: Arena) -> None:
    async with arena.playing(articles=200, rate=RATE, arguments=STOCK, patience=PATIENCE) as play:
        await play.every(3, lambda: play.kill(play.anyone("measure")))
        found = await _found(play)
    assert Kind.MISBELIEVED in found


async def test_sigterm_in_the_midst_loses_what_was_folded_on_stock_faust(arena: Arena) -> None:
    async with arena.playing(articles=200, rate=RATE, arguments=STOCK, patience=PATIENCE) as play:
        await play.every(2, lambda: play.restart(play.anyone("measure")))
        found = await _found(play)
    assert Kind.MISBELIEVED in found


@pytest.mark.quick
async def test_sends_that_fail_after_they_were_queued_lose_articles_on_stock_faust(arena: Arena) -> None:
    async with arena.playing(articles=200, rate=RATE, arguments=STOCK, patience=PATIENCE) as play:
        await play.reached(0.2)
        await asyncio.to_thread(set_topic, play, EVENTS, *REFUSE)
        play.note("refuse", EVENTS.name)
        await asyncio.sleep(REFUSED_FOR)
        await asyncio.to_thread(set_topic, play, EVENTS, REFUSE[0], None)
        play.note("take", EVENTS.name)
        found = await _found(play)
    assert Kind.LOST in found


async def _found(play: Play) -> set[Kind]:
    return {finding.kind for finding in check(await play.finish())}
