"""The topics are made as they are declared, and what has drifted since is named with what to do."""

from __future__ import annotations

import uuid

import pytest
from click.testing import CliRunner

from schemas import TOPICS
from schemas.topics import ARTICLES, DELIVERIES, RULES
from services.cli.main import main
from services.runtime.settings import Settings
from services.runtime.topics_admin import TopicsRefused, check, compare, create, delete, partitions_of
from tests.support.kafka import Kafka


def test_a_topic_as_declared_differs_in_nothing() -> None:
    for topic in TOPICS:
        assert compare(topic, topic.name, topic.partitions, topic.config, topic.partitions) == []


def test_a_changed_partition_count_is_named_with_its_danger() -> None:
    (found,) = compare(ARTICLES, "articles", 13, ARTICLES.config, 12)
    assert "13 partitions instead of 12" in found.what
    assert "never only add partitions" in found.what


@pytest.mark.parametrize("setting", ["cleanup.policy", "retention.ms", "min.compaction.lag.ms", "max.message.bytes"])
def test_a_drifted_setting_is_named_with_its_remedy(setting: str) -> None:
    (found,) = compare(DELIVERIES, "deliveries", 12, {**DELIVERIES.config, setting: "1"}, 12)
    assert f"has {setting}=1 instead of {DELIVERIES.config[setting]}" in found.what
    assert "kafka-configs.sh" in found.what


def test_the_order_of_cleanup_policies_does_not_matter() -> None:
    assert compare(DELIVERIES, "deliveries", 12, {**DELIVERIES.config, "cleanup.policy": "delete,compact"}, 12) == []


def test_an_override_of_partitions_spares_topics_of_one() -> None:
    assert (partitions_of(ARTICLES, 3), partitions_of(RULES, 3), partitions_of(ARTICLES, None)) == (3, 1, 12)


@pytest.mark.broker
async def test_topics_are_created_checked_and_drift_is_found(kafka: Kafka) -> None:
    settings = Settings(brokers=kafka.bootstrap, prefix=f"t{uuid.uuid4().hex[:8]}-")
    assert {each.what for each in await check(settings)} == {"is not there: run `tallywire topics create`"}
    assert {each.outcome for each in await create(settings, partitions=2)} == {"created"}
    assert {each.outcome for each in await create(settings, partitions=2)} == {"was there"}
    assert await check(settings, partitions=2) == []
    assert len(await check(settings)) == sum(topic.partitions == 12 for topic in TOPICS)
    await delete(settings)


@pytest.mark.broker
def test_the_commands_say_and_fail_as_scripts_need(kafka: Kafka) -> None:
    runner = CliRunner(env={"TALLYWIRE_BROKERS": kafka.bootstrap, "TALLYWIRE_PREFIX": f"t{uuid.uuid4().hex[:8]}-"})
    assert runner.invoke(main, ["topics", "check"]).exit_code == 1
    assert runner.invoke(main, ["topics", "create", "--partitions", "1"]).exit_code == 0
    assert runner.invoke(main, ["topics", "check", "--partitions", "1"]).exit_code == 0
    drifted = runner.invoke(main, ["topics", "check"])
    assert drifted.exit_code == 1
    assert "1 partitions instead of 12" in drifted.output


@pytest.mark.broker
async def test_more_copies_than_brokers_are_refused_in_words(kafka: Kafka) -> None:
    with pytest.raises(TopicsRefused, match="replication factor of 9 needs as many brokers"):
        await create(Settings(brokers=kafka.bootstrap, prefix="never-"), replication=9)


async def test_topics_without_a_prefix_are_not_deleted() -> None:
    with pytest.raises(TopicsRefused, match="prefix"):
        await delete(Settings(prefix=""))


async def test_absent_brokers_are_named() -> None:
    with pytest.raises(TopicsRefused, match=r"127\.0\.0\.1:1 .*TALLYWIRE_BROKERS"):
        await create(Settings(brokers="127.0.0.1:1"))
