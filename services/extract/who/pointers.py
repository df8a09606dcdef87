"""At whom "the mission", "the office" and "the review" point: those who spoke before, by what sort of body they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from . import actors

_BODIES = frozenset({"agency", "aid_agency", "monitor", "government", "coalition", "state_force"})
_COUNTS = frozenset({"agency", "aid_agency", "monitor"})

POINTS_TO: Mapping[str, frozenset[str]] = {
    "ministry": frozenset(),
    "mission": _COUNTS | {"coalition"},
    "office": _COUNTS | {"government"},
    "institution": _BODIES,
    "body": _COUNTS | {"government"},
    "monitor": frozenset({"monitor"}),
    "watchdog": frozenset({"monitor"}),
    "observatory": frozenset({"monitor"}),
    "network": frozenset({"monitor"}),
    "review": _BODIES,
    "update": _BODIES,
    "bulletin": _BODIES,
    "report": _BODIES,
}
"""Nouns that, with "the" and nothing else, point at who spoke before, and the kinds of actors that they can mean."""

OF_WORDS = frozenset({"review", "update", "bulletin", "report"})
"""What is written: it is of whoever spoke last, whatever he is."""

SAYING_NOTHING = frozenset("war rights human conflict monitoring un u.n. same".split())
"""Modifiers that only describe a body that was named before."""


ARMED_WORDS = frozenset("militant armed rebel insurgent guerrilla islamist jihadist extremist separatist terrorist paramilitary".split())
"""Words before "group" that make it an armed one."""


def pointed_at(noun: str, spoken: Sequence[str]) -> str | None:
    """Who of those who spoke so far, the last one last, such a noun points at: first by its own word, then by what sort of body he is."""
    for slug in reversed(spoken):
        known = actors.known(slug)
        words = f"{slug} {known.name.lower()}" if known is not None else slug
        if noun in words.replace("-", " ").split():
            return slug
    if noun in OF_WORDS and spoken:
        return spoken[-1]
    return next((s for s in reversed(spoken) if (known := actors.known(s)) is not None and known.kind in POINTS_TO[noun]), None)


def says_nothing(word: str) -> bool:
    """Whether a modifier does not tell one body from another ("the Britain-based monitor", "the war monitor")."""
    return word in SAYING_NOTHING or word.endswith("-based")
