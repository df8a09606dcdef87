"""Changed keys that are not in the checkpoint yet: a map that is put in order only where somebody looks at the order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from sortedcontainers import SortedSet

LOOK_AHEAD = 100
"""Keys found at once: a scan that is given up early costs no more, and one that goes on may be changed under."""


class Layer(dict[str, bytes | None]):
    """Changed keys with their values; None is a removed one. Change it by `put`, `cover` and `wipe` only: they keep the order."""

    __slots__ = ("_order", "_unordered")

    def __init__(self) -> None:
        super().__init__()
        self._order = SortedSet()
        self._unordered: set[str] = set()

    def put(self, key: str, value: bytes | None) -> None:
        """Set or remove one key."""
        self[key] = value
        self._unordered.add(key)

    def cover(self, changes: Mapping[str, bytes | None]) -> None:
        """Lay other changes, which are newer, over these."""
        self.update(changes)
        self._unordered.update(changes)

    def wipe(self) -> None:
        """Forget all."""
        self.clear()
        self._order.clear()
        self._unordered.clear()

    def below(self, prefix: str, after: str) -> Iterator[str]:
        """Keys below a prefix and behind `after`, in order; those removed are among them."""
        start, inclusive = max(prefix, after), after < prefix
        while True:
            if self._unordered:
                self._order.update(self._unordered)
                self._unordered.clear()
            found = list(islice(self._order.irange(start, inclusive=(inclusive, True)), LOOK_AHEAD))
            for key in found:
                if not key.startswith(prefix):
                    return
                yield key
            if len(found) < LOOK_AHEAD:
                return
            start, inclusive = found[-1], False
