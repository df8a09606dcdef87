"""A network that may fail: TCP between clients and the brokers' second listener, passed on, cut, swallowed or delayed.

Brokers advertise the proxy's address on that listener, so that clients who come by the proxy stay with it.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.support.kafka import bound

CHUNK = 64 * 1024
"""Bytes passed on at once."""

RESET = struct.pack("ii", 1, 0)
"""Of SO_LINGER: a close sends RST, as a firewall that drops a connection does."""

LISTENER = "PROXIED"
"""Name of the brokers' second listener."""


class Network:
    """The ways of a cluster's clients: for each broker a port that clients know, and one that the broker listens on."""

    def __init__(self, nodes: int) -> None:
        self.outside = [bound() for _ in range(nodes)]
        """Ours from the start, so that nobody else takes a port that brokers advertise."""
        self._inside: dict[int, int] = {}

    def further(self, number: int, _folder: Path) -> Mapping[str, str]:
        """The settings of a node by which it has the second listener."""
        with bound() as free:
            self._inside[number] = free.getsockname()[1]
        return {
            "listeners": f"{LISTENER}://127.0.0.1:{self._inside[number]}",
            "advertised.listeners": f"{LISTENER}://{_address(self.outside[number - 1])}",
            "listener.security.protocol.map": f"{LISTENER}:PLAINTEXT",
        }

    def proxy(self) -> Proxy:
        """A proxy for all brokers."""
        return Proxy([(outside, self._inside[number]) for number, outside in enumerate(self.outside, 1)])

    def close(self) -> None:
        """Let go of the ports."""
        for each in self.outside:
            each.close()


class Proxy:
    """Passes on what clients and brokers say, until told otherwise; `async with network.proxy() as proxy`."""

    def __init__(self, ways: list[tuple[socket.socket, int]]) -> None:
        self.bootstrap = ",".join(_address(outside) for outside, _ in ways)
        """Where clients find the brokers."""
        self._ways = ways
        self._servers: list[asyncio.Server] = []
        self._writers: set[asyncio.StreamWriter] = set()
        self._open = asyncio.Event()
        self._refusing = False
        self._delay = 0.0

    async def __aenter__(self) -> Self:
        self._open.set()
        for outside, inside in self._ways:
            self._servers.append(await asyncio.start_server(partial(self._serve, inside), sock=outside.dup()))
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for server in self._servers:
            server.close()
        self.cut()
        self._open.set()
        for server in self._servers:
            await server.wait_closed()

    def cut(self) -> None:
        """Reset every connection, and each that comes."""
        self._refusing = True
        for writer in list(self._writers):
            _reset(writer)

    def swallow(self) -> None:
        """Pass nothing on, and say nothing: what was sent meanwhile arrives when this ends, as after a break that TCP outlives."""
        self._open.clear()

    def slow(self, seconds: float) -> None:
        """Pass everything on so much later."""
        self._delay = seconds

    def mend(self) -> None:
        """Pass on as before."""
        self._refusing, self._delay = False, 0.0
        self._open.set()

    async def _serve(self, port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._refusing:
            _reset(writer)
            return
        try:
            there, back = await asyncio.open_connection("127.0.0.1", port)
        except OSError:  # the broker is away, and so is its listener
            _reset(writer)
            return
        self._writers |= {writer, back}
        try:
            await asyncio.gather(self._pump(reader, back), self._pump(there, writer))
        finally:
            self._writers -= {writer, back}

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One direction, until either side has ended the connection."""
        with contextlib.suppress(OSError):
            while data := await reader.read(CHUNK):
                await asyncio.sleep(self._delay)
                await self._open.wait()
                writer.write(data)
                await writer.drain()
        with contextlib.suppress(OSError):
            writer.close()
            await writer.wait_closed()


def _reset(writer: asyncio.StreamWriter) -> None:
    connection = writer.get_extra_info("socket")
    if connection is not None and connection.fileno() >= 0:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    writer.transport.abort()


def _address(outside: socket.socket) -> str:
    return "{}:{}".format(*outside.getsockname())
