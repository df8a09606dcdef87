"""The words of a noun phrase from its determiner to its name: modifiers, noun, and what only looks like one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schemas import Group

from ..numbers.quantity import Quantity
from ..text.tokens import Token
from ..words.groups import group_of, works_for_aid
from ..words.lexicon import EMPTY, Entry, Lexicon, Verb
from . import light_verbs
from .nouns import TAKEN_AS, NounPhrase

ORDINALS = frozenset("first second third fourth fifth sixth seventh eighth ninth tenth 1st 2nd 3rd 4th 5th".split())
MAX_MODIFIERS = 9
"""Most words between a number and its noun ("one locally recruited male INGO national staff member")."""

ABSTRACT = ("ments", "tions", "sions", "ings", "ities", "ances", "ences", "nesses")
"""Endings of nouns that are no people."""


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
    owned: bool = False
    """Whether it belongs to a person named within it ("the child's father")."""
    thing: bool = False
    """Whether its noun is an unknown thing that a deed before it only describes."""


class Runs:
    """Reads the runs of words of one sentence that make noun phrases; places are tokens."""

    def __init__(self, tokens: Sequence[Token], quantities: Mapping[int, Quantity], lexicon: Lexicon, *, title: bool = False) -> None:
        self.tokens = tokens
        self.quantities = quantities
        self.lexicon = lexicon
        self.title = title
        self.lows = [token.low for token in tokens]
        self.entries = [lexicon[low] for low in self.lows]
        self._size = len(tokens)

    def _run(self, at: int, first: int, *, marked: bool, number: Quantity | None = None) -> NounPhrase | None:
        """Modifiers and their noun, beginning at a token."""
        run = _Run(at)
        while run.place < self._size and run.place - at < MAX_MODIFIERS and self._step(run, at, marked=marked, number=number):
            pass
        if run.head < 0:
            return self._headless(at, first, run.place, number, additive=run.additive)
        phrase = self._build(first, at, run.head, run.attributive, additive=run.additive)
        phrase.owned = run.owned
        if run.thing:
            phrase.sort, phrase.lemma, phrase.plural = "thing", self._low(run.head), True
        if run.trade > run.head:
            phrase.last, phrase.lemma, phrase.sort = run.trade, self._low(run.trade), "person"
            phrase.group, phrase.plural = Group.MILITANTS, phrase.lemma.endswith("s")
        return phrase

    def _step(self, run: _Run, at: int, *, marked: bool, number: Quantity | None) -> bool:
        """Take the next word into a run; False where the run ends before it."""
        place = run.place
        token = self.tokens[place]
        if token.kind == "possessive" and run.head >= 0 and place + 1 in self.quantities:
            return False  # "the town's nine policemen": the number begins a phrase of its own
        if token.kind == "possessive" and place > at:
            run.owned = run.head >= 0 and (noun := self.entries[run.head].noun) is not None and noun.sort == "person"
            run.head, run.attributive, run.place = -1, None, place + 1
            return True
        if token.kind != "word" or place in self.quantities or (token.low in GOVERNING and (place > at or not marked)):
            return False
        entry = self.entries[place]
        if self._tells(run, at) or (place == at and not marked and token.low in _SPEAKS):
            return False
        if run.head >= 0 and (not entry.is_noun or token.low in TAKEN_AS):
            return self._behind_head(run, place, marked=marked)
        nominal = run.head < 0 or self._compounds(run.head, place)
        if entry.verb is not None and not (nominal and self._noun_reading(place, at, entry.verb, marked=marked)):
            attributive = run.known and run.head < 0 and marked and entry.verb.form in ("past", "participle")
            if not (attributive and (self._head_follows(place + 1) or (number is not None and self._of_a_people(place + 1)))):
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

    def _tells(self, run: _Run, at: int) -> bool:
        """Whether the next word is no part of a noun phrase, but says what befell it."""
        word, behind = self.lows[run.place], self._low(run.place + 1)
        if run.head < 0 and word in light_verbs.FORMS and behind in TAKEN_AS:
            return True  # "251 taken hostage": no noun of a number
        if run.head >= 0 and word.endswith("ing") and behind in _DETERMINERS:
            return True  # "nine labourers building a tunnel"
        entry = self.entries[run.place]
        if run.head >= 0 and word in _TIMES and (noun := self.entries[run.head].noun) is not None and noun.sort == "person":
            return True  # "released 90 prisoners hours later"
        return run.place > at and (word in _SUFFERED or behind in entry.phrasal or (run.head >= 0 and entry.predicate is not None))

    def _behind_head(self, run: _Run, place: int, *, marked: bool) -> bool:
        """Whether a word behind the noun belongs to the phrase still."""
        if self._names_things(place):
            run.head, run.thing, run.place = place, True, place + 1
            return False
        run.place += 1
        if self._low(place) in TAKEN_AS:
            return False
        return self._goes_on(place) or self._names_trade(run, place, marked=marked)

    def _compounds(self, head: int, place: int) -> bool:
        """Whether a deed may go with the thing before it ("a drone strike")."""
        noun = self.entries[head].noun
        return noun is not None and noun.sort == "thing" and noun.singular and self.entries[place].deed is not None

    def _noun_reading(self, place: int, at: int, verb: Verb, *, marked: bool) -> bool:
        entry = self.entries[place]
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
            if token.kind != "word" or at in self.quantities or token.low == "last":
                return False  # "231 injured last month"
            entry = self.entries[at]
            if entry.noun is not None and not (
                "modifiers" in entry.cues and at + 1 < self._size and self.tokens[at + 1].kind == "word" and not self._closed(at + 1)
            ):
                return entry.verb is None or entry.noun.sort == "person"
            if entry.verb is not None or self._closed(at):
                return False
        return False

    def _of_a_people(self, place: int) -> bool:
        """Whether a word behind a participle names people by what they are in no table ("six wounded Tutsis")."""
        if place >= self._size or self.tokens[place - 1].capital or not self.tokens[place].capital:
            return False
        behind = self.tokens[place + 1] if place + 1 < self._size else None
        plural = self._low(place).endswith("s") and len(self._low(place)) > 3 and not self._low(place).endswith("ss")
        return plural and (behind is None or not behind.capital) and not self.entries[place].cues and not self.entries[place].is_noun

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
                and not word.endswith(("ss", "'s", "-arms"))
                and (self.tokens[position].capital or not word.endswith(("is", "us")))
                and len(word) > 3
                and not self.lexicon[word].cues
            ):
                head = position
                break
        if head < 0 and number.value == 1 and at < place and self.tokens[at].capital and not self._entry(at).cues:
            group = Group.AID_WORKERS if self._low(at) in self.lexicon.aid else Group.PEOPLE
            return NounPhrase(first, at, self._low(at), "unknown", group, definite="indefinite")
        if head < 0:
            if additive:
                last = at
                while last + 1 < place and "additive" in self._entry(last + 1).cues:
                    last += 1
                return NounPhrase(first, last, "other", "none", additive=True)
            return None
        lemma = self.tokens[head].low[:-1]
        group = Group.AID_WORKERS if works_for_aid(self.tokens, head, self.lexicon) else Group.PEOPLE
        return NounPhrase(first, head, lemma, "unknown", group, plural=True, additive=additive)

    def _build(self, first: int, at: int, head: int, attributive: Verb | None, *, additive: bool) -> NounPhrase:
        token = self.tokens[head]
        entry = self.entries[head]
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
        heads = last + 1 < self._size and self._low(head + 1) == "of"
        if token.low == "head" and last == head and (heads or (head > at and self._low(head - 1) in _HEADED)):
            phrase.lemma, phrase.sort = "head", "person"
            phrase.group = group_of(self.tokens, at, head, Group.CIVILIANS, self.lexicon)
        elif self._is_corps(at, head):
            phrase.lemma, phrase.sort = "force", "body"
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
            if noun.lemma in _OFFSPRING and self._of_the_soil(head):
                phrase.group = Group.SOLDIERS
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
            if entry.deed is None:
                phrase.group = self._whose(at, head)
            phrase.lemma, phrase.plural = token.low.rstrip("s"), not entry.singular
        elif noun is not None:
            phrase.lemma, phrase.sort, phrase.plural = noun.lemma, noun.sort, noun.plural and not noun.singular
            if noun.sort == "body":
                phrase.group = group_of(self.tokens, at, head, Group.PEOPLE, self.lexicon)
        elif entry.state is not None:
            phrase.lemma, phrase.sort, phrase.measure, phrase.plural = token.low, "state", entry.state, True
        return phrase

    def _is_corps(self, at: int, head: int) -> bool:
        """Whether a guard is a force ("the Civil Guard"), and no one man of it ("a National Guard")."""
        if self._low(head) != "guard" or head == at or self.title:
            return False
        named = self.tokens[head].capital and self.tokens[head - 1].capital and self._low(head - 1) in _CORPS
        return named and self._low(at - 1) in ("the", "of")

    def _of_the_soil(self, head: int) -> bool:
        """Whether sons are those of a country, as an army calls its dead ("brave sons of the soil")."""
        behind = head + 2 + (self._low(head + 2) == "the")
        return self._low(head + 1) == "of" and self._low(behind) in _COUNTRY

    def _whose(self, at: int, head: int) -> Group:
        """Whose deaths or injuries a noun counts ("nine civilian deaths")."""
        nouns = (self.entries[i].noun for i in range(at, head))
        return next((n.group for n in nouns if n is not None and n.sort == "person" and n.group is not Group.PEOPLE), Group.PEOPLE)

    def _goes_on(self, place: int) -> bool:
        """Whether a word behind a noun leads on to the true head ("staff contracted driver", "staff first aid workers")."""
        token = self.tokens[place]
        entry = self.entries[place]
        known = "modifiers" in entry.cues or token.low in self.lexicon.aid or token.low in ORDINALS
        return known and entry.verb is None and not self._closed(place) and self._head_follows(place + 1)

    def _names_things(self, place: int) -> bool:
        """Whether an unknown plural stands at a place, of which a deed only says what it is for ("20 detention facilities")."""
        token, entry, head = self.tokens[place], self._entry(place), self._entry(place - 1)
        if head.noun is not None or not (head.counted or head.nominal or head.deed):
            return False
        plain = not entry.cues and entry.verb is None and not entry.is_noun and not token.capital
        return plain and token.low.endswith("s") and not token.low.endswith(("ss", "us", "is", "as"))

    def _names_trade(self, run: _Run, place: int, *, marked: bool) -> bool:
        """Whether a word behind the name of a movement is a trade of its members ("a Taliban explosives expert")."""
        if self.tokens[run.head].low not in self.lexicon.militantly or not marked or self._closed(place) or self._entry(place).verb:
            return False
        behind = self.tokens[place + 1] if place + 1 < self._size else None
        if behind is not None and behind.kind == "word" and not self._closed(place + 1) and self.entries[place + 1].verb is None:
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
            and not self.entries[place].cues
            and self.entries[place].verb is None
            and self.entries[place].predicate is None
        )

    def _closed(self, place: int) -> bool:
        cues = self._entry(place).cues
        return not cues.isdisjoint(_CLOSED) and "modifiers" not in cues

    def _low(self, place: int) -> str:
        return self.lows[place] if 0 <= place < self._size else ""

    def _entry(self, place: int) -> Entry:
        return self.entries[place] if 0 <= place < self._size else EMPTY


_CORPS = frozenset({"civil", "national", "coast", "border", "republican", "presidential", "revolutionary", "municipal"})
"""What a force is called before "Guard"."""
_HEADED = frozenset(
    "village district town community county ward traditional local religious mission office family regional provincial".split()
)
"""What somebody is the head of, as it stands before that."""
GOVERNING = frozenset(
    "carrying transporting holding containing wearing driving leaving heading travelling traveling belonging using targeting crossing entering guarding escorting approaching seeking fleeing planting manning attending hosting housing sheltering accompanying claiming demanding awaiting".split()
)
"""Participles that take an object of their own: "a bus carrying workers" is a bus."""
_OFFSPRING = frozenset({"son", "daughter"})
_COUNTRY = frozenset({"soil", "nation", "motherland", "fatherland", "homeland"})
_SUFFERED = frozenset({"sustained", "suffered", "received", "lost", "took", "fled", "fell"})
"""Light verbs in the past, which no noun phrase goes on over."""
_SPEAKS = frozenset({"said", "says", "say", "told"})
"""Verbs that stand right before what is said, and are no part of it ("the mayor said houses were hit")."""
_DETERMINERS = frozenset({"a", "an", "the", "their", "his", "her", "its"})
_TIMES = frozenset("seconds minutes hours days weeks months years".split())
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
