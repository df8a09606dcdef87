"""How much each service has finished for good: what its groups have committed, or what it has put on its topic; asked of the brokers."""

from __future__ import annotations

from schemas.topics import ARTICLES
from services.runtime.access import ROLES
from services.runtime.bystander import Bystander
from services.runtime.settings import Settings


class Finished:
    """A count for each service that only grows while it gets on, whatever its process says of itself."""

    def __init__(self, settings: Settings) -> None:
        self._bystander = Bystander(settings)

    async def __call__(self, service: str) -> int | None:
        """Records finished over all lives of a service; None where the brokers do not say."""
        if service == "collect":
            return await self._bystander.written(ARTICLES.name)
        access = ROLES[service]
        counts = [await self._bystander.committed(group, [topic.name for topic in access.reads]) for group in access.groups]
        known = [count for count in counts if count is not None]
        return sum(known) if len(known) == len(counts) else None
