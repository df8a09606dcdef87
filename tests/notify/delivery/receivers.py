"""Receivers that behave as they are told, and endpoints that point to them."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import Any

from aiohttp import web
from pydantic import SecretBytes, SecretStr

from services.notify.delivery.endpoints import Endpoint

KEY = b"a key for tests of 32 bytes ...."
SECRET = "whsec_" + base64.b64encode(KEY).decode()
HANG = -1
"""Instead of a status: never answer."""


@dataclass
class Collector:
    """What came, and how it is answered."""

    port: int = 0
    answer: Callable[[int], int] = lambda _number: 204
    """Number of the request, from 1 -> status."""
    headers: dict[str, str] = field(default_factory=dict)
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/planted-path"

    @property
    def ids(self) -> list[str]:
        return [headers["webhook-id"] for headers, _ in self.requests]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(({name.lower(): value for name, value in request.headers.items()}, await request.read()))
        status = self.answer(len(self.requests))
        if status == HANG:
            await asyncio.sleep(3600)
        return web.Response(status=status, headers=self.headers)


@asynccontextmanager
async def collecting(answer: Callable[[int], int] = lambda _number: 204, **headers: str) -> AsyncIterator[Collector]:
    """A receiver on loopback."""
    collector = Collector(answer=answer, headers=headers)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", collector.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    collector.port = runner.addresses[0][1]
    try:
        yield collector
    finally:
        await runner.cleanup()


def endpoint(name: str, url: str, **changed: Any) -> Endpoint:
    """An endpoint that may be on loopback."""
    given: dict[str, Any] = {
        "id": name,
        "url": SecretStr(url),
        "keys": (SecretBytes(KEY),),
        "allow_http": True,
        "allow_networks": (ip_network("127.0.0.0/8"),),
        "timeout": 2.0,
    }
    return Endpoint(**given | changed)


async def until(condition: Callable[[], bool], seconds: float = 30.0) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(seconds):
        while not condition():  # what is waited for happens in code that knows no test's event
            await asyncio.sleep(0.02)
