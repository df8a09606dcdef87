"""The words that the extractor knows, read once from the tables beside it: verbs and nouns of measures, people, cues."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from schemas import Group, Measure

from .tables import table

_VOWELS = "aeiou"


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb form that tells a measure."""

    lemma: str
    measure: Measure
    transitive: bool
    """Whether its object is counted (else its subject)."""
    harm: bool
    """Whether it does harm that is no death by itself."""
    form: str
    """`base`, `s`, `past` (also a participle where they are alike), `participle` or `gerund`."""


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun that can be counted, or must not be."""

    lemma: str
    sort: str
    """`person`, `body` or `thing`."""
    group: Group
    singular: bool
    plural: bool


@dataclass(slots=True)
class Entry:
    """All that is known of one word form."""

    verb: Verb | None = None
    phrasal: dict[str, Verb] = field(default_factory=dict)
    """What it tells with a particle ("rounded up"), by that."""
    predicate: Measure | None = None
    noun: Noun | None = None
    nominal: Measure | None = None
    """A noun that names the deed ("killing of")."""
    counted: Measure | str | None = None
    """A noun that counts it ("12 deaths"); `casualties` stands for dead and injured."""
    state: Measure | None = None
    """A noun for people in that state ("the wounded", "200 detainees")."""
    deed: Measure | None = None
    singular: bool = True
    cues: set[str] = field(default_factory=set)

    @property
    def is_noun(self) -> bool:
        """Whether it can be the head of a noun phrase."""
        return bool(self.noun or self.counted or self.deed or self.state or self.nominal)


ADULT = 18
"""Years of age from which nobody is a child (the UN's Convention on the Rights of the Child, article 1)."""

_OPPOSED = frozenset({"anti", "pro", "counter", "non", "semi"})
"""What stands before a noun to say what something is for or against, or to take it back."""

EMPTY = Entry()
"""What is known of a word that stands in no table."""


class Lexicon(dict[str, Entry]):
    """Every known word form, and the cue lists by name; any other word has an entry too, which is not kept."""

    def __init__(
        self, measures: Mapping[str, Any], people: Mapping[str, Any], cues: Mapping[str, Any], events: Mapping[str, list[str]]
    ) -> None:
        super().__init__()
        self.events = events
        self.aid = frozenset(people["aid"])
        self.jobs = frozenset(people["jobs"])
        self.soldierly = frozenset(people["soldierly"])
        self.militantly = frozenset(people["militantly"])
        self._add_people(people)
        self._add_measures(measures)
        self._add_cues(cues)
        self.triggers = frozenset(
            word
            for word, entry in self.items()
            if entry.verb or entry.phrasal or entry.predicate or entry.nominal or entry.counted or entry.state or entry.deed
        )

    def __missing__(self, word: str) -> Entry:
        return self._compound(word) if "-" in word else EMPTY

    def _compound(self, word: str) -> Entry:
        """A compound is what its last word is, where that is a person ("army-general", "ex-rebels")."""
        if word.endswith("-year-old"):
            return Entry(
                noun=Noun(word, "person", Group.CHILDREN if word[:2].isdigit() and int(word[:2]) < ADULT else Group.PEOPLE, True, False)
            )
        first, _, last = word.rpartition("-")
        tail = self.get(last)
        if tail is None or tail.noun is None or tail.noun.sort != "person" or first in _OPPOSED:
            return EMPTY
        return Entry(noun=tail.noun, state=tail.state)

    def cue(self, word: str, name: str) -> bool:
        """Whether a word is in the cue list of this name."""
        entry = self.get(word)
        return entry is not None and name in entry.cues

    def _entry(self, word: str) -> Entry:
        return self.setdefault(word, Entry())

    def _add_people(self, people: Mapping[str, Any]) -> None:
        for group in Group:
            if group is not Group.PERPETRATORS:
                for noun in people.get(group, ()):
                    self._add_noun(noun, "person", group)
        for noun in people["bodies"]:
            self._add_noun(noun, "body", Group.PEOPLE)
        for noun in people["things"]:
            self._add_noun(noun, "thing", Group.PEOPLE)

    def _add_noun(self, spelled: str, sort: str, group: Group) -> None:
        singular, plural = _noun_forms(spelled)
        for form in {singular, plural}:
            entry = self._entry(form)
            if entry.noun is None or entry.noun.lemma != form:
                entry.noun = Noun(singular, sort, group, form == singular, form == plural)

    def _add_measures(self, measures: Mapping[str, Any]) -> None:
        for measure, verbs in measures["transitive"].items():
            self._add_verbs(verbs, Measure(measure), transitive=True)
        self._add_verbs(measures["harm"], Measure.INJURED, transitive=True, harm=True)
        for measure, verbs in measures["intransitive"].items():
            self._add_verbs(verbs, Measure(measure), transitive=False)
        for measure, verbs in measures["phrasal"].items():
            self._add_phrasal(verbs, Measure(measure))
        for measure, words in measures["predicates"].items():
            for word in words:
                self._entry(word).predicate = Measure(measure)
        for kind in ("nouns", "counted", "states", "deeds"):
            for measure, nouns in measures[kind].items():
                self._add_measure_nouns(kind, measure, nouns)

    def _add_measure_nouns(self, kind: str, measure: str, nouns: Iterable[str]) -> None:
        for spelled in nouns:
            singular, plural = (spelled, spelled) if kind == "states" and self[spelled].predicate else _noun_forms(spelled)
            for form in {singular, plural}:
                entry = self._entry(form)
                entry.singular = form == singular
                if kind == "nouns":
                    entry.nominal = Measure(measure)
                elif kind == "counted":
                    entry.counted = measure if measure == "casualties" else Measure(measure)
                elif kind == "states":
                    entry.state = Measure(measure)
                else:
                    entry.deed = Measure(measure)

    def _add_verbs(self, verbs: Iterable[str], measure: Measure, *, transitive: bool, harm: bool = False) -> None:
        for spelled in verbs:
            base, forms = _verb_forms(spelled)
            for form, word in forms:
                entry = self._entry(word)
                if entry.verb is None or (entry.verb.form == "base" and form != "base"):
                    entry.verb = Verb(base, measure, transitive, harm, form)

    def _add_phrasal(self, verbs: Iterable[str], measure: Measure) -> None:
        for spelled in verbs:
            base, particle, *rest = spelled.split()
            for form, word in _verb_forms(" ".join((base, *rest)))[1]:
                self._entry(word).phrasal.setdefault(particle, Verb(f"{base} {particle}", measure, transitive=True, harm=False, form=form))

    def _add_cues(self, cues: Mapping[str, Any]) -> None:
        for name, words in cues.items():
            if isinstance(words, dict):
                for inner, members in words.items():
                    for word in members:
                        self._entry(word).cues |= {name, inner}
            else:
                for word in words:
                    self._entry(str(word)).cues.add(name)


def _noun_forms(spelled: str) -> tuple[str, str]:
    words = spelled.split()
    if len(words) == 2 and " " in spelled and words[0] != "per":
        return words[0], words[1]
    noun = words[-1]
    if noun.endswith("y") and noun[-2:-1] not in _VOWELS:
        return noun, noun[:-1] + "ies"
    if noun.endswith(("s", "x", "ch", "sh")):
        return noun, noun + "es"
    return noun, noun + "s"


def _verb_forms(spelled: str) -> tuple[str, list[tuple[str, str]]]:
    words = spelled.split()
    base = words[0]
    stem = base.removesuffix("e")
    doubled = stem + stem[-1] if base in {"nab", "stab", "whip", "gun"} else stem
    past = words[1] if len(words) > 1 else (base[:-1] + "ied" if base.endswith("y") and base[-2] not in _VOWELS else doubled + "ed")
    participle = words[2] if len(words) > 2 else past
    gerund = words[3] if len(words) > 3 else doubled + "ing"
    third = (
        base[:-1] + "ies"
        if base.endswith("y") and base[-2] not in _VOWELS
        else base + ("es" if base.endswith(("s", "x", "ch", "sh")) else "s")
    )
    forms = [("base", base), ("s", third), ("gerund", gerund), ("past", past)]
    if participle != past:
        forms.append(("participle", participle))
    return base, forms


@cache
def lexicon() -> Lexicon:
    """The one lexicon, read at first use."""
    return Lexicon(table("measures.yaml"), table("people.yaml"), table("cues.yaml"), table("events.yaml"))
