"""The end of a client is awaited within a limit, and its own cancellations are not taken for ours."""

from __future__ import annotations

import asyncio

import pytest

from services.runtime.leaving import ended


async def test_a_client_that_lets_its_own_cancellation_out_does_not_cancel_us() -> None:
    async def closing() -> None:
        raise asyncio.CancelledError

    assert await ended(closing(), 1.0)


async def test_what_takes_too_long_is_broken_off() -> None:
    broken_off = asyncio.Event()

    async def closing() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            broken_off.set()

    assert not await ended(closing(), 0.01)
    await asyncio.wait_for(broken_off.wait(), 1.0)


async def test_an_error_is_still_told() -> None:
    async def closing() -> None:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await ended(closing(), 1.0)
