"""What a service says on its port, and how it ends, while brokers are frozen, topics are missing, or its port is taken; real processes."""

from __future__ import annotations

import os
import signal
import socket
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from services.runtime.process import FAILED, MISUSED, OK, OVERDUE
from services.runtime.settings import Settings
from tests.conftest import Brokers, real_kafka
from tests.support.kafka import Kafka
from tests.support.patience import patient
from tests.support.services import Service
from tests.support.streams import prepared, until, until_true

pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module")
def own_kafka() -> Iterator[Kafka]:
    """A cluster that may be frozen without anybody else noticing."""
    with real_kafka(1) as cluster:
        if not cluster.nodes:
            pytest.skip("a cluster that is not ours cannot be frozen")
        yield cluster


@contextmanager
def frozen(kafka: Kafka) -> Iterator[None]:
    """Brokers that hold every connection open and answer nothing."""
    processes = [node.process for node in kafka.nodes if node.process is not None]
    for process in processes:
        os.kill(process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            os.kill(process.pid, signal.SIGCONT)


@contextmanager
def started(service: Service) -> Iterator[Service]:
    service.start()
    try:
        yield service
    finally:
        if service.exit_code is None:
            service.kill()


@pytest.mark.parametrize("name", ["extract", "notify"])
async def test_while_brokers_are_frozen_a_service_lives_is_not_ready_and_goes_on_when_they_thaw(
    own_kafka: Kafka, tmp_path: Path, name: str
) -> None:
    settings = await prepared(Brokers("kafka", own_kafka.bootstrap), tmp_path)
    with started(Service(name, settings, tmp_path, extra={"TALLYWIRE_STALL_TIMEOUT": "4"})) as service:
        await service.ready()

        async def silent() -> bool:
            status, said = await service.ask("/readyz")
            return status == 503 and "brokers do not answer" in said

        with frozen(own_kafka):
            await until_true(silent, 60.0)
            began = time.monotonic()
            while time.monotonic() - began < 12.0:  # three times what a stall is given
                assert await service.ask("/livez") == (200, "ok\n"), service.tail()
                assert service.exit_code is None
                time.sleep(0.5)  # noqa: ASYNC251  # nothing else runs here
        await service.ready()
        assert service.stop() == OK


async def test_a_stop_while_brokers_are_frozen_takes_no_longer_than_it_may(own_kafka: Kafka, tmp_path: Path) -> None:
    settings = await prepared(Brokers("kafka", own_kafka.bootstrap), tmp_path)
    with started(Service("notify", settings, tmp_path, extra={"TALLYWIRE_STOP_TIMEOUT": "4"})) as service:
        await service.ready()
        with frozen(own_kafka):
            began = time.monotonic()
            code = service.stop()
            took = time.monotonic() - began
    print(f"it took {took:.1f} s, and ended with {code}")
    assert took < 4 + OVERDUE + patient(4)
    assert code == OK or (code == FAILED and '"service.overdue"' in service.tail(3))


async def test_missing_topics_end_a_service_with_what_to_do(own_kafka: Kafka, tmp_path: Path) -> None:
    settings = Settings(brokers=own_kafka.bootstrap, prefix=f"t{uuid.uuid4().hex[:8]}.", state_dir=tmp_path)
    with started(Service("measure", settings, tmp_path)) as service:
        await until(lambda: service.exit_code is not None, 120.0)
        assert service.exit_code == MISUSED
        assert "with `tallywire topics create`" in service.log()


async def test_a_health_port_that_is_taken_ends_a_service_with_what_to_do(own_kafka: Kafka, tmp_path: Path) -> None:
    settings = Settings(brokers=own_kafka.bootstrap, state_dir=tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(1)
        port = str(taken.getsockname()[1])
        with started(Service("extract", settings, tmp_path, extra={"TALLYWIRE_EXTRACT_PORT": port})) as service:
            await until(lambda: service.exit_code is not None, 120.0)
            assert service.exit_code == MISUSED
            said = service.tail(2)
    assert f"cannot serve health and metrics on 127.0.0.1:{port}" in said
    assert "TALLYWIRE_EXTRACT_PORT" in said
    assert "Traceback" not in said
