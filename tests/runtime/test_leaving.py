"""The end of a client is awaited within a limit, and its own cancellations are not taken for ours."""

from __future__ import annotations

import asyncio

import pytest
from mode.threads import ServiceThread
from structlog.testing import capture_logs

from services.runtime.consumer import Thread
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


class Breaking(ServiceThread):
    """A thread of Faust's as the consumer is one, whose end goes wrong."""

    Worker = Thread

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self._error = error

    async def on_thread_stop(self) -> None:
        raise self._error


@pytest.mark.parametrize("error", [asyncio.CancelledError(), ConnectionError("away")], ids=lambda error: type(error).__name__)
async def test_a_thread_whose_end_goes_wrong_holds_up_nobody_and_says_so_once(error: BaseException) -> None:
    """What would come out of it fails any test, by a warning that counts as an error."""
    with capture_logs() as told:
        service = Breaking(error)
        await service.start()
        await asyncio.wait_for(service.stop(), 10.0)
        assert service._thread is not None
        await asyncio.to_thread(service._thread.join, 10.0)
    assert [(line["event"], line["error"].split(":")[0]) for line in told] == [("consumer.broken-off", type(error).__name__)]
