"""What one message costs: bare loops, frameworks and ours, on the same real broker, at the same guarantee, with the same handler."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from itertools import product
from pathlib import Path

import orjson

from tests.support import kafka

from .contestants import CONTESTANTS, Contestant, absent, alone, chosen, interpreter
from .load import Writer
from .outcome import Race
from .race import Failed, race
from .results import Row, ratios, rows
from .table import HANDLERS, machine, table


@dataclass(slots=True)
class Comparison:
    """All that was run."""

    races: dict[tuple[str, str], list[Race]] = field(default_factory=dict)
    """Handler and contestant -> its runs."""
    absent: dict[str, str] = field(default_factory=dict)
    """Who is missing, or never came to an end -> why."""
    alone: dict[str, float] = field(default_factory=dict)
    """Handler -> seconds of CPU for one message, without anybody around it."""

    def rows(self) -> dict[str, list[Row]]:
        """Handler -> the rows of its table."""
        return {handler: rows(self.races, handler) for handler in HANDLERS if any(key[0] == handler for key in self.races)}


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """The command line, read."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench compare", description="What one message costs here and elsewhere.")
    parser.add_argument("--only", nargs="+", default=[], choices=[one.name for one in CONTESTANTS], help="these contestants (all)")
    parser.add_argument("--handler", nargs="+", default=list(HANDLERS), choices=list(HANDLERS), help="with these handlers (both)")
    parser.add_argument("--repeats", type=int, default=3, help="runs of each, interleaved (3)")
    parser.add_argument("--seconds", type=float, default=4.0, help="wanted length of one measurement (4)")
    parser.add_argument("--messages", type=int, help="articles of one measurement, instead of as many as fill the seconds")
    parser.add_argument("--json", type=Path, help="file to write the figures to as well")
    return parser.parse_args(given)


def compare(given: argparse.Namespace, brokers: str) -> Comparison:
    """Run everything, interleaved: each repeat has every contestant once with every handler. Ctrl-C ends it with what there is."""
    python, found = interpreter(), Comparison()
    present: list[Contestant] = []
    for one in chosen(given.only):
        if reason := absent(one, python):
            found.absent[one.name] = reason
        else:
            present.append(one)
    found.alone = {handler: alone(handler, python) for handler in given.handler}
    writer = Writer(brokers)
    with contextlib.suppress(KeyboardInterrupt):
        for repeat, handler, one in product(range(1, given.repeats + 1), given.handler, present):
            _run(found, one, handler, brokers, python, writer, given, last=repeat == given.repeats)
            _say(found, one, handler, f"{repeat}/{given.repeats}")
    return found


def _run(
    found: Comparison, one: Contestant, handler: str, brokers: str, python: str, writer: Writer, given: argparse.Namespace, *, last: bool
) -> None:
    earlier = found.races.setdefault((handler, one.name), [])
    try:
        earlier.append(
            race(
                one,
                handler,
                brokers,
                python,
                writer,
                seconds=given.seconds,
                messages=given.messages,
                paced_after=[run.rate for run in earlier] if last else None,
            )
        )
    except Failed as error:
        found.absent[one.name] = f"with {handler}: {error}"


def _say(found: Comparison, one: Contestant, handler: str, repeat: str) -> None:
    runs = found.races[handler, one.name]
    said = f"{runs[-1].rate:10,.0f} msg/s {runs[-1].cpu * 1e6:8,.0f} us" if runs else found.absent.get(one.name, "")
    print(f"  {repeat} {handler:8}{one.name:10} {said}", file=sys.stderr, flush=True)


def main(given: Sequence[str] | None = None) -> int:
    """`python -m tests.bench compare`; 1 where nothing could be compared."""
    named = arguments(given)
    if reason := kafka.missing():
        print(f"Nothing is compared without a real broker: {reason}", file=sys.stderr)
        return 1
    before = os.getloadavg()[0]
    with kafka.running() as cluster:
        found = compare(named, cluster.bootstrap)
    print("\n".join(machine(os.cpu_count() or 1, before)))
    lines = found.rows()
    print("\n".join(table(lines, found.alone, found.absent)))
    if named.json:
        figures = {
            handler: {
                "alone": found.alone[handler],
                "rows": [asdict(one) for one in of],
                "ratios": {
                    ratio.to: {"rate": ratio.value, "cpu": ratio.by_cpu, "carrying": ratio.by_carrying} for ratio in ratios(handler, of)
                },
            }
            for handler, of in lines.items()
        }
        named.json.write_bytes(orjson.dumps({**figures, "absent": found.absent}, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
