"""Services end at each named point between reading and committing, in each of their stages."""

from __future__ import annotations

import asyncio
import time
from itertools import zip_longest

import pytest

from .arena import Arena, Play
from .checker import check
from .history import Stuck
from .load import news
from .workers import Worker

STAGES = {
    "extract": ("extract",),
    "measure": ("measure.split", "measure.fold"),
    "notify": ("notify.schedule", "notify.deliver", "notify.fold", "notify.split"),
}
"""Service -> its stages, those first that see nothing more once the last alert is told."""

LACKING = {"after-checkpoint": {"notify.schedule", "notify.deliver"}}
"""Point -> stages without it: the delivery keeps no checkpoints."""

OFTEN = 0.1
"""How likely it is at one passing, where hundreds of records go by: so that it is not always the first after a start."""

FEW = frozenset({"notify.schedule", "notify.deliver", "notify.fold"})
"""Stages that see a handful of records in a run, and end at the first."""

RATE = 6.0
"""Articles a second: 400 of them last as long as the four ends of notify, with one summary, of which alerts are made, in eight seconds."""

WITHIN = 150.0
"""Seconds until a stage ends as ordered: a start takes five of them, on a busy machine fifty."""


@pytest.mark.parametrize("point", ["before-handle", "after-handle", "after-send", "after-checkpoint", "after-commit"])
async def test_an_exit_at_each_point_of_each_stage_loses_and_doubles_nothing(arena: Arena, point: str) -> None:
    stages = {service: [stage for stage in of if stage not in LACKING.get(point, ())] for service, of in STAGES.items()}
    endings = sum(map(len, stages.values()))
    async with arena.playing(items=news(400), rate=RATE, endings=endings) as play:
        for service, of in stages.items():  # not from the first start on: notify would end before it is ready, again and again
            worker = play.anyone(service)
            worker.service.order({"TALLYWIRE_FAILPOINTS": _order(point, of[0], play.random.randrange(1000))})
            await play.crew.stop(worker)
            play.crew.start(worker)
        await asyncio.gather(*[_end(play, play.anyone(service), point, of) for service, of in stages.items()])
        assert check(await play.finish()) == []
        logs = "".join(worker.service.log() for worker in play.crew)
    for stage in (stage for of in stages.values() for stage in of):
        assert logs.count(f"exit ordered at {point} of {stage}\n") == 1, stage


async def _end(play: Play, worker: Worker, point: str, stages: list[str]) -> None:
    """Let a worker end at one stage after the other, and then run on; the supervisor starts it each time."""
    for stage, following in zip_longest(stages, stages[1:]):
        deadline = time.monotonic() + WITHIN
        while f"exit ordered at {point} of {stage}\n" not in worker.service.log():
            if time.monotonic() > deadline:
                play.history.write(Stuck(waiting_for=f"{worker.name} to end at {point} of {stage}"))
                return
            await asyncio.sleep(0.1)
        worker.service.order({"TALLYWIRE_FAILPOINTS": _order(point, following, play.random.randrange(1000)) if following else ""})


def _order(point: str, stage: str, seed: int) -> str:
    return f"{point}:{stage}:exit" if stage in FEW else f"{point}:{stage}:exit%{OFTEN}@{seed}"
