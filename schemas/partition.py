"""Where a key's records lie: one partitioner for every producer, so that all that one decision needs is in one place."""

from __future__ import annotations

SEPARATOR = "|"
"""Ends the part of a key that chooses the partition; what follows only tells records apart."""

_MASK = 0xFFFFFFFF


def key_of(*parts: str) -> str:
    """Join parts to a key, each escaped so that it holds neither the separator nor the escape itself."""
    joined = SEPARATOR.join(parts)
    if "%" not in joined and joined.count(SEPARATOR) == len(parts) - 1:  # nothing to escape, as almost always
        return joined
    return SEPARATOR.join(part.replace("%", "%25").replace(SEPARATOR, "%7C") for part in parts)


def parts_of(key: str) -> tuple[str, ...]:
    """The parts that `key_of` joined."""
    if "%" not in key:
        return tuple(key.split(SEPARATOR))
    return tuple(part.replace("%7C", SEPARATOR).replace("%25", "%") for part in key.split(SEPARATOR))


def murmur2(data: bytes) -> int:
    """The 32-bit hash of Kafka's default partitioner (MurmurHash2, Austin Appleby; seed 0x9747b28c)."""
    length = len(data)
    m = 0x5BD1E995
    h = (0x9747B28C ^ length) & _MASK
    whole = length - length % 4
    for i in range(0, whole, 4):
        k = int.from_bytes(data[i : i + 4], "little")
        k = (k * m) & _MASK
        k ^= k >> 24
        k = (k * m) & _MASK
        h = ((h * m) & _MASK) ^ k
    tail = data[whole:]
    if tail:
        h ^= int.from_bytes(tail, "little")
        h = (h * m) & _MASK
    h ^= h >> 13
    h = (h * m) & _MASK
    return h ^ (h >> 15)


def partition_of(key: str | bytes, partitions: int) -> int:
    """The partition of a key among so many: murmur2 of what stands before the first separator, as Kafka's clients count."""
    data = key.encode() if isinstance(key, str) else key
    head = data.split(SEPARATOR.encode(), 1)[0]
    return (murmur2(head) & 0x7FFFFFFF) % partitions
