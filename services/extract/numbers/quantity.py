"""A number as the words give it, with how far they commit themselves."""

from __future__ import annotations

from dataclasses import dataclass

from schemas import Qualifier


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as the words give it; `first` and `last` are its tokens, both within it."""

    first: int
    last: int
    value: int
    qualifier: Qualifier = Qualifier.EXACT
    low: int | None = None
    high: int | None = None
    vague: str = ""
    """The vague word, where it is one."""
    core: int = 0
    """Token at which the number itself begins, behind its qualifier."""
    of: bool = False
    """Whether it ends with "of"."""
    said: tuple[int, int] | None = None
    """First and last token of the words that qualify it; None where it needs none."""
