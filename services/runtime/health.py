"""/metrics, /livez and /readyz on a port of this process."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from services.stage import Stop

from .holds import Holds
from .metrics import LOOP_DELAY, LOOP_HELD

Question = Callable[[], str | None]
"""Says why not; None when all is well."""

PROBE_EVERY = 0.02
"""Seconds between two looks at the event loop's delay: by so much a hold may be told too short, a fifth of what is allowed."""

WORST_OF = 500
"""Looks of which the worst is told: ten seconds of them."""


class Health:
    """What this process says of itself. Alive: the stream can move. Ready: it takes work."""

    def __init__(self, host: str, port: int, service: str, *, alive: Sequence[Question], ready: Sequence[Question]) -> None:
        self._host = host
        self._service = service
        self.port = port
        self._alive = alive
        self._ready = ready
        self._runner: web.AppRunner | None = None
        self._probe: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to serve.

        Raises:
            Stop: the port is in use; the text says what to set.

        """
        app = web.Application(client_max_size=1024)
        app.router.add_get("/metrics", self._metrics)
        app.router.add_get("/livez", self._livez)
        app.router.add_get("/readyz", self._readyz)
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self.port)
        try:
            await site.start()
        except OSError as error:
            await self._runner.cleanup()
            raise Stop(
                f"cannot serve health and metrics on {self._host}:{self.port} ({error.strerror}); "
                f"stop what uses the port, or set TALLYWIRE_{self._service.upper()}_PORT (0 takes any free one)"
            ) from error
        self.port = self._runner.addresses[0][1]
        self._probe = asyncio.create_task(self._measure_delay())

    async def stop(self) -> None:
        """Cease to serve."""
        if self._probe is not None:
            self._probe.cancel()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _measure_delay(self) -> None:
        loop = asyncio.get_running_loop()
        delays, held = deque([0.0], maxlen=WORST_OF), deque([0.0], maxlen=WORST_OF)
        holds = Holds()
        while True:
            holds.begin()
            before = loop.time()
            await asyncio.sleep(PROBE_EVERY)
            delays.append(loop.time() - before - PROBE_EVERY)
            held.append(holds.ended(delays[-1]))
            LOOP_DELAY.set(max(delays))
            LOOP_HELD.set(max(held))

    async def _metrics(self, _request: web.Request) -> web.Response:
        return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _livez(self, _request: web.Request) -> web.Response:
        return _answer(self._alive)

    async def _readyz(self, _request: web.Request) -> web.Response:
        return _answer([*self._alive, *self._ready])


def _answer(questions: Sequence[Question]) -> web.Response:
    reasons = [reason for ask in questions if (reason := ask()) is not None]
    return web.Response(text="\n".join(reasons) + "\n", status=503) if reasons else web.Response(text="ok\n")
