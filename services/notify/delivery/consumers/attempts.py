"""Attempts as tasks: each endpoint has its own few places, so that one that hangs delays no other."""

from __future__ import annotations

import asyncio
import sys
import traceback
from collections import Counter
from collections.abc import Awaitable, Callable, Container, Mapping
from datetime import datetime
from typing import Final

import aiohttp

from schemas import Delivery, DeliveryStatus, Outcome
from services.notify.delivery.advance import attempted, expired, unconfigured
from services.notify.delivery.classify import Verdict, of_silence
from services.notify.delivery.endpoints import Endpoint
from services.notify.delivery.heap import Heap
from services.notify.delivery.schedule import Schedule
from services.runtime.logs import logger
from services.runtime.metrics import ATTEMPT_SECONDS, ATTEMPTS, DELIVERED_AFTER
from services.runtime.slices import Slices

from .webhook import attempt, session_for

log = logger(__name__)

UNCONFIGURED_AT_A_TIME: Final = 50
"""Deliveries to an endpoint that is gone, written off at a time."""

SET_BACK_AT_A_TIME: Final = 2_000
"""Deliveries that a clock has put off too far, and that are put right at a time: some 10 ms."""

Clock = Callable[[], datetime]
Write = Callable[[int, Delivery], Awaitable[None]]
"""Writes a delivery's record to its partition, folds it into the heap when it is acknowledged, and only then returns."""


class Attempts:
    """Starts what is due, while places are free."""

    def __init__(self, endpoints: Mapping[str, Endpoint], heap: Heap, write: Write, schedule: Schedule, now: Clock) -> None:
        self._endpoints = endpoints
        self._heap = heap
        self._write = write
        self._schedule = schedule
        self._now = now
        self._sessions: dict[str, aiohttp.ClientSession] = {}
        self._running: dict[asyncio.Task[None], tuple[int, str, str]] = {}
        self._busy: Counter[str | None] = Counter()
        """Endpoint -> attempts under way; None stands for all that are not configured."""
        self.freed = asyncio.Event()
        """Set whenever a place becomes free."""
        for outcome in Outcome:
            ATTEMPTS.labels(outcome)  # so that none yet is seen as 0

    @property
    def running(self) -> int:
        """How many attempts are under way."""
        return len(self._running)

    async def start_due(self, held: Container[int]) -> float | None:
        """Start all of the partitions held that is due and has a place; when the next is due (Unix seconds), as far as it will have one."""
        slices = Slices()  # a thousand endpoints with fifty places each may all have something due
        soonest: float | None = None
        if (number := self._heap.set_back(self._now(), SET_BACK_AT_A_TIME)) > 0:
            log.warning("clock.set-back", deliveries=number)
            soonest = self._now().timestamp() if number == SET_BACK_AT_A_TIME else None  # there may be more
        for endpoint, partition in self._heap.waiting():
            await slices.turn()
            free = self._free(endpoint)
            if free <= 0 or partition not in held:
                continue
            for _, delivery in self._heap.due(endpoint, [partition], self._now(), free):
                self._start(partition, delivery)
                free -= 1
            due = self._heap.next_due(endpoint, [partition]) if free else None
            soonest = due if soonest is None else soonest if due is None else min(soonest, due)
        return soonest

    def _free(self, endpoint: str) -> int:
        """How many more attempts an endpoint may have under way; all that are not configured share their places."""
        configured = self._endpoints.get(endpoint)
        places = UNCONFIGURED_AT_A_TIME if configured is None else configured.concurrency
        return places - self._busy[self._place(endpoint)]

    def _place(self, endpoint: str) -> str | None:
        return endpoint if endpoint in self._endpoints else None

    def _start(self, partition: int, delivery: Delivery) -> None:
        self._heap.take(delivery.id)
        task = asyncio.create_task(self._deliver(partition, delivery), name=f"delivery {delivery.id}")
        self._running[task] = (partition, delivery.endpoint, delivery.id)
        self._busy[self._place(delivery.endpoint)] += 1
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        _, endpoint, delivery = self._running.pop(task)
        self._busy[self._place(endpoint)] -= 1
        self._heap.release(delivery)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("delivery.failed", delivery=delivery, error=type(error).__name__)
        self.freed.set()

    async def _deliver(self, partition: int, delivery: Delivery) -> None:
        endpoint = self._endpoints.get(delivery.endpoint)
        now = self._now()
        if endpoint is None:
            log.warning("endpoint.unconfigured", endpoint=delivery.endpoint, delivery=delivery.id)
            await self._write(partition, unconfigured(delivery, now))
            return
        too_old = expired(delivery, endpoint.max_age, now)
        if too_old is not None:
            log.info("delivery.expired", endpoint=endpoint.id, delivery=delivery.id)
        await self._write(partition, too_old or await self._attempt(endpoint, delivery, now))

    async def _attempt(self, endpoint: Endpoint, delivery: Delivery, now: datetime) -> Delivery:
        loop = asyncio.get_running_loop()
        began = loop.time()
        verdict = await self._try(endpoint, delivery, now)
        seconds = loop.time() - began
        after = attempted(delivery, verdict, now, seconds, self._schedule)
        ATTEMPTS.labels(verdict.outcome).inc()
        ATTEMPT_SECONDS.observe(seconds)
        if after.status is DeliveryStatus.DELIVERED:
            DELIVERED_AFTER.observe(max(0.0, (now - delivery.scheduled_at).total_seconds() + seconds))
        tell = log.info if after.status is DeliveryStatus.DELIVERED else log.error if after.status is DeliveryStatus.FAILED else log.warning
        tell(
            "webhook.attempted",
            endpoint=endpoint.id,
            delivery=delivery.id,
            alert=delivery.alert,
            number=after.attempts,
            outcome=str(verdict.outcome),
            detail=verdict.detail,
            status=str(after.status),
            seconds=round(seconds, 3),
        )
        return after

    async def _try(self, endpoint: Endpoint, delivery: Delivery, now: datetime) -> Verdict:
        session = self._sessions.get(endpoint.id)
        if session is None:
            session = self._sessions[endpoint.id] = session_for(endpoint)
        try:
            return await attempt(session, endpoint, delivery, now)
        except Exception as error:  # noqa: BLE001  # ours to repair, but this delivery must not be forgotten over it
            frame = traceback.extract_tb(sys.exc_info()[2])[-1]
            log.error("webhook.broken", endpoint=endpoint.id, error=type(error).__name__, at=f"{frame.filename}:{frame.lineno}")  # noqa: TRY400
            return of_silence(Outcome.UNREACHABLE, f"it could not be sent ({type(error).__name__})")

    async def leave(self, partitions: Container[int] | None, grace: float) -> None:
        """Let attempts of partitions (None: of all) finish for so many seconds, then break them off: they will be repeated."""
        tasks = [task for task, (partition, _, _) in self._running.items() if partitions is None or partition in partitions]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=grace)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def close(self) -> None:
        """Close all connections."""
        for session in self._sessions.values():
            await session.close()
        self._sessions.clear()
