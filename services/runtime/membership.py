"""Static membership: a worker with a name of its own gets its partitions back after a restart, without a rebalance; two of one name are told.

A member whose name another process has taken is answered in Kafka's protocol only if it asks with the id that it had. aiokafka throws
that id away at the first refusal and joins anew, which takes the name back: two processes of one name would fence each other for ever.
"""

from __future__ import annotations

from typing import Any

import aiokafka.consumer.consumer as driver
from aiokafka import errors
from aiokafka.consumer.group_coordinator import GroupCoordinator
from aiokafka.errors import BrokerResponseError, KafkaError


class FencedInstanceId(BrokerResponseError):  # type: ignore[misc]  # aiokafka is not typed
    """Kafka's answer to a member whose name another one has taken; aiokafka does not know it."""

    errno = 82
    message = "FENCED_INSTANCE_ID"
    description = "Another process has joined the group under this name."


class Superseded(KafkaError):  # type: ignore[misc]  # aiokafka is not typed
    """Another process has joined under the name of this one; the text says which name, and what to do."""


class Coordinator(GroupCoordinator):  # type: ignore[misc]  # aiokafka is not typed
    """aiokafka's own, but a named member that is refused asks once more as who it was."""

    _joining = False

    def reset_generation(self) -> None:
        """Forget the generation; and the id as well, where there is no name, or where the brokers have said that it is nobody's."""
        if self._group_instance_id is None or self._joining or self._closing.done():
            super().reset_generation()
        else:
            self.generation = -1
            self.request_rejoin()

    async def _do_rejoin_group(self, subscription: Any) -> bool:
        self._joining = True
        try:
            joined: bool = await super()._do_rejoin_group(subscription)
        except KafkaError as error:
            if FencedInstanceId.__name__ in repr(error):
                raise Superseded(
                    f"another process has joined {self.group_id} as {self._group_instance_id}: this one ends; "
                    "give each replica a TALLYWIRE_INSTANCE of its own"
                ) from error
            raise
        finally:
            self._joining = False
        return joined


def superseded(error: BaseException | None) -> Superseded | None:
    """That another process has taken our name, if an error or what caused it says so."""
    while error is not None:
        if isinstance(error, Superseded):
            return error
        error = error.__cause__ or error.__context__
    return None


errors.kafka_errors[FencedInstanceId.errno] = FencedInstanceId
driver.GroupCoordinator = Coordinator  # Faust and our own consumers make theirs in there; nothing else is offered
