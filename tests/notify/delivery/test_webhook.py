"""One attempt over HTTP: every silence has its own outcome, and nothing that a receiver does can keep us."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from schemas import Outcome
from services.notify.delivery.advance import scheduled
from services.notify.delivery.classify import Verdict
from services.notify.delivery.consumers.webhook import attempt, session_for
from tests.support.tools import need

from .alerts import alert
from .receivers import HANG, collecting, endpoint

NOW = datetime(2022, 8, 14, 10, tzinfo=UTC)
Raw = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def tried(url: str, **changed: Any) -> tuple[Verdict, float]:
    """The verdict of one attempt, and how long it took."""
    desk = endpoint("desk", url, **changed)
    loop = asyncio.get_running_loop()
    async with session_for(desk) as session:
        began = loop.time()
        verdict = await attempt(session, desk, scheduled(alert(), "desk", NOW), NOW)
        return verdict, loop.time() - began


@asynccontextmanager
async def speaking(raw: Raw) -> AsyncIterator[str]:
    """A server that says whatever it is told to say."""
    server = await asyncio.start_server(raw, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/planted"
    finally:
        server.close()


def saying(words: bytes, then: float = 0.0) -> Raw:
    async def raw(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(words)
        await writer.drain()
        await asyncio.sleep(then)
        writer.close()

    return raw


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
async def test_any_2xx_is_a_delivery(status: int) -> None:
    async with collecting(lambda _: status) as collector:
        verdict, _ = await tried(collector.url)
    assert (verdict.outcome, verdict.status) == (Outcome.OK, status)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(status: int) -> None:
    async with collecting() as away, collecting(lambda _: status, location=away.url) as collector:
        verdict, _ = await tried(collector.url)
    assert verdict.outcome is Outcome.REDIRECTED
    assert away.requests == []


async def test_retry_after_of_an_answer_is_heard() -> None:
    async with collecting(lambda _: 429, **{"retry-after": "77"}) as collector:
        verdict, _ = await tried(collector.url)
    assert (verdict.outcome, verdict.retry_after) == (Outcome.THROTTLED, 77.0)


async def test_a_receiver_that_hangs_is_left_after_the_timeout() -> None:
    async with collecting(lambda _: HANG) as collector:
        verdict, seconds = await tried(collector.url, timeout=0.3)
    assert verdict.outcome is Outcome.TIMEOUT
    assert verdict.detail == "no answer within 0.3 s"
    assert seconds < 5


@pytest.mark.parametrize(
    ("raw", "outcome"),
    [
        (saying(b""), Outcome.UNREACHABLE),
        (saying(b"SSH-2.0-x\r\n"), Outcome.UNREACHABLE),
        (saying(b"HTTP/1.1 20"), Outcome.UNREACHABLE),
        (saying(b"HTTP/1.1 200 OK\r\nx: " + b"y" * 100_000), Outcome.UNREACHABLE),
        (saying(b"HTTP/1.1 abc OK\r\n\r\n"), Outcome.UNREACHABLE),
        (saying(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\ntoo short"), Outcome.OK),
        (saying(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n"), Outcome.UNREACHABLE),
        (saying(b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\nnope"), Outcome.OK),
        (saying(b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n" + b"x" * 1_000_000), Outcome.OK),
    ],
)
async def test_whatever_it_says_there_is_an_outcome(raw: Raw, outcome: Outcome) -> None:
    async with speaking(raw) as url:
        verdict, _ = await tried(url)
    assert verdict.outcome is outcome
    assert "planted" not in verdict.detail


async def test_an_answer_whose_body_never_ends_has_said_enough_with_its_status() -> None:
    async with speaking(saying(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n", then=10.0)) as url:
        verdict, seconds = await tried(url, timeout=10.0)
    assert verdict.outcome is Outcome.OK
    assert seconds < 8


async def test_a_refused_connection_an_unknown_name_and_no_tls() -> None:
    async with collecting() as collector:
        verdicts = [
            (await tried(url))[0]
            for url in ("http://127.0.0.1:1/planted", "http://planted.invalid/", collector.url.replace("http:", "https:"))
        ]
    assert [verdict.outcome for verdict in verdicts] == [Outcome.UNREACHABLE] * 3
    assert [verdict.detail for verdict in verdicts] == [
        "no connection: Connection refused",
        "its name could not be looked up",
        "TLS failed",
    ]


async def test_a_certificate_that_nobody_vouches_for(tmp_path: Any) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = await asyncio.create_subprocess_exec(
        *(need("openssl", "openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"),
        *("-keyout", key, "-out", certificate),
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert await made.wait() == 0
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    reached = []

    async def raw(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        reached.append(await reader.read(1))
        writer.close()

    server = await asyncio.start_server(raw, "127.0.0.1", 0, ssl=context)
    verdict, _ = await tried(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/planted")
    server.close()
    assert verdict.outcome is Outcome.UNREACHABLE
    assert "certificate" in verdict.detail
    assert reached in ([], [b""])


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:{port}/", "http://localhost:{port}/", "http://[::ffff:127.0.0.1]:{port}/", "http://0x7f000001:{port}/"]
)
async def test_an_inside_address_is_not_called(url: str) -> None:
    async with collecting() as collector:
        verdict, _ = await tried(url.format(port=collector.port), allow_networks=())
    assert verdict.outcome is Outcome.BLOCKED
    assert collector.requests == []
