"""A fingerprint of a text in 64 bits: near-copies differ in few of them."""

from __future__ import annotations

import hashlib
import re
from itertools import islice

WIDTH = 4
"""Words in a row that are hashed together: fewer would not see order, more would let one changed word touch too much."""

MAX_WORDS = 2_000
"""Words that count; a copy is known by far fewer."""

BYTES = 8
"""Of a hash."""

LANE = 24
"""Bits of a counter: a whole text's shingles on one bit fit, so that counters can be added side by side in one integer."""

_WORD = re.compile(r"\w{1,40}")
_SPREAD = tuple(sum((byte >> bit & 1) << LANE * bit for bit in range(8)) for byte in range(256))
"""Each byte with its eight bits as the lowest bits of eight counters."""


def simhash(text: str) -> str:
    """The SimHash of a text, as 16 hex digits; case, marks and blanks make no difference."""
    words = [match.group() for match in islice(_WORD.finditer(text), MAX_WORDS)]
    lowered = " ".join(words).lower().split(" ") if words else []
    shingles = [" ".join(lowered[i : i + WIDTH]) for i in range(max(1, len(lowered) - WIDTH + 1))] if lowered else []
    hashes = b"".join(hashlib.blake2b(shingle.encode("utf-8", "surrogatepass"), digest_size=BYTES).digest() for shingle in shingles)
    counters = [sum(map(_SPREAD.__getitem__, hashes[place::BYTES])) for place in range(BYTES)]
    half = len(shingles) / 2
    bits = 0
    for counter in counters:
        for bit in reversed(range(8)):
            bits = bits << 1 | ((counter >> LANE * bit & (1 << LANE) - 1) > half)
    return f"{bits:016x}"
