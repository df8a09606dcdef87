"""Fixtures for all tests; no broker is started unless a test asks for one."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

import pytest

from tests.support import kafka as real
from tests.support.mock_broker import MockBroker, mock_cluster
from tests.support.patience import patient
from tests.support.secured import Secured


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


@pytest.fixture(scope="session")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    """Real Apache Kafka that asks who one is, with a user for each role and no ACL."""
    made = Secured(tmp_path_factory.mktemp("secured"))
    with real_kafka(1, made.further(), made.passwords) as cluster:
        made.cluster = cluster
        yield made


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
def real_kafka(nodes: int, further: real.Further | None = None, scram: Mapping[str, str] | None = None) -> Iterator[real.Kafka]:
    """Real Apache Kafka until the block ends; where it cannot be had, the test is skipped by name, and fails in CI."""
    if reason := real.missing():
        if os.environ.get("CI"):
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    with real.running(nodes, further, scram) as cluster:
        yield cluster


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marks of ours."""
    config.addinivalue_line("markers", "broker: needs real Apache Kafka or a whole running pipeline; seconds instead of milliseconds")
    config.addinivalue_line("markers", "chaos: breaks things under load for a minute; runs where tests/chaos is named (make chaos)")
    config.addinivalue_line("markers", "quick: one of the faults that CI runs each time (make chaos-quick)")


BROKERED = frozenset({"brokers", "kafka", "kafka_of_three", "secured", "mock_broker", "mock_broker_settings"})
"""Fixtures that start a broker: a test with one of them takes seconds, since joining a group does."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what needs a broker of any kind, so that `-m "not broker"` is what takes milliseconds; let tests last as long as they may wait."""
    usual = float(config.getini("timeout"))
    for item in items:
        if BROKERED & set(getattr(item, "fixturenames", ())):
            item.add_marker("broker")
        limit = item.get_closest_marker("timeout")
        if limit is None or not limit.kwargs:
            item.add_marker(pytest.mark.timeout(patient(limit.args[0] if limit else usual)), append=False)
