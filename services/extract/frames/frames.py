"""Frames of measures: which noun phrase a verb, a noun or a predicate counts, whatever the construction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from schemas import Measure

from ..syntax.clauses import Clauses
from ..syntax.nouns import NounPhrase
from ..syntax.pieces import Chunk, Parsed
from ..syntax.rows import DAYS, PEOPLE_LIKE
from ..words.lexicon import Lexicon
from .divisions import Divisions
from .fugitives import Fugitives
from .gaps import Gaps
from .labels import Labels
from .makeup import Makeup
from .mentions import Mention
from .partitives import Partitives
from .remains import BODIES, Remains
from .repeated import AIRCRAFT, Repeated
from .stocks import Stocks
from .tolls import Tolls
from .verbs import Verbs

JOINED = 4
"""Words from one figure of a total to the next ("102 dead and 311 wounded")."""

FLOWN = 6
"""Words before a raid in which the aircraft are looked for that fly it."""
CLAUSE = 7
"""Chunks before "were among the dead" among which those are looked for who were doing something then."""
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
        self.repeated = Repeated(parsed, self.clauses)
        self.fugitives = Fugitives(parsed, self.clauses)
        self.stocks = Stocks(parsed, self.clauses)
        self.verbs = Verbs(parsed, self.clauses)
        self.gaps = Gaps(parsed, self.clauses)
        self.partitives = Partitives(parsed, self.clauses, self.stocks)

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
                parts = [part for mention in mentions for part in self.partitives.within(mention)]
                parts += [part for mention in mentions for part in self.partitives.inserted(mention)]
                found += mentions + parts + (self.gaps.behind(mentions[-1]) if mentions else [])
            elif chunk.noun is not None:
                found += (
                    self.tolls.revised(place, chunk.noun, found)
                    or self.tolls.of_those(place, chunk.noun, found)
                    or self.tolls.of_rivals(place, chunk.noun, found)
                    or self.remains.of_survivors(place, chunk, chunk.noun)
                    or self.repeated.at(place, chunk.noun)
                    or self.fugitives.at(place, chunk.noun)
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
        return found + [each for part in divided for each in (part, *self.partitives.within(part))]

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
            return remains + [part for body in remains for part in self.partitives.within(body)]
        if (said := self.partitives.said_to_be(place, chunk, noun, found)) is not None:
            return [said]
        if noun.whole is not None and (noun.whole.sort == "deed" or not self.stocks.befallen(place)):
            return self.partitives.of_part(place, chunk, noun, found)
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
            stand = Mention(stock[0], noun, chunk, "remaining", place, word=stock[1])
            return [stand, *(self.partitives.within(stand) if stock[0] is Measure.HELD else ())]
        if (
            noun.sort == "state"
            and isinstance(noun.measure, Measure)
            and noun.quantity is not None
            and noun.definite != "definite"
            and (noun.measure is not Measure.HELD or self.stocks.in_custody())
            and not self.stocks.befallen(place)
            and self.clauses.word(place + 1) not in ("returned", "return", "returning")
        ):
            state = Mention(noun.measure, noun, chunk, "state", place)
            return [state, *(self.partitives.within(state) if noun.measure is Measure.HELD else ())]
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
        if (
            noun.lemma in _HEARD_ALONE
            and number.last + 1 == noun.last
            and self.clauses.word(place + 1) != "by"
            and noun.first
            and self.parsed.tokens[noun.first - 1].low in _MONITORED
        ):
            return []  # "monitors recorded 1,200 explosions"
        if noun.lemma == "raid" and any(t.low in AIRCRAFT for t in self.parsed.tokens[max(0, noun.first - FLOWN) : noun.last]):
            measure = Measure.STRIKES
        deed = Mention(measure, noun, chunk, "deed", place, next(iter(self.clauses.subjects(place)), None))
        return [deed, *self.gaps.behind(deed), *self._deeds_within(deed)]

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
                subject = self.chunks[at - 1].noun or self._over_what_they_did(at)
                counted = (
                    subject is not None
                    and subject.sort in PEOPLE_LIKE
                    and (subject.quantity is not None or subject.definite == "indefinite")
                )
                return (measure, subject) if counted and subject is not None and isinstance(measure, Measure) else None
            if self.chunks[at].verb is not None or self.chunks[at].kind in ("break", "comma", "subordinator", "relative"):
                return None
        return None

    def _over_what_they_did(self, at: int) -> NounPhrase | None:
        """Who begins the clause of a copula, over a participle and what goes with it ("three soldiers manning a checkpoint nearby were")."""
        for left in range(at - 2, max(-1, at - CLAUSE), -1):
            if self.chunks[left].kind in ("break", "comma", "conjunction", "subordinator") or self.chunks[left].verb is not None:
                return None
            noun = self.chunks[left].noun
            if noun is not None and noun.sort in PEOPLE_LIKE and self.clauses.word(left + 1).endswith("ing"):
                return noun
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
        elif self.clauses.word(place + 1) == "to" and measures == [Measure.INJURED] and noun.quantity is None:
            return self._nominal(place, chunk, measures[0], self.clauses.objects(place + 2))  # "injuries to 12 women"
        elif self.clauses.kind(place - 1) == "possessive":
            return self._owned(place, chunk, measures[0])
        elif noun.owned and noun.quantity is None:
            many = self.parsed.tokens[noun.first].low == "their"
            owner = NounPhrase(noun.first, noun.first, "they" if many else "he", "pronoun", definite="pronoun", plural=many)
            return [Mention(measures[0], owner, chunk, "nominal", place)]
        if noun.quantity is None or len(measures) > 1 or noun.definite == "definite":
            return []
        counted = Mention(measures[0], noun, chunk, "counted", place)
        return [counted, *self.partitives.within(counted)]

    def _nominal(self, place: int, chunk: Chunk, measure: Measure, named: Sequence[NounPhrase]) -> list[Mention]:
        """Those of whom a noun says it ("the deaths of two farmers"), and their parts."""
        people = [noun for noun in named if noun.sort in PEOPLE_LIKE]
        agent = next(iter(self.clauses.subjects(place)), None) if people else None
        mentions = [Mention(measure, noun, chunk, "nominal", place, agent) for noun in people]
        return mentions + [part for mention in mentions for part in self.partitives.within(mention)]

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

    def _of_counted_word(self, place: int, chunk: Chunk, counted: Measure) -> list[Mention]:
        """The figure of "deaths" or "attacks": to which they rose, that is said of them, or of those who were hurt ("injuries to 12 women")."""
        if not self.tolls.governs(place) and (risen := self.tolls.risen_to(place)) is not None:
            return [Mention(counted, risen, chunk, "change", place, includes=True)]
        if (figure := self.tolls.stated(place)) is not None:
            return [Mention(counted, figure, chunk, "counted", place)]
        if counted is Measure.INJURED and self.clauses.word(place + 1) == "to" and self.clauses.kind(place + 2) == "noun":
            return [m for m in self._nominal(place, chunk, counted, self.clauses.objects(place + 2)) if m.noun.quantity is not None]
        return []

    def _of_word(self, place: int, chunk: Chunk, found: list[Mention]) -> list[Mention]:
        low = self.parsed.tokens[chunk.first].low
        if (summed := self.tolls.at(place, found)) is not None:
            return summed + [part for toll in summed for part in self.partitives.within(toll)]
        if stated := self.stocks.strength.at(place):
            return stated
        if (lost := self.remains.of_word(place, low)) is not None:
            return lost + [part for mention in lost for part in self.partitives.within(mention)]
        entry = self.lexicon[low]
        counted = entry.deed or entry.counted
        if isinstance(counted, Measure) and not entry.singular and (figures := self._of_counted_word(place, chunk, counted)):
            return figures
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
_HEARD_ALONE = frozenset({"explosion", "blast"})
_MONITORED = frozenset("heard hear counted counts recorded records registered registers logged logs observed".split())
"""What monitors do with the noise of a front, of which nobody knows the attacks."""
_CONDUCTED = frozenset({"out", "conducted", "launched", "executed", "performed"})
"""What stands right before a deed that somebody did."""
_STATES = frozenset({Measure.INJURED, Measure.DISPLACED})
"""What a participle before a noun tells besides its verb ("12 wounded soldiers were flown out"); a kidnapped man who is freed is no new one."""
