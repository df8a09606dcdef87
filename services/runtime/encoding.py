"""Outputs as bytes, ready to be sent; what no topic would take is found out here, before anything depends on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from schemas import Cause, Message
from schemas.topics import MAX_MESSAGE
from services.stage import Invalid, Output


@dataclass(frozen=True, slots=True)
class Sending:
    """One record to send."""

    topic: str
    """Name as declared, without the installation's prefix."""
    key: bytes
    """All of the key."""
    value: bytes | None
    """None is a tombstone."""
    partition: int | None
    """None leaves the choice to the partitioner."""
    message: Message | None = None
    """What the value says, for whoever counts what was acknowledged."""

    @property
    def size(self) -> int:
        """Bytes of key and value."""
        return len(self.key) + len(self.value or b"")


def encode(outputs: Iterable[Output]) -> list[Sending]:
    """The bytes of outputs.

    Raises:
        Invalid: one of them is larger than any topic takes.

    """
    return [_encode(output) for output in outputs]


def _encode(output: Output) -> Sending:
    value = None if output.value is None else output.value.to_bytes()
    if value is not None and len(value) > MAX_MESSAGE:
        raise Invalid(Cause.TOO_LARGE, f"what came of it for {output.topic.name} has {len(value):,} bytes; the limit is {MAX_MESSAGE:,}")
    return Sending(output.topic.name, output.key.encode(), value, output.partition, output.value)
