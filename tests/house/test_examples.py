"""The programs in docs/examples do what the pages say."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import pytest
from confluent_kafka import Producer
from standardwebhooks import Webhook

from schemas import Indicator, Kind, Measure, Qualifier, Scope, Teller
from schemas.topics import INDICATORS
from services.notify import rules_file
from tests.support.mock_broker import MockBroker

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
SECRET = "whsec_dGVzdHMtb25seS1rZXktb2YtdGhpcnR5LXR3by1ieXQ="
NOON = datetime(2024, 4, 6, 12, tzinfo=UTC)


@contextmanager
def running(name: str, **environment: str) -> Iterator[IO[str]]:
    """An example as a process of its own, and what it prints."""
    process = subprocess.Popen([sys.executable, str(EXAMPLES / name)], env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def figure(revision: int, value: int) -> Indicator:
    """Fighters remaining, as one teller has it."""
    return Indicator(
        id=Indicator.identify("fighters_remaining:IQ+SY", "isis"),
        revision=revision,
        book="fighters_remaining:IQ+SY",
        fact="isis",
        measure=Measure.FIGHTERS_REMAINING,
        kind=Kind.STOCK,
        scope=Scope.CAMPAIGN,
        value=value,
        qualifier=Qualifier.APPROXIMATELY,
        tellers=(
            Teller(
                who="claimant:centcom",
                value=value,
                qualifier=Qualifier.APPROXIMATELY,
                as_of=NOON,
                published_at=NOON,
                publishers=1,
                claims=1,
            ),
        ),
        published_at=NOON,
    )


@pytest.mark.timeout(60)
def test_the_subscriber_prints_each_change_once_and_what_expires(mock_broker: MockBroker) -> None:
    producer = Producer({"bootstrap.servers": mock_broker.bootstrap})
    for record in (figure(1, 2500), figure(1, 2500), figure(4, 2200)):
        producer.produce(INDICATORS.name, key=b"fighters_remaining:IQ+SY|isis", value=record.to_bytes(), partition=0)
    producer.produce(INDICATORS.name, key=b"fighters_remaining:IQ+SY|isis", value=None, partition=0)
    assert producer.flush(20) == 0
    with running("subscribe.py", TALLYWIRE_BROKERS=mock_broker.bootstrap, TALLYWIRE_PREFIX="") as printed:
        assert [printed.readline().strip() for _ in range(3)] == [
            "fighters_remaining:IQ+SY: 2,500 (approximately), told by claimant:centcom",
            "fighters_remaining:IQ+SY: 2,200 (approximately), told by claimant:centcom",
            "expired: fighters_remaining:IQ+SY|isis",
        ]


@pytest.mark.timeout(60)
def test_the_receiver_takes_what_is_signed_once_and_refuses_the_rest() -> None:
    body = '{"type":"alert.fired","data":{"severity":"warning","summary":"Fighters remaining fall below 3,000"}}'
    with running("receiver.py", TALLYWIRE_WEBHOOK_SECRET=SECRET, PORT="0") as printed:
        port = int(printed.readline().rsplit(" ", 1)[1])
        now = datetime.now(UTC)
        signature = Webhook(SECRET).sign("first", now, body)

        def post(identity: str, text: str) -> int:
            headers = {"webhook-id": identity, "webhook-timestamp": str(int(now.timestamp())), "webhook-signature": signature}
            request = urllib.request.Request(f"http://127.0.0.1:{port}/", text.encode(), headers)
            try:
                with urllib.request.urlopen(request, timeout=10) as response:
                    return int(response.status)
            except urllib.error.HTTPError as error:
                return error.code

        assert [post("first", body), post("first", body), post("second", body), post("first", body + " ")] == [204, 204, 401, 401]
        assert printed.readline() == "warning: Fighters remaining fall below 3,000\n"


def test_the_example_rules_are_rules() -> None:
    assert rules_file.read(EXAMPLES / "rules.yaml")
