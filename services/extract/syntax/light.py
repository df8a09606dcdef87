"""What a light verb tells, and the clause behind it in which that is looked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from schemas import Measure

ENDS = frozenset({".", ";", ","})
OWN = frozenset({"their", "his", "her"})
ARMS = frozenset({"arms", "weapons", "guns"})
JAILS = frozenset({"jail", "prison", "custody", "captivity", "captors", "prisons", "jails", "penitentiary", "cell", "cells"})


class Light(NamedTuple):
    """What a light verb tells."""

    words: int
    """How many words behind the verb belong to it."""
    measure: Measure
    transitive: bool
    """Whether its object is counted (else its subject)."""


def clause(behind: Sequence[str]) -> Sequence[str]:
    """The words behind a verb up to the end of its clause."""
    return behind[: next((i for i, word in enumerate(behind) if word in ENDS), len(behind))]
