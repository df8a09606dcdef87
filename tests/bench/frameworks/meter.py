"""How much CPU a contestant's handler took so far, for the process that watches: eight bytes in a file that both have mapped.

The handler is the same for all, but its cost moves with the machine's mood by more than frameworks differ; taken apart, it falls out.
"""

from __future__ import annotations

import mmap
import time
from collections.abc import Callable
from pathlib import Path
from struct import Struct
from typing import TypeVar

_SECONDS = Struct("d")

T = TypeVar("T")


def metered(read: Callable[[bytes], T], file: Path) -> Callable[[bytes], T]:
    """The same handler; the CPU of the thread that it runs in is added up in the file."""
    shared = _map(file)
    spent = 0.0

    def measured(value: bytes) -> T:
        nonlocal spent
        began = time.thread_time()
        try:
            return read(value)
        finally:
            spent += time.thread_time() - began
            _SECONDS.pack_into(shared, 0, spent)

    return measured


def spent(file: Path) -> float:
    """Seconds of CPU that the handler has taken."""
    seconds: float = _SECONDS.unpack_from(file.read_bytes())[0]
    return seconds


def begin(file: Path) -> None:
    """Nothing was spent yet."""
    file.write_bytes(_SECONDS.pack(0.0))


def _map(file: Path) -> mmap.mmap:
    with file.open("r+b") as opened:
        return mmap.mmap(opened.fileno(), _SECONDS.size)
