"""What every contestant is told: read articles, handle each, write what came of it, commit only what has been delivered."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schemas.topics import ARTICLES, EVENTS
from services.runtime.settings import Settings

from .handlers import HANDLERS, Read
from .meter import metered

COMMIT_EVERY = 0.5
"""Seconds between two commits of every contestant: what our services take."""

LINGER_MS = 5
"""Milliseconds in which every producer gathers: what our services take."""

BATCH = 1_000
"""Records that a loop takes at once, where it says how many."""

SESSION_TIMEOUT_MS = 12_000
"""As our services; no contestant is stopped for longer than a few seconds."""

CONSUMER: Mapping[str, Any] = {"auto.offset.reset": "earliest", "enable.auto.commit": False, "session.timeout.ms": SESSION_TIMEOUT_MS}
"""A consumer on librdkafka."""

PRODUCER: Mapping[str, Any] = {"acks": "all", "enable.idempotence": True, "linger.ms": LINGER_MS, "partitioner": "murmur2_random"}
"""A producer on librdkafka: the asked guarantee, and the partitions that Java's and aiokafka's clients choose."""


@dataclass(frozen=True, slots=True)
class Task:
    """Where to read and write, and what to do in between."""

    settings: Settings
    """As of a service: one run has a prefix and a state folder of its own."""
    source: str
    """The topic of articles."""
    target: str
    """The topic of readings."""
    group: str
    """The consumer group, whose commits are looked at."""
    read: Read

    @classmethod
    def of(cls, settings: Settings, read: Read) -> Task:
        """With the names that settings give to topics and group."""
        return cls(settings, settings.topic(ARTICLES.name), settings.topic(EVENTS.name), settings.group("bench"), read)

    @property
    def brokers(self) -> str:
        """Bootstrap servers."""
        return self.settings.brokers

    @property
    def folder(self) -> Path:
        """Where state may be kept; empty at the start."""
        return self.settings.state_dir


def perform(contestant: Callable[[Task], None], given: Sequence[str] | None = None) -> None:
    """Read the command line and let a contestant work until it is told to stop."""
    parser = argparse.ArgumentParser(description="One contestant of the bench; works until SIGTERM.")
    parser.add_argument("--brokers", required=True, help="bootstrap servers")
    parser.add_argument("--prefix", required=True, help="put before the names of topics and of the group")
    parser.add_argument("--handler", choices=sorted(HANDLERS), required=True, help="what is done with each article")
    parser.add_argument("--meter", type=Path, required=True, help="file in which the handler's CPU is added up")
    named = parser.parse_args(given)
    with tempfile.TemporaryDirectory(prefix="tallywire-contestant-", ignore_cleanup_errors=True) as folder:
        settings = Settings(brokers=named.brokers, prefix=named.prefix, state_dir=Path(folder), commit_interval=COMMIT_EVERY)
        contestant(Task.of(settings, metered(HANDLERS[named.handler](), named.meter)))
