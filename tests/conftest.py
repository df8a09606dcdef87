"""Fixtures for all tests; no broker is started unless a test asks for one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

import pytest

from tests.support import kafka as real
from tests.support.mock_broker import MockBroker, mock_cluster


@dataclass(frozen=True, slots=True)
class Brokers:
    """A cluster that a flow test runs on, without minding which kind."""

    kind: Literal["embedded", "kafka"]
    bootstrap: str


@pytest.fixture(scope="session")
def kafka() -> Iterator[real.Kafka]:
    """Real Apache Kafka of one node, one for the whole session: topics and groups carry a prefix unique to each test."""
    with real_kafka(1) as cluster:
        yield cluster


@pytest.fixture(scope="session")
def kafka_of_three() -> Iterator[real.Kafka]:
    """Real Apache Kafka of three nodes, for what is promised when one of them dies."""
    with real_kafka(3) as cluster:
        yield cluster


@pytest.fixture
def mock_broker() -> Iterator[MockBroker]:
    """The embedded broker in this process, new for each test."""
    with mock_cluster() as broker:
        yield broker


@pytest.fixture(params=["embedded", pytest.param("kafka", marks=pytest.mark.broker)])
def brokers(request: pytest.FixtureRequest) -> Brokers:
    """Each flow test runs twice: on the embedded broker and on real Apache Kafka."""
    if request.param == "embedded":
        return Brokers("embedded", request.getfixturevalue("mock_broker").bootstrap)
    return Brokers("kafka", request.getfixturevalue("kafka").bootstrap)


@contextmanager
def real_kafka(nodes: int) -> Iterator[real.Kafka]:
    """Real Apache Kafka until the block ends; where it cannot be had, the test is skipped by name, and fails in CI."""
    if reason := real.missing():
        if os.environ.get("CI"):
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    with real.running(nodes) as cluster:
        yield cluster


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marks of ours."""
    config.addinivalue_line("markers", "broker: needs real Apache Kafka or a whole running pipeline; seconds instead of milliseconds")


BROKERED = frozenset({"brokers", "kafka", "kafka_of_three", "mock_broker", "mock_broker_settings"})
"""Fixtures that start a broker: a test with one of them takes seconds, since joining a group does."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a broker of any kind, so that `-m "not broker"` is what takes milliseconds."""
    for item in items:
        if BROKERED & set(getattr(item, "fixturenames", ())):
            item.add_marker("broker")
