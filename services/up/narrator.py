"""Tells a person what goes through the topics: what was read, which figures changed, what arrived; and after a post, what each rule made of it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from rich.console import Console
from rich.text import Text

from schemas import DeadLetter, Decision, Indicator, Message, Reading, RuleSet, key_of
from schemas.topics import DEAD_LETTERS, DECISIONS, EVENTS, INDICATORS
from services.receive import Received, render
from services.stage import Record

from . import blocks
from .explanation import awaited_claims, explain
from .samples import Expected

FOLLOWED = (EVENTS, INDICATORS, DECISIONS, DEAD_LETTERS)
"""What is told as it comes."""

QUIET = 1.5
"""Seconds without anything new after which an article's consequences are taken to be complete: several times what they need."""

PATIENCE = 15.0
"""Most seconds that an explanation waits: for the article's figures, and for quiet; an old figure may never be cited."""

LOOK_EVERY = 0.1
"""Seconds between two looks whether they have come."""

KEPT = 10_000
"""Most alerts, decisions and figures that are remembered: a demonstration that runs for weeks must not grow."""

EXPLAINED = 20
"""Most articles that are being explained at the same time; of a flood, the rest is only told."""

M = TypeVar("M", bound=Message)

_READ: dict[str, type[Message]] = {
    EVENTS.name: Reading,
    INDICATORS.name: Indicator,
    DECISIONS.name: Decision,
    DEAD_LETTERS.name: DeadLetter,
}


@dataclass
class Narrator:
    """What has been told, and what is believed now."""

    console: Console
    rules: RuleSet
    wire: Collection[str]
    """Addresses of the sample wire; any other article is somebody's post."""
    indicators: dict[str, Indicator] = field(default_factory=dict)
    decisions: dict[str, Decision] = field(default_factory=dict)
    arrived: deque[Expected] = field(default_factory=lambda: deque(maxlen=KEPT))
    """Alerts that were received, verified, and new."""
    unbelievable: int = 0
    """Alerts that did not verify, or came again with another body."""
    readings: int = 0
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when an alert has arrived."""
    _history: deque[tuple[float, Decision]] = field(default_factory=lambda: deque(maxlen=KEPT))
    _heard: float = 0.0
    _explaining: set[asyncio.Task[None]] = field(default_factory=set)

    def hear(self, record: Record) -> None:
        """Tell one record."""
        if record.value is None:
            self.indicators.pop((record.key or b"").decode(errors="replace"), None)
            return
        self._heard = asyncio.get_running_loop().time()
        try:
            message = _READ[record.topic].from_bytes(record.value)
        except ValueError as error:
            self.console.print(
                Text(f"{record.topic} {record.partition}:{record.offset} cannot be read: {blocks.clean(str(error))}", style="red")
            )
            return
        match message:
            case Reading():
                self._reading(message)
            case Indicator():
                _keep(self.indicators, key_of(message.book, message.fact), message)
                self.console.print(blocks.indicator(message))
            case Decision():
                _keep(self.decisions, f"{message.rule}{sorted(message.group.items())}", message)
                self._history.append((self._heard, message))
            case _:
                self.console.print(blocks.show(message))

    def receive(self, received: Received) -> None:
        """Tell one webhook as the receiver got it."""
        self._heard = asyncio.get_running_loop().time()
        self.console.print(render(received.payload, received.verified, received.duplicate))
        if not received.verified:
            self.unbelievable += 1
            return
        if not received.duplicate:
            data = received.payload["data"]
            self.arrived.append(Expected(data["rule"]["id"], data["status"], data["figure"]["value"]))
            self.changed.set()

    def missing(self, wanted: Sequence[Expected]) -> list[Expected]:
        """What of the wanted has not arrived."""
        came = {(each.rule, each.status, each.value) for each in self.arrived}
        return [each for each in wanted if (each.rule, each.status, each.value) not in came]

    def _reading(self, reading: Reading) -> None:
        self.readings += 1
        self.console.print(blocks.reading(reading))
        if reading.article.url not in self.wire and len(self._explaining) < EXPLAINED:
            task = asyncio.create_task(self._explain(reading, self._heard))
            self._explaining.add(task)
            task.add_done_callback(self._explaining.discard)

    def _cited(self) -> set[str]:
        """Ids of all claims that stand behind a figure."""
        figures = self.indicators.values()
        return {citation.claim for figure in figures for teller in figure.tellers for citation in teller.citations}

    async def _explain(self, reading: Reading, since: float) -> None:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + PATIENCE
        awaited = awaited_claims(reading)
        while loop.time() < deadline and (loop.time() < self._heard + QUIET or not awaited <= self._cited()):  # noqa: ASYNC110  # quiet is no event
            await asyncio.sleep(LOOK_EVERY)
        new = [decision for heard, decision in self._history if heard >= since]
        answers = explain(reading, self.rules.rules, list(self.indicators.values()), list(self.decisions.values()), new)
        lines = [
            Text.assemble((f"{each.rule}: ", "bold"), (blocks.clean(each.words), "bold red" if each.spoke else "")) for each in answers
        ]
        self.console.print(
            blocks.block(
                "rules", "bold green", f"What each rule makes of “{blocks.name(reading.article.title, reading.article.id)}”:", *lines
            )
        )


def _keep(known: dict[str, M], key: str, message: M) -> None:
    """Take a message in as the newest, and let the oldest go where there are too many."""
    known.pop(key, None)
    known[key] = message
    if len(known) > KEPT:
        del known[next(iter(known))]
