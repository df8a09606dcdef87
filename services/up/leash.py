"""A child that ends when its parent does, however the parent ends: it holds one end of a pipe and watches for it to close."""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading
import time

LAST_SECONDS = 5.0
"""Seconds in which a child whose parent is gone may finish what is in flight; what it does not, Kafka gives to the next."""


def hold() -> None:
    """End this process when standard input closes: with SIGTERM, and for good after LAST_SECONDS."""
    threading.Thread(target=_watch, name="leash", daemon=True).start()


def _watch() -> None:
    while os.read(0, 1_024):
        pass  # the parent says nothing; what counts is that it still could
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(LAST_SECONDS)
    os._exit(1)


def main() -> None:
    """`python -m services.up.leash MODULE ARGUMENT...`: run a module as a program, on the leash."""
    hold()
    module, *arguments = sys.argv[1:]
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
