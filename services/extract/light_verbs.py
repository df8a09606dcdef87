"""Verbs that tell a measure only with the words behind them: "taken hostage", "sustained injuries", "lost their lives"."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from schemas import Measure

from .nouns import TAKEN_AS

REACH = 13
"""Words behind the verb that are looked at: "took the three drivers of the second lorry hostage"."""


class Light(NamedTuple):
    """What a light verb tells."""

    words: int
    """How many words behind the verb belong to it."""
    measure: Measure
    transitive: bool
    """Whether its object is counted (else its subject)."""


FORMS = {
    form: lemma
    for lemma, forms in {
        "take": "take took taken taking",
        "hold": "hold held holding",
        "lose": "lose lost losing",
        "suffer": "suffer suffered suffering sustain sustained sustaining receive received receiving got",
        "find": "found",
        "go": "go gone went",
        "force": "forced forcing",
        "flee": "flee fled fleeing",
        "break": "break broke broken breaking",
    }.items()
    for form in forms.split()
}
"""Form to lemma."""

BASES = frozenset({"break", "take", "hold", "lose", "suffer", "sustain", "receive", "go", "flee"})
"""Forms that are infinitives."""

_WOUNDS = frozenset("injuries injury wounds wound burns bruises lacerations fracture fractures".split())
_ENDS = frozenset({".", ";", ","})
_OWN = frozenset({"their", "his", "her"})


def read(lemma: str, behind: Sequence[str], before: Sequence[str], *, passive: bool) -> Light | None:
    """What the verb tells with the words behind and the auxiliaries before it; None where it tells no measure."""
    return _READERS[lemma](behind, before, passive)


def _take(behind: Sequence[str], _before: Sequence[str], passive: bool) -> Light | None:  # noqa: FBT001  # one signature for all verbs
    if behind[:1] == ["into"] and "custody" in behind[1:3]:
        return Light(behind.index("custody") + 1, Measure.DETAINED, transitive=True)
    if behind[:1] == ["prisoner"]:
        return Light(1, Measure.DETAINED, transitive=True)
    if behind and behind[0] in TAKEN_AS:
        return Light(1, Measure.ABDUCTED, transitive=True)
    within = behind[: next((i for i, word in enumerate(behind) if word in _ENDS), len(behind))]
    if "into" in within and "custody" in within:
        return Light(0, Measure.DETAINED, transitive=True)
    return Light(0, Measure.ABDUCTED, transitive=True) if TAKEN_AS & set(within) and not passive else None


def _hold(behind: Sequence[str], before: Sequence[str], passive: bool) -> Light | None:  # noqa: FBT001  # as above
    if behind and behind[0] in TAKEN_AS:
        return Light(1, Measure.ABDUCTED, transitive=True)
    if passive and "ransom" in behind[:4]:
        return Light(0, Measure.ABDUCTED, transitive=True)
    if (passive or "still" in before) and not {"talks", "meeting"} & set(behind[:2]):
        return Light(0, Measure.HELD, transitive=True)
    return None


def _lose(behind: Sequence[str], _before: Sequence[str], _passive: bool) -> Light | None:  # noqa: FBT001  # as above
    if len(behind) > 1 and behind[0] in _OWN and behind[1] in ("lives", "life"):
        return Light(2, Measure.KILLED, transitive=False)
    return None


def _suffer(behind: Sequence[str], _before: Sequence[str], _passive: bool) -> Light | None:  # noqa: FBT001  # as above
    for place, word in enumerate(behind[:6]):
        if word in _WOUNDS:
            return Light(place + 1, Measure.INJURED, transitive=False)
        if word in _ENDS or word in ("in", "treatment"):
            return None
    return None


def _find(behind: Sequence[str], _before: Sequence[str], _passive: bool) -> Light | None:  # noqa: FBT001  # as above
    return Light(1, Measure.KILLED, transitive=True) if behind[:1] == ["dead"] else None


def _go(behind: Sequence[str], _before: Sequence[str], _passive: bool) -> Light | None:  # noqa: FBT001  # as above
    return Light(1, Measure.MISSING, transitive=False) if behind[:1] == ["missing"] else None


def _force(behind: Sequence[str], _before: Sequence[str], _passive: bool) -> Light | None:  # noqa: FBT001  # as above
    if "to" in behind[:6] and {"flee", "leave"} & set(behind[:7]):
        return Light(0, Measure.DISPLACED, transitive=True)
    return None


def _flee(behind: Sequence[str], _before: Sequence[str], _passive: bool) -> Light | None:  # noqa: FBT001  # as above
    if len(behind) > 1 and behind[0] in _OWN and behind[1] in ("homes", "home", "villages", "houses"):
        return Light(2, Measure.DISPLACED, transitive=False)
    return None


def _break(behind: Sequence[str], _before: Sequence[str], _passive: bool) -> Light | None:  # noqa: FBT001  # as above
    if behind[:2] in (["out", "of"], ["out", "from"]) or behind[:1] == ["free"]:
        return Light(1, Measure.ESCAPED, transitive=False)
    return None


_READERS: dict[str, Callable[[Sequence[str], Sequence[str], bool], Light | None]] = {
    "take": _take,
    "hold": _hold,
    "lose": _lose,
    "suffer": _suffer,
    "find": _find,
    "go": _go,
    "force": _force,
    "flee": _flee,
    "break": _break,
}
