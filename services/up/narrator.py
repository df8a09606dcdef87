"""Tells a person what goes through the topics: what was read, which figures changed, what arrived; and after a post, what each rule made of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from rich.console import Console
from rich.text import Text

from schemas import DeadLetter, Decision, Indicator, Message, Reading, RuleSet, key_of
from schemas.topics import DEAD_LETTERS, DECISIONS, EVENTS, INDICATORS
from services.receive import Received, render
from services.stage import Record

from . import blocks
from .explanation import explain
from .samples import Expected

FOLLOWED = (EVENTS, INDICATORS, DECISIONS, DEAD_LETTERS)
"""What is told as it comes."""

QUIET = 1.5
"""Seconds without anything new after which an article's consequences are taken to be complete: several times what they need."""

PATIENCE = 15.0
"""Most seconds that an explanation waits for quiet."""

_READ: dict[str, type[Message]] = {EVENTS.name: Reading, INDICATORS.name: Indicator, DECISIONS.name: Decision, DEAD_LETTERS.name: DeadLetter}


@dataclass
class Narrator:
    """What has been told, and what is believed now."""

    console: Console
    rules: RuleSet
    wire: Collection[str]
    """Addresses of the sample wire; any other article is somebody's post."""
    indicators: dict[str, Indicator] = field(default_factory=dict)
    decisions: dict[str, Decision] = field(default_factory=dict)
    arrived: list[Expected] = field(default_factory=list)
    """Alerts that were received, verified, and new."""
    unbelievable: int = 0
    """Alerts that did not verify, or came again with another body."""
    readings: int = 0
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when an alert has arrived."""
    _history: list[Decision] = field(default_factory=list)
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
            self.console.print(Text(f"{record.topic} {record.partition}:{record.offset} cannot be read: {blocks.clean(str(error))}", style="red"))
            return
        _TOLD[type(message)](self, message)

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
        if reading.article.url not in self.wire:
            task = asyncio.create_task(self._explain(reading, len(self._history)))
            self._explaining.add(task)
            task.add_done_callback(self._explaining.discard)

    def _indicator(self, indicator: Indicator) -> None:
        self.indicators[key_of(indicator.book, indicator.fact)] = indicator
        self.console.print(blocks.indicator(indicator))

    def _decision(self, decision: Decision) -> None:
        self.decisions[f"{decision.rule}{sorted(decision.group.items())}"] = decision
        self._history.append(decision)

    def _dead_letter(self, letter: DeadLetter) -> None:
        self.console.print(blocks.dead_letter(letter))

    async def _explain(self, reading: Reading, since: int) -> None:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + PATIENCE
        while (left := min(self._heard + QUIET, deadline) - loop.time()) > 0:
            await asyncio.sleep(left)
        answers = explain(reading, self.rules.rules, list(self.indicators.values()), list(self.decisions.values()), self._history[since:])
        lines = [
            Text.assemble((f"{each.rule}: ", "bold"), (blocks.clean(each.words), "bold red" if each.spoke else "")) for each in answers
        ]
        self.console.print(blocks.block("rules", "bold green", f"What each rule makes of “{blocks.clean(reading.article.title, 100)}”:", *lines))


_TOLD: dict[type[Message], Callable[..., None]] = {
    Reading: Narrator._reading,  # noqa: SLF001  # the class's own table of what it tells
    Indicator: Narrator._indicator,  # noqa: SLF001  # as above
    Decision: Narrator._decision,  # noqa: SLF001  # as above
    DeadLetter: Narrator._dead_letter,  # noqa: SLF001  # as above
}
