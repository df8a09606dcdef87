"""Finding noun phrases in the tokens of a sentence: determiner, number, modifiers, noun, name."""

from __future__ import annotations

from dataclasses import replace

from schemas import Group, Qualifier

from ..numbers.quantity import Quantity
from ..text.reasons import Reason
from .nouns import OF_SEVERAL, NounPhrase
from .runs import ORDINALS, Runs

SHARES = (
    (("half",), 0.5),
    (("one", "half"), 0.5),
    (("third",), 1 / 3),
    (("one", "third"), 1 / 3),
    (("one-third",), 1 / 3),
    (("two", "thirds"), 2 / 3),
    (("two-thirds",), 2 / 3),
    (("quarter",), 0.25),
    (("one", "quarter"), 0.25),
    (("three", "quarters"), 0.75),
    (("three-quarters",), 0.75),
)
"""Words for a share, and the share."""
_AUXILIARY = frozenset({"be", "have", "modals"})
_SIZED = frozenset({"family", "group", "cell", "team", "crew", "gang", "band", "squad", "party", "patrol"})
"""Nouns for a few people together."""
_TURNS = frozenset({",", "(", "or", "–", "—", "-", "comprising", "totalling", "totaling", "representing", "i.e"})
"""Words between a number of families and that of their people."""
TURNED = 3
"""How many of them may stand there."""
_LEFT = frozenset({"other", "remaining", "last", "final", "first"})
"""Words before a number of those who are left, or were the last or first of them ("the other two hostages", "the last 10 captives")."""
_SHARING = frozenset(words[0] for words, _ in SHARES)


class Phrases(Runs):
    """Finds noun phrases in the tokens of one sentence."""

    def at(self, place: int) -> NounPhrase | None:
        """The noun phrase that begins at a token, or None."""
        token = self.tokens[place]
        if token.kind in ("mark", "possessive") and place not in self.quantities:
            return None
        entry = self.entries[place]
        if token.low == "zero" or ("none" in entry.cues and place not in self.quantities):
            return self._negative(place)
        if token.low == "not" and (self._low(place + 1), self._low(place + 2)) == ("a", "single"):
            return self._negated(place + 3, place)
        if token.low in ("none", "nobody"):
            return NounPhrase(place, place, "person", "person", definite="indefinite", negative=True)
        if token.low == "both" and self._ends_phrase(place + 1):
            return NounPhrase(place, place, "both", "pronoun", definite="pronoun", plural=True)
        if "pronouns" in entry.cues and place not in self.quantities and not self._noun_soon(place, entry.cues):
            return NounPhrase(
                place, place, token.low, "pronoun", definite="pronoun", plural="they" in entry.cues or token.low == "themselves"
            )
        return self._of_size(self._possessed(self._full(place), place))

    def _ends_phrase(self, place: int) -> bool:
        """Whether a verb or an auxiliary stands at a place, or an adverb before one."""
        entry = self._entry(place)
        later = self._entry(place + 1)
        return bool(entry.cues & _AUXILIARY or entry.verb) or (
            ("adverbs" in entry.cues or self._low(place).endswith("ly")) and bool(later.verb or later.cues & _AUXILIARY)
        )

    def _of_size(self, phrase: NounPhrase | None) -> NounPhrase | None:
        """A group with its number behind it: "a family of five", "a cell of three gunmen", "an MSF team of four"."""
        if (
            phrase is None
            or phrase.quantity is not None
            or (phrase.plural and phrase.lemma != "crew")
            or phrase.lemma not in _SIZED
            or self._low(phrase.last + 1) != "of"
        ):
            return phrase
        at = phrase.last + 2
        if at not in self.quantities or self.quantities[at].vague:
            return phrase
        inner = self._counted(at, phrase.first, phrase.definite)
        if inner is None or inner.whole is not None or inner.sort == "thing":
            return phrase
        if inner.sort == "none":
            inner.lemma, inner.sort = "people", "person"
            inner.regroup(phrase.group, Reason("as the noun before its number says"))
            inner.grouped = inner.grouped or Reason("by default: its noun says of no group")
        inner.definite = "indefinite" if phrase.definite != "definite" else "definite"
        return inner

    def _possessed(self, phrase: NounPhrase | None, place: int) -> NounPhrase | None:
        """The noun phrase with a number that belongs to one before it ("the town's nine policemen")."""
        if phrase is None or phrase.quantity is not None or phrase.definite != "definite":
            return phrase
        owned = phrase.last + 2
        if owned >= self._size or self.tokens[owned - 1].kind != "possessive" or owned not in self.quantities:
            return phrase
        return self._counted(owned, place, "definite") or phrase

    def _noun_soon(self, place: int, cues: set[str]) -> bool:
        return (
            "determiners" in cues
            and place + 1 < self._size
            and self.tokens[place + 1].kind in ("word", "number")
            and "be" not in self._entry(place + 1).cues
            and not self._closed(place + 1)
        )

    def _negative(self, place: int) -> NounPhrase | None:
        if self._low(place + 1) == "one":
            return NounPhrase(place, place + 1, "person", "person", definite="indefinite", negative=True)
        return self._negated(place + 1, place)

    def _negated(self, at: int, first: int) -> NounPhrase | None:
        inner = self._run(at, first, marked=True)
        if inner is not None:
            inner.negative, inner.definite = True, "indefinite"
        return inner

    def _full(self, place: int) -> NounPhrase | None:
        at, definite = place, "bare"
        if self.lexicon.cue(self._low(at), "all") and at not in self.quantities:
            definite, at = "all", at + 1
            if self._low(at) == "of":
                at += 1
        if at < self._size and at not in self.quantities:
            cues = self._entry(at).cues
            if "determiners" in cues and "all" not in cues:
                if definite == "bare":
                    definite = "indefinite" if "indefinite" in cues else "definite"
                additive = self._low(at) == "another"
                rest = self._low(at + 1) in _LEFT and at + 2 in self.quantities
                phrase = self._counted(at + 1 + rest, place, definite)
                if rest and phrase is not None:
                    phrase.additive = self._low(at + 1) == "other"
                if phrase is not None:
                    phrase.additive |= additive
                    if self._low(at) in ("a", "an", "another") and phrase.quantity is None:
                        phrase.plural = False
                    phrase.owned = phrase.owned or self._low(at) in ("his", "her", "their", "its")
                if phrase is None and additive:
                    return NounPhrase(place, at, "other", "none", definite="indefinite", additive=True)
                return phrase
        return self._counted(at, place, definite)

    def _share(self, at: int, first: int) -> NounPhrase | None:
        """A share of a stated whole: "half of the 30 hostages"."""
        share, last = next(
            ((value, at + len(words)) for words, value in SHARES if all(self._low(at + i) == w for i, w in enumerate(words))), (None, at)
        )
        if share is None:
            return None
        inner = self.at(last + 1 if self._low(last) == "of" else last) if last + 1 < self._size else None
        if (
            inner is None
            or inner.sort == "counted"
            or (inner.sort == "none" and self._entry(inner.last + 1).verb is not None)
            or inner.quantity is None
            or inner.quantity.vague
            or (self._low(last) != "of" and inner.definite != "definite")
        ):
            return None
        value = int(inner.quantity.value * share)
        quantity = replace(
            inner.quantity,
            first=first,
            core=first,
            value=value,
            low=value if inner.quantity.low is not None else None,
            high=value if inner.quantity.high is not None else None,
        )
        return NounPhrase(
            first, inner.last, inner.lemma, inner.sort, inner.group, quantity, "indefinite", plural=True, measure=inner.measure
        )

    def _all_but(self, at: int, first: int) -> NounPhrase | None:
        """A stated whole without some: "all but two of the 40 hostages"."""
        without = self.quantities.get(at + 1)
        if without is None or self._low(without.last + 1) != "of" or without.last + 2 >= self._size:
            return None
        inner = self.at(without.last + 2)
        if inner is not None and inner.sort == "pronoun" and not without.vague:
            return NounPhrase(first, inner.last, quantity=without, whole=inner, plural=True, definite="indefinite", but=True)
        if inner is None or inner.quantity is None or inner.quantity.vague or inner.quantity.value <= without.value:
            return None
        value = inner.quantity.value - without.value
        quantity = replace(inner.quantity, first=first, core=first, value=value, low=value, high=value)
        return NounPhrase(
            first, inner.last, inner.lemma, inner.sort, inner.group, quantity, "indefinite", plural=True, measure=inner.measure
        )

    def _counted(self, at: int, first: int, definite: str) -> NounPhrase | None:
        if at >= self._size:
            return None
        if self._low(at) == "but" and definite == "all" and (left := self._all_but(at, first)) is not None:
            return left
        if self._low(at) in _SHARING and (share := self._share(at, first)) is not None:
            return share
        if self._low(at) in ORDINALS:
            return self._ordinal(at, first, definite)
        quantity = self.quantities.get(at)
        if quantity is None:
            phrase = self._run(at, first, marked=definite != "bare")
            if phrase is not None and phrase.definite == "bare":
                phrase.definite = definite
            return phrase
        behind = quantity.last + 1
        phrase = self._part_of(quantity, first, behind) or self._run(behind, first, marked=True, number=quantity)
        if phrase is None:
            phrase = NounPhrase(first, quantity.last)
        phrase.last = max(phrase.last, quantity.last)
        if phrase.lemma in OF_SEVERAL and phrase.whole is None:
            if (people := self._in_people(phrase.last + 1, first)) is not None:
                return people
            quantity = _floor(quantity, phrase.last)
        phrase.first, phrase.quantity = first, quantity
        phrase.plural = quantity.value != 1 or bool(quantity.vague)
        if definite in ("definite", "all"):
            phrase.definite = definite
        elif phrase.definite == "bare":
            phrase.definite = "indefinite"
        return phrase

    def _in_people(self, at: int, first: int) -> NounPhrase | None:
        """How many people that many families are: "3,400 families, or about 20,000 people"; "500 families (2,600 individuals)"."""
        end = at + TURNED
        while at < end and self._low(at) in _TURNS:
            at += 1
        if at not in self.quantities or self.tokens[at - 1].low not in _TURNS:
            return None
        inner = self._counted(at, first, "indefinite")
        return (
            inner
            if inner is not None and inner.sort == "person" and inner.lemma not in OF_SEVERAL and inner.group is Group.PEOPLE
            else None
        )

    def _ordinal(self, at: int, first: int, definite: str) -> NounPhrase | None:
        """One of a row: "a third soldier", "the fourth"."""
        phrase = self._run(at + 1, first, marked=True)
        if phrase is None and definite in ("indefinite", "definite"):
            return NounPhrase(first, at, "other", "none", definite=definite, additive=True, ordinal=True)
        if phrase is not None and definite == "indefinite":
            phrase.definite, phrase.additive, phrase.ordinal = "indefinite", True, True
            return phrase
        if phrase is not None:
            phrase.definite, phrase.ordinal = definite, True
        return phrase

    def _part_of(self, quantity: Quantity, first: int, behind: int) -> NounPhrase | None:
        if quantity.of:
            inner_at = behind
        elif self._low(behind) == "of":
            inner_at = behind + 1
        elif self._low(behind) in ("other", "others", "more") and self._low(behind + 1) == "of":
            inner_at = behind + 2
        else:
            return None
        if inner_at >= self._size:
            return None
        inner = self.at(inner_at)
        if inner is None or (inner.sort == "thing" and inner.quantity is None and not quantity.of):
            return None
        if quantity.of and inner.definite in ("bare", "indefinite") and inner.quantity is None:
            inner.definite = "indefinite"
            return inner
        return NounPhrase(
            first,
            inner.last,
            inner.lemma if inner.sort != "pronoun" else "",
            inner.sort if inner.sort != "pronoun" else "none",
            inner.group,
            whole=inner,
            measure=inner.measure,
            plural=True,
            definite="indefinite",
        )


def _floor(quantity: Quantity, noun: int) -> Quantity:
    """A number of families as one of people: there are more of them, and of "up to 500 families" no bound is known."""
    if quantity.qualifier in (Qualifier.AT_MOST, Qualifier.FEWER_THAN):
        return replace(quantity, qualifier=Qualifier.VAGUE, low=None, high=None, said=(noun, noun))
    low = quantity.low if quantity.low is not None else quantity.value
    return replace(quantity, qualifier=Qualifier.AT_LEAST, low=low, high=None, said=(noun, noun))
