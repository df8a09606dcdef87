"""How long this process kept its own event loop from turning: without the time that other programs on the machine took."""

from __future__ import annotations

import threading
from pathlib import Path
from time import process_time

SCHEDSTAT = "/proc/self/task/{}/schedstat"
"""Where Linux says of a thread for how many nanoseconds it ran, and for how many it could have and had no processor."""


class Holds:
    """Asked by the event loop's own thread: `begin` before each wait, `ended` after it."""

    def __init__(self) -> None:
        self._worked = self._waited = 0.0

    def begin(self) -> None:
        """From here on time counts."""
        self._worked, self._waited = process_time(), waited()

    def ended(self, late: float) -> float:
        """Of the seconds that the loop is late, those in which this process held it.

        That is not while its thread could have run and had no processor; nor is it longer than all threads together have worked, for one
        may have lost the processor while it had the interpreter's lock. What a slow disk holds is only in the delay, therefore.
        """
        return max(0.0, min(late - (waited() - self._waited), process_time() - self._worked))


def waited() -> float:
    """Seconds for which this thread could have run and had no processor; 0 where the system does not say."""
    try:
        said = Path(SCHEDSTAT.format(threading.get_native_id())).read_bytes()
        return int(said.split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0
