"""The whole pipeline: how many articles a second, how long from publish to webhook, how much memory."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import orjson

from tests.conftest import Brokers
from tests.support import kafka
from tests.support.mock_broker import mock_cluster

from .measuring import RATE, Bench, bench


def main() -> None:
    """`python -m tests.bench pipeline [--articles N] [--seconds S] [--json FILE]`."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench pipeline", description="Articles a second, publish to webhook, memory.")
    parser.add_argument("--articles", type=int, default=1_000, help="articles for the throughput (1000)")
    parser.add_argument("--seconds", type=float, default=30.0, help="length of the latency run (30)")
    parser.add_argument("--json", type=Path, help="file to write the figures to as well")
    given = parser.parse_args()
    with _brokers() as (brokers, pids), tempfile.TemporaryDirectory(prefix="tallywire-bench-") as folder:
        found = asyncio.run(bench(brokers, Path(folder), count=given.articles, seconds=given.seconds, broker_pids=pids))
        print("\n".join(_table(found, brokers.kind)))
    if given.json:
        given.json.write_bytes(
            orjson.dumps({"broker": brokers.kind, **asdict(found)}, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
        )


@contextmanager
def _brokers() -> Iterator[tuple[Brokers, list[int]]]:
    """Real Apache Kafka where it can be had; otherwise the embedded broker, which flatters."""
    if reason := kafka.missing():
        print(f"On the embedded broker, whose figures say little: {reason}", file=sys.stderr)
        with mock_cluster() as mock:
            yield Brokers("embedded", mock.bootstrap), []
        return
    with kafka.running() as cluster:
        yield Brokers("kafka", cluster.bootstrap), [node.process.pid for node in cluster.nodes if node.process is not None]


def _table(found: Bench, kind: str) -> Iterator[str]:
    through, latency = found.throughput, found.latency
    yield f"broker                 {'Apache Kafka, one node' if kind == 'kafka' else 'embedded'}"
    yield f"extractor alone        {through.bare:8.1f} articles/s   ({through.articles} articles, one process)"
    yield f"whole pipeline         {through.pipeline:8.1f} articles/s   (extract, measure, notify: one process each)"
    yield f"ratio                  {through.ratio:8.2f}"
    arrived = f"{latency.arrived} of {latency.articles} at {RATE:.0f} articles/s"
    yield f"publish to webhook     {latency.p50 * 1000:8.0f} ms p50   {latency.p99 * 1000:.0f} ms p99   ({arrived})"
    for name, mebibytes in found.memory.items():
        yield f"peak memory            {mebibytes:8d} MiB   {name}"


if __name__ == "__main__":
    main()
