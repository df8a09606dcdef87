"""librdkafka's mock cluster inside the test's own process: the real protocol in memory, up in milliseconds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from confluent_kafka import Producer

START_TIMEOUT = 10.0
"""Seconds; it needs a hundredth of one."""


@dataclass(frozen=True, slots=True)
class MockBroker:
    """A running mock cluster; it has no admin API, 4 partitions a topic, and makes topics when they are asked for."""

    bootstrap: str
    """`host:port` of its one broker."""


@contextmanager
def mock_cluster() -> Iterator[MockBroker]:
    """A mock cluster of one broker that ends with the block."""
    owner = Producer({"bootstrap.servers": "replaced-by-the-mock", "test.mock.num.brokers": 1, "log_level": 3})
    brokers = owner.list_topics(timeout=START_TIMEOUT).brokers.values()
    try:
        yield MockBroker(",".join(f"{broker.host}:{broker.port}" for broker in brokers))
    finally:
        owner.flush(0)
        del owner
