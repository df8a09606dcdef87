"""What this process does to its event loop is told, and what others on the machine do is not."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from services.runtime.holds import Holds
from services.runtime.process import settle_heap

HOLD = 0.2
"""Seconds of work that are done at once in these tests."""


def work(seconds: float) -> None:
    """Use the processor, with the interpreter's lock in hand, for so many seconds of this thread's own time."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def late(holding: Callable[[], object]) -> tuple[float, float]:
    """How late a loop is by what is done, and how much of it is told to be our own doing."""
    held = Holds()
    held.begin()
    before = time.perf_counter()
    holding()
    delay = time.perf_counter() - before
    return delay, held.ended(delay)


@pytest.fixture
def others() -> Iterator[None]:
    """Programs that want the one processor which is left to this thread."""
    ours = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(ours)})
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(3)]
    try:
        yield
    finally:
        os.sched_setaffinity(0, ours)
        for each in busy:
            each.kill()
            each.wait()


def test_what_is_worked_on_the_loop_holds_it() -> None:
    delay, held = late(lambda: work(HOLD))
    assert HOLD * 0.95 <= held <= delay


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells for how long a thread had no processor")
@pytest.mark.usefixtures("others")
def test_what_others_on_the_machine_take_does_not() -> None:
    delay, held = late(lambda: work(HOLD))
    assert held >= HOLD * 0.95
    assert held < HOLD * 1.5 < delay


def test_what_the_loop_only_waits_for_does_not_hold_it() -> None:
    assert late(lambda: time.sleep(HOLD))[1] < HOLD / 2


def test_a_thread_that_does_not_let_go_of_the_lock_holds_it() -> None:
    def collect() -> None:
        thread = threading.Thread(target=lambda: sorted(range(3_000_000, 0, -1)) and sum(range(20_000_000)))
        thread.start()
        thread.join()

    delay, held = late(collect)
    assert delay > 0.1
    assert held > 0.1


def test_what_was_loaded_before_a_service_begins_is_not_looked_through_again() -> None:
    before = gc.get_freeze_count()
    loaded = [[number] for number in range(50_000)]
    try:
        settle_heap()
        assert gc.get_freeze_count() >= before + len(loaded)
    finally:
        gc.unfreeze()
