"""Keeps what we fetch and whom we call away from inside: the address that is dialled is the address that is checked.

Every way to an address ends in a socket, and no socket is made here but for an address that may be reached. So neither a
name that resolves to inside, nor one that resolves differently the next time, nor a redirect, nor a strange spelling finds
a gap. A name is refused whole if any of its addresses is an inside one.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from .metrics import BLOCKED

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
AddressInfo = tuple[int, int, int, str, tuple[Any, ...]]
"""What `socket.getaddrinfo` gives: family, type, protocol, canonical name, socket address."""

Lookup = Callable[[str, int, int], Iterable[AddressInfo]]
"""Host, port, family -> addresses; blocking, called on a thread of its own."""

INSIDE_IPV4: Final = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this host
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carriers' shared space; clouds put their metadata here
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # Azure's host, a public address that only guests reach
        "169.254.0.0/16",  # link-local; clouds put their metadata here
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and the broadcast
    )
)
"""Written out, because what Python calls global has changed between its versions."""

OUTSIDE_IPV6: Final = ipaddress.IPv6Network("2000::/3")
"""The only space given out for use on the Internet: loopback, link-local, unique-local, mapped, NAT64 and the rest lie beyond."""

INSIDE_IPV6: Final = tuple(
    ipaddress.IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments, among them Teredo, which carries an IPv4 address
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which carries an IPv4 address
        "3fff::/20",  # documentation
    )
)
"""What within it leads elsewhere than to the Internet."""

DNS_CACHE_SECONDS: Final = 30
"""Long enough to share one look-up among the attempts of a moment; what is dialled is checked anyway."""

CONNECT_SECONDS: Final = 5.0
"""To look up, connect and shake hands; a server that needs longer is as good as down."""

MAX_URL: Final = 4_000
"""Longest URL that is called."""


class BlockedAddress(OSError):
    """An address that must not be reached; the text says which, and why."""


def objection_to_url(url: str, *, allow_http: bool = False) -> str | None:
    """Why a URL may not be called, without the URL in the words; None where it may."""
    if len(url) > MAX_URL:
        return f"is longer than {MAX_URL} characters"
    if any(c.isspace() or not c.isprintable() or c == "\\" for c in url):
        return "holds a space, a control character or a backslash"
    try:
        parsed = URL(url)
        port = parsed.port
    except ValueError:
        return "is not a URL"
    if parsed.scheme not in ("https", "http") or not parsed.host:
        return "must begin with https:// and name a host"
    if parsed.scheme == "http" and not allow_http:
        return "must begin with https:// (plain http sends what it carries in the open)"
    if parsed.user is not None or parsed.password is not None:
        return "must not hold a user name or password"
    if not port:
        return "names a port that cannot be connected to"
    return None


def objection_to_address(address: str, allow: Iterable[Network] = ()) -> str | None:
    """Why an address (IPv4 or IPv6, a zone may follow `%`) may not be dialled; None where it may."""
    try:
        parsed = ipaddress.ip_address(address.split("%", 1)[0])
    except ValueError:
        return "is not an IP address"
    judged: Address = getattr(parsed, "ipv4_mapped", None) or parsed
    if any(judged.version == network.version and judged in network for network in allow):
        return None
    if isinstance(judged, ipaddress.IPv4Address):
        inside = next((network for network in INSIDE_IPV4 if judged in network), None)
        return None if inside is None else f"lies in {inside}"
    if judged not in OUTSIDE_IPV6:
        return f"lies outside {OUTSIDE_IPV6}"
    inside6 = next((network for network in INSIDE_IPV6 if judged in network), None)
    return None if inside6 is None else f"lies in {inside6}"


def was_blocked(error: BaseException) -> bool:
    """Whether a failed request failed because its address must not be reached."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, BlockedAddress) or isinstance(getattr(seen, "os_error", None), BlockedAddress):
            return True
        seen = seen.__cause__
    # aiohttp refuses 127.1, 0x7f000001 and their kin by itself, before any socket: nobody means well with these.
    return isinstance(error, aiohttp.InvalidUrlClientError)


def look_up(host: str, port: int, family: int) -> list[AddressInfo]:
    """What the system says of a name."""
    return list(socket.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG))


class _Resolver(AbstractResolver):
    """Looks names up, each on a daemon thread, so that a hanging look-up holds up neither another nor the end of the process."""

    def __init__(self, check: Callable[[str], None], lookup: Lookup) -> None:
        self._check = check
        self._lookup = lookup

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC) -> list[ResolveResult]:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[list[AddressInfo]] = loop.create_future()
        threading.Thread(target=_answer, args=(loop, answer, self._lookup, host, port, family), daemon=True, name="look-up").start()
        infos = await answer
        for info in infos:
            self._check(str(info[4][0]))
        return [
            ResolveResult(
                hostname=host,
                host=str(info[4][0]),
                port=port,
                family=info[0],
                proto=info[2],
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for info in infos
        ]

    async def close(self) -> None:
        """Nothing to release: threads end with their look-up."""


def _answer(
    loop: asyncio.AbstractEventLoop, answer: asyncio.Future[list[AddressInfo]], lookup: Lookup, host: str, port: int, family: int
) -> None:
    result: list[AddressInfo] | OSError
    try:
        result = list(lookup(host, port, family)) or OSError(f"{host} has no address")
    except OSError as error:
        result = error
    except UnicodeError:
        result = OSError("the name of the host cannot be looked up")

    def hand_over() -> None:
        if answer.done():
            return
        if isinstance(result, OSError):
            answer.set_exception(result)
        else:
            answer.set_result(result)

    with contextlib.suppress(RuntimeError):  # the loop has been closed: nobody waits any more
        loop.call_soon_threadsafe(hand_over)


def guarded_session(
    client: str,
    *,
    allow: Iterable[Network] = (),
    timeout: float = 15.0,
    connections: int = 10,
    headers: Mapping[str, str] | None = None,
    lookup: Lookup = look_up,
) -> aiohttp.ClientSession:
    """An HTTP client that reaches nothing inside but the networks in `allow`.

    It knows no proxies from the environment and keeps no cookies. Give `allow_redirects=False` with each request unless
    redirects are wanted; each hop is guarded like the first. `timeout` is for a whole request, in seconds; `client` is the
    label of the metric that counts refusals.
    """
    allowed = tuple(allow)
    blocked = BLOCKED.labels(client)  # so that none yet is seen as 0

    def check(address: str) -> None:
        objection = objection_to_address(address, allowed)
        if objection is not None:
            blocked.inc()
            raise BlockedAddress(f"{address} {objection}")

    def make_socket(info: AddressInfo) -> socket.socket:
        check(str(info[4][0]))
        return socket.socket(info[0], info[1], info[2])

    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            resolver=_Resolver(check, lookup),
            socket_factory=make_socket,
            ttl_dns_cache=DNS_CACHE_SECONDS,
            limit=connections,
        ),
        timeout=aiohttp.ClientTimeout(total=timeout, sock_connect=min(CONNECT_SECONDS, timeout)),
        headers=headers,
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
    )


async def read_at_most(response: aiohttp.ClientResponse, limit: int) -> tuple[bytes, bool]:
    """At most so many bytes of a (decompressed) body, and whether that was all of it."""
    chunks: list[bytes] = []
    size = 0
    async for chunk in response.content.iter_any():
        chunks.append(chunk)
        size += len(chunk)
        if size > limit:
            return b"".join(chunks)[:limit], False
    return b"".join(chunks), True
