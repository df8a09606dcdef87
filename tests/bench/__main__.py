"""`python -m tests.bench [PART [options]]`: one part with its options, or what `make bench` runs, each in a process of its own."""

from __future__ import annotations

import contextlib
import importlib.util
import subprocess
import sys
from collections.abc import Sequence

PARTS = {
    "compare": "one message's cost: bare loops, frameworks, ours",
    "pipeline": "articles a second through everything, publish to webhook, memory",
    "reading": "the extractor alone: pace, length, start-up, and where its time goes",
    "rebuild": "a lost state, folded again",
    "soak": "memory over a stream without end; an hour",
}
"""Part -> what it measures; each is the module of that name."""

USUAL = ("reading", "compare", "pipeline", "rebuild")
"""What runs where no part is named."""


class Misused(Exception):
    """There is no such part; the text lists those that there are."""


def commands(arguments: Sequence[str]) -> list[list[str]]:
    """Part and options of each process to run, in order.

    Raises:
        Misused: the first word names no part.

    """
    if not arguments:
        return [[part] for part in USUAL]
    if arguments[0] not in PARTS:
        raise Misused("\n".join(["parts, each with --help:", *(f"  {part:10}{what}" for part, what in PARTS.items())]))
    return [list(arguments)]


def main(arguments: Sequence[str]) -> int:
    """Run the parts one after the other; the first exit code that is not 0."""
    try:
        wanted = commands(arguments)
    except Misused as error:
        print(error, file=sys.stderr)
        return 2
    codes = [_run(part, options) for part, *options in wanted]
    return next((code for code in codes if code), 0)


def _run(part: str, options: Sequence[str]) -> int:
    module = f"{__package__}.{part}"
    if importlib.util.find_spec(module) is None:
        print(f"{part}: not in this checkout", file=sys.stderr)
        return 1
    print(f"\n{part}: {PARTS[part]}", flush=True)
    with subprocess.Popen([sys.executable, "-m", module, *options]) as process:
        with contextlib.suppress(KeyboardInterrupt):  # a terminal's Ctrl-C reaches the part as well, which says what it has
            process.wait()
        return process.wait()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
