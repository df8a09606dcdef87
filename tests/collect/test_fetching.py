"""Documents are fetched within limits, and nothing inside is reached, however a server asks for it."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator
from ipaddress import IPv4Network

import aiohttp
import pytest
from aiohttp import web

from services.collect.fetching import MAX_HOPS, FetchFailed, fetch
from services.runtime.guard import guarded_session

from .feed_server import FeedServer

LIMIT = 100_000


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with FeedServer() as server:
        yield server


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with guarded_session("test", allow=[IPv4Network("127.0.0.1/32")], timeout=5.0) as session:
        yield session


async def failure(session: aiohttp.ClientSession, url: str) -> FetchFailed:
    with pytest.raises(FetchFailed) as failed:
        await fetch(session, url, LIMIT)
    return failed.value


async def test_a_document_comes_with_its_validators(server: FeedServer, session: aiohttp.ClientSession) -> None:
    server.etag = 'W/"1"'
    server.answers["/a"] = b"<rss/>"
    fetched = await fetch(session, f"{server.at}/a", LIMIT)
    assert (fetched.body, fetched.etag, fetched.url) == (b"<rss/>", 'W/"1"', f"{server.at}/a")
    again = await fetch(session, f"{server.at}/a", LIMIT, {"If-None-Match": 'W/"1"'})
    assert again.body is None


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_followed_to_the_end(server: FeedServer, session: aiohttp.ClientSession, status: int) -> None:
    for hop in range(MAX_HOPS):
        server.answers[f"/{hop}"] = web.Response(status=status, headers={"Location": str(hop + 1)})
    server.answers[f"/{MAX_HOPS}"] = b"here"
    fetched = await fetch(session, f"{server.at}/0", LIMIT)
    assert (fetched.body, fetched.url) == (b"here", f"{server.at}/{MAX_HOPS}")


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]:80/",
        "http://[::ffff:10.0.0.1]/",
        "http://10.0.0.1/",
        "http://127.0.0.2/",
        "http://0.0.0.0/",
        "http://2130706434/",
        "http://0x7f.0.0.2/",
        "//127.2/x",
        "https://user:pw@127.0.0.1/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "http://",
        "http://127.0.0.1:0/",
        "http://a b/",
        "http://[::1",
    ],
)
async def test_a_redirect_to_what_must_not_be_reached_is_refused(server: FeedServer, session: aiohttp.ClientSession, target: str) -> None:
    server.answers["/a"] = web.Response(status=302, headers={"Location": target})
    failed = await failure(session, f"{server.at}/a")
    assert failed.outcome in ("blocked", "unreachable", "redirects")
    assert len(server.asked) == 1


async def test_a_redirect_must_not_bring_a_password_or_a_way_around(server: FeedServer, session: aiohttp.ClientSession) -> None:
    server.answers["/b"] = b"reached"
    for target in (server.at.replace("//", "//user:password@") + "/b", f"{server.at}/b\\c", f"{server.at}/{'b' * 5_000}"):
        server.answers["/a"] = web.Response(status=302, headers={"Location": target})
        failed = await failure(session, f"{server.at}/a")
        assert failed.outcome == "blocked"
        assert "password" not in str(failed).replace("user name or password", "")
    assert {path for path, _ in server.asked} == {"/a"}


async def test_redirects_in_a_circle_end(server: FeedServer, session: aiohttp.ClientSession) -> None:
    server.answers["/a"] = web.Response(status=302, headers={"Location": "/b"})
    server.answers["/b"] = web.Response(status=302, headers={"Location": "/a"})
    server.answers["/self"] = web.Response(status=302, headers={"Location": "/self"})
    server.answers["/nowhere"] = web.Response(status=302)
    assert (await failure(session, f"{server.at}/a")).outcome == "redirects"
    assert len(server.asked) == MAX_HOPS + 1
    assert (await failure(session, f"{server.at}/self")).outcome == "redirects"
    assert (await failure(session, f"{server.at}/nowhere")).outcome == "redirects"


async def test_errors_say_their_class_and_what_the_server_wishes(server: FeedServer, session: aiohttp.ClientSession) -> None:
    server.answers["/busy"] = web.Response(status=503, headers={"Retry-After": "120"})
    busy, gone = await failure(session, f"{server.at}/busy"), await failure(session, f"{server.at}/gone")
    assert (busy.outcome, busy.retry_after) == ("status_5xx", "120")
    assert gone.outcome == "status_4xx"


async def test_a_body_is_bounded_after_decompression(server: FeedServer, session: aiohttp.ClientSession) -> None:
    server.answers["/long"] = b"x" * (LIMIT + 1)
    server.answers["/bomb"] = web.Response(body=gzip.compress(b"x" * 50_000_000), headers={"Content-Encoding": "gzip"})
    server.answers["/torn"] = web.Response(body=b"this is no gzip", headers={"Content-Encoding": "gzip"})
    server.answers["/fits"] = b"x" * LIMIT
    assert (await failure(session, f"{server.at}/long")).outcome == "too_large"
    assert (await failure(session, f"{server.at}/bomb")).outcome == "too_large"
    assert (await failure(session, f"{server.at}/torn")).outcome == "unreachable"
    assert len((await fetch(session, f"{server.at}/fits", LIMIT)).body or b"") == LIMIT


async def test_validators_that_are_too_long_are_not_kept(server: FeedServer, session: aiohttp.ClientSession) -> None:
    server.answers["/a"] = web.Response(body=b"x", headers={"ETag": '"' + "e" * 1_000 + '"', "Last-Modified": "m" * 1_000})
    fetched = await fetch(session, f"{server.at}/a", LIMIT)
    assert (fetched.etag, fetched.last_modified) == (None, None)


async def test_who_does_not_answer_is_unreachable(session: aiohttp.ClientSession) -> None:
    assert (await failure(session, "http://127.0.0.1:1/")).outcome == "unreachable"
