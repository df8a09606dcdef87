"""Lets stages do what is due without a record; one that fails is asked again later, and ends the process only when it always fails."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import datetime
from weakref import WeakKeyDictionary

from services.stage import SlowDown, Stop

from .checkpoint import Unusable
from .failures import RETRY_DELAYS, TooMany
from .lane import Lane
from .logs import logger
from .metrics import RETRIES

log = logger(__name__)

IDLE_EVERY = 0.5
"""Seconds between two calls of a stage's `idle`."""


class Idling:
    """When each lane's stage is to be asked next, and how often in a row it has failed."""

    def __init__(self, failures_to_stop: int) -> None:
        self._limit = failures_to_stop
        self._asked = 0.0
        self._failed: WeakKeyDictionary[Lane, int] = WeakKeyDictionary()
        self._not_before: WeakKeyDictionary[Lane, float] = WeakKeyDictionary()

    async def ask(self, lanes: Iterable[Lane], now: datetime, moment: float) -> bool:
        """Ask those lanes with nothing under way, if it is time; whether anything came of it. `moment` is the event loop's, in seconds.

        Raises:
            TooMany: a stage has failed too often in a row.
            Stop: it says that it cannot go on.

        """
        if moment - self._asked < IDLE_EVERY:
            return False
        self._asked = moment
        told = False
        for lane in lanes:
            if lane.idle and not (lane.closed or lane.silent or lane.republish) and self._not_before.get(lane, 0.0) <= moment:
                told = self._ask(lane, now, moment) or told
                await asyncio.sleep(0)  # others get their turn: there may be many partitions
        return told

    def _ask(self, lane: Lane, now: datetime, moment: float) -> bool:
        try:
            told = lane.idly(now)
        except (Stop, Unusable):
            raise
        except SlowDown as error:
            self._not_before[lane] = moment + error.seconds
            return False
        except Exception as error:
            failed = self._failed[lane] = self._failed.get(lane, 0) + 1
            log.exception("idle.failed", stage=lane.stage.name, partition=lane.partition, tries=failed)
            if failed >= self._limit:
                raise TooMany(
                    f"{lane.stage.name} failed {failed} times in a row at what is due without a record, the last in partition "
                    f"{lane.partition} with {type(error).__name__}: {error}; mend the cause and start again"
                ) from error
            RETRIES.labels(lane.stage.name).inc()
            self._not_before[lane] = moment + RETRY_DELAYS[min(failed, len(RETRY_DELAYS)) - 1]
            return False
        self._failed.pop(lane, None)
        return told > 0
