"""The handler alone, in a loop without a broker: what no contestant can be quicker than. Prints seconds of CPU for one message."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence

from tests.bench.load import identity, templates

from .handlers import HANDLERS

ENOUGH = 1.5
"""Seconds of CPU after which the mean is taken."""


def cost(handler: str, enough: float = ENOUGH) -> float:
    """Seconds of CPU for one article, from its bytes to the reading's, tables loaded."""
    read = HANDLERS[handler]()
    values = [before + identity(number) + after for number, (before, after) in enumerate(templates())]
    for value in values:
        read(value).to_bytes()
    handled, started = 0, time.process_time()
    while (spent := time.process_time() - started) < enough:
        for value in values:
            read(value).to_bytes()
        handled += len(values)
    return spent / handled


def main(given: Sequence[str] | None = None) -> None:
    """`python -m tests.bench.frameworks.alone --handler empty`."""
    parser = argparse.ArgumentParser(description="What the handler alone costs.")
    parser.add_argument("--handler", choices=sorted(HANDLERS), required=True, help="which")
    print(cost(parser.parse_args(given).handler))


if __name__ == "__main__":
    main()
