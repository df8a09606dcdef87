"""A stop ends in time, whatever the brokers do."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from schemas.topics import ARTICLES
from services.runtime.settings import Settings
from tests.conftest import Brokers
from tests.support.kafka import Kafka
from tests.support.patience import patient
from tests.support.services import Service, Services
from tests.support.streams import prepared, write
from tests.support.workload import articles, sendings

pytestmark = pytest.mark.broker

STOP_TIMEOUT = 3.0
"""Seconds given to the service for a stop."""

BEYOND = 7.0
"""Seconds that its end may take beyond: five to leave the group and close, and a busy machine."""


@contextmanager
def silent(kafka: Kafka) -> Iterator[None]:
    """Brokers that keep their connections, and answer nothing."""
    pids = [node.process.pid for node in kafka.nodes if node.process is not None]
    if not pids:
        pytest.skip("the cluster is not ours, and cannot be stopped")
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


@pytest.mark.parametrize("under_load", [False, True])
async def test_a_stop_does_not_wait_for_brokers_that_hang(kafka: Kafka, tmp_path: Path, under_load: bool) -> None:
    settings: Settings = await prepared(Brokers("kafka", kafka.bootstrap), tmp_path)
    if under_load:
        await write(settings, ARTICLES, [(sending.key, sending.value) for sending in sendings(articles(1_000))])
    service = Service("extract", settings, tmp_path, extra={"TALLYWIRE_STOP_TIMEOUT": str(STOP_TIMEOUT)})
    async with Services([service]):
        with silent(kafka):
            begun = time.monotonic()
            service.stop()
            took = time.monotonic() - begun
    assert took < STOP_TIMEOUT + patient(BEYOND), service.tail()
