"""A whole installation for a test: topics, rules, endpoints, and the four services as processes."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from schemas import Alert, DeadLetter, Decision, Indicator, Message, Reading
from schemas.topics import ALERTS, ARTICLES, CLAIMS, DEAD_LETTERS, DECISIONS, EVENTS, INDICATORS, OBSERVATIONS, Topic
from services.runtime.publisher import Publisher
from services.runtime.reader import read_all
from services.runtime.settings import Settings
from services.runtime.topics_admin import create, ensure_on_embedded
from services.stage import Record
from tests.conftest import Brokers

from .groups import behind
from .services import RUN, Service, Services
from .streams import until_true

SECRET = "whsec_dGVzdHMtb25seS1rZXktb2YtdGhpcnR5LXR3by1ieXQ="
"""Signs the webhooks of tests."""

M = TypeVar("M", bound=Message)

GROUPS = {"extract": (ARTICLES,), "measure": (EVENTS, CLAIMS), "notify": (INDICATORS, OBSERVATIONS), "notify-schedule": (ALERTS,)}
"""Consumer groups of the streams, with what they read."""

SETTLE = 180.0
"""Seconds in which all must have gone through; a killed worker's partitions wait for its session to end."""


@dataclass(slots=True)
class Installation:
    """Topics, rules and endpoints under a prefix of their own."""

    settings: Settings
    folder: Path

    @classmethod
    async def make(cls, brokers: Brokers, folder: Path, rules: str, receiver: str | None) -> Installation:
        """Create the topics, publish the rules, write the endpoint file."""
        folder.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240  # a test may wait for its own disk
        settings = Settings(brokers=brokers.bootstrap, prefix=f"t{uuid.uuid4().hex[:8]}.", state_dir=folder / "state", session_timeout=6.0)
        if brokers.kind == "embedded":
            await ensure_on_embedded(settings)
        else:
            await create(settings, partitions=4)
        made = cls(settings, folder)
        (folder / "rules.yaml").write_text(rules)
        made.command("rules", "publish", str(folder / "rules.yaml"))
        (folder / "secret").write_text(SECRET)
        (folder / "secret").chmod(0o600)
        hook = f"""
  - id: desk
    url: {receiver}
    secret_file: secret
    allow_http: true
    allow_networks: [127.0.0.0/8]
"""
        (folder / "endpoints.yaml").write_text(f"endpoints:{hook if receiver else ' []'}")
        return made

    def command(self, *arguments: str) -> str:
        """Run a command of `tallywire` on this installation; what it printed."""
        environment = {**os.environ, "TALLYWIRE_BROKERS": self.settings.brokers, "TALLYWIRE_PREFIX": self.settings.prefix}
        done = subprocess.run(
            [sys.executable, "-m", "services.cli.main", *arguments],
            capture_output=True,
            text=True,
            env=environment,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def services(self, *names: str, arguments: Sequence[str] = RUN) -> Services:
        """Services of it, not yet started."""
        extra = {"TALLYWIRE_ENDPOINTS_FILE": str(self.folder / "endpoints.yaml")}
        return Services([Service(name, self.settings, self.folder, arguments=arguments, extra=extra) for name in names])

    def publisher(self) -> Publisher:
        """Writes to its topics."""
        return Publisher(self.settings, "test")

    async def settled(self, patience: float = SETTLE) -> None:
        """Return when every group has committed all that its topics hold, twice in a row: nothing is under way."""
        calm = 0

        async def twice() -> bool:
            nonlocal calm
            lag = await behind(self.settings, GROUPS)
            calm = calm + 1 if not any(lag.values()) else 0
            return calm >= 2

        await until_true(twice, patience)

    async def records(self, topic: Topic, *, latest: bool = False) -> list[Record]:
        """What stands on a topic."""
        return await read_all(self.settings, topic, latest=latest)

    async def readings(self) -> list[Reading]:
        """All readings."""
        return [reading for _, reading in _readable(Reading, await self.records(EVENTS))]

    async def indicators(self) -> dict[str, Indicator]:
        """The newest indicator under each key."""
        return dict(_readable(Indicator, await self.records(INDICATORS, latest=True)))

    async def alerts(self) -> list[Alert]:
        """All alerts, repeats included."""
        return [alert for _, alert in _readable(Alert, await self.records(ALERTS))]

    async def decisions(self) -> dict[str, Decision]:
        """The last decision of each rule and group."""
        return dict(_readable(Decision, await self.records(DECISIONS, latest=True)))

    async def dead_letters(self) -> list[DeadLetter]:
        """All dead letters."""
        return [letter for _, letter in _readable(DeadLetter, await self.records(DEAD_LETTERS))]


def _readable(kind: type[M], records: Sequence[Record]) -> Iterator[tuple[str, M]]:
    """Keys and messages; what a hostile test has put on the topic is passed over."""
    for record in records:
        with contextlib.suppress(ValueError):
            yield (record.key or b"").decode(errors="replace"), kind.from_bytes(record.value or b"")


def comparable(message: Message, *without: str) -> dict[str, object]:
    """A message as plain values, without some of its fields."""
    return {name: value for name, value in message.model_dump(mode="json").items() if name not in without}
