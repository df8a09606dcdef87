"""The receiver: an HTTP server that verifies each webhook, remembers it, answers, and hands it on."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Self

import orjson
from aiohttp import web

from .store import Receipt, Store
from .verify import Verdict, key_of_secret, verify

MAX_BODY: Final = 1024 * 1024
"""Largest body that is read, in bytes: four times what the sender may send."""

MAX_ID: Final = 200
"""Longest webhook id that is remembered."""

KEPT: Final = 1_000
"""Received webhooks that are kept in memory, newest last; the store keeps more."""

KEPT_BYTES: Final = 16 * 1024 * 1024
"""Bytes of their bodies that are kept: anybody may send what does not verify."""


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it was judged."""

    id: str
    """Its `webhook-id`; empty where it has none."""
    payload: dict[str, Any]
    """Its body read as JSON; empty where it is no JSON object."""
    body: bytes
    """Its body as it came."""
    timestamp: str
    """Its `webhook-timestamp`, of the attempt."""
    verdict: Verdict
    """Whether it was signed by one who knows the secret."""
    receipt: Receipt | None
    """Whether it is new; None where it is not verified, and so not remembered."""
    at: datetime
    """When it came."""

    @property
    def verified(self) -> bool:
        """Whether it may be believed."""
        return self.verdict is Verdict.VERIFIED

    @property
    def duplicate(self) -> bool:
        """Whether its id was received before."""
        return self.receipt in (Receipt.REPEATED, Receipt.CONTRADICTED)


OnAlert = Callable[[Received], Awaitable[None] | None]


def _now() -> datetime:
    return datetime.now(UTC)


class Receiver:
    """A running receiver: `async with Receiver(secret) as receiver: ... receiver.url`.

    It answers 204 to what it has stored, repeats included; 401 to what is not verified; 400 to what is no JSON object, 409
    to an id that came with another body before; 503 where it could not store, so that it is sent again.
    """

    def __init__(
        self,
        secret: str | Sequence[str],
        host: str = "127.0.0.1",
        port: int = 0,
        on_alert: OnAlert | None = None,
        *,
        database: Path | None = None,
        now: Callable[[], datetime] = _now,
    ) -> None:
        """Take the secret (several while they are being changed); port 0 lets the system choose.

        Raises:
            ValueError: a secret cannot be read.

        """
        secrets = [secret] if isinstance(secret, str) else secret
        self._keys = [key_of_secret(each) for each in secrets]
        self._host = host
        self._port = port
        self._on_alert = on_alert
        self._database = database
        self._now = now
        self._store: Store | None = None
        self._runner: web.AppRunner | None = None
        self.received: deque[Received] = deque()
        """The last requests, unverified ones too, newest last."""
        self._size = 0

    @property
    def url(self) -> str:
        """Where to send; known once it has started."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}/"

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen.

        Raises:
            OSError: the port is taken, or the address is not ours.
            sqlite3.OperationalError: the database cannot be opened.

        """
        self._store = Store(self._database)
        app = web.Application(client_max_size=MAX_BODY)
        app.router.add_post("/{path:.*}", self._receive)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=2.0)
        await runner.setup()
        self._runner = runner
        try:
            await web.TCPSite(runner, self._host, self._port).start()
        except OSError:
            await self.stop()
            raise
        self._port = runner.addresses[0][1]

    async def stop(self) -> None:
        """Finish what is being received, and close."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        if self._store is not None:
            self._store.close()
            self._store = None

    async def _receive(self, request: web.Request) -> web.Response:
        body = await request.read()
        headers = {name.lower(): value for name, value in request.headers.items()}
        now = self._now()
        verdict = verify(self._keys, headers, body, now)
        payload = _read(body)
        webhook = headers.get("webhook-id", "")[:MAX_ID]
        receipt = None
        if verdict is Verdict.VERIFIED and payload and self._store is not None:
            try:
                receipt = self._store.add(webhook, str(payload.get("type", "")), body, now)
            except sqlite3.Error:
                return web.json_response({"error": "it could not be stored; send it again"}, status=503)
        received = Received(webhook, payload, body, headers.get("webhook-timestamp", "")[:MAX_ID], verdict, receipt, now)
        self._keep(received)
        if self._on_alert is not None:
            waiting = self._on_alert(received)
            if waiting is not None:
                await waiting
        return _answer(received)

    def _keep(self, received: Received) -> None:
        self.received.append(received)
        self._size += len(received.body)
        while len(self.received) > KEPT or (self._size > KEPT_BYTES and len(self.received) > 1):
            self._size -= len(self.received.popleft().body)


def _read(body: bytes) -> dict[str, Any]:
    try:
        payload = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return payload if isinstance(payload, dict) else {}


def _answer(received: Received) -> web.Response:
    if not received.verified:
        return web.json_response({"error": received.verdict.value}, status=401)
    if not received.payload:
        return web.json_response({"error": "the body is not a JSON object"}, status=400)
    if received.receipt is Receipt.CONTRADICTED:
        return web.json_response({"error": "this webhook-id came with another body before"}, status=409)
    return web.Response(status=204)
