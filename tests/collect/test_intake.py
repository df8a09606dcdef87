"""The intake as a sender meets it: a real server, the embedded broker behind it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from aiokafka.errors import KafkaTimeoutError

from schemas import Article
from schemas.topics import ARTICLES
from services.collect import intake as module
from services.collect.intake import Intake
from services.runtime.publisher import Publisher
from services.runtime.reader import read_all
from services.runtime.settings import Settings
from services.stage import Output, Stop

from .conftest import NOW
from .hostile_requests import TABLE, Hostile


@dataclass
class Server:
    """A running intake and a client of it."""

    intake: Intake
    session: aiohttp.ClientSession
    at: str

    async def post(self, body: Any, kind: str = "application/json", path: str = "/articles", **headers: str) -> tuple[int, Any]:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        async with self.session.post(self.at + path, data=data, headers={"Content-Type": kind, **headers}) as response:
            return response.status, await response.json()


@pytest.fixture
async def server(settings: Settings, publisher: Publisher) -> AsyncIterator[Server]:
    intake = Intake(settings, publisher, lambda: NOW)
    running = asyncio.create_task(intake.run())
    await intake.listening.wait()
    async with aiohttp.ClientSession() as session:
        yield Server(intake, session, f"http://127.0.0.1:{intake.port}")
    await intake.stop()
    await running


async def articles(settings: Settings) -> list[Article]:
    return [Article.from_bytes(record.value or b"") for record in await read_all(settings, ARTICLES)]


async def test_an_article_is_on_the_topic_when_the_answer_comes(server: Server, settings: Settings) -> None:
    given = {
        "title": "Ten freed",
        "text": "Ten people were freed.",
        "url": "https://Example.org/a?utm_source=x",
        "published_at": "2024-04-06T12:00:00+02:00",
    }
    status, answer = await server.post(given)
    (article,) = await articles(settings)
    assert status == 202
    assert answer == {"id": article.id, "revision": article.revision.model_dump(mode="json")}
    assert (article.title, article.text, article.via) == ("Ten freed", "Ten people were freed.", "intake")
    assert article.published_at is not None
    assert article.published_at.isoformat() == "2024-04-06T10:00:00+00:00"
    assert article.id == Article.identify("https://example.org/a", "", "")


async def test_the_same_article_twice_is_one(server: Server, settings: Settings) -> None:
    answers = [await server.post({"text": "Ten people were freed.", "source": "A"}) for _ in range(2)]
    assert answers[0] == answers[1]
    assert len(await articles(settings)) == 1


async def test_text_is_kept_as_it_is(server: Server, settings: Settings) -> None:
    text = "  First line\r\n\r\n\tSecond  line: 12 “killed”\n"
    status, _ = await server.post(text.encode(), "text/plain", "/articles?source=Some%20paper&published_at=2024-04-06")
    (article,) = await articles(settings)
    assert status == 202
    assert (article.text, article.title, article.source) == (text, "", "Some paper")


async def test_a_batch_is_taken_as_an_array_or_as_lines(server: Server, settings: Settings) -> None:
    both = [{"text": "One."}, {"text": "Two."}]
    status, array = await server.post(both)
    assert status == 202
    status, lines = await server.post(b"\n".join(json.dumps(each).encode() for each in both), "application/x-ndjson")
    assert status == 202
    assert array == lines
    assert len(await articles(settings)) == 2


async def test_of_a_batch_with_one_that_is_wrong_none_is_taken(server: Server, settings: Settings, publisher: Publisher) -> None:
    status, answer = await server.post([{"text": "One."}, {"text": "Two.", "url": "nowhere"}])
    assert status == 422
    assert answer["objections"][0]["article"] == 1
    assert answer["objections"][0]["field"] == "url"
    await publisher.partitions(ARTICLES.name)
    assert await articles(settings) == []


async def test_what_is_not_taken_as_given_is_said(server: Server) -> None:
    status, answer = await server.post({"text": "x" * 300_001, "published_at": "9999-12-31T23:59:59-12:00", "updated_at": "soon"})
    assert status == 202
    assert [remark.split()[0] for remark in answer["remarks"]] == ["text", "published_at", "updated_at"]


async def test_the_largest_article_in_four_byte_characters_gets_through(server: Server, settings: Settings) -> None:
    status, _ = await server.post(json.dumps({"text": "𒀀" * 300_000}, ensure_ascii=False).encode())
    assert status == 202
    (article,) = await articles(settings)
    assert len(article.text) == 300_000


async def test_every_hostile_request_is_answered_in_words_and_the_good_ones_come_through(server: Server, settings: Settings) -> None:
    assert len(TABLE) >= 60
    wrong = []
    for number, hostile in enumerate(TABLE):
        status, words = await answer_to(server, hostile)
        if status != hostile.status or len(words) < 10:
            wrong.append((hostile.name, hostile.status, status, words[:200]))
        if number % 10 == 0:
            assert (await server.post({"text": f"Good one {number}."}))[0] == 202
    assert wrong == []
    found = await articles(settings)
    assert sorted(article.text for article in found) == sorted(f"Good one {number}." for number in range(0, len(TABLE), 10))


async def answer_to(server: Server, hostile: Hostile) -> tuple[int, str]:
    """Status and words; spoken by hand, since no client would send all of these."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.intake.port)
    kind = {"Content-Type": hostile.kind} if hostile.kind else {}
    headers = {"Host": "127.0.0.1", "Connection": "close", "Content-Length": str(len(hostile.body)), **kind, **hostile.headers}
    lines = [f"{hostile.method} {hostile.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    try:
        writer.write("\r\n".join(lines).encode() + hostile.body)
        async with asyncio.timeout(30):
            answer = await reader.read()
    finally:
        writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split(b" ", 2)[1]), body.decode()


async def test_a_request_that_is_no_http_is_answered(server: Server) -> None:
    for nonsense in (
        b"\x00\x01\x02\r\n\r\n",
        b"GET\r\n\r\n",
        b"POST /articles HTTP/9.9\r\n\r\n",
        b"POST /articles HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
    ):
        reader, writer = await asyncio.open_connection("127.0.0.1", server.intake.port)
        writer.write(nonsense)
        async with asyncio.timeout(10):
            assert b" 400 " in (await reader.read()).split(b"\r\n")[0]
        writer.close()


async def test_a_body_that_does_not_come_is_not_waited_for(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "READ_WITHIN", 0.2)
    reader, writer = await asyncio.open_connection("127.0.0.1", server.intake.port)
    writer.write(b"POST /articles HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
    async with asyncio.timeout(10):
        assert b" 408 " in await reader.readline()
    writer.close()


class Deaf:
    """A publisher whose broker does not answer."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()

    async def send(self, _outputs: Iterable[Output]) -> None:
        self.asked.set()
        await asyncio.Event().wait()


class Failing:
    """A publisher whose broker says no."""

    async def send(self, _outputs: Iterable[Output]) -> None:
        raise KafkaTimeoutError


async def served(intake: Intake) -> tuple[asyncio.Task[None], str]:
    running = asyncio.create_task(intake.run())
    await intake.listening.wait()
    return running, f"http://127.0.0.1:{intake.port}/articles"


@pytest.mark.parametrize("publisher_kind", [Deaf, Failing])
async def test_a_sender_is_asked_to_come_back_when_the_broker_does_not_answer(
    publisher_kind: type[Deaf | Failing], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SEND_WITHIN", 0.2)
    intake = Intake(Settings(intake_port=0, stop_timeout=1), publisher_kind(), lambda: NOW)  # type: ignore[arg-type]  # as much of it as is used
    running, at = await served(intake)
    async with aiohttp.ClientSession() as session, session.post(at, json={"text": "Words."}) as response:
        assert response.status == 503
        assert int(response.headers["Retry-After"]) > 0
        assert "again" in (await response.json())["problem"]
    await intake.stop()
    await running


async def test_more_requests_than_can_be_worked_on_are_asked_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 1)
    monkeypatch.setattr(module, "SEND_WITHIN", 2.0)
    deaf = Deaf()
    intake = Intake(Settings(intake_port=0, stop_timeout=1), deaf, lambda: NOW)  # type: ignore[arg-type]  # as much of it as is used
    running, at = await served(intake)
    async with aiohttp.ClientSession() as session:
        first = asyncio.create_task(session.post(at, json={"text": "One."}))
        await deaf.asked.wait()
        async with session.post(at, json={"text": "Two."}) as response:
            assert response.status == 503
            assert "Retry-After" in response.headers
        (await first).release()
    await intake.stop()
    await running


async def test_a_port_in_use_is_said_with_what_to_do(server: Server, settings: Settings, publisher: Publisher) -> None:
    second = Intake(settings.model_copy(update={"intake_port": server.intake.port}), publisher, lambda: NOW)
    with pytest.raises(Stop, match="TALLYWIRE_INTAKE_PORT"):
        await second.run()


async def test_the_front_page_says_how_to_post(server: Server) -> None:
    async with server.session.get(server.at + "/") as response:
        text = await response.text()
    assert f"{server.at}/articles" in text
    assert "published_at" in text
