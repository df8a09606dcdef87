"""Finding noun phrases in the tokens of a sentence: determiner, number, modifiers, noun, name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from schemas import Group

from .groups import group_of
from .lexicon import Lexicon, Verb
from .nouns import TAKEN_AS, NounPhrase
from .quantities import Quantity
from .tokens import Token

MAX_MODIFIERS = 9
"""Most words between a number and its noun ("one locally recruited male INGO national staff member")."""

ABSTRACT = ("ments", "tions", "sions", "ings", "ities", "ances", "ences", "nesses")
"""Endings of nouns that are no people."""


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
_SHARING = frozenset(words[0] for words, _ in SHARES)
ORDINALS = frozenset("first second third fourth fifth sixth seventh eighth ninth tenth 1st 2nd 3rd 4th 5th".split())


@dataclass(slots=True)
class _Run:
    """How far the words of a noun phrase have been read."""

    place: int
    head: int = -1
    """Token of its noun; -1 as long as none was met."""
    attributive: Verb | None = None
    additive: bool = False
    trade: int = -1
    """Token of an unknown noun that ends it behind the name of a movement."""
    known: bool = True
    """Whether all words so far are known modifiers."""


class Phrases:
    """Finds noun phrases in the tokens of one sentence."""

    def __init__(self, tokens: Sequence[Token], quantities: Mapping[int, Quantity], lexicon: Lexicon, *, title: bool = False) -> None:
        self.tokens = tokens
        self.quantities = quantities
        self.lexicon = lexicon
        self.title = title
        self._size = len(tokens)

    def at(self, place: int) -> NounPhrase | None:
        """The noun phrase that begins at a token, or None."""
        token = self.tokens[place]
        if token.kind in ("mark", "possessive") and place not in self.quantities:
            return None
        entry = self.lexicon[token.low]
        if "none" in entry.cues and place not in self.quantities:
            return self._negative(place)
        if token.low == "zero":
            return self._negative(place)
        if token.low in ("none", "nobody") or (token.low == "no" and self._low(place + 1) in ("one", "one's")):
            return NounPhrase(
                place, place + (1 if token.low == "no" else 0), "person", "person", Group.PEOPLE, definite="indefinite", negative=True
            )
        if "pronouns" in entry.cues and place not in self.quantities and not self._noun_soon(place, entry.cues):
            return NounPhrase(
                place, place, token.low, "pronoun", definite="pronoun", plural="they" in entry.cues or token.low == "themselves"
            )
        return self._full(place)

    def _noun_soon(self, place: int, cues: set[str]) -> bool:
        return (
            "determiners" in cues
            and place + 1 < self._size
            and self.tokens[place + 1].kind in ("word", "number")
            and "be" not in self.lexicon[self._low(place + 1)].cues
            and not self._closed(place + 1)
        )

    def _negative(self, place: int) -> NounPhrase | None:
        if self._low(place + 1) == "one":
            return NounPhrase(place, place + 1, "person", "person", definite="indefinite", negative=True)
        inner = self._run(place + 1, place, marked=True)
        if inner is None:
            return None
        inner.negative, inner.definite = True, "indefinite"
        return inner

    def _full(self, place: int) -> NounPhrase | None:
        at, definite = place, "bare"
        if self.lexicon.cue(self._low(at), "all") and at not in self.quantities:
            definite, at = "all", at + 1
            if self._low(at) == "of":
                at += 1
        if at < self._size and at not in self.quantities:
            cues = self.lexicon[self._low(at)].cues
            if "determiners" in cues and "all" not in cues:
                if definite == "bare":
                    definite = "indefinite" if "indefinite" in cues else "definite"
                additive = self._low(at) == "another"
                phrase = self._counted(at + 1, place, definite)
                if phrase is not None:
                    phrase.additive |= additive
                    if self._low(at) in ("a", "an", "another") and phrase.quantity is None:
                        phrase.plural = False
                    phrase.owned = self._low(at) in ("his", "her", "their", "its")
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
        if inner is None or inner.quantity is None or inner.quantity.vague or (self._low(last) != "of" and inner.definite != "definite"):
            return None
        value = int(inner.quantity.value * share)
        quantity = replace(
            inner.quantity,
            first=first,
            value=value,
            low=value if inner.quantity.low is not None else None,
            high=value if inner.quantity.high is not None else None,
        )
        return NounPhrase(
            first, inner.last, inner.lemma, inner.sort, inner.group, quantity, "indefinite", plural=True, measure=inner.measure
        )

    def _counted(self, at: int, first: int, definite: str) -> NounPhrase | None:
        if at >= self._size:
            return None
        if self._low(at) in _SHARING and (share := self._share(at, first)) is not None:
            return share
        if self._low(at) in ORDINALS:
            phrase = self._run(at + 1, first, marked=True)
            if phrase is None and definite in ("indefinite", "definite"):
                return NounPhrase(first, at, "other", "none", definite=definite, additive=True, ordinal=True)
            if phrase is not None and definite == "indefinite":
                phrase.definite, phrase.additive, phrase.ordinal = "indefinite", True, True
                return phrase
            if phrase is not None:
                phrase.definite, phrase.ordinal = definite, True
            return phrase
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
        phrase.first, phrase.quantity = first, quantity
        phrase.last = max(phrase.last, quantity.last)
        phrase.plural = quantity.value != 1 or bool(quantity.vague)
        if definite in ("definite", "all"):
            phrase.definite = definite
        elif phrase.definite == "bare":
            phrase.definite = "indefinite"
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
        if inner is None or (inner.sort == "thing" and not quantity.of):
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

    def _run(self, at: int, first: int, *, marked: bool, number: Quantity | None = None) -> NounPhrase | None:
        """Modifiers and their noun, beginning at a token."""
        run = _Run(at)
        while run.place < self._size and run.place - at < MAX_MODIFIERS and self._step(run, at, marked=marked, number=number):
            pass
        if run.head < 0:
            return self._headless(at, first, run.place, number, additive=run.additive)
        phrase = self._build(first, at, run.head, run.attributive, additive=run.additive)
        if run.trade > run.head:
            phrase.last, phrase.lemma, phrase.sort = run.trade, self._low(run.trade), "person"
            phrase.group, phrase.plural = Group.MILITANTS, phrase.lemma.endswith("s")
        return phrase

    def _step(self, run: _Run, at: int, *, marked: bool, number: Quantity | None) -> bool:
        """Take the next word into a run; False where the run ends before it."""
        place = run.place
        token = self.tokens[place]
        if token.kind == "possessive" and place > at:
            run.head, run.attributive, run.place = -1, None, place + 1
            return True
        if token.kind != "word" or place in self.quantities:
            return False
        entry = self.lexicon[token.low]
        if run.head >= 0 and (not entry.is_noun or token.low in TAKEN_AS):
            run.place += 1
            if token.low in TAKEN_AS or not self._goes_on(place):
                return token.low not in TAKEN_AS and self._names_trade(run, place, marked=marked)
            return True
        if entry.verb is not None and not (run.head < 0 and self._noun_reading(place, at, entry.verb, marked=marked)):
            attributive = run.known and run.head < 0 and marked and entry.verb.form in ("past", "participle")
            if not (attributive and self._head_follows(place + 1)):
                return False
            run.attributive, run.place = entry.verb, place + 1
            return True
        if entry.is_noun and (entry.noun is not None or marked):
            if entry.noun is None or "modifiers" not in entry.cues or not self._head_follows(place + 1):
                if entry.predicate is not None and (entry.noun is None or number is not None or not marked):
                    return False
                run.head = place
        elif self._closed(place) and not (run.head < 0 and marked and token.low == "of" and self._joins_names(place)):
            return False
        run.additive = run.additive or ("additive" in entry.cues and run.head < 0)
        run.known = run.known and ("modifiers" in entry.cues or token.low.endswith("ly"))
        run.place += 1
        return True

    def _noun_reading(self, place: int, at: int, verb: Verb, *, marked: bool) -> bool:
        entry = self.lexicon[self.tokens[place].low]
        if entry.deed is not None and verb.form in ("base", "s"):
            return marked or place > at
        if (entry.counted is not None or entry.nominal is not None) and marked and verb.form in ("base", "s", "gerund"):
            return True
        return (
            entry.noun is not None
            and entry.noun.sort == "person"
            and marked
            and entry.verb is not None
            and verb.form == "past"
            and self._low(at - 1) == "the"
            and place == at
            and not self._head_follows(place + 1)
        )

    def _head_follows(self, place: int) -> bool:
        for at in range(place, min(self._size, place + 6)):
            token = self.tokens[at]
            if token.kind != "word" or at in self.quantities:
                return False
            entry = self.lexicon[token.low]
            if entry.noun is not None and not (
                "modifiers" in entry.cues and at + 1 < self._size and self.tokens[at + 1].kind == "word" and not self._closed(at + 1)
            ):
                return entry.verb is None or entry.noun.sort == "person"
            if entry.verb is not None or self._closed(at):
                return False
        return False

    def _headless(self, at: int, first: int, place: int, number: Quantity | None, *, additive: bool) -> NounPhrase | None:
        if number is None:
            return None
        head = -1
        for position in range(at, min(place, at + 5)):
            word = self.tokens[position].low
            if word.endswith(ABSTRACT):
                return NounPhrase(first, position, word[:-1], "thing", plural=True, additive=additive)
            if (
                word.endswith("s")
                and not word.endswith(("ss", "us", "'s", "-arms"))
                and (self.tokens[position].capital or not word.endswith("is"))
                and len(word) > 3
                and not self.lexicon[word].cues
            ):
                head = position
                break
        if head < 0 and number.value == 1 and at < place and self.tokens[at].capital and not self.lexicon[self._low(at)].cues:
            return NounPhrase(first, at, self._low(at), "unknown", definite="indefinite")
        if head < 0:
            if additive:
                last = at
                while last + 1 < place and "additive" in self.lexicon[self._low(last + 1)].cues:
                    last += 1
                return NounPhrase(first, last, "other", "none", additive=True)
            return None
        lemma = self.tokens[head].low[:-1]
        return NounPhrase(first, head, lemma, "unknown", plural=True, additive=additive)

    def _build(self, first: int, at: int, head: int, attributive: Verb | None, *, additive: bool) -> NounPhrase:
        token = self.tokens[head]
        entry = self.lexicon[token.low]
        last, named = head, False
        while last + 1 < self._size and last - head < 6 and self._is_name(last + 1):
            last, named = last + 1, True
        phrase = NounPhrase(
            first,
            last,
            attributive=attributive,
            additive=additive or ("additive" in entry.cues and token.low.startswith("other")),
            named=named and entry.noun is not None,
        )
        noun = entry.noun
        if token.low == "head" and last == head and last + 1 < self._size and self._low(head + 1) == "of":
            phrase.lemma, phrase.sort = "head", "person"
            phrase.group = group_of(self.tokens, at, head, Group.CIVILIANS, self.lexicon)
        elif noun is not None and noun.sort == "person":
            phrase.lemma, phrase.sort = noun.lemma, "person"
            phrase.plural = (noun.plural and not noun.singular) or noun.lemma in (
                "police",
                "people",
                "staff",
                "personnel",
                "crew",
                "dead",
                "wounded",
                "injured",
                "missing",
                "displaced",
            )
            phrase.group = group_of(self.tokens, at, head, noun.group, self.lexicon)
            phrase.measure = entry.state
            if (
                entry.state is not None
                and noun.group is Group.PEOPLE
                and noun.lemma
                in (
                    "dead",
                    "wounded",
                    "injured",
                    "missing",
                    "displaced",
                    "detainee",
                    "prisoner",
                    "captive",
                    "inmate",
                    "evacuee",
                    "idp",
                    "abductee",
                    "deceased",
                )
            ):
                phrase.sort = "state"
        elif entry.deed is not None or entry.counted is not None or entry.nominal is not None:
            phrase.sort = "deed" if entry.deed is not None else "counted"
            phrase.measure = entry.deed or entry.counted or entry.nominal
            phrase.lemma, phrase.plural = token.low.rstrip("s"), not entry.singular
        elif noun is not None:
            phrase.lemma, phrase.sort, phrase.plural = noun.lemma, noun.sort, noun.plural and not noun.singular
            if noun.sort == "body":
                phrase.group = group_of(self.tokens, at, head, Group.PEOPLE, self.lexicon)
        elif entry.state is not None:
            phrase.lemma, phrase.sort, phrase.measure, phrase.plural = token.low, "state", entry.state, True
        return phrase

    def _goes_on(self, place: int) -> bool:
        """Whether a word behind a noun leads on to the true head ("staff contracted driver", "staff first aid workers")."""
        token = self.tokens[place]
        entry = self.lexicon[token.low]
        known = "modifiers" in entry.cues or token.low in self.lexicon.aid or token.low in ORDINALS
        return known and entry.verb is None and not self._closed(place) and self._head_follows(place + 1)

    def _names_trade(self, run: _Run, place: int, *, marked: bool) -> bool:
        """Whether a word behind the name of a movement is a trade of its members ("a Taliban explosives expert")."""
        if (
            self.tokens[run.head].low not in self.lexicon.militantly
            or not marked
            or self._closed(place)
            or self.lexicon[self._low(place)].verb
        ):
            return False
        behind = self.tokens[place + 1] if place + 1 < self._size else None
        if behind is not None and behind.kind == "word" and not self._closed(place + 1) and self.lexicon[behind.low].verb is None:
            return True
        run.trade = place
        return False

    def _joins_names(self, place: int) -> bool:
        """Whether "of" stands inside a name before a noun ("an Islamic Movement of Uzbekistan facilitator")."""
        around = (self.tokens[place - 1], self.tokens[place + 1]) if 0 < place < self._size - 1 else ()
        return bool(around) and all(t.capital and self.lexicon[t.low].noun is None for t in around) and self._head_follows(place + 2)

    def _is_name(self, place: int) -> bool:
        token = self.tokens[place]
        return (
            token.kind == "word"
            and token.capital
            and not self.title
            and place not in self.quantities
            and not self.lexicon[token.low].cues
            and self.lexicon[token.low].verb is None
        )

    def _closed(self, place: int) -> bool:
        cues = self.lexicon[self._low(place)].cues
        return bool(cues & _CLOSED) and "modifiers" not in cues

    def _low(self, place: int) -> str:
        return self.tokens[place].low if 0 <= place < self._size else ""


_CLOSED = frozenset(
    {
        "determiners",
        "pronouns",
        "prepositions",
        "conjunctions",
        "contrast",
        "subordinators",
        "relatives",
        "be",
        "have",
        "do",
        "modals",
        "not",
        "none",
    }
)
"""Cue lists whose words end a noun phrase."""
