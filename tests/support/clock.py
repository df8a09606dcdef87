"""The services with a clock that can be set: `python -m tests.support.clock extract` is `tallywire run extract` with only that exchanged.

A variable names the folder in which, in a file with the service's name, stands how many seconds its clock is ahead; it may change at any time.
"""

from __future__ import annotations

import importlib
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from services.runtime import process
from services.runtime.settings import Settings

VARIABLE = "TALLYWIRE_TEST_CLOCKS"
"""Of the environment."""


def main(service: str) -> int:
    """Run a service by that clock."""
    ahead = Path(os.environ[VARIABLE]) / service
    process.wall_clock = lambda: datetime.now(UTC) + timedelta(seconds=float(ahead.read_text()))
    return int(importlib.import_module(f"services.{service}.main").main(Settings()))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
