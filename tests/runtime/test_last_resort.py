"""Whatever hangs, the process ends, with a line that says where it stood."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from services.runtime import last_resort
from services.runtime.last_resort import LastResort


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(last_resort, "TURN", 0.02)


class Ended:
    """Notes the code in place of ending this process."""

    def __init__(self) -> None:
        self.code: int | None = None
        self.happened = threading.Event()

    def __call__(self, code: int) -> None:
        self.code = code
        self.happened.set()


async def test_an_event_loop_that_is_held_ends_the_process_as_stalled(capfd: pytest.CaptureFixture[str]) -> None:
    ended = Ended()
    LastResort(0.2, 3, ended).start(asyncio.get_running_loop())
    await asyncio.sleep(0.3)
    assert ended.code is None
    time.sleep(0.1)  # noqa: ASYNC251  # held for less than it may be
    await asyncio.sleep(0.05)
    assert ended.code is None
    held = asyncio.get_running_loop().time()
    while not ended.happened.is_set():
        assert asyncio.get_running_loop().time() - held < 10
    assert ended.code == 3


async def test_an_end_that_takes_too_long_is_cut_off_with_the_last_code() -> None:
    ended = Ended()
    resort = LastResort(60.0, 3, ended)
    resort.start(asyncio.get_running_loop())
    resort.ending(0.2, 1)
    resort.ending(60.0, 4)
    assert await asyncio.to_thread(ended.happened.wait, 10)
    assert ended.code == 4


def test_a_thread_that_holds_up_the_end_is_named_with_its_place() -> None:
    over = threading.Event()
    thread = threading.Thread(target=over.wait, name="slow-goodbye")
    thread.start()
    try:
        assert any(each.startswith("slow-goodbye: wait at ") for each in last_resort.standing())
    finally:
        over.set()
        thread.join()
