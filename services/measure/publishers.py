"""Whose pages they are: one id for all spellings of an outlet, and copies of one text counted once."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise
from urllib.parse import urlsplit

UNNAMED = "unknown"
"""Stands for a publisher of which nothing is known; all such are one, so that they never corroborate each other."""

MAX_ID = 200
"""Longest id: what the contract allows."""

COPY_BITS = 8
"""Bits of 64 in which the fingerprints of two copies of one text may differ. A byline added to a short text changes seven, texts
that have nothing to do with each other differ in twenty and more; and copies must tell the same figure as well."""

BANDS = COPY_BITS + 1
"""Parts of a fingerprint: two that differ in `COPY_BITS` bits agree in at least one of them."""

COMPARED = 100
"""Most texts with which one is compared in a band: of ten thousand texts fewer share one by chance, and made-up fingerprints must not cost more."""

_EDGES = [number * 64 // BANDS for number in range(BANDS + 1)]
_BANDS = [(start, (1 << (end - start)) - 1) for start, end in pairwise(_EDGES)]
"""Of each band, its first bit and the mask of its width."""

_HOST = re.compile(r"^(?:[a-z0-9-]+\.)+[a-z]{2,24}$")
_SECOND_LEVEL = frozenset({"ac", "co", "com", "edu", "gov", "gob", "go", "net", "org", "or"})
"""Labels that stand before a country's code without naming anyone (`example.co.uk`)."""


def publisher_of(source: str, url: str | None) -> str:
    """The id of an outlet, from its name as given or else from its address: letters and digits, nothing else.

    "The Example Wire", "Example-Wire" and "www.examplewire.com" are one outlet: `examplewire`.
    """
    named = _plain(source)
    return (named or _plain(_host(url)) or UNNAMED)[:MAX_ID]


def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name).casefold().strip()
    if _HOST.match(folded):
        folded = _label(folded)
    folded = folded.removeprefix("the ")
    return "".join(c for c in folded if c.isalnum())


def _host(url: str | None) -> str:
    try:
        return (urlsplit(url).hostname or "") if url else ""
    except ValueError:
        return ""


def _label(host: str) -> str:
    """The part of a host's name that its owner chose."""
    labels = host.split(".")
    country = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL  # noqa: PLR2004  # a country's code has two letters
    return labels[-3] if country else labels[-2]


Telling = tuple[str, int]
"""A publisher, and the 64-bit fingerprint of its text; a fingerprint of 0 is none and never a copy."""


def copied(tellings: Iterable[Telling]) -> dict[str, str]:
    """Publisher -> the one that stands for all that print the same text, itself among them."""
    told = set(tellings)
    print_alike = {publisher: {publisher} for publisher, _ in told}
    if len(print_alike) > 1:
        _join_copies(told, print_alike)
    groups = {id(group): group for group in print_alike.values()}
    first_of = {number: min(group) for number, group in groups.items()}
    return {publisher: first_of[id(group)] for publisher, group in print_alike.items()}


def _join_copies(told: set[Telling], print_alike: dict[str, set[str]]) -> None:
    """Let publishers of near-copies share one set; found by bands, so that no more than the like are compared."""
    texts: dict[int, str] = {}
    for publisher, text in sorted(told):
        if text in texts:
            _join(texts[text], publisher, print_alike)
        elif text:
            texts[text] = publisher
    bands: dict[tuple[int, int], list[int]] = defaultdict(list)
    for text in texts:
        for start, mask in _BANDS:
            bands[start, text >> start & mask].append(text)
    for alike in map(sorted, bands.values()):
        if len({id(print_alike[texts[text]]) for text in alike}) == 1:
            continue  # as almost always, once the first band has joined them
        for number, one in enumerate(alike):
            for other in alike[number + 1 : number + 1 + COMPARED]:
                if print_alike[texts[one]] is not print_alike[texts[other]] and (one ^ other).bit_count() <= COPY_BITS:
                    _join(texts[one], texts[other], print_alike)


def _join(one: str, other: str, print_alike: dict[str, set[str]]) -> None:
    """Let two publishers and all that print what either does share one set, the larger of theirs."""
    few, many = sorted((print_alike[one], print_alike[other]), key=len)
    if few is not many:
        many |= few
        print_alike.update(dict.fromkeys(few, many))
