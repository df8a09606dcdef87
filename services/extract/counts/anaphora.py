"""People who are spoken of again: some of them, a pronoun or a definite noun phrase that points at them, those who are left."""

from __future__ import annotations

from schemas import Group, Measure, Qualifier
from schemas.vocabulary import TOLD_AS_REAL

from ..syntax.nouns import NounPhrase
from ..text.reasons import Reason
from ..words.groups import FIGHTING
from .likeness import additive, companions, elaborated, elsewhere, left_of, twin
from .tallies import Referent, Tally, Told
from .tallying import Tallying

AS_MANY = "as many as the people that it points at"
POINTED = "as the people that it points at"


class Anaphora(Tallying):
    """Makes tallies of mentions that point at people told of before, or repeats theirs."""

    def partitive(self, told: Told) -> Tally | None:
        noun = told.mention.noun
        whole = noun.whole
        if whole is None:
            return None
        met = self.referents.of(noun)
        if met is not None and (again := met.tallies.get(told.mention.measure)) is not None:
            return self.repeat(again, told)  # "the death of one of its soldiers, who was killed in combat"
        value, qualifier, low, high = self.value(noun)
        if whole.sort == "pronoun" or (whole.definite in ("definite", "all") and not _ours(whole, told)) or whole.sort == "state":
            known = self._whole(whole, told)
            if noun.but and (known is None or known.value is None or known.value <= value):
                return None
            if known is not None:
                return self._some_of(known, told)
            if whole.quantity is not None and whole.definite == "definite" and not whole.quantity.vague:
                self.referents.meet(whole, whole.quantity.value, told.sentence)
        told_before = (
            elaborated(self.tallies, told, value, vague=qualifier is Qualifier.VAGUE)
            or twin(self.tallies, told, value)
            or (companions(self.tallies, told, value) if _owned(whole, told) else None)
        )
        if told_before is not None:
            return self.repeat(told_before, told)
        tally = self.new(told, value, qualifier, low, high)
        tally.partial = whole.sort == "state" and whole.definite == "definite" and whole.measure is told.mention.measure
        return tally

    def _some_of(self, known: Referent, told: Told) -> Tally:
        """A part of people told of before."""
        noun, measure = told.mention.noun, told.mention.measure
        value, qualifier, low, high = self.value(noun)
        if noun.but and known.value is not None:
            value = low = high = known.value - value
        if noun.group is Group.PEOPLE or of_force(noun, known.group):
            noun.regroup(known.group, Reason(POINTED))
        noun.lemma = noun.lemma or known.lemma
        parent = known.tallies.get(measure) or next(iter(known.tallies.values()), None)
        if noun.whole is not None and noun.whole.sort == "state" and isinstance(noun.whole.measure, Measure):
            parent = known.tallies.get(noun.whole.measure, parent)
        same = known.tallies.get(measure)
        if same is not None and same.value == value and same.status.realis is told.status.realis:
            return self.repeat(same, told)
        tally = self.new(told, value, qualifier, low, high)
        if told.status.realis in TOLD_AS_REAL or parent is None or parent.measure is not measure:
            tally.put_under(parent, self.of_them(told))
        return tally

    def of_them(self, told: Told) -> Reason:
        whole = told.mention.noun.whole
        return told.reason("it is said to be of them", (whole.first, whole.last)) if whole is not None else Reason("told beside a part")

    def _whole(self, whole: NounPhrase, told: Told) -> Referent | None:
        """The people that "of them", "of the three leaders" or "of the wounded" points at; who did it is none of them."""
        measure, agent = told.mention.measure, told.mention.agent
        if whole.sort == "pronoun":
            return self.referents.last_plural(but=agent if agent is not None and agent.quantity is None else None)
        if whole.sort == "state" and isinstance(whole.measure, Measure) and (last := self.referents.last_told(whole.measure)) is not None:
            return last
        known = self.referents.known(whole, whole.quantity.value if whole.quantity else None, measure=measure)
        return None if known is not None and _far_from(known, whole, told) else known

    def again(self, told: Told) -> Tally | None:
        """The people that a pronoun or a definite noun phrase points at, counted once for each measure."""
        noun, measure = told.mention.noun, told.mention.measure
        if noun.lemma in ("other", "rest") and noun.quantity is None:
            return self._remainder(told)
        if noun.lemma == "" and noun.sort == "thing":
            return None
        value = noun.quantity.value if noun.quantity is not None else (None if noun.plural or noun.definite == "all" else 1)
        if noun.quantity is None and noun.plural and told.tokens[noun.first].low == "both":
            value = 2
        known = self._meant(noun, value, told)
        if known is not None:
            open_ = noun.sort == "pronoun" or noun.group is Group.PEOPLE
            if open_ or (noun.group, known.group) == (Group.CIVILIANS, Group.AID_WORKERS):
                noun.regroup(known.group, Reason(POINTED))
            tally = known.tallies.get(measure)
            if tally is not None and additive(told) and noun.sort != "pronoun":
                number, qualifier, low, high = self.value(noun)
                return self.new(told, number, qualifier, low, high)  # "all five attackers were also killed"
            if tally is None and (joint := self._all_joined(known, told)) is not None:
                return self.bind(joint, known)
            if tally is not None and (doers := self._doers(tally, told)) is not None:
                return doers
            return self.repeat(tally, told) if tally is not None else self.bind(self._of_known(known, value, told), known)
        if noun.sort != "pronoun" and value == 2 and noun.quantity is None:
            return self.new(told, 2, Qualifier.EXACT, 2, 2, because="both are two")
        if noun.sort == "pronoun" or (noun.plural and noun.quantity is None):
            return None
        number, qualifier, low, high = self.value(noun)
        told_before = twin(self.tallies, told, number, any_group=True)
        if told_before is not None and not _died_of_it(told_before):
            return self.repeat(told_before, told)
        tally = self.new(told, number, qualifier, low, high)
        tally.put_under(left_of(self.tallies, tally, told), Reason("goes through a total told before"))
        return tally

    def _meant(self, noun: NounPhrase, value: int | None, told: Told) -> Referent | None:
        """The people that a pronoun or a definite noun phrase points at; another noun in another place means others."""
        known = self.referents.known(noun, value, measure=told.mention.measure, sentence=told.sentence)
        if known is None or noun.sort == "pronoun" or noun.lemma == known.lemma:
            return known
        return None if _somewhere_else(known.tallies.get(told.mention.measure), told) else known

    def _all_joined(self, known: Referent, told: Told) -> Tally | None:
        """All who were told together where a pronoun points at them ("abducted two nurses and two drivers and released them")."""
        noun = told.mention.noun
        first = next(iter(known.tallies.values()), None)
        if first is None or noun.sort != "pronoun" or not noun.plural:
            return None
        joint = [
            t
            for t in self.tallies
            if t.measure is first.measure and t.parent is None and t.told.mention.trigger is first.told.mention.trigger
        ]
        if len(joint) < 2 or any(t.vague for t in joint):
            return None
        if any(t.group is not first.group for t in joint):
            noun.regroup(Group.PEOPLE, Reason(POINTED))
        total = sum(t.value for t in joint)
        return self.new(told, total, Qualifier.EXACT, total, total)

    def _doers(self, tally: Tally, told: Told) -> Tally | None:
        """Those who killed, and were killed then themselves ("gunmen killed three guards before they were shot dead")."""
        agent = tally.told.mention.agent
        noun = told.mention.noun
        again = noun.sort == "pronoun" and noun.plural and told.mention.measure is Measure.KILLED and tally.sentence == told.sentence
        if not again or agent is None or agent.sort != "person" or tally.told.mention.trigger is told.mention.trigger:
            return None
        told.mention.noun = agent
        number, qualifier, low, high = self.value(agent)
        return self.new(told, number, qualifier, low, high, vague=qualifier is Qualifier.VAGUE)

    def _of_known(self, known: Referent, value: int | None, told: Told) -> Tally:
        """A tally of another measure for people already met."""
        noun, quantity = told.mention.noun, known.noun.quantity
        number = known.value if known.value is not None else value
        if number is None and not known.plural:
            number = 1
        elif number is None and (first := next(iter(known.tallies.values()), None)) is not None:
            number = first.value
            if first.vague:
                return self.new(told, number, Qualifier.VAGUE, first.low, first.high, vague=True, because=AS_MANY)
        if number is None or (noun.plural and noun.quantity is None and not known.tallies):
            told_before = twin(self.tallies, told, self.profile.low("plural"), any_value=True)
            if told_before is not None:
                return self.repeat(told_before, told)
            number = quantity.value if quantity is not None else self.profile.low("plural")
            return self.new(told, number, Qualifier.VAGUE, number, None, vague=True, because=AS_MANY)
        told_before = twin(self.tallies, told, number, only_same_noun=True)
        if told_before is not None and not noun.additive:
            return self.repeat(told_before, told)
        if quantity is not None:
            return self.new(told, number, quantity.qualifier, quantity.low, quantity.high, because=AS_MANY)
        return self.new(told, number, Qualifier.EXACT, number, number, because=AS_MANY)

    def _remainder(self, told: Told) -> Tally | None:
        """The other one, the others: who is left of people partly told of."""
        if not told.mention.noun.plural and told.mention.noun.lemma != "rest":
            return self.new(told, 1, Qualifier.EXACT, 1, 1, because="the other one of two")
        whole = self.referents.last_of_several()
        if whole is None or whole.value is None:
            return None
        taken = sum(
            t.value
            for t in self.tallies
            if told.sentence - t.sentence <= 1 and t.referent is not whole and t.measure is not told.mention.measure and not t.vague
        )
        if told.mention.noun.lemma == "rest" and not taken:
            return None  # of people whose number is not told
        left = whole.value - taken
        return self.new(told, left, Qualifier.EXACT, left, left, because="those who are left of the people told of") if left > 0 else None


def of_force(noun: NounPhrase, whole: Group) -> bool:
    """Whether a part of a force is named by what anybody may be ("80 militants, 58 of them foreigners"): it is of the force all the same."""
    if noun.lemma == "civilian":
        return False
    fights = whole in FIGHTING and noun.group in (Group.PEOPLE, Group.CIVILIANS)
    if whole is Group.SOLDIERS and noun.group is Group.POLICE:
        return not noun.lemma  # "20 soldiers, four of them officers"
    return fights or (whole in (Group.SOLDIERS, Group.POLICE) and noun.group is Group.PEOPLE)


def _far_from(known: Referent, whole: NounPhrase, told: Told) -> bool:
    """Whether people of whom no word says that they fight were told of too long before to be "the assailants"."""
    named = known.group is Group.PEOPLE and known.lemma != whole.lemma
    return whole.sort == "person" and whole.group in FIGHTING and named and told.sentence - known.sentence > 1


def _died_of_it(tally: Tally) -> bool:
    """Whether an injury is that of somebody who is told to have died."""
    return tally.measure is Measure.INJURED and tally.referent is not None and Measure.KILLED in tally.referent.tallies


def _somewhere_else(tally: Tally | None, told: Told) -> bool:
    return tally is not None and elsewhere(told.places, tally.told.places)


def _ours(whole: NounPhrase, told: Told) -> bool:
    """Whether people are the speaker's own ("one of our soldiers"), and so none of those told of before."""
    return told.tokens[whole.first].low in ("our", "my")


def _owned(whole: NounPhrase, told: Told) -> bool:
    """Whether people belong to somebody ("his associates", "one of the chief's guards")."""
    return whole.owned or any(t.kind == "possessive" for t in told.tokens[whole.first : whole.last + 1])
