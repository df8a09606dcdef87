"""The same services on stock Faust, written as its guide shows; what they lose is what `services/runtime` is for.

`python -m tests.support.stock extract` is `tallywire run extract` with only the stream exchanged.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import faust
from faust.types import StreamT

from services.runtime.encoding import encode
from services.runtime.publisher import Publisher
from services.runtime.settings import Settings
from services.stage import Record, Stage


class Memory:
    """State of one partition, in memory, as a naive service keeps it."""

    def __init__(self) -> None:
        self._values: dict[str, bytes] = {}

    def get(self, key: str) -> bytes | None:
        return self._values.get(key)

    def put(self, key: str, value: bytes) -> None:
        self._values[key] = value

    def delete(self, key: str) -> None:
        self._values.pop(key, None)

    def scan(self, prefix: str, after: str = "") -> Iterator[tuple[str, bytes]]:
        return iter(sorted((k, v) for k, v in self._values.items() if k.startswith(prefix) and k > after))


class StockStream:
    """What `Stream` is, on stock Faust: default settings, an agent for each stage, `await send` for each output."""

    def __init__(
        self,
        settings: Settings,
        service: str,
        stages: Sequence[Stage],
        publisher: Publisher,
        clock: Callable[[], datetime],
        observe: object = None,
    ) -> None:
        self._stop = asyncio.Event()
        self._assigned = False
        self._states: dict[tuple[str, int], Memory] = {}
        self._publisher = publisher
        self._failing = {needle for needle in settings.failpoints.rsplit(":", 1)[-1:] if needle}
        self.app = faust.App(
            settings.group(service),
            broker=f"kafka://{settings.brokers}",
            broker_session_timeout=settings.session_timeout,
            broker_heartbeat_interval=1.0,
            value_serializer="raw",
            key_serializer="raw",
            web_enabled=False,
            topic_disable_leader=True,
            datadir=tempfile.mkdtemp(prefix="tallywire-stock-"),
        )
        for stage in stages:
            self._agent(settings, stage)
        self.app.on_partitions_assigned.connect(self._on_assigned)

    def _agent(self, settings: Settings, stage: Stage) -> None:
        topic = self.app.topic(settings.topic(stage.topic.name), key_serializer="raw", value_serializer="raw")

        async def agent(stream: StreamT[Any]) -> None:
            async for event in stream.events():
                message = event.message
                if any(needle in (message.key or b"").decode(errors="replace") for needle in self._failing):
                    self._failing.clear()
                    raise RuntimeError("ordered")
                moment = datetime.fromtimestamp(message.timestamp or 0, UTC)
                record = Record(stage.topic.name, message.partition, message.offset, message.key, message.value, moment)
                state = self._states.setdefault((stage.topic.name, message.partition), Memory())
                for sending in encode(stage.handle(record, state)):
                    await self._publisher.enqueue(sending)  # type: ignore[unused-awaitable]  # as `await topic.send()`: nobody waits for the broker

        self.app.agent(topic, name=stage.name)(agent)

    async def _on_assigned(self, *_: object, **__: object) -> None:
        self._assigned = True

    async def run(self) -> None:
        """Run until stopped."""
        self.app.finalize()
        await self.app.start()
        await self._stop.wait()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.app.stop(), 10)

    async def stop(self) -> None:
        """Stop."""
        self._stop.set()

    def not_ready(self) -> str | None:
        """Whether partitions are assigned."""
        return None if self._assigned else "no partitions assigned yet"

    def not_alive(self) -> str | None:
        """Stock Faust always looks alive."""
        return None


def main(service: str) -> int:
    """Run a service with the stream exchanged."""
    module = importlib.import_module(f"services.{service}.main")
    module.Stream = StockStream  # type: ignore[attr-defined]  # the exchange that all this is about
    return int(module.main(Settings()))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
