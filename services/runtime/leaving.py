"""Ends clients of aiokafka: within a limit, and without their own troubles."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any


async def ended(closing: Coroutine[Any, Any, Any], within: float) -> bool:
    """Let a client close, in a task of its own; False where that takes longer than so many seconds, and is broken off.

    Where brokers are away, aiokafka lets the cancellation of its own fetch out of `stop`: whoever awaited that would be taken for
    cancelled, and end without a word.
    """
    task = asyncio.create_task(closing)
    try:
        done, _ = await asyncio.wait({task}, timeout=within)
    finally:
        task.cancel()
    for each in done:
        if not each.cancelled() and (error := each.exception()) is not None:
            raise error
    return bool(done)
