"""The arena of a test: one cluster for all, the seed, and a folder that is kept where the test fails.

These tests take half an hour, so they run where they are named (`make chaos`, `pytest tests/chaos/...`), and are shown as deselected elsewhere.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import random
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import real_kafka
from tests.support.kafka import Kafka

from .arena import Arena
from .proxy import Network

NODES = 3
"""Brokers: one may be away and all is still acknowledged by two."""

SEED = int(os.environ.get("TALLYWIRE_CHAOS_SEED") or random.randrange(1 << 31))
"""Of every random choice in this session; each test mixes in its own name, so that it may be run alone."""

KEPT = Path(__file__).parents[2] / ".cache" / "chaos"
"""Where the folders of failed tests stay until the next run of the same test."""

LIMIT = 400
"""Seconds after which a test is given up: it takes a minute on a quiet machine."""

FAILED = pytest.StashKey[bool]()


def pytest_report_header() -> str:
    """The seed, at the start."""
    return f"chaos: TALLYWIRE_CHAOS_SEED={SEED}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what breaks things, and leave it out where nobody named this folder."""
    chaos = [item for item in items if "arena" in getattr(item, "fixturenames", ())]
    for item in chaos:
        item.add_marker("chaos")
        item.add_marker("broker")
        item.add_marker(pytest.mark.timeout(LIMIT, func_only=True))
    if not any("chaos" in argument for argument in config.args):
        config.hook.pytest_deselected(items=chaos)
        items[:] = [item for item in items if item not in chaos]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Remember how a test ended, for the fixture that keeps or removes its folder."""
    report: pytest.TestReport = yield  # type: ignore[assignment]  # a wrapper is sent the result
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report  # type: ignore[return-value]  # as above


@pytest.fixture(scope="session")
def network_of_three() -> Iterator[tuple[Kafka, Network]]:
    """Three brokers of our own to break, with a listener that a test may put a proxy before."""
    with contextlib.closing(Network(NODES)) as network, real_kafka(NODES, network.further) as cluster:
        yield cluster, network


@pytest.fixture(scope="session")
def alone() -> Iterator[None]:
    """One run of these tests on a machine at a time, another waits: two would starve each other, and find faults that are none."""
    with (Path(tempfile.gettempdir()) / "tallywire-chaos.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture
def arena(alone: None, network_of_three: tuple[Kafka, Network], request: pytest.FixtureRequest) -> Iterator[Arena]:
    """Three brokers, and a folder of the test's own that is removed when it passes."""
    cluster, network = network_of_three
    folder = KEPT / request.node.name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    yield Arena(cluster, network, folder, request.node.name, SEED)
    if not request.node.stash.get(FAILED, True):
        shutil.rmtree(folder)
