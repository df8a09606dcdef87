"""Frames of measures: which noun phrase a verb, a noun or a predicate counts, whatever the construction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise, takewhile

from schemas import Group, Measure

from ..syntax.clauses import Clauses
from ..syntax.nouns import NounPhrase
from ..syntax.pieces import Chunk, Parsed
from ..syntax.rows import DAYS, PEOPLE_LIKE
from ..words.lexicon import Lexicon
from .divisions import Divisions
from .labels import Labels
from .makeup import Makeup
from .mentions import Mention
from .remains import BODIES, Remains
from .stocks import Stocks
from .tolls import Tolls
from .verbs import Verbs

JOINED = 4
"""Words from one figure of a total to the next ("102 dead and 311 wounded")."""

FLOWN = 6
"""Words before a raid in which the aircraft are looked for that fly it."""
_AIRCRAFT = frozenset(
    "warplane warplanes jet jets aircraft plane planes bomber bombers helicopter helicopters gunship gunships drone drones air aerial".split()
)
SUMMED = frozenset({"toll", "change"})
"""Ways of telling of which two may find the same figure ("the number of deaths rose to 15")."""


class Frames:
    """Finds the mentions of one sentence."""

    def __init__(self, parsed: Parsed, lexicon: Lexicon) -> None:
        self.parsed = parsed
        self.chunks = parsed.chunks
        self.lexicon = lexicon
        self.clauses = Clauses(parsed, lexicon)
        self.tolls = Tolls(parsed, self.clauses, lexicon)
        self.remains = Remains(parsed, self.clauses)
        self.makeup = Makeup(parsed, self.clauses)
        self.divisions = Divisions(parsed, self.clauses)
        self.labels = Labels(parsed, self.clauses, lexicon)
        self.stocks = Stocks(parsed, self.clauses)
        self.verbs = Verbs(parsed, self.clauses)

    def find(self) -> list[Mention]:
        """All mentions in the order of their triggers."""
        found: list[Mention] = []
        for place, chunk in enumerate(self.chunks):
            if labelled := self.labels.at(place, chunk):
                found += labelled
            elif place in self.labels.taken or place in self.makeup.taken or place in self.tolls.taken or self.tolls.is_summed(place):
                continue
            elif chunk.verb is not None and (numbered := self.tolls.numbered(place)):
                found += numbered
            elif chunk.verb is not None:
                mentions = self.verbs.at(place, chunk, chunk.verb)
                parts = [part for mention in mentions for part in self._parts(mention)]
                parts += [part for mention in mentions for part in self._inserted(mention)]
                found += mentions + parts + (self.verbs.gapped(mentions[-1]) if mentions else [])
            elif chunk.noun is not None:
                found += (
                    self.tolls.revised(place, chunk.noun, found)
                    or self.tolls.of_those(place, chunk.noun, found)
                    or self.tolls.of_rivals(place, chunk.noun, found)
                    or self.remains.of_survivors(place, chunk, chunk.noun)
                    or self._of_noun(place, chunk, chunk.noun, found)
                )
            elif chunk.kind == "word":
                found += self._of_word(place, chunk, found)
        mixed = {id(m.noun) for m in found if self.verbs.mixed(m)}
        within = {id(m.noun) for m in found if m.part_of is not None}
        once = {(id(m.noun), m.measure): m for m in reversed(found) if m.via in SUMMED}
        kept = [m for m in found if m.via not in SUMMED or m is once[id(m.noun), m.measure]]
        told = (m for m in kept if m.part_of is not None or id(m.noun) not in within)
        _share_sums(kept)
        gone = {id(m.noun) for m in found if m.measure in _OUT_OF_CUSTODY}
        summed = {id(m.noun) for m in found if m.via == "toll"}
        found = [
            m
            for m in told
            if id(m.noun) not in mixed
            and not self._is_back(m)
            and not (m.via == "remaining" and id(m.noun) in summed and m.measure is Measure.FIGHTERS_REMAINING)
            and not (id(m.noun) in gone and (m.measure is Measure.HELD or _until_then(m)))
            and not self.tolls.superseded(m.noun)
        ]
        divided = [part for part in self.divisions.find(found) if not self._is_back(part)]
        return found + [each for part in divided for each in (part, *self._parts(part))]

    def _is_back(self, mention: Mention) -> bool:
        """Whether those who fled have come home ("148 displaced, of whom 60 back since Sunday")."""
        behind = mention.noun.last + 1
        if mention.measure is not Measure.DISPLACED or mention.noun.sort != "none" or behind >= len(self.parsed.tokens):
            return False
        return self.parsed.tokens[behind].low in ("back", "home", "returned")

    def _of_noun(self, place: int, chunk: Chunk, noun: NounPhrase, found: list[Mention]) -> list[Mention]:
        if (part := self.makeup.at(place, chunk, noun, found)) is not None:
            return part
        if (those := self.among(place, noun)) is not None:
            return [Mention(those[0], those[1], chunk, "state", place)]
        if noun.lemma in BODIES or noun.lemma in ("live", "life"):
            remains = self.remains.of_noun(place, chunk, noun)
            return remains + [part for body in remains for part in self._parts(body)]
        if (said := self._said_to_be(place, chunk, noun, found)) is not None:
            return [said]
        if noun.whole is not None and (noun.whole.sort == "deed" or not self.stocks.befallen(place)):
            return self._of_part(place, chunk, noun, found)
        if (figure := self._with_figure(place, chunk, noun)) is not None:
            return [figure]
        if noun.sort == "counted":
            return self._of_counted(place, chunk, noun)
        if noun.sort == "deed" and isinstance(noun.measure, Measure):
            return self._of_deed(place, chunk, noun, noun.measure)
        if (
            noun.attributive is not None
            and noun.attributive.measure in _STATES
            and noun.quantity is not None
            and noun.definite == "indefinite"
            and noun.sort in PEOPLE_LIKE
            and not (noun.attributive.measure is Measure.DISPLACED and self.stocks.befallen(place))
        ):
            return [Mention(noun.attributive.measure, noun, chunk, "attributive", place, harm=noun.attributive.harm)]
        if (stock := self.stocks.of(place, noun)) is not None:
            return [Mention(stock[0], noun, chunk, "remaining", place, word=stock[1])]
        if (
            noun.sort == "state"
            and isinstance(noun.measure, Measure)
            and noun.quantity is not None
            and noun.definite != "definite"
            and (noun.measure is not Measure.HELD or self.stocks.in_custody())
            and not self.stocks.befallen(place)
            and self.clauses.word(place + 1) not in ("returned", "return", "returning")
        ):
            return [Mention(noun.measure, noun, chunk, "state", place)]
        return []

    def _with_figure(self, place: int, chunk: Chunk, noun: NounPhrase) -> Mention | None:
        """The figure that a noun without a number has behind it ("attacks rose to 40", "civilian deaths totalled 131")."""
        if noun.quantity is not None or noun.negative or not isinstance(noun.measure, Measure):
            return None
        if (
            noun.sort in ("deed", "counted")
            and noun.plural
            and not self.tolls.governs(place)
            and (risen := self.tolls.risen_to(place)) is not None
        ):
            return Mention(noun.measure, risen, chunk, "change", place, includes=True)
        if noun.sort in ("counted", "state") and (figure := self.tolls.stated(place)) is not None:
            figure.regroup(noun.group, self.parsed.reason("as the noun that the number is of says", noun.first, noun.last))
            return Mention(noun.measure, figure, chunk, "counted", place)
        return None

    def _of_deed(self, place: int, chunk: Chunk, noun: NounPhrase, measure: Measure) -> list[Mention]:
        number = noun.quantity
        if (
            number is None
            or number.vague
            or noun.definite == "definite"
            or (number.value == 1 and not noun.plural and not self._done(noun))
        ):
            return []
        if noun.lemma == "raid" and any(t.low in _AIRCRAFT for t in self.parsed.tokens[max(0, noun.first - FLOWN) : noun.last]):
            measure = Measure.STRIKES
        deed = Mention(measure, noun, chunk, "deed", place, next(iter(self.clauses.subjects(place)), None))
        return [deed, *self.verbs.gapped(deed), *self._deeds_within(deed)]

    def _done(self, noun: NounPhrase) -> bool:
        """Whether somebody is said to have done one deed ("carried out one airstrike"); "in one attack" counts none."""
        return noun.first > 0 and self.parsed.tokens[noun.first - 1].low in _CONDUCTED

    def _deeds_within(self, deed: Mention) -> list[Mention]:
        """Deeds of the same measure that a number of them includes ("64 attacks, including six suicide bombings")."""
        found = self.clauses.including(deed.place + 1)
        part = self.chunks[found[1]].noun if found is not None and found[1] < len(self.chunks) else None
        if found is None or part is None or part.quantity is None or part.sort != "deed" or part.measure is not deed.measure:
            return []
        words = self.chunks[found[0]].first, self.chunks[found[1] - 1].last
        return [replace(deed, noun=part, via="part", part_of=deed, joint=words, siblings=[])]

    def among(self, place: int, noun: NounPhrase) -> tuple[Measure, NounPhrase] | None:
        """Who is said to be one of the dead, or to have been led off: "three children were among the dead", "240 were taken to Gao as hostages"."""
        before = self.clauses.word(place - 1)
        if noun.quantity is not None or not (
            (before == "among" and noun.sort == "state" and noun.definite == "definite") or (before == "as" and noun.lemma == "hostage")
        ):
            return None
        measure = noun.measure if before == "among" else Measure.ABDUCTED
        for at in range(place - 2, max(0, place - 10), -1):
            if self.chunks[at].kind == "auxiliary" and self.clauses.word(at) in ("were", "was", "are", "is"):
                subject = self.chunks[at - 1].noun
                counted = (
                    subject is not None
                    and subject.sort in PEOPLE_LIKE
                    and (subject.quantity is not None or subject.definite == "indefinite")
                )
                return (measure, subject) if counted and subject is not None and isinstance(measure, Measure) else None
            if self.chunks[at].verb is not None or self.chunks[at].kind in ("break", "comma", "subordinator", "relative"):
                return None
        return None

    def _of_counted(self, place: int, chunk: Chunk, noun: NounPhrase) -> list[Mention]:
        if noun.quantity is not None and noun.lemma.startswith(("massacre", "slaughter")):
            return []  # so many events
        if self._is_named_so(noun):
            return []
        measures = [Measure.KILLED, Measure.INJURED] if noun.measure == "casualties" else [Measure(str(noun.measure))]
        if noun.negative:
            return [Mention(m, noun, chunk, "counted", place) for m in measures]
        if self.clauses.word(place + 1) == "of" and self.clauses.kind(place + 2) == "noun":
            named = self.clauses.objects(place + 2)
            if noun.quantity is None:
                return self._nominal(place, chunk, measures[0], named)
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
        counted = Mention(measures[0], noun, chunk, "counted", place)
        return [counted, *self._parts(counted)]

    def _nominal(self, place: int, chunk: Chunk, measure: Measure, named: Sequence[NounPhrase]) -> list[Mention]:
        """Those of whom a noun says it ("the deaths of two farmers"), and their parts."""
        people = [noun for noun in named if noun.sort in PEOPLE_LIKE]
        agent = next(iter(self.clauses.subjects(place)), None) if people else None
        mentions = [Mention(measure, noun, chunk, "nominal", place, agent) for noun in people]
        return mentions + [part for mention in mentions for part in self._parts(mention)]

    def _owned(self, place: int, chunk: Chunk, measure: Measure) -> list[Mention]:
        owner = self.chunks[place - 2] if place >= 2 else None
        if owner is None or self._in_a_name(chunk):
            return []
        if owner.noun is not None and owner.noun.sort in PEOPLE_LIKE:
            return [Mention(measure, owner.noun, chunk, "nominal", place)]
        if owner.kind == "word" and self.parsed.tokens[owner.first].capital:
            return [
                Mention(measure, NounPhrase(owner.first, owner.last, "", "name", named=True, definite="definite"), chunk, "nominal", place)
            ]
        return []

    def _is_named_so(self, noun: NounPhrase) -> bool:
        """Whether a noun of a measure with a capital begins a name ("the Liberation Tigers of Tamil Eelam")."""
        head, name = self.parsed.tokens[noun.last - 1], self.parsed.tokens[noun.last]
        behind = noun.last > noun.first and head.low.startswith(noun.lemma) and not name.low.startswith(noun.lemma)
        return behind and head.capital and name.capital and not self.parsed.heading and name.low not in DAYS

    def _in_a_name(self, chunk: Chunk) -> bool:
        """Whether a noun of a measure is only a word of a name ("IOM's Displacement Tracking Matrix")."""
        words = self.parsed.tokens[chunk.last : chunk.last + 2]
        return not self.parsed.heading and len(words) > 1 and all(word.capital and word.kind == "word" for word in words)

    def _of_part(self, place: int, chunk: Chunk, noun: NounPhrase, found: list[Mention]) -> list[Mention]:
        """Parts told without a verb: "66 of them in Iraq and 28 in Syria", "six of the dead were civilians"."""
        whole = noun.whole
        if whole is None or noun.quantity is None or (noun.first and self.parsed.tokens[noun.first - 1].low == "not"):
            return []  # "not one of whom has been found"
        if self.clauses.word(place + 1) in ("they", "he", "she", "we", "it") and self.clauses.verb_follows(place + 1):
            return []  # "nine of whom they freed": told by that verb
        last = next((m for m in reversed(found) if m.noun.quantity is not None and m.part_of is None and m.place < place), None)
        if isinstance(whole.measure, Measure) and whole.sort == "state":
            last = last if last is not None and last.measure is whole.measure else None
            if whole.measure is Measure.HELD and not self.stocks.in_custody():
                return []  # "some of the prisoners are serving sentences"
            measure = whole.measure
        elif whole.sort in ("counted", "deed") and isinstance(whole.measure, Measure) and whole.definite == "definite":
            last = last if last is not None and last.measure is whole.measure else None
            return [Mention(whole.measure, noun, chunk, "part", place, part_of=last, shares="measure")]
        elif whole.sort == "pronoun" and last is not None:
            measure = last.measure
        else:
            return []
        told = {id(m.noun) for m in found}
        if last is not None and whole.sort == "pronoun" and (self._of_others(place, noun, last) or self._of_the_next(place, told)):
            return []
        if self.clauses.word(place + 1) == "fatally":
            measure = Measure.KILLED
        parts = [Mention(measure, noun, chunk, "part", place, part_of=last)]
        self._regroup(noun, self.chunks[place + 1 : place + 3])
        at = place + 1
        while at < min(place + 9, len(self.chunks) - 1):
            other = self.chunks[at + 1].noun
            if (
                self.chunks[at].kind == "conjunction"
                and other is not None
                and other.quantity is not None
                and (other.sort == "none" or (at == place + 2 and self._the_rest(noun, other, last)))
                and not self.clauses.verb_follows(at + 1)
            ):
                if other.sort == "none":
                    self._regroup(other, self.chunks[at + 2 : at + 4])
                parts.append(Mention(measure, other, self.chunks[at + 1], "part", at + 1, part_of=last))
            at += 1
        return parts

    def _of_others(self, place: int, part: NounPhrase, last: Mention) -> bool:
        """Whether "of them" points at others than those counted last: there are too few, or others with a number stand right before."""
        if part.quantity is None or last.noun.quantity is None or last.noun.quantity.vague:
            return False
        beside = self.chunks[place - 2].noun if place > 1 and self.chunks[place - 1].kind == "comma" else None
        others = beside is not None and beside is not last.noun and beside.sort == "person" and beside.quantity is not None
        return part.quantity.value > last.noun.quantity.value or (others and self.clauses.kind(place - 3) == "preposition")

    def _of_the_next(self, place: int, told: set[int]) -> bool:
        """Whether "of them" points at counted people right before it whose own verb is yet to come ("two others, one of them a girl, were held")."""
        beside = self.chunks[place - 2].noun if place > 1 and self.chunks[place - 1].kind == "comma" else None
        counted = beside is not None and beside.quantity is not None and beside.sort in ("person", "none") and id(beside) not in told
        begins = self.clauses.kind(place - 3) in ("break", "conjunction", "") or self.clauses.word(place - 3) == ";"
        return counted and begins

    def _the_rest(self, one: NounPhrase, other: NounPhrase, whole: Mention | None) -> bool:
        """Whether the second part of a whole makes it up with the first ("79 were killed, 58 of them foreigners and 21 locals")."""
        if whole is None or whole.noun.quantity is None or one.quantity is None or other.quantity is None or other.sort != "person":
            return False
        both = one.quantity.value + other.quantity.value
        narrow = other.group in _NARROW and both < whole.noun.quantity.value
        return both == whole.noun.quantity.value or narrow

    def _said_to_be(self, place: int, chunk: Chunk, noun: NounPhrase, found: list[Mention]) -> Mention | None:
        """The part that "of the 40 killed, 17 were children" tells."""
        whole = (found[-1].part_of or found[-1]) if found else None
        people = self.chunks[place + 2].noun if place + 2 < len(self.chunks) else None
        copula = self.clauses.kind(place + 1) == "auxiliary" and self.clauses.word(place + 1) in ("were", "was", "are", "is")
        if whole is None or people is None or not copula or noun.sort != "none" or noun.quantity is None or whole.noun is noun:
            return None
        if people.sort != "person" or people.quantity is not None or not people.plural or whole.noun.quantity is None:
            return None
        if noun.quantity.value > whole.noun.quantity.value or self.clauses.verb_follows(place + 2):
            return None
        self._regroup(noun, self.chunks[place + 2 : place + 3])
        return Mention(whole.measure, noun, chunk, "part", place, part_of=whole)

    def _regroup(self, noun: NounPhrase, following: Sequence[Chunk]) -> None:
        """Count a bare number in the group of the noun that follows it."""
        within = takewhile(lambda c: c.kind not in ("comma", "conjunction", "break"), following)
        behind = next((c.noun for c in within if c.noun is not None), None)
        if behind is not None:
            noun.regroup(behind.group, self.parsed.reason("as the noun behind the number says", behind.first, behind.last))

    def _parts(self, mention: Mention) -> Iterator[Mention]:
        """What stands behind "including" after a counted noun."""
        at = next((i for i, c in enumerate(self.chunks) if c.noun is mention.noun), None)
        if at is None:
            return
        found = self.clauses.including(at + 1)
        if found is None and mention.verb is not None and mention.place > at:
            found = self.clauses.including(mention.place + 1)
        if found is None:
            return
        joint, behind = found
        words = self.chunks[joint].first, self.chunks[behind - 1].last
        beside = {id(sibling.noun) for sibling in mention.siblings}
        most = mention.noun.quantity.value if mention.noun.quantity is not None else None
        for noun in (each for each in self.clauses.objects(behind) if id(each) not in beside):
            if most is not None and noun.quantity is not None and noun.quantity.value > most:
                continue
            if noun.sort in PEOPLE_LIKE and (noun.quantity is not None or noun.definite == "indefinite" or not noun.plural):
                if noun.definite == "bare" and not noun.plural and noun.quantity is None:
                    noun.named = True
                yield replace(mention, noun=noun, via="part", part_of=mention, placed=False, includes=False, joint=words, siblings=[])

    def _inserted(self, mention: Mention) -> Iterator[Mention]:
        """The part that is told between those counted and their verb ("13 people, eight of them children, died")."""
        at = next((i for i, c in enumerate(self.chunks) if c.noun is mention.noun), mention.place)
        for place in range(at + 1, mention.place - 1):
            part, behind = self.chunks[place].noun, place + 1 + (self.clauses.kind(place + 1) == "auxiliary")
            who = self.chunks[behind].noun
            if self.chunks[place].verb is not None or self.chunks[place].kind in ("break", "relative", "subordinator"):
                return
            of_them = part is not None and part.whole is not None and part.whole.sort == "pronoun" and part.quantity is not None
            if behind > place + 1 and who is not None and not who.plural:
                return  # "one of whom was a guard" only says who he is
            if part is not None and of_them and who is not None and who.sort in PEOPLE_LIKE and who.quantity is None:
                self._regroup(part, self.chunks[behind : behind + 1])
                yield replace(mention, noun=part, via="part", part_of=mention, placed=False, includes=False, siblings=[])

    def _of_word(self, place: int, chunk: Chunk, found: list[Mention]) -> list[Mention]:
        low = self.parsed.tokens[chunk.first].low
        if (summed := self.tolls.at(place, found)) is not None:
            return summed + [part for toll in summed for part in self._parts(toll)]
        if stated := self.stocks.strength.at(place):
            return stated
        if low == "lives":
            return self.remains.of_lives(place)
        if low in ("throats", "throat"):
            return self.remains.of_throats(place)
        entry = self.lexicon[low]
        counted = entry.deed or entry.counted
        if isinstance(counted, Measure) and not entry.singular and (risen := self.tolls.risen_to(place)) is not None:
            return [Mention(counted, risen, chunk, "change", place, includes=True)]
        if isinstance(counted, Measure) and not entry.singular and (figure := self.tolls.stated(place)) is not None:
            return [Mention(counted, figure, chunk, "counted", place)]
        if entry.nominal is None:
            return []
        if self.clauses.word(place + 1) == "of":
            if self.clauses.kind(place + 2) == "noun":
                return self._nominal(place, chunk, entry.nominal, self.clauses.objects(place + 2))
            if self.clauses.is_name(place + 2):
                return [Mention(entry.nominal, self.clauses.name(place + 2), chunk, "nominal", place)]
        if self.clauses.kind(place - 1) == "possessive":
            return self._owned(place, chunk, entry.nominal)
        return []


def _until_then(mention: Mention) -> bool:
    """Whether somebody "had been held captive" until what else is told."""
    verb = mention.verb
    return verb is not None and verb.lemma == "held" and verb.auxiliaries[:1] == ("had",)


def _share_sums(mentions: Sequence[Mention]) -> None:
    """Let a figure joined to one that something is brought to be brought there as well ("raising the toll to 102 dead and 311 wounded")."""
    totals = {id(m.noun) for m in mentions if m.includes}
    for first, second in pairwise(mentions):
        apart = second.noun.first - first.noun.last
        if (
            id(first.noun) in totals
            and first.measure is not second.measure
            and second.via != "toll"
            and 0 < apart <= JOINED
            and second.part_of is None
        ):
            second.includes = True


_OUT_OF_CUSTODY = frozenset({Measure.RELEASED, Measure.ESCAPED})
"""What ends that somebody is held ("were held for two days and released")."""
_CONDUCTED = frozenset({"out", "conducted", "launched", "executed", "performed"})
"""What stands right before a deed that somebody did."""
_NARROW = frozenset({Group.WOMEN, Group.CHILDREN})
"""Groups whose people are as soon a part of those told of as others."""
_STATES = frozenset({Measure.INJURED, Measure.DISPLACED})
"""What a participle before a noun tells besides its verb ("12 wounded soldiers were flown out"); a kidnapped man who is freed is no new one."""
