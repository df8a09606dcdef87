"""A stage's state in memory: what the runtime keeps on disk, for tests that have neither."""

from __future__ import annotations

from collections.abc import Iterator


class MemoryState:
    """A sorted map that satisfies `services.stage.State`."""

    def __init__(self) -> None:
        self.rows: dict[str, bytes] = {}

    def get(self, key: str) -> bytes | None:
        """The value of a key."""
        return self.rows.get(key)

    def put(self, key: str, value: bytes) -> None:
        """Set the value of a key."""
        self.rows[key] = value

    def delete(self, key: str) -> None:
        """Remove a key, if it is there."""
        self.rows.pop(key, None)

    def scan(self, prefix: str, after: str = "") -> Iterator[tuple[str, bytes]]:
        """Keys and values below a prefix, in the order of the keys, beginning behind `after`."""
        for key in sorted((key for key in self.rows if key.startswith(prefix) and key > after), key=str.encode):
            yield key, self.rows[key]
