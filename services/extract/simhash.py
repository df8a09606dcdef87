"""A fingerprint of a text in 64 bits: near-copies differ in few of them."""

from __future__ import annotations

import hashlib
import re
from collections import Counter

WIDTH = 4
"""Words in a row that are hashed together: fewer would not see order, more would let one changed word touch too much."""

MAX_WORDS = 5_000
"""Words that count; a copy is known by far fewer."""

_WORD = re.compile(r"\w{1,40}")


def simhash(text: str) -> str:
    """The SimHash of a text, as 16 hex digits; case, marks and blanks make no difference."""
    words = [match.group() for match, _ in zip(_WORD.finditer(text.lower()), range(MAX_WORDS), strict=False)]
    shingles = Counter(" ".join(words[i : i + WIDTH]) for i in range(max(1, len(words) - WIDTH + 1))) if words else Counter[str]()
    weights = [0] * 64
    for shingle, weight in shingles.items():
        bits = int.from_bytes(hashlib.blake2b(shingle.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
        for bit in range(64):
            weights[bit] += weight if bits >> bit & 1 else -weight
    return f"{sum(1 << bit for bit, weight in enumerate(weights) if weight > 0):016x}"
