"""Carries deliveries out: the only modules of the delivery that know aiokafka, aiohttp and the runtime."""

from .deliverer import Deliverer
from .scheduler import Scheduler

__all__ = ["Deliverer", "Scheduler"]
