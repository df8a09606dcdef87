"""Inside addresses are refused however they are spelt or looked up; a listener proves that none was reached."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest
from aiohttp import web

from services.runtime.guard import guarded_session, objection_to_address, objection_to_url, read_at_most, was_blocked
from services.runtime.metrics import REGISTRY

LOOPBACK = ipaddress.ip_network("127.0.0.0/8")

INSIDE = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.254",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:a9fe:a9fe",
    "::ffff:0:127.0.0.1",
    "64:ff9b::127.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::10.0.0.1",
    "100::1",
    "2001::1",
    "2001:0:7f00:1::",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%lo",
    "fec0::1",
    "ff02::1",
    "",
    "localhost",
    "127.1",
    "2130706433",
    "0177.0.0.1",
    "0x7f.0.0.1",
]

OUTSIDE = ["1.1.1.1", "9.9.9.9", "93.184.215.14", "172.32.0.1", "100.128.0.1", "2606:4700:4700::1111", "2a00:1450::1", "::ffff:9.9.9.9"]


@pytest.mark.parametrize("address", INSIDE)
def test_an_inside_address_is_refused_with_a_reason(address: str) -> None:
    assert objection_to_address(address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_an_outside_address_may_be_dialled(address: str) -> None:
    assert objection_to_address(address) is None


def test_an_allowed_network_opens_itself_and_nothing_else() -> None:
    assert objection_to_address("127.0.0.1", [LOOPBACK]) is None
    assert objection_to_address("::ffff:127.0.0.1", [LOOPBACK]) is None
    assert objection_to_address("::1", [LOOPBACK])
    assert objection_to_address("10.0.0.1", [LOOPBACK])


@pytest.mark.parametrize(
    "url",
    [
        "",
        "no url",
        "ftp://hooks.example/x",
        "file:///etc/passwd",
        "https://",
        "https:///path",
        "https://user:word@hooks.example/",
        "https://user@hooks.example/",
        "https://hooks.example\\@inside.example/",
        "https://hooks.example/\r\nx: y",
        "https://hooks.example/\x00",
        "https://hooks.example:99999/",
        "https://hooks.example:0/",
        "https://[::1/",
        "https://hooks.example/" + "a" * 5_000,
        "http://hooks.example/",
    ],
)
def test_a_url_that_may_not_be_called_is_named_without_being_repeated(url: str) -> None:
    objection = objection_to_url(url)
    assert objection
    assert "hooks.example" not in objection


def test_http_is_called_only_where_it_is_allowed() -> None:
    assert objection_to_url("http://hooks.example/x", allow_http=True) is None
    assert objection_to_url("https://hooks.example:8443/x") is None


@dataclass
class Listener:
    """Counts who came, at the transport: before any request is read."""

    port: int
    connections: int = 0


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    """A server on one port of 127.0.0.1 and, where there is IPv6, of ::1; it redirects, bombs and answers."""

    async def answer(request: web.Request) -> web.Response:
        if request.path == "/away":
            raise web.HTTPFound(f"http://localhost:{here.port}/reached")
        return web.Response(body=b"x" * 100_000)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    server = runner.server
    assert server is not None
    here = Listener(0)

    def accept() -> asyncio.Protocol:
        here.connections += 1
        return server()

    loop = asyncio.get_running_loop()
    listening = await loop.create_server(accept, "127.0.0.1", 0)
    here.port = listening.sockets[0].getsockname()[1]
    servers = [listening]
    if socket.has_ipv6:
        with contextlib.suppress(OSError):  # a machine without IPv6: the IPv4 side tells enough
            servers.append(await loop.create_server(accept, "::1", here.port))
    yield here
    for each in servers:
        each.close()
    await runner.cleanup()


TRICKS = [
    "127.0.0.1",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "127.1",
    "127.0.1",
    "0",
    "0.0.0.0",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0x7f.1",
    "0177.0.0.1",
    "00000177.0.0.01",
    "017700000001",
    "127.0.0.1.",
    "127.000.000.001",
    "①②⑦.⓪.⓪.①",
    "127。0。0。1",
    "[::1]",
    "[::]",
    "[::127.0.0.1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:127.0.0.1]",
    "[0000:0000:0000:0000:0000:0000:0000:0001]",
    "[64:ff9b::127.0.0.1]",
    "[2002:7f00:1::]",
    "[fe80::1%25lo]",
    "[::1%25lo]",
    "ip6-localhost",
]


@pytest.mark.parametrize("host", TRICKS)
async def test_no_spelling_of_an_inside_host_reaches_the_listener(listener: Listener, host: str) -> None:
    async with guarded_session("test", timeout=3.0) as session:
        with pytest.raises((aiohttp.ClientError, ValueError, TimeoutError)):
            await session.post(f"http://{host}:{listener.port}/x", allow_redirects=False)
    assert listener.connections == 0


@pytest.mark.parametrize("address", [a for a in INSIDE if ":" in a or a.count(".") == 3])
async def test_no_name_that_resolves_to_inside_reaches_the_listener(listener: Listener, address: str) -> None:
    def lookup(host: str, port: int, family: int) -> list[tuple[int, int, int, str, tuple[object, ...]]]:
        kind = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [(kind, socket.SOCK_STREAM, 0, "", (address, port) if kind == socket.AF_INET else (address, port, 0, 0))]

    async with guarded_session("test", timeout=3.0, lookup=lookup) as session:
        with pytest.raises(aiohttp.ClientConnectorError) as caught:
            await session.get(f"http://news.example:{listener.port}/x")
    assert was_blocked(caught.value)
    assert listener.connections == 0


async def test_a_name_with_one_inside_address_among_outside_ones_is_refused_whole(listener: Listener) -> None:
    def lookup(host: str, port: int, family: int) -> list[tuple[int, int, int, str, tuple[object, ...]]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", (a, port)) for a in ("192.0.2.1", "127.0.0.1")]

    allow = [ipaddress.ip_network("192.0.2.0/24")]
    async with guarded_session("test", timeout=3.0, lookup=lookup, allow=allow) as session:
        with pytest.raises(aiohttp.ClientConnectorError) as caught:
            await session.get(f"http://news.example:{listener.port}/x")
    assert was_blocked(caught.value)
    assert listener.connections == 0


async def test_a_name_that_changes_between_look_ups_is_checked_each_time(listener: Listener) -> None:
    """The first answer may be dialled, the second is inside; with keep-alive off and an aged cache it is looked up again."""
    answers = ["127.0.0.1", "127.0.0.2"]

    def lookup(host: str, port: int, family: int) -> list[tuple[int, int, int, str, tuple[object, ...]]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", (answers.pop(0), port))]

    async with guarded_session("test", timeout=3.0, lookup=lookup, allow=[ipaddress.ip_network("127.0.0.1/32")]) as session:
        async with session.get(f"http://news.example:{listener.port}/x", headers={"connection": "close"}) as response:
            assert response.status == 200
        connector = session.connector
        assert isinstance(connector, aiohttp.TCPConnector)
        connector.clear_dns_cache()
        with pytest.raises(aiohttp.ClientConnectorError) as caught:
            await session.get(f"http://news.example:{listener.port}/x")
    assert was_blocked(caught.value)
    assert listener.connections == 1


async def test_a_redirect_to_inside_is_guarded_like_the_first_hop(listener: Listener) -> None:
    """The test's own network is allowed for the first hop only: `localhost` is looked up to another inside address."""

    def lookup(host: str, port: int, family: int) -> list[tuple[int, int, int, str, tuple[object, ...]]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1" if host == "news.example" else "127.0.0.3", port))]

    async with guarded_session("test", timeout=3.0, lookup=lookup, allow=[ipaddress.ip_network("127.0.0.1/32")]) as session:
        with pytest.raises(aiohttp.ClientConnectorError) as caught:
            await session.get(f"http://news.example:{listener.port}/away")
    assert was_blocked(caught.value)
    assert listener.connections == 1


async def test_proxies_of_the_environment_are_not_used(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{listener.port}")
    async with guarded_session("test", timeout=3.0, lookup=lambda *_: []) as session:
        with pytest.raises(aiohttp.ClientConnectorError):
            await session.get("http://news.example/x")
    assert listener.connections == 0


async def test_an_allowed_receiver_is_reached_and_its_body_is_read_only_so_far(listener: Listener) -> None:
    url = f"http://127.0.0.1:{listener.port}/x"
    async with guarded_session("test", timeout=3.0, allow=[LOOPBACK]) as session, session.get(url) as response:
        body, whole = await read_at_most(response, 1_000)
    assert (len(body), whole) == (1_000, False)
    assert listener.connections == 1


async def test_a_hanging_look_up_delays_neither_another_nor_the_end(listener: Listener) -> None:
    import threading

    release = threading.Event()

    def lookup(host: str, port: int, family: int) -> list[tuple[int, int, int, str, tuple[object, ...]]]:
        if host.startswith("slow"):
            release.wait(10)
        return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", port))]

    async with guarded_session("test", timeout=3.0, lookup=lookup, allow=[LOOPBACK], connections=100) as session:
        slow = [asyncio.create_task(session.get(f"http://slow{i}.example:{listener.port}/")) for i in range(40)]
        await asyncio.sleep(0.05)
        async with session.get(f"http://quick.example:{listener.port}/") as response:
            assert response.status == 200
        ended = await asyncio.gather(*slow, return_exceptions=True)
        assert all(isinstance(each, TimeoutError) for each in ended)
        release.set()


async def test_refusals_are_counted() -> None:
    before = REGISTRY.get_sample_value("tallywire_blocked_addresses_total", {"client": "counted"}) or 0.0
    async with guarded_session("counted", timeout=3.0) as session:
        with pytest.raises(aiohttp.ClientConnectorError):
            await session.get("http://127.0.0.1:9/")
    assert REGISTRY.get_sample_value("tallywire_blocked_addresses_total", {"client": "counted"}) == before + 1
