"""A noun phrase: who or what a number, an article or a bare plural stands before, and how the words point at them."""

from __future__ import annotations

from dataclasses import dataclass

from schemas import Group, Measure

from ..numbers.quantity import Quantity
from ..text.reasons import Reason
from ..words.lexicon import Verb

TAKEN_AS = frozenset({"hostage", "captive", "prisoner"})
"""What people are taken or held as; behind a noun they are no part of it ("took three drivers hostage")."""

OF_SEVERAL = frozenset({"family", "household"})
"""Nouns each of which is several people, and nobody says how many."""


@dataclass(slots=True)
class NounPhrase:
    """People or things as the words show them; `first` and `last` are tokens, both within it."""

    first: int
    last: int
    lemma: str = ""
    """Of its head noun; empty for a bare number."""
    sort: str = "none"
    """`person`, `body`, `thing`, `counted`, `deed`, `state`, `pronoun`, `name`, `unknown`, or `none` for a bare number."""
    group: Group = Group.PEOPLE
    quantity: Quantity | None = None
    definite: str = "bare"
    """`definite`, `indefinite`, `all`, `pronoun` or `bare`."""
    plural: bool = False
    additive: bool = False
    """Whether it is told apart from those named before ("others", "another", "more")."""
    negative: bool = False
    """Whether it is "no ..." or "none"."""
    measure: Measure | str | None = None
    """What a counted noun, a deed or a state tells."""
    attributive: Verb | None = None
    """A participle before its noun ("two wounded soldiers")."""
    whole: NounPhrase | None = None
    """What it is a part of ("two of the three leaders", "12 of whom")."""
    named: bool = False
    """Whether a proper name follows its noun."""
    but: bool = False
    """Whether its number is of those left out ("all but two of whom")."""
    ordinal: bool = False
    owned: bool = False
    """Whether it belongs to someone named before ("his associates")."""
    grouped: Reason | None = None
    """Why its people are in that group, where its own words do not say so."""

    def regroup(self, group: Group, reason: Reason) -> None:
        """Count its people in another group than its own words say."""
        if group is not self.group:
            self.group, self.grouped = group, reason
