"""Frames of measures: which noun phrase a verb, a noun or a predicate counts, whatever the construction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from schemas import Group, Measure

from .chunks import Chunk, Parsed, VerbGroup
from .clauses import PEOPLE_LIKE, Clauses
from .lexicon import Lexicon
from .nouns import NounPhrase

WIDE = frozenset(
    {"execute", "hold", "held", "release", "capture", "free", "strike", "hit", "eliminate", "rescue", "liberate", "batter", "burn", "hack"}
)
"""Verbs that are said of things as well: their objects count only where the noun is known to mean people."""

COLLECTIVE = frozenset({"staff", "personnel", "crew", "police"})
"""Nouns that are one or many, as their verb says."""


@dataclass(slots=True)
class Mention:
    """One measure said of one noun phrase."""

    measure: Measure
    noun: NounPhrase
    trigger: Chunk
    """The chunk that tells the measure."""
    via: str
    """`verb`, `nominal`, `counted`, `state`, `deed`, `toll`, `remaining`, `attributive` or `part`."""
    place: int
    """Index of the trigger among the chunks."""
    agent: NounPhrase | None = None
    """Who did it, as the words show."""
    part_of: Mention | None = None
    """The mention whose noun phrase this is a part of."""
    harm: bool = False
    """An injury only as long as no death is told of the same people."""
    siblings: list[Mention] = field(default_factory=list)
    """Others counted by the same trigger."""

    @property
    def verb(self) -> VerbGroup | None:
        """The verb, where a verb tells it."""
        return self.trigger.verb


class Frames:
    """Finds the mentions of one sentence."""

    def __init__(self, parsed: Parsed, lexicon: Lexicon) -> None:
        self.parsed = parsed
        self.chunks = parsed.chunks
        self.lexicon = lexicon
        self.clauses = Clauses(parsed, lexicon)

    def find(self) -> list[Mention]:
        """All mentions in the order of their triggers."""
        found: list[Mention] = []
        for place, chunk in enumerate(self.chunks):
            if chunk.verb is not None:
                found += self._of_verb(place, chunk, chunk.verb)
            elif chunk.noun is not None:
                found += self._of_noun(place, chunk, chunk.noun, found)
            elif chunk.kind == "word":
                found += self._of_word(place, chunk)
        return found

    def _of_verb(self, place: int, chunk: Chunk, verb: VerbGroup) -> list[Mention]:
        passive = verb.passive if verb.passive is not None else not self.clauses.has_object(place)
        if passive:
            nouns = self.clauses.subjects(place)
            nouns += [noun for noun in self.clauses.company(place) if nouns and all(noun is not n for n in nouns)]
            if (
                not verb.auxiliaries
                and len(nouns) == 1
                and nouns[0].whole is not None
                and nouns[0].whole.quantity is not None
                and nouns[0].whole.definite == "indefinite"
            ):
                nouns = [nouns[0].whole]
            agent = self.clauses.by(place)
        else:
            nouns = self.clauses.objects(place + 1)
            agent = next(iter(self.clauses.subjects(place)), None)
        if passive and verb.passive is None and verb.transitive and self._doer(place):
            passive, agent = False, self.chunks[place - 1].noun
            nouns = self._left_behind(place)
        verb.passive = passive
        if nouns and nouns[0].negative:
            for noun in nouns[1:]:
                noun.negative = noun.negative or noun.quantity is None
        for noun in nouns:
            if passive and noun.quantity is None and noun.lemma in COLLECTIVE and {"was", "is", "has"} & set(verb.auxiliaries):
                noun.plural = False
        if len(nouns) > 1 and nouns[-1].group is not Group.PEOPLE:
            for noun in nouns[:-1]:
                if noun.lemma in ("male", "female", "") and noun.sort in ("person", "none"):
                    noun.group = nouns[-1].group
        self.clauses.patients[place] = nouns
        mentions = [
            Mention(verb.measure, noun, chunk, "verb", place, agent, harm=verb.harm)
            for noun in nouns
            if self._countable(noun) and not (verb.lemma in WIDE and self._may_be_things(noun))
        ]
        for mention in mentions:
            mention.siblings = mentions
        return mentions + [part for mention in mentions for part in self._parts(mention)]

    def _doer(self, place: int) -> bool:
        """Whether a pronoun right before a verb without an object does it ("the 16 students they abducted")."""
        noun = self.chunks[place - 1].noun if place else None
        verb = self.chunks[place].verb
        return noun is not None and noun.lemma in ("they", "he", "she", "we") and verb is not None and not verb.auxiliaries

    def _left_behind(self, place: int) -> list[NounPhrase]:
        """The noun phrase that a relative clause without a relative pronoun says its verb of."""
        noun = self.chunks[place - 2].noun if place > 1 else None
        if noun is None or noun.sort not in PEOPLE_LIKE:
            return []
        return [noun.whole] if noun.whole is not None and noun.whole.sort != "pronoun" else [noun]

    def _countable(self, noun: NounPhrase) -> bool:
        return noun.sort in PEOPLE_LIKE

    def _may_be_things(self, noun: NounPhrase) -> bool:
        """Whether nothing says that these are people: an unknown noun, or a number before an unknown word."""
        if noun.sort == "unknown":
            return True
        following = next((c for c in self.chunks if c.first > noun.last), None)
        return (
            noun.sort == "none"
            and noun.quantity is not None
            and following is not None
            and following.kind == "word"
            and not self.parsed.tokens[following.first].low.endswith("ly")
        )

    def _of_noun(self, place: int, chunk: Chunk, noun: NounPhrase, found: list[Mention]) -> list[Mention]:
        if noun.whole is not None and not self._patient_of(place):
            return self._of_part(place, chunk, noun, found)
        if (
            noun.sort in ("deed", "counted")
            and noun.quantity is None
            and noun.plural
            and isinstance(noun.measure, Measure)
            and (risen := self._risen_to(place)) is not None
        ):
            return [Mention(noun.measure, risen, chunk, "change", place)]
        if noun.sort == "counted":
            return self._of_counted(place, chunk, noun)
        if noun.sort == "deed" and isinstance(noun.measure, Measure):
            if (
                noun.quantity is not None
                and not noun.quantity.vague
                and noun.definite != "definite"
                and not (noun.quantity.value == 1 and not noun.plural)
            ):
                return [Mention(noun.measure, noun, chunk, "deed", place, next(iter(self.clauses.subjects(place)), None))]
            return []
        if (
            noun.attributive is not None
            and noun.attributive.measure in _STATES
            and noun.quantity is not None
            and noun.definite == "indefinite"
        ):
            return [Mention(noun.attributive.measure, noun, chunk, "attributive", place, harm=noun.attributive.harm)]
        if noun.quantity is not None and self._remains(place, noun):
            measure = Measure.HELD if noun.measure is Measure.HELD else Measure.FIGHTERS_REMAINING
            return [Mention(measure, noun, chunk, "remaining", place)]
        if (
            noun.sort == "state"
            and isinstance(noun.measure, Measure)
            and noun.quantity is not None
            and noun.definite != "definite"
            and (noun.measure is not Measure.HELD or self._in_custody())
            and not self._patient_of(place)
        ):
            return [Mention(noun.measure, noun, chunk, "state", place)]
        return []

    def _in_custody(self) -> bool:
        """Whether the sentence says that prisoners or hostages are held, rather than what becomes of them."""
        return bool(_CUSTODY & {t.low for t in self.parsed.tokens})

    def _patient_of(self, place: int) -> bool:
        before = self.chunks[place - 1] if place else None
        return (before is not None and before.verb is not None and before.verb.passive is False) or self.clauses.verb_follows(place)

    def _remains(self, place: int, noun: NounPhrase) -> bool:
        if (
            noun.sort not in ("person", "unknown", "state")
            or not noun.plural
            or (noun.group not in _FIGHTERS and noun.measure is not Measure.HELD and noun.lemma != "member")
        ):
            return False
        words = [self.clauses.word(i) for i in range(place + 1, min(place + 9, len(self.chunks)))]
        for i, word in enumerate(words):
            if word in (".", ",", ";") and i:
                break
            if word in ("remain", "remained", "remains", "remaining") or (
                word == "still" and {"active", "large", "operating", "operate", "fighting", "present"} & set(words)
            ):
                return True
            if word in ("active", "operating") and words[0] in ("are", "were", "currently", "who", "remain"):
                return True
        lows = [t.low for t in self.parsed.tokens[noun.first : noun.last + 1]]
        left = self.chunks[place - 1] if place else None
        before = [self.parsed.tokens[left.last].low] if left is not None and left.verb is None else []
        return ("remaining" in lows and not self._patient_of(place)) or (
            ((before[-1:] != [] and before[-1] in _ESTIMATES) or lows[0] == "estimated")
            and not self.clauses.verb_follows(place)
            and noun.group is not Group.PEOPLE
        )

    def _of_counted(self, place: int, chunk: Chunk, noun: NounPhrase) -> list[Mention]:
        measures = [Measure.KILLED, Measure.INJURED] if noun.measure == "casualties" else [Measure(str(noun.measure))]
        if noun.negative:
            return [Mention(m, noun, chunk, "counted", place) for m in measures]
        if self.clauses.word(place + 1) == "of" and self.clauses.kind(place + 2) == "noun":
            named = self.clauses.objects(place + 2)
            if noun.quantity is None:
                mentions = [
                    Mention(measures[0], n, chunk, "nominal", place, next(iter(self.clauses.subjects(place)), None))
                    for n in named
                    if self._countable(n)
                ]
                return mentions + [part for mention in mentions for part in self._parts(mention)]
        elif self.clauses.word(place + 1) == "of" and self.clauses.is_name(place + 2) and noun.quantity is None:
            return [Mention(measures[0], self.clauses.name(place + 2), chunk, "nominal", place)]
        elif self.clauses.kind(place - 1) == "possessive":
            return self._owned(place, chunk, measures[0])
        elif noun.owned and noun.quantity is None:
            many = self.parsed.tokens[noun.first].low == "their"
            owner = NounPhrase(noun.first, noun.first, "they" if many else "he", "pronoun", definite="pronoun", plural=many)
            return [Mention(measures[0], owner, chunk, "nominal", place)]
        if noun.quantity is None or len(measures) > 1 or noun.definite == "definite":
            return []
        return [Mention(measures[0], noun, chunk, "counted", place)]

    def _owned(self, place: int, chunk: Chunk, measure: Measure) -> list[Mention]:
        owner = self.chunks[place - 2] if place >= 2 else None
        if owner is None:
            return []
        if owner.noun is not None and owner.noun.sort in PEOPLE_LIKE:
            return [Mention(measure, owner.noun, chunk, "nominal", place)]
        if owner.kind == "word" and self.parsed.tokens[owner.first].capital:
            return [
                Mention(measure, NounPhrase(owner.first, owner.last, "", "name", named=True, definite="definite"), chunk, "nominal", place)
            ]
        return []

    def _of_part(self, place: int, chunk: Chunk, noun: NounPhrase, found: list[Mention]) -> list[Mention]:
        """Parts told without a verb: "66 of them in Iraq and 28 in Syria", "six of the dead were civilians"."""
        whole = noun.whole
        if whole is None or noun.quantity is None:
            return []
        last = next((m for m in reversed(found) if m.noun.quantity is not None and m.part_of is None and m.place < place), None)
        if isinstance(whole.measure, Measure) and whole.sort == "state":
            measure = whole.measure
        elif whole.sort == "pronoun" and last is not None:
            measure = last.measure
        else:
            return []
        parts = [Mention(measure, noun, chunk, "part", place, part_of=last)]
        following = self.chunks[place + 1 : place + 3]
        noun.group = next((c.noun.group for c in following if c.noun is not None), noun.group)
        at = place + 1
        while at < min(place + 9, len(self.chunks) - 1):
            other = self.chunks[at + 1].noun
            if (
                self.chunks[at].kind == "conjunction"
                and other is not None
                and other.sort == "none"
                and other.quantity is not None
                and not self.clauses.verb_follows(at + 1)
            ):
                other.group = next((c.noun.group for c in self.chunks[at + 2 : at + 4] if c.noun is not None), other.group)
                parts.append(Mention(measure, other, self.chunks[at + 1], "part", at + 1, part_of=last))
            at += 1
        return parts

    def _parts(self, mention: Mention) -> Iterator[Mention]:
        """What stands behind "including" after a counted noun."""
        at = next((i for i, c in enumerate(self.chunks) if c.noun is mention.noun), None)
        if at is None:
            return
        behind = self.clauses.including(at + 1)
        if behind is None and mention.verb is not None and mention.place > at:
            behind = self.clauses.including(mention.place + 1)
        if behind is None:
            return
        for noun in self.clauses.objects(behind):
            if noun.sort in PEOPLE_LIKE and (noun.quantity is not None or noun.definite == "indefinite" or not noun.plural):
                if noun.definite == "bare" and not noun.plural and noun.quantity is None:
                    noun.named = True
                yield Mention(
                    mention.measure, noun, mention.trigger, "part", mention.place, mention.agent, part_of=mention, harm=mention.harm
                )

    def _of_word(self, place: int, chunk: Chunk) -> list[Mention]:
        low = self.parsed.tokens[chunk.first].low
        if low == "toll":
            return self._of_toll(place, chunk)
        if low in ("number", "total", "tally", "figure") and self.clauses.word(place + 1) == "of":
            return self._of_number(place, chunk)
        entry = self.lexicon[low]
        counted = entry.deed or entry.counted
        if isinstance(counted, Measure) and not entry.singular and (risen := self._risen_to(place)) is not None:
            return [Mention(counted, risen, chunk, "change", place)]
        if entry.nominal is None:
            return []
        if self.clauses.word(place + 1) == "of":
            if self.clauses.kind(place + 2) == "noun":
                mentions = [
                    Mention(entry.nominal, n, chunk, "nominal", place, next(iter(self.clauses.subjects(place)), None))
                    for n in self.clauses.objects(place + 2)
                    if self._countable(n)
                ]
                return mentions + [part for mention in mentions for part in self._parts(mention)]
            if place + 2 < len(self.chunks) and self.clauses.is_name(place + 2):
                return [Mention(entry.nominal, self.clauses.name(place + 2), chunk, "nominal", place)]
        if self.clauses.kind(place - 1) == "possessive":
            return self._owned(place, chunk, entry.nominal)
        return []

    def _of_toll(self, place: int, chunk: Chunk) -> list[Mention]:
        """The figure of a toll; an earlier toll is none."""
        before = {self.clauses.word(place - 1), self.clauses.word(place - 2)}
        noun = None if before & _PASSED else self._figure(place, 12)
        return [Mention(Measure.KILLED, noun, chunk, "toll", place)] if noun is not None else []

    def _of_number(self, place: int, chunk: Chunk) -> list[Mention]:
        """The figure of a number of people killed, injured, missing."""
        for at in range(place + 2, min(place + 6, len(self.chunks))):
            verb, noun = self.chunks[at].verb, self.chunks[at].noun
            state = noun.measure if noun is not None and noun.sort == "state" else self.lexicon[self.clauses.word(at)].state
            measure = verb.measure if verb is not None else state
            if isinstance(measure, Measure):
                figure = self._figure(at, 14)
                return [Mention(measure, figure, chunk, "toll", place)] if figure is not None else []
        return []

    def _figure(self, place: int, reach: int) -> NounPhrase | None:
        """The bare number that something stands at, rose to or reached."""
        for at in range(place + 1, min(place + reach, len(self.chunks))):
            noun = self.chunks[at].noun
            counted = noun is not None and noun.quantity is not None and noun.sort in ("none", "person", "unknown")
            if counted and self.clauses.word(at - 1) in _AT:
                return noun
            if self.chunks[at].kind == "break":
                return None
        return None

    def _risen_to(self, place: int) -> NounPhrase | None:
        """The number that something "rose to" or "fell to"."""
        changed = False
        for at in range(place + 1, min(place + 12, len(self.chunks))):
            noun = self.chunks[at].noun
            changed = changed or self.clauses.word(at) in _CHANGES
            if (
                changed
                and noun is not None
                and noun.quantity is not None
                and self.clauses.word(at - 1) == "to"
                and noun.sort in ("none", "unknown", "deed")
            ):
                return noun
            if self.chunks[at].kind in ("break", "comma", "subordinator") or self.chunks[at].verb is not None:
                return None
        return None


_CHANGES = frozenset(
    "rose risen rise rises rising fell fallen fall falls falling dropped drop drops climbed climb climbs increased increase increases decreased decrease decreases declined decline jumped surged plunged went up down soared doubled grew grown".split()
)
"""Words of change before "to N"."""

_ESTIMATES = frozenset("estimated estimates estimate put puts commands fields numbers has have had numbering".split())
"""Words before a stock of fighters."""

_STATES = frozenset({Measure.INJURED, Measure.DISPLACED})
"""What a participle before a noun tells besides its verb ("12 wounded soldiers were flown out"); a kidnapped man who is freed is no new one."""
_FIGHTERS = frozenset({"militants", "leaders"})
"""Groups of which a stock of fighters can consist."""
_AT = frozenset("to at of is was reached hit passed topped exceeded stands surpassed past".split())
"""Words before the figure of a toll."""
_PASSED = frozenset({"earlier", "previous", "initial", "from", "last", "preliminary"})
"""Words before a toll that holds no longer."""
_CUSTODY = frozenset(
    "remain remains remained hold holds held holding keep keeps prison prisons custody camp camps jail jails detention there captivity".split()
)
"""Words by which people are held."""
