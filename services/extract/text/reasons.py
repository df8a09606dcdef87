"""Why a field of a count is as it is: a rule, and the words that it went by."""

from __future__ import annotations

from typing import NamedTuple


class Reason(NamedTuple):
    """A rule and its words; offsets in characters of the field. Made where the decision is made, and only carried from there."""

    because: str
    start: int = 0
    end: int = 0
    """Both 0 where it went by no words."""
    field: str = "text"
    """`text` or `title`."""

    @property
    def by_default(self) -> bool:
        """Whether nothing in the text decided it."""
        return self.because.startswith("by default")
