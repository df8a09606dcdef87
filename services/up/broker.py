"""The embedded broker: librdkafka's mock cluster in a child process; Kafka's real protocol, in memory, without Java."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator

from confluent_kafka import Producer

START_TIMEOUT = 20.0
"""Seconds until it must have said where it is; it needs half of one, most of it Python's own start."""

LIMITS = (
    "Broker: embedded, for trying out. It keeps everything in memory: 4 partitions a topic, about the newest 5 MB of each, "
    "no compaction, nothing outlives this command. For anything to keep, use Apache Kafka: tallywire up --bootstrap HOST:PORT."
)
"""Its declared limits, as `up` says them."""


class BrokerFailed(Exception):
    """The embedded broker did not start; the text says what it said."""


@contextlib.asynccontextmanager
async def embedded() -> AsyncIterator[str]:
    """The bootstrap servers of an embedded broker that ends with the block, or with this process.

    Raises:
        BrokerFailed: it did not start.

    """
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.up.broker", stdin=PIPE, stdout=PIPE, stderr=DEVNULL, start_new_session=True
    )
    try:
        yield await _where(child)
    finally:
        with contextlib.suppress(ProcessLookupError):
            child.kill()  # it holds nothing that could be saved
        await child.wait()


async def _where(child: Process) -> str:
    assert child.stdout is not None  # noqa: S101  # asked for as a pipe above
    try:
        said = (await asyncio.wait_for(child.stdout.readline(), START_TIMEOUT)).decode().strip()
    except TimeoutError:
        said = ""
    if not said:
        raise BrokerFailed("the embedded broker did not start; use a Kafka of your own: tallywire up --bootstrap HOST:PORT")
    return said


def main() -> None:
    """The child: start the cluster, say where it is on standard output, stay until standard input closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    owner = Producer({"bootstrap.servers": "replaced-by-the-mock", "test.mock.num.brokers": 1, "log_level": 3})
    brokers = owner.list_topics(timeout=START_TIMEOUT).brokers.values()
    sys.stdout.write(",".join(f"{broker.host}:{broker.port}" for broker in brokers) + "\n")
    sys.stdout.flush()
    while os.read(0, 1_024):
        pass  # nobody writes: it closes when the parent ends
    os._exit(0)


if __name__ == "__main__":
    main()
