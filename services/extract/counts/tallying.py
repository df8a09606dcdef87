"""Making tallies: a new one of a mention, and one that a mention repeats."""

from __future__ import annotations

from schemas import Group, Qualifier
from schemas.vocabulary import TOLD_AS_REAL

from ..syntax.nouns import OF_SEVERAL, NounPhrase
from ..words.profiles import Profile
from .likeness import sums_up, twin
from .referents import Referents
from .tallies import Referent, Tally, Told

MAX_EVIDENCE = 20
"""Spans of one tally, as the contract allows."""

AGAIN = "told again by a noun that says it"


class Tallying:
    """The tallies of one article so far, and the people that they are said of."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.referents = Referents()
        self.tallies: list[Tally] = []

    def repeat(self, tally: Tally, told: Told, *, better: bool = False) -> Tally:
        tally.repeats += 1
        tally.last_sentence = max(tally.last_sentence, told.sentence)
        noun = told.mention.noun
        if better:
            tally.evidence = [told.evidence]
            tally.noun = noun
            tally.numbered = told
        elif (
            noun.quantity is not None
            and tally.noun.quantity is not None
            and noun.quantity.value == tally.value
            and len(tally.evidence) < MAX_EVIDENCE
            and told.evidence not in tally.evidence
        ):
            tally.evidence.append(told.evidence)
        if tally.group is Group.PEOPLE and noun.group is not Group.PEOPLE and tally.value:
            tally.group = noun.group
            tally.why["group"] = noun.grouped or told.reason(AGAIN, (noun.first, noun.last))
        known = self.referents.of(noun)
        if known is None and noun.sort in ("person", "unknown") and noun.definite in ("indefinite", "bare"):
            known = self.referents.meet(noun, tally.value if not tally.vague else None, told.sentence)
        if known is not None:
            known.tallies.setdefault(tally.measure, tally)
        tally.harm = tally.harm and told.mention.harm
        return tally

    def bind(self, tally: Tally, referent: Referent) -> Tally:
        referent.tallies[tally.measure] = tally
        tally.referent = referent
        return tally

    def new(
        self,
        told: Told,
        value: int,
        qualifier: Qualifier,
        low: int | None,
        high: int | None,
        *,
        group: Group | None = None,
        vague: bool = False,
        because: str = "",
    ) -> Tally:
        mention, noun = told.mention, told.mention.noun
        tally = Tally(
            mention.measure,
            value,
            qualifier,
            low,
            high,
            told.status,
            mention.via,
            noun,
            group or noun.group,
            told.who,
            told.sentence,
            told,
            told,
            [told.evidence],
            harm=mention.harm,
            vague=vague,
            in_title=told.in_title,
            last_sentence=told.sentence,
            summary=sums_up(told),
        )
        self.tallies.append(tally)
        if because:
            tally.why["value"] = told.reason(because, (noun.first, noun.last))
        if group is not None:
            tally.why["group"] = told.reason(because, (noun.first, noun.last))
        elif noun.grouped is not None:
            tally.why["group"] = noun.grouped
        if noun.sort not in ("deed", "counted") and value:
            referent = self.referents.of(noun) or self.referents.meet(noun, None if vague else value, told.sentence)
            if referent.value is None and not vague:
                referent.value = value
            self.bind(tally, referent)
        return tally

    def _headline(self, told: Told) -> tuple[Tally | None] | None:
        """What a headline adds to a body that tells of the same measure: at most a span, or a total of what is told there."""
        body = [
            t
            for t in self.tallies
            if t.measure is told.mention.measure and told.status.realis in TOLD_AS_REAL and not t.in_title and t.counts
        ]
        if not body:
            return None
        value, qualifier, low, high = self.value(told.mention.noun)
        equal = next(
            (t for t in body if t.value == value and (t.noun.quantity is not None) == (told.mention.noun.quantity is not None)), None
        )
        if equal is not None:
            return (self.repeat(equal, told),)
        if told.mention.noun.quantity is None or qualifier is Qualifier.VAGUE or value <= sum(t.value for t in body):
            return (None,)
        total = self.new(told, value, qualifier, low, high)
        for tally in body:
            tally.put_under(total, told.reason("the headline gives the total", (told.mention.noun.first, told.mention.noun.last)))
        return (total,)

    def _zero(self, told: Told) -> Tally | None:
        if told.status.realis not in TOLD_AS_REAL:
            return None
        for tally in self.tallies:
            if tally.measure is told.mention.measure and tally.value == 0 and tally.group is told.mention.noun.group:
                return self.repeat(tally, told)
        return self.new(told, 0, Qualifier.EXACT, 0, 0, because="the words say that there is none")

    def _plain(self, told: Told) -> Tally | None:
        value, qualifier, low, high = self.value(told.mention.noun)
        told_before = twin(self.tallies, told, value)
        if told_before is not None:
            return self.repeat(told_before, told)
        tally = self.new(told, value, qualifier, low, high)
        tally.cumulative = told.mention.via == "toll"
        tally.includes = told.mention.includes
        return tally

    def value(self, noun: NounPhrase) -> tuple[int, Qualifier, int | None, int | None]:
        quantity = noun.quantity
        if quantity is not None:
            return quantity.value, quantity.qualifier, quantity.low, quantity.high
        if noun.plural or noun.lemma in OF_SEVERAL:
            least = self.profile.low("plural")
            return least, Qualifier.VAGUE, least, None
        return 1, Qualifier.EXACT, 1, 1
