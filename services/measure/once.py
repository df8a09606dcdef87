"""What is reckoned from a value that never changes: once, when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")


class once(Generic[T]):  # noqa: N801  # stands where `property` would
    """`functools.cached_property` as it is from Python 3.12 on: without the lock that costs ten times what most of these reckon."""

    def __init__(self, reckon: Callable[[Any], T]) -> None:
        self._reckon = reckon
        self.__doc__ = reckon.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        """Note under which name it is found."""
        self._name = name

    @overload
    def __get__(self, of: None, owner: type) -> once[T]: ...

    @overload
    def __get__(self, of: object, owner: type) -> T: ...

    def __get__(self, of: object | None, owner: type) -> once[T] | T:
        """Reckon it; from then on the attribute itself is found first."""
        if of is None:
            return self
        found = of.__dict__[self._name] = self._reckon(of)
        return found
