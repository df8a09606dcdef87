"""The whole pipeline on Kafka with TLS, a user for each service, and only the ACLs that it needs: it works, and no secret is seen."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import aiohttp
import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import GroupAuthorizationFailedError
from aiokafka.errors import KafkaError as ClientError
from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from schemas import TOPICS, Cause, Topic
from schemas.topics import ARTICLES
from services.runtime.access import ROLES
from services.runtime.encoding import Sending
from services.runtime.security import connection, librdkafka
from services.runtime.settings import Settings
from tests.conftest import Brokers
from tests.support.installation import SECRET, Installation
from tests.support.patience import patient
from tests.support.secured import ADMIN, PLANTED, Secured
from tests.support.services import Service, Services
from tests.support.streams import until, until_true
from tests.support.webhooks import Received, receiving
from tests.support.workload import EXPECTED, RULES, articles

pytestmark = [pytest.mark.broker, pytest.mark.timeout(400)]

SERVICES = ("collect", "extract", "measure", "notify")
GOOD_LISTENERS = ("PASSWORD", "MUTUAL")
COORDINATED_WITHIN = patient(60.0)
"""Seconds in which a new cluster settles who coordinates a group."""

BAD = Sending(ARTICLES.name, b"bad", b"\xff{not an article", None)


def tallywire(secured: Secured, role: str, prefix: str, *arguments: str, listener: str = "PASSWORD") -> subprocess.CompletedProcess[str]:
    """A command as a role's user gives it."""
    environment = {**os.environ, **secured.environment(role, listener), "TALLYWIRE_PREFIX": prefix}
    command = [sys.executable, "-m", "services.cli.main", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=patient(90), check=False)


def give_acls(secured: Secured, prefix: str) -> None:
    """Topics and ACLs, as an operator makes them."""
    done = tallywire(secured, ADMIN, prefix, "topics", "create", "--acls", "--partitions", "4")
    assert done.returncode == 0, done.stdout + done.stderr


def services(installation: Installation, secured: Secured, listener: str, *names: str) -> Services:
    """Services, each as its own user, that log all they can."""
    endpoints = {"TALLYWIRE_ENDPOINTS_FILE": str(installation.folder / "endpoints.yaml"), "TALLYWIRE_LOG_LEVEL": "DEBUG"}
    return Services(
        [
            Service(name, installation.settings, installation.folder, extra={**endpoints, **secured.environment(name, listener)})
            for name in names
        ]
    )


def intake_of(collect: Service) -> str:
    """Where articles are posted, as the log says."""
    (line,) = [line for line in collect.log().splitlines() if '"intake.listening"' in line]
    return f"http://127.0.0.1:{json.loads(line)['port']}/articles"


async def post(collect: Service, count: int) -> None:
    """Put articles in the way that the world does."""
    fields = ("title", "text", "url", "source")
    body = [
        {**{name: getattr(article, name) for name in fields}, "published_at": article.published_at.isoformat()}
        for article in articles(count)
        if article.published_at is not None
    ]
    async with aiohttp.ClientSession() as session, session.post(intake_of(collect), json=body) as response:
        assert response.status == 202, await response.text()


@pytest.mark.parametrize("listener", GOOD_LISTENERS)
async def test_articles_become_alerts_with_a_user_for_each_service_and_no_secret_is_seen(
    secured: Secured, listener: str, tmp_path: Path
) -> None:
    assert secured.cluster is not None
    async with receiving(SECRET) as receiver:
        installation = await Installation.make(Brokers("kafka", secured.cluster.bootstrap), tmp_path, RULES, receiver.url)
        give_acls(secured, installation.settings.prefix)
        running = services(installation, secured, listener, *SERVICES)
        if listener == "PASSWORD":  # by a variable as well as from a file
            running["collect"].order({"TALLYWIRE_SASL_PASSWORD": secured.password("collect"), "TALLYWIRE_SASL_PASSWORD_FILE": ""})
        async with running:
            await post(running["collect"], 24)
            async with installation.publisher() as publisher:
                await publisher.send_all([BAD])
            await until(lambda: told(receiver.by_id) >= EXPECTED, patience=120)
            assert told(receiver.by_id) == EXPECTED
            await until_true(lambda: buried(installation))
            metrics = [(await each.ask("/metrics"))[1] for each in running]
            argv = [Path(f"/proc/{each.pid}/cmdline").read_bytes().decode() for each in running]  # noqa: ASYNC240  # no disk behind it
            assert [each.stop() for each in running] == [0, 0, 0, 0]
        logs = {each.name: each.log() for each in running}
        assert all('"service.ended"' in log for log in logs.values())
        letters = [each.value or b"" for topic in TOPICS for each in await installation.records(topic)]
        kept = [file for file in tmp_path.rglob("*") if file.is_file()]  # noqa: ASYNC240  # a test may wait for its own disk
        assert any(file.suffix == ".sqlite" for file in kept)
        for seen in (*logs.values(), *metrics, *argv, *(each.decode(errors="replace") for each in letters)):
            assert PLANTED not in seen
        assert [file for file in kept if PLANTED.encode() in file.read_bytes()] == []


def told(by_id: dict[str, list[Received]]) -> set[tuple[str, str]]:
    """Country and severity of each alert that arrived."""
    data = [each[0].payload["data"] for each in by_id.values()]
    return {(each["group"]["country"], each["severity"]) for each in data}


async def buried(installation: Installation) -> bool:
    """Whether the bad message has its dead letter."""
    return [letter.cause for letter in await installation.dead_letters()] == [Cause.UNDECODABLE]


@pytest.mark.parametrize("listener", GOOD_LISTENERS)
@pytest.mark.parametrize("role", ROLES)
async def test_a_user_is_refused_wherever_it_has_no_acl(secured: Secured, role: str, listener: str) -> None:
    prefix = f"refused-{listener.lower()}-"
    give_acls(secured, prefix)
    access = ROLES[role]
    settings = secured.settings(role, listener, prefix=prefix)
    assert {topic.name for topic in TOPICS if may_read(settings, topic)} == {topic.name for topic in access.reads}
    written = dict(may_write(settings))
    assert {name for name, refused in written.items() if refused is None} == {topic.name for topic in access.writes}
    assert set(written.values()) <= {None, "TOPIC_AUTHORIZATION_FAILED"}
    groups = {group for each in ROLES.values() for group in each.groups}
    assert {group for group in groups if await may_join(settings, settings.group(group))} == set(access.groups)
    assert await may_join(settings, f"{prefix}subscriber.of-mine") == (role == "subscribe")
    admin = AdminClient({**librdkafka(settings)})
    (future,) = admin.create_topics([NewTopic(f"{prefix}new", 1, 1)]).values()
    with pytest.raises(KafkaException, match="TOPIC_AUTHORIZATION_FAILED"):
        future.result(20)


def may_read(settings: Settings, topic: Topic) -> bool:
    """Whether a partition's end can be read up to; in no group's name."""
    consumer = Consumer({**librdkafka(settings), "group.id": "none", "enable.auto.commit": False, "enable.partition.eof": True})
    try:
        described = consumer.list_topics(settings.topic(topic.name), timeout=20).topics[settings.topic(topic.name)]
        if described.error is not None and described.error.code() == KafkaError.TOPIC_AUTHORIZATION_FAILED:
            return False  # of a partition that it may not even see, the client would say nothing
        consumer.assign([TopicPartition(settings.topic(topic.name), 0, 0)])
        while True:
            polled = consumer.poll(20)
            assert polled is not None, f"no answer for {topic.name}"
            error = polled.error()
            if error is not None and error.code() == KafkaError.TOPIC_AUTHORIZATION_FAILED:
                return False
            if error is not None and error.code() == KafkaError._PARTITION_EOF:
                return True
    finally:
        consumer.close()


def may_write(settings: Settings) -> Iterator[tuple[str, str | None]]:
    """Each topic, and why a record is refused."""
    outcomes: dict[str, str | None] = {}
    producer = Producer({**librdkafka(settings), "message.timeout.ms": 20_000})

    def note(topic: str, error: KafkaError | None) -> None:
        outcomes[topic] = None if error is None else error.name()

    def told_of(name: str) -> Callable[[KafkaError | None, object], None]:
        return lambda error, _: note(name, error)

    for topic in TOPICS:
        try:
            producer.produce(settings.topic(topic.name), b"x", b"k", 0, on_delivery=told_of(topic.name))
        except KafkaException as refused:
            note(topic.name, refused.args[0])
    producer.flush(30)
    yield from outcomes.items()


async def may_join(settings: Settings, group: str) -> bool:
    """Whether a group's offsets are ours to ask for; asked again while a new cluster has not settled who coordinates it."""
    admin = AIOKafkaAdminClient(**connection(settings))
    await admin.start()
    deadline = time.monotonic() + COORDINATED_WITHIN
    try:
        while True:
            try:
                await admin.list_consumer_group_offsets(group)
            except GroupAuthorizationFailedError:
                return False
            except ClientError:
                if time.monotonic() > deadline:
                    raise
                await asyncio.sleep(0.2)
            else:
                return True
    finally:
        await admin.close()
