"""Dead letters are listed, shown and put back: original bytes, original key, original partition, once."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from click.testing import CliRunner

from schemas import Cause, DeadLetter, partition_of
from schemas.dead_letter import MAX_ORIGINAL
from schemas.topics import ARTICLES, DEAD_LETTERS
from services.cli.dead_letters import summary
from services.cli.main import main
from services.runtime.encoding import Sending
from services.runtime.letters import Choice, Unread, letters
from services.runtime.picking import Picking
from services.runtime.publisher import Publisher
from services.runtime.replay import HEADER, Outcome, Source, original_of, replay
from services.runtime.settings import Settings
from services.runtime.topics_admin import create, ensure_on_embedded
from services.stage import Output
from tests.conftest import Brokers
from tests.support import kafka as real
from tests.support.streams import until_true

AT = datetime(2024, 4, 6, tzinfo=UTC)

HARM = "\x1b[2J\x1b]0;owned\x07\x9b31m\u202egnp\x08\r\x00\x7f"
"""Clears the screen, sets the title, colours, turns the direction of writing, goes back over what was written."""


@pytest.fixture
async def settings(brokers: Brokers) -> Settings:
    return await installed(brokers)


async def installed(brokers: Brokers) -> Settings:
    settings = Settings(brokers=brokers.bootstrap, prefix=f"t{uuid.uuid4().hex[:8]}-")
    await (create(settings, partitions=4) if brokers.kind == "kafka" else ensure_on_embedded(settings))
    return settings


def letter(
    offset: int,
    key: bytes | None,
    value: bytes | None,
    *,
    service: str = "extract",
    cause: Cause = Cause.UNDECODABLE,
    detail: str = "no JSON",
    at: datetime = AT,
    partition: int = 1,
) -> DeadLetter:
    return DeadLetter.of_record(
        service, cause, detail, topic=ARTICLES.name, partition=partition, offset=offset, key=key, value=value, attempts=1, at=at
    )


def given(*found: DeadLetter) -> Source:
    async def source() -> AsyncIterator[DeadLetter]:
        for each in found:
            yield each

    return source


def on_topic(settings: Settings, choice: Choice | None = None) -> Source:
    async def source() -> AsyncIterator[DeadLetter]:
        async for found in letters(settings, choice or Choice()):
            yield found.letter

    return source


async def chosen(settings: Settings, choice: Choice | None = None) -> list[DeadLetter]:
    return [each async for each in on_topic(settings, choice)()]


async def outcomes(settings: Settings, source: Source, *, dry: bool = False) -> list[Outcome]:
    return [each.outcome async for each in replay(settings, source, dry=dry)]


async def bury(settings: Settings, *found: DeadLetter) -> None:
    async with Publisher(settings, "test") as publisher:
        await publisher.send(Output(DEAD_LETTERS, base64.b64decode(each.key or "").decode(errors="replace"), each) for each in found)


async def put(settings: Settings, value: bytes | None, key: bytes | None, partition: int, headers: Sequence[tuple[str, bytes]] = ()) -> int:
    """Write an article as somebody else would; its offset."""
    async with AIOKafkaProducer(bootstrap_servers=settings.brokers, max_request_size=4 * MAX_ORIGINAL) as producer:
        sent = await producer.send_and_wait(settings.topic(ARTICLES.name), value, key=key, partition=partition, headers=list(headers))
    return int(sent.offset)


async def raw_articles(settings: Settings) -> list[Any]:
    async with AIOKafkaConsumer(bootstrap_servers=settings.brokers, auto_offset_reset="earliest", enable_auto_commit=False) as consumer:
        partitions = [TopicPartition(settings.topic(ARTICLES.name), number) for number in range(4)]
        consumer.assign(partitions)
        ends = await consumer.end_offsets(partitions)
        records: list[Any] = []
        while any([await consumer.position(each) < ends[each] for each in partitions if ends[each]]):
            for batch in (await consumer.getmany(timeout_ms=200)).values():
                records += batch
    return records


async def articles(settings: Settings) -> list[tuple[int, bytes | None, bytes | None]]:
    return [(record.partition, record.key, record.value) for record in await raw_articles(settings)]


def command(settings: Settings, *arguments: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "TALLYWIRE_BROKERS": settings.brokers, "TALLYWIRE_PREFIX": settings.prefix, "COLUMNS": "200"}
    line = [sys.executable, "-m", "services.cli.main", "dead-letters", *arguments]
    return subprocess.Popen(line, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


async def printed(settings: Settings, *arguments: str) -> str:
    process = command(settings, *arguments)
    output, _ = await asyncio.to_thread(process.communicate, timeout=120)
    assert process.returncode == 0, output.decode()
    return output.decode()


async def test_a_replay_puts_the_original_back_under_its_key_and_only_once(settings: Settings) -> None:
    buried = letter(7, b"some-article", b"\xff not JSON")
    await bury(settings, buried, buried)
    assert [each.id for each in await chosen(settings)] == [buried.id]
    source = on_topic(settings)
    assert await outcomes(settings, source, dry=True) == [Outcome.WOULD]
    assert await articles(settings) == []
    assert await outcomes(settings, source) == [Outcome.REPLAYED]
    assert await outcomes(settings, source) == [Outcome.BEFORE]
    assert await articles(settings) == [(partition_of(b"some-article", 4), b"some-article", b"\xff not JSON")]


async def test_without_a_key_it_goes_where_it_lay(settings: Settings) -> None:
    offset = await put(settings, b"x", None, 1)
    assert await outcomes(settings, given(letter(offset, None, b"x"))) == [Outcome.REPLAYED]
    assert await articles(settings) == [(1, None, b"x")] * 2


async def test_a_tombstone_an_empty_value_and_a_key_too_long_for_a_letter_come_back_as_they_were(settings: Settings) -> None:
    long = b"k" * 100_000
    offset = await put(settings, b"x", long, partition_of(long, 4))
    of_long_key = letter(offset, None, b"x", partition=partition_of(long, 4))
    source = given(letter(100, b"a", None), letter(101, b"b", b""), of_long_key)
    assert await outcomes(settings, source) == [Outcome.REPLAYED] * 3
    back = {(key, value) for _, key, value in await articles(settings)}
    assert back == {(b"a", None), (b"b", b""), (long, b"x")}
    assert len(await articles(settings)) == 4


async def test_a_large_original_is_read_where_it_lies_with_its_headers(settings: Settings) -> None:
    large = b"x" * (MAX_ORIGINAL + 1)
    buried = letter(await put(settings, large, b"k", 1, [("via", b"somebody")]), b"k", large)
    assert buried.original is None
    there = await original_of(settings, buried)
    assert there is not None
    assert (there.key, there.value, there.headers) == (b"k", large, (("via", b"somebody"),))
    assert await outcomes(settings, given(buried)) == [Outcome.REPLAYED]
    assert sorted(await articles(settings)) == sorted([(1, b"k", large), (partition_of(b"k", 4), b"k", large)])
    (back,) = [record for record in await raw_articles(settings) if HEADER in dict(record.headers)]
    assert list(back.headers) == [("via", b"somebody"), (HEADER, buried.id.encode())]


async def test_a_large_original_that_is_gone_is_said_to_be(settings: Settings) -> None:
    assert await outcomes(settings, given(letter(1_000, b"k", b"x" * (MAX_ORIGINAL + 1)))) == [Outcome.GONE]


async def test_what_came_by_http_is_not_for_a_topic(settings: Settings) -> None:
    refused = DeadLetter.of_request("collect", Cause.REFUSED, "no text", original=b"{}", at=AT)
    assert await outcomes(settings, given(refused)) == [Outcome.NOWHERE]


async def test_an_original_from_a_clock_that_is_ahead_is_replayed_once_all_the_same(settings: Settings) -> None:
    partition = partition_of(b"k", 4)
    ahead = datetime.now(UTC) + timedelta(days=3)
    source = given(letter(await put(settings, b"x", b"k", partition), b"k", b"x", at=ahead, partition=partition))
    assert await outcomes(settings, source) == [Outcome.REPLAYED]
    assert await outcomes(settings, source) == [Outcome.BEFORE]


async def test_two_replays_at_the_same_time_put_each_back_once(kafka: real.Kafka) -> None:
    settings = await installed(Brokers("kafka", kafka.bootstrap))
    source = given(*(letter(1_000 + number, b"k%d" % number, b"x") for number in range(150)))
    both = await asyncio.gather(outcomes(settings, source), outcomes(settings, source))
    assert sorted(map(set, both), key=str) == sorted([{Outcome.REPLAYED}, {Outcome.BEFORE}], key=str)
    assert sorted(key or b"" for _, key, _ in await articles(settings)) == sorted(b"k%d" % number for number in range(150))


@pytest.mark.timeout(180)
async def test_a_replay_killed_in_the_midst_goes_on_where_it_was_when_it_is_asked_for_again(kafka: real.Kafka) -> None:
    settings = await installed(Brokers("kafka", kafka.bootstrap))
    await bury(settings, *(letter(10_000 + number, b"k%d" % number, b"x") for number in range(2_000)))
    first = command(settings, "replay", "--all")

    async def some() -> bool:
        return len(await articles(settings)) >= 50

    await until_true(some)
    first.kill()
    await asyncio.to_thread(first.communicate)
    put_back = len(await articles(settings))
    assert put_back < 2_000, "it was killed in the midst"
    told = (await printed(settings, "replay", "--all")).splitlines()[-1]
    assert told in {
        f"{put_back} was replayed before, {2_000 - put_back} replayed",
        f"{2_000 - put_back} replayed, {put_back} was replayed before",
    }
    assert sorted(key or b"" for _, key, _ in await articles(settings)) == sorted(b"k%d" % number for number in range(2_000))


async def test_one_that_fails_again_is_another_letter_that_says_of_which_it_is_the_replay(settings: Settings) -> None:
    partition = partition_of(b"k", 4)
    first = letter(await put(settings, b"x", b"k", partition), b"k", b"x", partition=partition)
    assert await outcomes(settings, given(first)) == [Outcome.REPLAYED]
    _, record = await raw_articles(settings)
    second = letter(record.offset, b"k", b"x", partition=record.partition)
    assert second.id != first.id
    await bury(settings, first, second)
    assert f"replay of {first.id}" in " ".join((await printed(settings, "show", second.id)).split())
    assert sorted(await outcomes(settings, on_topic(settings))) == sorted([Outcome.BEFORE, Outcome.REPLAYED])


async def test_they_are_chosen_by_service_cause_and_time(settings: Settings) -> None:
    ours, theirs = letter(1, b"a", b"x"), letter(2, b"b", b"y", service="measure", cause=Cause.FAILED)
    await bury(settings, ours)
    await asyncio.sleep(0.05)
    between = datetime.now(UTC)
    await asyncio.sleep(0.05)
    await bury(settings, theirs)
    assert await chosen(settings, Choice(service="measure")) == [theirs]
    assert await chosen(settings, Choice(cause="undecodable")) == [ours]
    assert await chosen(settings, Choice("measure", "undecodable")) == []
    assert await chosen(settings, Choice(since=between)) == [theirs]
    assert await chosen(settings, Choice(until=between)) == [ours]
    assert await chosen(settings, Choice(since=between, until=between)) == []
    assert await chosen(settings, Choice(picking=Picking([ours.id[:10]]))) == [ours]
    lines = [json.loads(line) for line in (await printed(settings, "list", "--format", "jsonl", "--since", "1h")).splitlines()]
    assert {each["id"]: base64.b64decode(each["original"]) for each in lines} == {ours.id: b"x", theirs.id: b"y"}
    assert "1 dead letter: 1 measure failed" in await printed(settings, "list", "--since", between.isoformat())
    assert "No dead letters." in await printed(settings, "list", "--until", "1d")


async def test_what_is_no_dead_letter_is_passed_over_and_said(settings: Settings) -> None:
    ours = letter(1, b"a", b"x")
    await bury(settings, ours)
    async with Publisher(settings, "test") as publisher:
        await publisher.send_all([Sending(DEAD_LETTERS.name, b"x", value, None) for value in (b"{", b"\xff", None)])
    unread = Unread()
    assert [found.letter async for found in letters(settings, Choice(), unread)] == [ours]
    assert unread.count == 3
    assert "3 records on the topic are no dead letters" in await printed(settings, "list")


async def test_nothing_in_a_letter_reaches_a_terminal_as_a_command(settings: Settings) -> None:
    hostile = letter(1, HARM.encode(), HARM.encode() + b"\x9b\xff after", detail=HARM)
    worse = letter(2, b"k", b"x").model_copy(update={"service": HARM, "topic": HARM, "id": f"z{HARM}"})
    await bury(settings, hostile, worse)
    shown = (
        await printed(settings, "list") + await printed(settings, "list", "--format", "jsonl") + await printed(settings, "show", hostile.id)
    )
    shown += await printed(settings, "show", "z") + await printed(settings, "replay", "--all", "--dry-run")
    assert "after" in shown
    assert [each for each in set(shown) if not each.isprintable() and each != "\n"] == []


@pytest.mark.timeout(280)
async def test_a_hundred_thousand_are_read_in_bounded_memory(kafka: real.Kafka) -> None:
    settings = await installed(Brokers("kafka", kafka.bootstrap))
    async with Publisher(settings, "test") as publisher:
        for start in range(0, 100_000, 5_000):
            made = (letter(number, b"k%d" % number, b"x" * 1_000) for number in range(start, start + 5_000))
            await publisher.send_all(
                [Sending(DEAD_LETTERS.name, b"", each.to_bytes(), each.offset % 4 if each.offset else 0) for each in made]
            )
    few, _ = await asyncio.to_thread(peak, settings, "list", "--since", (datetime.now(UTC) + timedelta(days=1)).isoformat())
    listed, said = await asyncio.to_thread(peak, settings, "list", "--limit", "5")
    assert "100000 dead letters: 100000 extract undecodable" in said
    dumped, lines = await asyncio.to_thread(peak, settings, "list", "--format", "jsonl")
    assert lines.count("\n") == 100_000
    assert max(listed, dumped) - few < 80, f"{few}, {listed}, {dumped} MiB; the letters by themselves are 150 MiB and more"


def peak(settings: Settings, *arguments: str) -> tuple[int, str]:
    """Peak resident memory of a command in MiB, and what it printed."""
    process = command(settings, *arguments)
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, output.decode()
    return usage.ru_maxrss // 1024, output.decode()


def test_a_replay_of_everything_must_be_asked_for() -> None:
    result = CliRunner().invoke(main, ["dead-letters", "replay"])
    assert result.exit_code == 2
    assert "--all" in result.output


@pytest.mark.parametrize("arguments", [["show", "zz"], ["replay", "zz"]])
async def test_an_id_that_fits_none_is_refused(settings: Settings, arguments: list[str]) -> None:
    process = command(settings, *arguments)
    output, _ = await asyncio.to_thread(process.communicate, timeout=60)
    assert process.returncode == 1
    assert b"no dead letters have an id that begins with 'zz'" in output


def test_the_summary_counts_by_service_and_cause() -> None:
    assert summary({("extract", "undecodable"): 2}) == "2 dead letters: 2 extract undecodable"
    assert summary({}) == "No dead letters."
