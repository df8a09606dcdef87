"""Brokers die, one by one and all at once, the ones that lead before all others."""

from __future__ import annotations

import asyncio
import os
import signal

import orjson
import pytest

from schemas.topics import ARTICLES, CLAIMS
from tests.support.kafka import Node

from .arena import STREAMS, Arena, Play
from .checker import REWIND, check
from .standing import members

RATE = 8.0
"""Articles a second: work goes on as long as the brokers die."""

DOWN = (3.0, 8.0)
"""Seconds until a broker that was killed is started: shorter and longer than the others take to miss it."""

AWAY = 60.0
"""Seconds without any broker: longer than a session, a request, and the watchdog's patience."""


async def test_each_broker_is_killed_in_turn(arena: Arena) -> None:
    async with arena.playing(articles=480, rate=RATE) as play:
        for node in play.random.sample(play.cluster.nodes, len(play.cluster.nodes)):
            await play.kill_broker(node, play.random.uniform(*DOWN))
            await asyncio.sleep(play.random.uniform(1.0, 3.0))
        assert check(await play.finish()) == []


async def test_the_brokers_that_lead_are_killed(arena: Arena) -> None:
    """The controller; whoever leads a partition that is read and written; and whoever keeps the offsets of a group."""
    async with arena.playing(articles=480, rate=RATE) as play:
        for role in play.random.sample(("controller", "articles", "claims", "offsets"), 4):
            node = await asyncio.to_thread(_leading, play, role)
            play.note("it leads", role)
            await play.kill_broker(node, play.random.uniform(*DOWN))
        assert check(await play.finish()) == []


@pytest.mark.parametrize("kind", ["stopped", "killed"])
async def test_all_brokers_are_away_for_a_minute(arena: Arena, kind: str) -> None:
    """In the midst of producing, consuming and committing; and of a rebalance, since a worker of each service joins just before."""
    async with arena.playing(articles=480, rate=RATE) as play:
        await play.reached(0.2)
        for worker in [play.crew.hire(worker.service.name) for worker in play.everyone()]:
            play.note("join", worker.name)
            play.crew.start(worker)
        await _joining(play)
        play.note(f"all brokers {kind}")
        if kind == "stopped":
            _signal_all(play, signal.SIGSTOP)
            try:
                await asyncio.sleep(AWAY)
            finally:
                _signal_all(play, signal.SIGCONT)
        else:
            play.note(REWIND)  # for a moment, coordinators that come back tell what they knew as replicated when they last wrote that down
            for node in play.cluster.nodes:
                node.kill()
            await asyncio.sleep(AWAY)
            for node in play.cluster.nodes:
                node.start()
        play.note("all brokers back")
        await asyncio.to_thread(play.cluster.wait_until_whole)
        assert check(await play.finish()) == []


async def _joining(play: Play) -> None:
    """Return when one of the groups begins to share out its partitions anew."""
    settings = play.installation.settings
    async with asyncio.timeout(play.patience):
        while all([await members(settings, group) == 1 for group in STREAMS]):
            await asyncio.sleep(0.02)


def _leading(play: Play, role: str) -> Node:
    if role == "controller":
        return _controller(play.cluster.nodes)
    if role == "offsets":
        return play.cluster.leader("__consumer_offsets", play.random.randrange(4))
    return play.leader({"articles": ARTICLES.name, "claims": CLAIMS.name}[role], play.random.randrange(4))


def _controller(nodes: list[Node]) -> Node:
    """The one that leads the quorum, as its members have it on disk: clients are told of any broker."""
    states = [orjson.loads((node.folder / "data" / "__cluster_metadata-0" / "quorum-state").read_bytes()) for node in nodes]
    newest = max((state for state in states if state["leaderId"] > 0), key=lambda state: (state["leaderEpoch"], state["leaderId"]))
    return next(node for node in nodes if node.number == newest["leaderId"])


def _signal_all(play: Play, number: signal.Signals) -> None:
    for node in play.cluster.nodes:
        assert node.process is not None
        os.kill(node.process.pid, number)
