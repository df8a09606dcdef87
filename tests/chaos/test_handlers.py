"""Handlers raise: now and then, and always on one message."""

from __future__ import annotations

import pytest

from schemas import Cause

from .arena import Arena
from .checker import check
from .load import news

HANDLERS = ("extract", "measure.split", "measure.fold", "notify.split", "notify.fold")

CHANCE = 0.02
"""How likely one try fails: four in a row, which would dead-letter a message, once in millions."""


@pytest.mark.quick
async def test_handlers_that_raise_at_random_lose_and_double_nothing(arena: Arena) -> None:
    """Nothing is dead-lettered either: each message succeeds when it is tried again."""
    failpoints = ";".join(f"before-handle:{handler}:raise%{CHANCE}@{arena.seed}:0" for handler in HANDLERS)
    async with arena.playing(articles=400, failpoints=failpoints, repeats=False) as play:
        history = await play.finish()
        logs = "".join(worker.service.log() for worker in play.crew)
    assert check(history) == []
    assert logs.count('"record.failed"') >= 10


async def test_messages_that_always_fail_are_buried_and_nothing_else(arena: Arena) -> None:
    items = news(300)
    failing = {number: items[number] for number in (41, 42, 170)}
    items = [item.failing() if number in failing else item for number, item in enumerate(items)]
    failpoints = ";".join(f"before-handle:extract:raise:0:{item.sending.key.decode()}" for item in failing.values())
    async with arena.playing(items=items, failpoints=failpoints, repeats=False) as play:
        assert check(await play.finish()) == []
        letters = await play.installation.dead_letters()
    assert {letter.cause for letter in letters} == {Cause.FAILED}
    assert len(letters) == len(failing)
