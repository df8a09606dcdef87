"""A receiver that keeps every request as it came, and verifies it with the published `standardwebhooks` package."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import web
from standardwebhooks import Webhook


@dataclass(frozen=True, slots=True)
class Received:
    """One request."""

    id: str
    body: bytes
    headers: dict[str, str]

    @property
    def payload(self) -> dict[str, Any]:
        """What it says."""
        return dict(orjson.loads(self.body))


@dataclass(slots=True)
class Receiver:
    """What came in, in order. `answer` chooses the status of the n-th request (from 0)."""

    secret: str
    answer: Callable[[int], int] = lambda _: 204
    port: int = 0
    requests: list[Received] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where to post."""
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def by_id(self) -> dict[str, list[Received]]:
        """Requests by their `webhook-id`."""
        found = defaultdict(list)
        for request in self.requests:
            found[request.id].append(request)
        return dict(found)

    async def handle(self, request: web.Request) -> web.Response:
        """Verify, keep, answer."""
        body = await request.read()
        headers = {name.lower(): value for name, value in request.headers.items()}
        Webhook(self.secret).verify(body.decode(), headers)
        self.requests.append(Received(headers["webhook-id"], body, headers))
        return web.Response(status=self.answer(len(self.requests) - 1))


@asynccontextmanager
async def receiving(secret: str, answer: Callable[[int], int] = lambda _: 204) -> AsyncIterator[Receiver]:
    """A receiver on loopback until the block ends."""
    receiver = Receiver(secret, answer)
    app = web.Application(client_max_size=1 << 20)
    app.router.add_post("/hook", receiver.handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    receiver.port = runner.addresses[0][1]
    try:
        yield receiver
    finally:
        await runner.cleanup()
