"""Dead letters are listed, shown and put back: original bytes, original key, original partition, once."""

from __future__ import annotations

import base64
import uuid
from datetime import UTC, datetime

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from click.testing import CliRunner

from schemas import Cause, DeadLetter, partition_of
from schemas.dead_letter import MAX_ORIGINAL
from schemas.topics import ARTICLES, DEAD_LETTERS
from services.cli.dead_letters import pick, read, summary
from services.cli.main import main
from services.runtime.publisher import Publisher
from services.runtime.replay import Outcome, replay
from services.runtime.settings import Settings
from services.runtime.topics_admin import create, ensure_on_embedded
from services.stage import Output
from tests.conftest import Brokers

AT = datetime(2024, 4, 6, tzinfo=UTC)


@pytest.fixture
async def settings(brokers: Brokers) -> Settings:
    settings = Settings(brokers=brokers.bootstrap, prefix=f"t{uuid.uuid4().hex[:8]}-")
    await (create(settings, partitions=4) if brokers.kind == "kafka" else ensure_on_embedded(settings))
    return settings


def letter(
    offset: int, key: bytes | None, value: bytes | None, *, service: str = "extract", cause: Cause = Cause.UNDECODABLE
) -> DeadLetter:
    return DeadLetter.of_record(
        service, cause, "no JSON", topic=ARTICLES.name, partition=1, offset=offset, key=key, value=value, attempts=1, at=AT
    )


async def bury(settings: Settings, *letters: DeadLetter) -> None:
    async with Publisher(settings, "test") as publisher:
        await publisher.send(Output(DEAD_LETTERS, base64.b64decode(each.key or "").decode(), each) for each in letters)


async def articles(settings: Settings) -> list[tuple[int, bytes | None, bytes | None]]:
    async with AIOKafkaConsumer(bootstrap_servers=settings.brokers, auto_offset_reset="earliest", enable_auto_commit=False) as consumer:
        partitions = [TopicPartition(settings.topic(ARTICLES.name), number) for number in range(4)]
        consumer.assign(partitions)
        ends = await consumer.end_offsets(partitions)
        records = []
        while any([await consumer.position(each) < ends[each] for each in partitions if ends[each]]):
            for batch in (await consumer.getmany(timeout_ms=200)).values():
                records += [(record.partition, record.key, record.value) for record in batch]
    return records


async def test_a_replay_puts_the_original_back_under_its_key_and_only_once(settings: Settings) -> None:
    buried = letter(7, b"some-article", b"\xff not JSON")
    await bury(settings, buried, buried)
    letters = await read(settings, None, None)
    assert [each.id for each in letters] == [buried.id]
    assert [each.outcome async for each in replay(settings, letters, dry=True)] == [Outcome.WOULD]
    assert await articles(settings) == []
    assert [each.outcome async for each in replay(settings, letters)] == [Outcome.REPLAYED]
    assert [each.outcome async for each in replay(settings, letters)] == [Outcome.BEFORE]
    assert await articles(settings) == [(partition_of(b"some-article", 4), b"some-article", b"\xff not JSON")]


async def test_without_a_key_it_goes_where_it_lay(settings: Settings) -> None:
    assert [each.outcome async for each in replay(settings, [letter(0, None, b"x")])] == [Outcome.REPLAYED]
    assert await articles(settings) == [(1, None, b"x")]


async def test_a_large_original_is_read_where_it_lies(settings: Settings) -> None:
    large = b"x" * (MAX_ORIGINAL + 1)
    async with AIOKafkaProducer(bootstrap_servers=settings.brokers, max_request_size=4 * MAX_ORIGINAL) as producer:
        sent = await producer.send_and_wait(settings.topic(ARTICLES.name), large, key=b"k", partition=1)
    buried = letter(sent.offset, b"k", large)
    assert buried.original is None
    assert [each.outcome async for each in replay(settings, [buried])] == [Outcome.REPLAYED]
    assert sorted(await articles(settings)) == sorted([(1, b"k", large), (partition_of(b"k", 4), b"k", large)])


async def test_a_large_original_that_is_gone_is_said_to_be(settings: Settings) -> None:
    buried = letter(1_000, b"k", b"x" * (MAX_ORIGINAL + 1))
    assert [each.outcome async for each in replay(settings, [buried])] == [Outcome.GONE]


async def test_what_came_by_http_is_not_for_a_topic(settings: Settings) -> None:
    refused = DeadLetter.of_request("collect", Cause.REFUSED, "no text", original=b"{}", at=AT)
    assert [each.outcome async for each in replay(settings, [refused])] == [Outcome.NOWHERE]


async def test_they_are_chosen_by_service_and_cause(settings: Settings) -> None:
    ours, theirs = letter(1, b"a", b"x"), letter(2, b"b", b"y", service="measure", cause=Cause.FAILED)
    await bury(settings, ours, theirs)
    assert await read(settings, "measure", None) == [theirs]
    assert await read(settings, None, "undecodable") == [ours]
    assert await read(settings, "measure", "undecodable") == []


def test_a_replay_of_everything_must_be_asked_for() -> None:
    result = CliRunner().invoke(main, ["dead-letters", "replay"])
    assert result.exit_code == 2
    assert "--all" in result.output


def test_a_letter_is_named_by_the_beginning_of_its_id() -> None:
    letters = [letter(1, None, b"x"), letter(2, None, b"y")]
    assert pick(letters, [letters[1].id[:12]]) == [letters[1]]


def test_the_summary_counts_by_service_and_cause() -> None:
    assert summary([letter(1, None, b"x"), letter(2, None, b"y")]) == "2 dead letters: 2 extract undecodable"
