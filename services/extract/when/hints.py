"""Whether a text holds anything that an expression of time has: half of all sentences do not, and need no reading."""

from __future__ import annotations

import re

from .dates import SHORT_NAMES

_UNITS = tuple(
    "day week month quarter half year hour decade period night morning afternoon evening morrow dawn sunrise noon spring summer autumn winter ytd".split()
)
_POINTERS = (*"last past previous preceding same comparable corresponding".split(), "since then")
_NAMES = tuple(cased for name in SHORT_NAMES for cased in (name.title(), name.upper()))
_FIGURES = re.compile(r"(?:19|20|21)\d\d|\d[/.-]\d|[QH][1-4]|[1-4][QH]")


def may_tell(text: str) -> bool:
    """Whether a text holds anything without which there is no expression of time."""
    lowered = text.lower()
    return (
        any(word in lowered for word in _UNITS)
        or any(name in text for name in _NAMES)
        or any(word in lowered for word in _POINTERS)
        or _FIGURES.search(text) is not None
    )
