"""The network between one service and the brokers fails, in every way that it can; brokers and the other services work on."""

from __future__ import annotations

import asyncio

import pytest

from schemas.topics import ARTICLES, EVENTS

from .arena import STREAMS, Arena, Play
from .checker import check
from .proxy import Proxy
from .workers import HTTP_OK

RATE = 8.0
"""Articles a second: work goes on through all that happens."""

LONG = 10.0
"""Seconds without a network: a session takes six of them."""

FLAPS = 6
"""Short breaks, one after the other."""

FLAP = (0.2, 1.5)
"""Seconds of each, and between two."""

LATE = 0.3
"""Seconds that all takes longer while the network is slow: some thirty times what it takes, and no reason to give up."""


@pytest.mark.parametrize("service", STREAMS)
async def test_a_service_without_a_network(arena: Arena, service: str) -> None:
    """Connections are reset and refused; nothing arrives, until all does at once; both for a moment, again and again; all is late."""
    async with arena.network.proxy() as proxy, arena.playing(articles=480, rate=RATE, brokers={service: proxy.bootstrap}) as play:
        await play.reached(0.1)
        for fault in play.random.sample((_cut, _swallow, _flap, _slow), 4):
            await fault(play, proxy, service)
            await asyncio.sleep(play.random.uniform(1.0, 3.0))
        assert check(await play.finish()) == []


async def _cut(play: Play, proxy: Proxy, service: str) -> None:
    play.note("network cut", service)
    proxy.cut()
    await _others_work(play, service)
    _mend(play, proxy, service)


async def _swallow(play: Play, proxy: Proxy, service: str) -> None:
    play.note("network swallows", service)
    proxy.swallow()
    await _others_work(play, service)
    _mend(play, proxy, service)


async def _flap(play: Play, proxy: Proxy, service: str) -> None:
    play.note("network flaps", service)
    for _ in range(FLAPS):
        play.random.choice((proxy.cut, proxy.swallow))()
        await asyncio.sleep(play.random.uniform(*FLAP))
        proxy.mend()
        await asyncio.sleep(play.random.uniform(*FLAP))
    _mend(play, proxy, service)


async def _slow(play: Play, proxy: Proxy, service: str) -> None:
    play.note("network is slow", service)
    proxy.slow(LATE)
    await asyncio.sleep(LONG)
    _mend(play, proxy, service)


def _mend(play: Play, proxy: Proxy, service: str) -> None:
    play.note("network mended", service)
    proxy.mend()


async def _others_work(play: Play, service: str) -> None:
    """Let time pass; the others are ready all the while, and what comes before the service gets on."""
    before = [play.progress.of("extract", ARTICLES), play.progress.of("measure", EVENTS)]
    await asyncio.sleep(LONG)
    after = [play.progress.of("extract", ARTICLES), play.progress.of("measure", EVENTS)]
    upstream = STREAMS.index(service)
    assert all(now > then for now, then in zip(after[:upstream], before[:upstream], strict=True)), (before, after)
    for worker in play.everyone():
        if worker.service.name != service:
            assert (await worker.service.ask("/readyz"))[0] == HTTP_OK
