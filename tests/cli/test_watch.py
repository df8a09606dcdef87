"""Watching: one block a record, of whatever topic; a record that cannot be read is named and does not end it."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import UTC, datetime

import pytest
from aiokafka import AIOKafkaProducer

from schemas import Decision, Indicator, Kind, Measure, Qualifier, Reason, Scope, Tick
from schemas.topics import CLAIMS, DECISIONS, INDICATORS, OBSERVATIONS
from services.cli.watch import NAMES, _watch, read
from services.runtime.publisher import Publisher
from services.runtime.settings import Settings
from services.runtime.topics_admin import ensure_on_embedded
from services.stage import Output, Record
from tests.support.mock_broker import MockBroker

AT = datetime(2024, 4, 6, tzinfo=UTC)
DECISION = Decision(rule="some-rule", hash="h", reason=Reason.NOT_CROSSED, detail="3 is below 5", at=AT)
FIGURE = Indicator(
    id="i",
    revision=0,
    book="killed:SO",
    fact="f",
    measure=Measure.KILLED,
    kind=Kind.FLOW,
    scope=Scope.INCIDENT,
    value=3,
    qualifier=Qualifier.EXACT,
    published_at=AT,
)


def record(topic: str, value: bytes | None) -> Record:
    return Record(topic=topic, partition=0, offset=0, key=b"k", value=value, timestamp=AT)


def test_every_topic_has_a_short_name() -> None:
    assert {"articles", "events", "claims", "indicators", "alerts", "decisions", "dead-letters"} <= set(NAMES)


def test_records_of_mixed_topics_are_read_as_what_they_are() -> None:
    tick = Tick(at=AT)
    assert read(record(CLAIMS.name, tick.to_bytes())) == tick
    assert read(record(OBSERVATIONS.name, tick.to_bytes())) == tick
    assert read(record(DECISIONS.name, DECISION.to_bytes())) == DECISION
    assert read(record(DECISIONS.name, None)) is None


async def test_blocks_of_all_topics_are_shown_and_a_bad_record_does_not_end_it(
    mock_broker: MockBroker, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    settings = Settings(brokers=mock_broker.bootstrap, prefix="w-")
    await ensure_on_embedded(settings)
    async with AIOKafkaProducer(bootstrap_servers=settings.brokers) as producer:
        await producer.send_and_wait(settings.topic(INDICATORS.name), b"\xff\x1b[2J", key=b"k", partition=0)
        await producer.send_and_wait(settings.topic(INDICATORS.name), None, key=b"gone\x1b[2J", partition=0)
    async with Publisher(settings, "test") as publisher:
        await publisher.send([Output(INDICATORS, "k", FIGURE, partition=0), Output(DECISIONS, "k", DECISION)])
    shown = ""
    watching = asyncio.create_task(_watch(settings, [INDICATORS, DECISIONS], from_beginning=True))
    try:
        async with asyncio.timeout(20):
            while "some-rule: not crossed" not in shown or "killed: 3" not in shown:
                await asyncio.sleep(0.05)
                shown += capsys.readouterr().out
    finally:
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching
    assert "unread" in shown
    assert "gone" in shown
    assert "\x1b" not in shown
