"""Looks after one member of a consumer group: how far it is behind, whether it moves, and whether that is its own fault."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any, Protocol

from .bystander import Bystander
from .metrics import LAG
from .settings import Settings
from .watchdog import Partition, Watchdog

LOOK_EVERY = 5.0
"""Seconds between two looks."""

BROKERS = "brokers"
"""What a member says it waits for while the brokers do not take what it sends."""


class Member(Protocol):
    """Who is looked after."""

    @property
    def waiting_for(self) -> str | None:
        """Who holds it back, when somebody else does."""
        ...

    def positions(self) -> dict[Partition, int | None]:
        """How far each partition is that it holds: everything before is done."""
        ...

    def not_alive(self) -> str | None:
        """Why it cannot move."""
        ...


def client_id(name: str) -> str:
    """One that no other process has."""
    return f"tallywire-{name}-{socket.gethostname()}-{os.getpid()}"


def rebalance_timeout(settings: Settings) -> float:
    """Seconds that the members of a group have to join again; those that do not are left behind."""
    return max(30.0, 2 * settings.stop_timeout)


class Watch:
    """Looks again and again, until there is lag without progress."""

    def __init__(
        self, settings: Settings, member: Member, *, group: str, client_id: str, reads: Mapping[str, str], writes: Sequence[str]
    ) -> None:
        """`group` is the member's, without prefix; the brokers know its process by `client_id`; `reads` is topic -> stage."""
        self._settings = settings
        self._member = member
        self._group = group
        self._client_id = client_id
        self._stages = reads
        self._writes = writes
        self._shown: set[Partition] = set()
        self.silent = False
        """Whether the brokers did not answer at the last look."""

    async def run(self) -> None:
        """Look until cancelled.

        Raises:
            Stalled: there is lag without progress; the text names the partition.

        """
        watchdog = Watchdog(self._settings.stall_timeout)
        bystander = Bystander(self._settings)
        loop = asyncio.get_running_loop()
        awake, before = 0.0, loop.time()
        while True:
            await asyncio.sleep(min(LOOK_EVERY, self._settings.stall_timeout / 4))
            now = loop.time()
            awake, before = awake + min(now - before, 2 * LOOK_EVERY), now  # a process that was stopped meanwhile could not have moved
            positions = self._member.positions()
            ends = await bystander.ends(positions) if positions else {}
            self.silent = ends is None
            self._show(positions, ends or {})
            watchdog.look(awake, positions, ends, await self._excuse(bystander))
            watchdog.complain(awake, "nothing moves", None if self.silent else self._member.not_alive())
            amiss = None if positions else await self._amiss(bystander)
            watchdog.complain(awake, "no partition has come", amiss, rebalance_timeout(self._settings))

    async def _excuse(self, bystander: Bystander) -> str | None:
        """Who holds the member back; that the brokers do is believed only where they are not whole, for otherwise its producer hangs."""
        waiting = self._member.waiting_for
        return waiting if waiting != BROKERS else await bystander.ailing([*self._stages, *self._writes])

    async def _amiss(self, bystander: Bystander) -> str | None:
        """Why a member without partitions should have some; None where it need not, or the brokers do not say."""
        group = await bystander.group(self._group)
        partitions = await bystander.partitions(list(self._stages)) if group is not None else None
        if group is None or partitions is None:
            return None
        return group.amiss(self._client_id, partitions)

    def _show(self, positions: Mapping[Partition, int | None], ends: Mapping[Partition, int]) -> None:
        for (topic, partition), end in ends.items():
            LAG.labels(self._stages[topic], partition).set(max(0, end - (positions[topic, partition] or 0)))
        for topic, partition in self._shown - set(positions):
            LAG.remove(self._stages[topic], str(partition))
        self._shown = set(ends) | (self._shown & set(positions))


async def watched(watch: Watch, work: Coroutine[Any, Any, None]) -> None:
    """Do a member's work while it is looked after; raises what ends either."""
    working, watching = asyncio.create_task(work), asyncio.create_task(watch.run())
    try:
        await asyncio.wait([working, watching], return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            watching.result()
    finally:
        watching.cancel()
        if not working.done():
            working.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait([working])
    working.result()
