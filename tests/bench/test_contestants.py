"""Each contestant really runs on a real broker: some articles in, each one out, everything committed."""

from __future__ import annotations

import pytest

from tests.bench.contestants import CONTESTANTS, Contestant, absent, interpreter
from tests.bench.load import Writer
from tests.bench.race import race
from tests.support.kafka import Kafka

FEW = 2_000
"""Articles of each part of the run: enough that the quickest works for several of the clock ticks (10 ms) in which the system counts CPU."""


@pytest.mark.parametrize("contestant", CONTESTANTS, ids=lambda contestant: contestant.name)
def test_a_contestant_delivers_and_commits_everything(contestant: Contestant, kafka: Kafka) -> None:
    """Skipped by name where its package is absent, in CI as well: two that others made are not worth another environment there."""
    python = interpreter()
    if reason := absent(contestant, python):
        pytest.skip(reason)
    found = race(contestant, "empty", kafka.bootstrap, python, Writer(kafka.bootstrap), seconds=1.0, messages=FEW, paced_after=[500.0])
    assert found.delivered.missing == 0
    assert found.behind == (0 if contestant.commits else None)
    assert found.rate > 0
    assert found.cpu > 0
    assert found.memory > 20
    assert found.delay is not None
    assert 0 <= found.delay.p50 <= found.delay.p99
