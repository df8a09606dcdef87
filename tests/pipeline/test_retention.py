"""Retention has deleted the heads of the logs and the state is lost: measure and notify go on from what they told, on real Kafka."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from schemas import Alert
from schemas.topics import ALERTS, CLAIMS, INDICATORS, OBSERVATIONS
from services.stage import Record
from tests.conftest import Brokers
from tests.measure.newsroom import Newsroom, reading
from tests.support.installation import Installation
from tests.support.kafka import Kafka
from tests.support.retention import END, truncate
from tests.support.streams import until, until_true

pytestmark = [pytest.mark.broker, pytest.mark.timeout(300)]

RULES = """\
version: 1
rules:
  - id: fighters
    summary: fewer than 3,000 fighters are left
    measure: fighters_remaining
    line: {below: {warning: 3000}}
  - id: killed
    summary: three or more were killed at once
    measure: killed
    line: {at_least: {warning: 3}}
"""

FIGHTERS = {"kind": "stock", "scope": "campaign", "in": "Syria", "of": "isis", "says": "centcom"}
OLD = FIGHTERS | {"fighters_remaining": 5_000, "at": "2024-03-01T10:00"}
STANDING = FIGHTERS | {"fighters_remaining": 2_500, "at": "2024-03-05T10:00"}
RISEN = FIGHTERS | {"fighters_remaining": 4_000, "at": "2024-03-09T10:00"}
LOST = {"killed": 4, "in": "Hajin", "of": "isis", "when": "2024-03-03", "at": "2024-03-03T10:00"}


@pytest.mark.parametrize("killed", [False, True])
async def test_what_was_told_goes_on_and_what_no_claim_states_any_longer_is_taken_back(kafka: Kafka, tmp_path: Path, killed: bool) -> None:
    installation = await Installation.make(Brokers("kafka", kafka.bootstrap), tmp_path, RULES, None)
    settings, newsroom = installation.settings, Newsroom()
    services = installation.services("measure", "notify")
    async with services:
        for told in (OLD, LOST, STANDING):
            await say(installation, newsroom, told)
        await until_true(lambda: tells(installation, {("fighters", "fired", 1), ("killed", "fired", 1)}))
        await installation.settled()
        for service in services:
            service.stop()

        before = [place(record) for topic in (INDICATORS, ALERTS) for record in await installation.records(topic)]
        figures = await installation.indicators()
        opened = {alert.rule.id: alert for alert in await installation.alerts()}
        standing = max((record for record in await installation.records(CLAIMS) if b"2500" in (record.value or b"")), key=place)
        cut = dict.fromkeys(range(4), END) | {standing.partition: standing.offset}
        assert truncate(settings, CLAIMS, cut)[standing.partition] == standing.offset > 0
        assert sum(truncate(settings, OBSERVATIONS, dict.fromkeys(range(4), END)).values()) > 0
        for stage in ("measure.fold", "notify.fold"):
            shutil.rmtree(settings.state_dir / f"{settings.prefix}{stage}")

        for service in services:
            service.start()
        if killed:
            for service in services:
                await until(lambda service=service: "partition.truncated" in service.log())  # type: ignore[misc]
                service.kill()
                service.start()
        await until_true(lambda: tells(installation, {("killed", "retracted", 2)}))
        await say(installation, newsroom, RISEN)
        await until_true(lambda: tells(installation, {("fighters", "resolved", 2)}))
        await installation.settled()
        for service in services:
            service.stop()

    assert all("partition.recalled" in service.log() for service in services)
    indicators, alerts = [
        [record for record in await installation.records(topic) if place(record) not in before] for topic in (INDICATORS, ALERTS)
    ]
    assert len(indicators) == 2, "one is taken back, one has risen, and nothing is told anew"
    after = await installation.indicators()
    assert {key for key, figure in after.items() if figure.retracted} == {key for key in figures if key.startswith("killed")}
    (risen,) = (figure for figure in after.values() if not figure.retracted)
    assert risen.previous is not None
    assert (risen.previous.value, risen.value) == (2_500, 4_000)
    assert all(after[key].revision > figure.revision for key, figure in figures.items())

    changes = sorted((Alert.from_bytes(record.value or b"") for record in alerts), key=lambda alert: alert.rule.id)
    assert [(alert.rule.id, str(alert.status), alert.sequence) for alert in changes] == [
        ("fighters", "resolved", 2),
        ("killed", "retracted", 2),
    ]
    for alert in changes:
        assert alert.opened_at == opened[alert.rule.id].opened_at
        assert alert.fingerprint == opened[alert.rule.id].fingerprint


async def say(installation: Installation, newsroom: Newsroom, told: Mapping[str, Any]) -> None:
    async with installation.publisher() as publisher:
        await publisher.send(newsroom.claims(reading(told)))


async def tells(installation: Installation, wanted: set[tuple[str, str, int]]) -> bool:
    return wanted <= {(alert.rule.id, str(alert.status), alert.sequence) for alert in await installation.alerts()}


def place(record: Record) -> tuple[str, int, int]:
    return record.topic, record.partition, record.offset
