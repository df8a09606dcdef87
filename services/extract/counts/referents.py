"""Who is spoken of again: noun phrases of an article as people already met, or as new ones."""

from __future__ import annotations

from schemas import Group, Measure

from ..syntax.nouns import NounPhrase
from .tallies import Referent

MEMORY = 40
"""People that an article is taken to keep in mind: the newest ones."""

GENERIC = frozenset(
    {
        "",
        "person",
        "people",
        "man",
        "woman",
        "individual",
        "victim",
        "other",
        "male",
        "female",
        "suspect",
        "detainee",
        "one",
        "member",
        "staff",
        "worker",
        "employee",
        "staffer",
        "personnel",
        "prisoner",
        "captive",
        "hostage",
        "casualty",
        "body",
        "dead",
        "wounded",
        "injured",
        "colleague",
        "target",
        "occupant",
        "figure",
        "aid-worker",
        "volunteer",
        "civilian",
        "local",
        "national",
    }
)
"""Nouns that can stand for people named before by a narrower noun."""


_CAPTIVES = frozenset({"hostage", "captive", "prisoner", "detainee", "abductee"})
_CAPTURE = frozenset({Measure.ABDUCTED, Measure.DETAINED, Measure.HELD})
"""By what whoever it befell becomes a captive."""

_HARM = frozenset({Measure.KILLED, Measure.INJURED, Measure.ABDUCTED})
"""What attackers do to others."""

_VICTIMS = _HARM | {Measure.RELEASED, Measure.DISPLACED}
"""What befalls others than attackers."""

_OF_THE_LIVING = frozenset({Measure.RELEASED, Measure.ESCAPED, Measure.SURRENDERED})
"""What becomes of nobody who is dead."""

_ALIKE = ({Group.MILITANTS, Group.LEADERS}, {Group.AID_WORKERS, Group.CIVILIANS})
"""Groups of which one can be named for the other."""


def _buried(noun: NounPhrase, referent: Referent, measure: Measure | None) -> bool:
    """Whether somebody who was killed would be wounded under another name ("A volunteer was killed. The driver was wounded")."""
    return measure is Measure.INJURED and Measure.KILLED in referent.tallies and noun.lemma not in GENERIC and noun.lemma != referent.lemma


def _dead(referent: Referent, measure: Measure | None) -> bool:
    """Whether only the dead would be let go or give in ("50 guerrillas died. The prisoners will be handed over")."""
    return measure in _OF_THE_LIVING and Measure.KILLED in referent.tallies and _CAPTURE.isdisjoint(referent.tallies)


def near(one: Group, other: Group) -> bool:
    """Whether two groups can be the same people."""
    return one is other or Group.PEOPLE in (one, other) or {one, other} in _ALIKE


class Referents:
    """The people met so far, the newest last."""

    def __init__(self) -> None:
        self._met: list[Referent] = []

    def meet(self, noun: NounPhrase, value: int | None, sentence: int) -> Referent:
        """Keep new people in mind."""
        referent = Referent(noun.lemma, noun.group, value, noun.plural, sentence, noun)
        self._met.append(referent)
        if len(self._met) > MEMORY:
            del self._met[0]
        return referent

    def of(self, noun: NounPhrase) -> Referent | None:
        """The referent of this very noun phrase."""
        return next((r for r in reversed(self._met) if r.noun is noun), None)

    def known(self, noun: NounPhrase, value: int | None, *, measure: Measure | None = None, sentence: int | None = None) -> Referent | None:
        """The people that a definite noun phrase or a pronoun points at, or None."""
        if noun.sort == "pronoun":
            return self._by_pronoun(noun, measure, sentence)
        fitting = [r for r in reversed(self._met) if self._fits(noun, r, value) and not _buried(noun, r, measure) and not _dead(r, measure)]
        exact = [r for r in fitting if r.lemma == noun.lemma and r.lemma]
        same = [r for r in exact if measure in r.tallies] if measure is not None else []
        counted = [r for r in fitting if measure is not None and measure in r.tallies]
        for choice in (same, exact, counted, [r for r in fitting if r.tallies], fitting):
            if choice:
                return choice[0]
        return None

    def _by_pronoun(self, noun: NounPhrase, measure: Measure | None, sentence: int | None) -> Referent | None:
        plural = noun.plural
        candidates = [
            r for r in reversed(self._met) if r.plural == plural and r.noun.sort in ("person", "none", "name", "unknown", "state")
        ]
        newest = candidates[0] if candidates else None
        stated = newest is not None and newest.sentence == sentence and newest.value is not None and newest.noun.quantity is not None
        if newest is not None and stated and not newest.tallies and plural:
            return newest  # "dragged three villagers from their homes and shot them"
        told = [r for r in candidates[:4] if r.tallies]
        if measure is Measure.KILLED and told and Measure.DETAINED in told[0].tallies:
            # Who was arrested is seldom killed then, as those abducted are: where another was killed, that one is meant.
            return next((r for r in told if measure in r.tallies), told[0])
        return told[0] if told else (candidates[0] if candidates else None)

    def _fits(self, noun: NounPhrase, referent: Referent, value: int | None) -> bool:
        if value is not None and referent.value is not None and value != referent.value:
            return False
        if noun.group is Group.MILITANTS and referent.group is Group.PEOPLE and not _VICTIMS.isdisjoint(referent.tallies):
            return False  # "wounded 30 people. All of the attackers were killed"
        if value is not None and referent.value is None and not noun.lemma and not referent.tallies:
            return False
        if noun.plural != referent.plural and not (
            noun.lemma in ("staff", "personnel", "crew", "other")
            or referent.lemma in ("staff", "personnel", "crew", "team", "group", "cell")
        ):
            return False
        if noun.lemma == referent.lemma:
            return True
        if noun.owned:
            return False
        if noun.lemma in _CAPTIVES and not _CAPTURE.isdisjoint(referent.tallies):
            return True
        if noun.lemma in GENERIC or referent.lemma in GENERIC:
            return near(noun.group, referent.group)
        return near(noun.group, referent.group) and noun.group in (Group.MILITANTS, Group.LEADERS, Group.AID_WORKERS)

    def last_plural(self, but: NounPhrase | None = None) -> Referent | None:
        """The people that "of them" and "of whom" point at, and not those who did it to them."""
        several = [r for r in reversed(self._met) if r.plural and r.noun is not but]
        return next((r for r in several if r.tallies), next(iter(several), None))

    def last_of_several(self) -> Referent | None:
        """The people met last whose number is known and more than one."""
        return next((r for r in reversed(self._met) if r.plural and (r.value or 0) > 1 and r.noun.whole is None), None)

    def last_told(self, measure: Measure) -> Referent | None:
        """The people told last by a measure: "the wounded"."""
        return next((r for r in reversed(self._met) if measure in r.tallies), None)
