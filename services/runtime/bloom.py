"""Which keys are surely not there: a Bloom filter (B. H. Bloom, 1970), so that a rebuild does not look each new key up on disk in vain."""

from __future__ import annotations

from typing import Final

SLOTS: Final = 1 << 24
"""Bits, 2 MiB: of keys that are not there it takes one in seventy for one that may be when a million are, one in five with five millions."""

_MASK: Final = SLOTS - 1


class Bloom:
    """A set of keys that forgets none and may hold more; for one process, since Python hashes text anew in each."""

    def __init__(self) -> None:
        self._bits = bytearray(SLOTS // 8)

    def add(self, key: str) -> None:
        """Put a key in."""
        one, other = _slots(key)
        self._bits[one >> 3] |= 1 << (one & 7)
        self._bits[other >> 3] |= 1 << (other & 7)

    def __contains__(self, key: str) -> bool:
        one, other = _slots(key)
        bits = self._bits
        return bool(bits[one >> 3] >> (one & 7) & bits[other >> 3] >> (other & 7) & 1)


def _slots(key: str) -> tuple[int, int]:
    number = hash(key)
    return number & _MASK, number >> 32 & _MASK
