"""Things chosen by the beginning of an id, as a person types it; one by one, so that what is chosen from may be of any length."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar


class Identified(Protocol):
    """Has an id."""

    @property
    def id(self) -> str:
        """Its id."""
        ...


T = TypeVar("T", bound=Identified)


class NotOne(Exception):
    """The beginning of an id fits nothing, or several; the text says which and how many."""


class Picking:
    """Which of many were meant by these ids or beginnings of ids."""

    def __init__(self, beginnings: Iterable[str]) -> None:
        self._fitting: dict[str, set[str]] = {beginning: set() for beginning in beginnings}

    def takes(self, identity: str) -> bool:
        """Whether this id was meant."""
        taken = False
        for beginning, fitting in self._fitting.items():
            if identity.startswith(beginning):
                taken = True
                if len(fitting) < 2:  # noqa: PLR2004  # two are enough to know that it is not one
                    fitting.add(identity)
        return taken

    def check(self, kind: str) -> None:
        """Make sure that each was exactly one, after all have been looked at; `kind` is what they are called.

        Raises:
            NotOne: one of them was not.

        """
        for beginning, fitting in self._fitting.items():
            if len(fitting) != 1:
                raise NotOne(f"{'several' if fitting else 'no'} {kind} have an id that begins with {beginning!r}")


def pick(found: Sequence[T], beginnings: Sequence[str], kind: str) -> list[T]:
    """Those with these ids or beginnings of ids, each once, in the order of `found`.

    Raises:
        NotOne: one of the beginnings fits nothing, or several.

    """
    picking = Picking(beginnings)
    picked = [each for each in found if picking.takes(each.id)]
    picking.check(kind)
    return picked
