"""Who was named up to where in a text: at whom "the army" and "its fighters" point."""

from __future__ import annotations

from collections.abc import Sequence

from ..syntax.pieces import Parsed
from .actors import ActorMention
from .attacks import DEEDS, attacks, is_aimed_at, stands_in_object
from .doers import DOERS

ARMS = DEEDS | frozenset(
    "drones missile rockets shells jets warplane warplanes helicopter helicopters gunships aircraft planes bombers tanks bombs bomb attack attacks".split()
)
"""Last words of mentions that only say whose weapon it was: "a Ukrainian drone" makes nobody's army "the army"."""

ARMIES = frozenset({"us-military", "idf", "saf", "fardc", "tatmadaw", "kdf", "sspdf"})
"""Armies whose ids do not say so."""


END = 1_000_000
"""Behind all of a text: headlines are read last, and know all of it."""


class Story:
    """The armies and police forces of a text, with where each is named first."""

    def __init__(self, text: str, named: Sequence[ActorMention], topic: ActorMention | None) -> None:
        self.topic = topic
        self._arms = {a for a in named if text[a.start : a.end].rpartition(" ")[2].lower() in ARMS}
        self._armies = _firsts([a for a in named if is_army(a)])
        self._police = _firsts([a for a in named if a.slug.endswith("-police")])

    def army(self, place: int) -> ActorMention | None:
        """The army that is the only one named before a place of the text."""
        army = _only(self._armies, place)
        return army if army not in self._arms else None

    def police(self, place: int) -> ActorMention | None:
        """The police that are the only ones named before a place of the text."""
        return _only(self._police, place)


def is_army(actor: ActorMention) -> bool:
    """Whether an actor is the army of a country."""
    return actor.kind == "state_force" and (actor.slug.endswith("-army") or actor.slug in ARMIES)


def _firsts(actors: Sequence[ActorMention]) -> tuple[ActorMention, ...]:
    """The first mention of the first, and of the second, of them: from there on there is more than one."""
    first = next(iter(actors), None)
    second = next((a for a in actors if first is not None and a.slug != first.slug), None)
    return tuple(a for a in (first, second) if a is not None)


def _only(firsts: Sequence[ActorMention], place: int) -> ActorMention | None:
    before = [a for a in firsts if a.start < place]
    return before[0] if len(before) == 1 else None


def subject_of(parsed: Parsed, actors: Sequence[ActorMention]) -> ActorMention | None:
    """At whom "its" points behind a sentence: the first who could do something and is not only the aim of it."""
    doers = [a for a in actors if a.kind in DOERS]
    return next((a for a in doers if not (is_aimed_at(a, parsed) or stands_in_object(a, parsed))), None)


def attacker_of(parsed: Parsed, actors: Sequence[ActorMention]) -> ActorMention | None:
    """Who attacked in a sentence: the only one who did ("JNIM ambushes an army convoy")."""
    found = {a.slug: a for a in actors if a.kind in DOERS and attacks(a, parsed)}
    only = next(iter(found.values())) if len(found) == 1 else None
    return only if only is not None and not any(_joined(a, only, parsed) for a in actors if a.kind in DOERS) else None


def _joined(one: ActorMention, other: ActorMention, parsed: Parsed) -> bool:
    """Whether only an "and" stands between two actors, who did it together."""
    between = [t.low for t in parsed.tokens if one.end <= t.start and t.end <= other.start]
    return one.end <= other.start and "and" in between and len(between) <= len(("and", "the"))
