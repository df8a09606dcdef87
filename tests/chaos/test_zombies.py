"""Workers that stop in the midst of everything for longer than their session, and go on as if nothing had happened."""

from __future__ import annotations

import asyncio
from pathlib import Path

from .arena import STREAMS, Arena, Play
from .checker import Kind, check
from .test_stock import PATIENCE, STOCK
from .workers import Worker

RATE = 12.0
"""Articles a second: work goes on all the time, so that each worker that stops has something in its hands."""

AT_WORK = (1.0, 3.0)
"""Seconds of work before one stops."""

FOLDS = ("measure", "notify")
"""The services that keep state."""


async def test_a_worker_back_from_the_dead_takes_nothing_back(arena: Arena) -> None:
    """Its commits are refused, what it still writes repeats known ids, and its state, in a folder of its own, catches up."""
    async with arena.playing(articles=600, rate=RATE) as play:
        for service in play.random.sample(STREAMS, len(STREAMS)):
            await _second(play, service)
            await _die_and_come_back(play, play.anyone(service))
        assert check(await play.finish()) == []


async def test_a_worker_back_from_the_dead_finds_its_state_taken(arena: Arena) -> None:
    """Where both workers have one folder, the token in the checkpoint stops the one that comes back, if the group has not done so before."""
    async with arena.playing(articles=500, rate=RATE, endings=2 * len(FOLDS)) as play:
        for service in play.random.sample(FOLDS, len(FOLDS)):
            first = play.anyone(service)
            await _second(play, service, state_dir=arena.folder / first.name / "state")
            for worker in (first, *(worker for worker in play.crew.of(service) if worker is not first)):
                await _die_and_come_back(play, worker)
        history = await play.finish()
    assert check(history) == []


async def test_a_worker_back_from_the_dead_is_believed_on_stock_faust(arena: Arena) -> None:
    async with arena.playing(articles=240, rate=RATE / 2, arguments=STOCK, patience=PATIENCE) as play:
        await _second(play, "measure")
        await _die_and_come_back(play, play.anyone("measure"))
        found = {finding.kind for finding in check(await play.finish())}
    assert Kind.MISBELIEVED in found


async def _second(play: Play, service: str, **changes: Path) -> None:
    """A further worker joins; both hold partitions when this returns."""
    worker = play.crew.hire(service, **changes)
    play.note("join", worker.name)
    play.crew.start(worker)
    await play.held_by(service, 2)


async def _die_and_come_back(play: Play, worker: Worker) -> None:
    """SIGSTOP of one of two, until the other holds all partitions and has gone on with them; then SIGCONT."""
    await asyncio.sleep(play.random.uniform(*AT_WORK))
    play.note("freeze", worker.name)
    play.crew.freeze(worker)
    await play.held_by(worker.service.name, 1)
    await asyncio.sleep(play.random.uniform(*AT_WORK))
    play.note("thaw", worker.name)
    play.crew.thaw(worker)
    await play.held_by(worker.service.name, 2)
