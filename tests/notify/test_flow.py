"""The deciding half of notify on a broker: rules and indicators in, alerts and decisions out, on both brokers."""

from __future__ import annotations

import asyncio
from pathlib import Path

from schemas import Alert, Decision, Direction, Measure, Selection, key_of
from schemas.topics import ALERTS, DECISIONS, INDICATORS, OBSERVATIONS, RULES
from services.notify.following import RulesFollower
from services.notify.stream import Fold, Split
from services.notify.succession import succeed
from services.runtime.publisher import Publisher
from services.runtime.reader import read_all
from services.runtime.settings import Settings
from services.stage import Output
from tests.conftest import Brokers
from tests.support.streams import prepared, streaming, until_true

from .wire import at, indicator, quarter, rule

REMAINING = rule(name="remaining")
OPERATIONS = rule(Direction.AT_LEAST, 90, name="operations", select=Selection(measure=Measure.OPERATIONS))


async def alerts(settings: Settings) -> list[tuple[str, str, int, bool]]:
    records = await read_all(settings, ALERTS, latest=False)
    found = [Alert.from_bytes(record.value) for record in records if record.value is not None]
    return sorted((alert.rule.id, str(alert.status), alert.value, alert.initial) for alert in found)


async def test_figures_and_rules_meet_whichever_comes_first_and_speak_once(brokers: Brokers, tmp_path: Path) -> None:
    settings = await prepared(brokers, tmp_path)
    first = succeed(None, (REMAINING,), at(0))
    early, late = indicator(2500), quarter(94, 1)

    async with Publisher(settings, "writer") as publisher:
        partitions = [await publisher.partitions(topic.name) for topic in (INDICATORS, OBSERVATIONS)]
        await publisher.send([Output(INDICATORS, key_of(early.book, early.fact), early), Output(RULES, "rules", first)])
        for state in ("a", "b"):  # the second worker has no checkpoint, and says nothing again
            split = Split(*partitions)
            split.rules = succeed(first, (REMAINING, OPERATIONS), at(1)) if state == "b" else first
            async with streaming(settings.model_copy(update={"state_dir": tmp_path / state}), [split, Fold()]):
                if state == "a":
                    await until_true(lambda: told(settings, [("remaining", "fired", 2500, True)]))
                    await publisher.send([Output(INDICATORS, key_of(late.book, late.fact), late)])
                else:
                    await until_true(lambda: told(settings, [("operations", "fired", 94, True), ("remaining", "fired", 2500, True)]))
    decisions = [Decision.from_bytes(record.value) for record in await read_all(settings, DECISIONS) if record.value is not None]
    assert sorted((decision.rule, str(decision.reason)) for decision in decisions) == [("operations", "fired"), ("remaining", "fired")]


async def told(settings: Settings, wanted: list[tuple[str, str, int, bool]]) -> bool:
    return await alerts(settings) == wanted


async def test_a_worker_follows_the_rules_topic(brokers: Brokers, tmp_path: Path) -> None:
    settings = await prepared(brokers, tmp_path)
    figure = indicator(2500)
    async with Publisher(settings, "writer") as publisher:
        split = Split(*[await publisher.partitions(topic.name) for topic in (INDICATORS, OBSERVATIONS)])
        follower = RulesFollower(settings, split)
        await publisher.send([Output(INDICATORS, key_of(figure.book, figure.fact), figure)])
        following = asyncio.create_task(follower.run())
        try:
            async with streaming(settings, [split, Fold()]):
                first = succeed(None, (REMAINING,), at(0))
                await publisher.send([Output(RULES, "rules", first)])
                await until_true(lambda: told(settings, [("remaining", "fired", 2500, True)]))
                await publisher.send([Output(RULES, "rules", succeed(first, (), at(1)))])
                await until_true(lambda: told(settings, [("remaining", "fired", 2500, True), ("remaining", "resolved", 2500, False)]))
        finally:
            await follower.stop()
            await following
