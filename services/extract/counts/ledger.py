"""Mentions -> tallies: repeats become spans, vague words give way to exact ones, parts find their whole."""

from __future__ import annotations

from schemas import Group, Measure, Qualifier

from ..frames.mentions import Mention
from ..syntax.nouns import NounPhrase
from ..text.reasons import Reason
from ..words.profiles import Profile
from .anaphora import POINTED, Anaphora, of_force
from .likeness import additive, elaborated, elsewhere, left_of, specific, taken_up, twin
from .referents import near
from .shares import whole_of
from .tallies import Tally, Told

MAX_MENTIONS = 500
"""Mentions of one article that are weighed against each other, so that a hostile text costs no more than a long one."""

_SINCE = "since"
_ANYWHERE = frozenset({"national", "international", "local", "foreigner"})
"""Nouns that say where people are from, and not what they are."""


class Ledger(Anaphora):
    """Turns the mentions of one article, in their order, into tallies."""

    def __init__(self, profile: Profile) -> None:
        super().__init__(profile)
        self.heard = 0
        self._by_mention: dict[int, Tally] = {}
        self._shared: dict[int, Tally] = {}
        """The wholes of parts that tell of people told of in another sentence, by their mention."""

    @property
    def full(self) -> bool:
        """Whether no more mentions are taken."""
        return self.heard >= MAX_MENTIONS

    def hear(self, noun: NounPhrase, sentence: int) -> None:
        """Keep in mind people that are spoken of without a measure."""
        if noun.sort == "person" and noun.definite == "definite" and not noun.plural and noun.quantity is None and not noun.owned:
            if self.referents.known(noun, 1) is None:
                self.referents.meet(noun, 1, sentence)
            return
        if (
            noun.sort in ("person", "unknown")
            and noun.definite in ("indefinite", "bare")
            and noun.whole is None
            and not noun.negative
            and self.referents.of(noun) is None
        ):
            if noun.definite == "bare" and not (noun.plural or noun.named):
                return
            self.referents.meet(noun, self.value(noun)[0] if noun.quantity is not None or not noun.plural else None, sentence)

    def enter(self, told: Told) -> Tally | None:
        """The tally that a mention makes or adds to; None where it says no number."""
        if self.full:
            return None
        self.heard += 1
        tally = self._enter(told)
        if tally is not None:
            self._by_mention[id(told.mention)] = tally
        return tally

    def take_up(self, mention: Mention, sentence: int, lead: int | None, before: int | None = None) -> bool:
        """Whether a part of people told of in another sentence may be entered: it takes their measure, and their count for its whole."""
        if not mention.shares:
            return True
        if mention.part_of is not None:
            mention.measure = mention.part_of.measure
            return id(mention.part_of) in self._by_mention
        whole = whole_of(mention, self.tallies, sentence, lead, before)
        if whole is None:
            return False
        mention.measure = whole.measure
        self._shared[id(mention)] = whole
        return True

    def _enter(self, told: Told) -> Tally | None:
        mention, noun = told.mention, told.mention.noun
        if not told.status.told and not noun.negative:
            return None
        if noun.negative:
            return self._zero(told)
        if told.in_title and self._sums_up(mention) and (summed := self._headline(told)) is not None:
            return summed[0]
        if id(mention) in self._shared:
            return self._part(told)
        if mention.via in ("deed", "counted", "toll", "remaining", "change"):
            return self._plain(told)
        if noun.sort == "body" and noun.quantity is None:
            return None
        if noun.lemma in ("himself", "herself", "themselves") and noun.sort == "pronoun":
            return self.new(told, 1, Qualifier.EXACT, 1, 1, group=Group.PERPETRATORS, because="one who does it to himself")
        if mention.part_of is not None or (mention.via == "part" and noun.whole is None):
            return self._part(told)
        if noun.whole is not None:
            return self.partitive(told)
        if noun.sort == "pronoun" or noun.definite in ("definite", "all"):
            return self.again(told)
        return self._indefinite(told)

    def _sums_up(self, mention: Mention) -> bool:
        """Whether a headline's mention may only tell the body's figures again: no part, or one of what only tells them again."""
        if mention.part_of is not None:
            return id(mention.part_of) not in self._by_mention
        return mention.noun.whole is None

    # readings of a noun phrase

    def _part(self, told: Told) -> Tally:
        value, qualifier, low, high = self.value(told.mention.noun)
        whole = told.mention.part_of
        joint = told.mention.joint
        reason = told.reason("joined to its whole so", joint) if joint is not None else self.of_them(told)
        parent = self._by_mention.get(id(whole)) if whole is not None else self._shared.get(id(told.mention))
        if parent is None and whole is None:
            parent = next(
                (t.parent for t in reversed(self.tallies) if t.measure is told.mention.measure and t.sentence == told.sentence), None
            )
        same = next(
            (
                t
                for t in self.tallies
                if t.measure is told.mention.measure
                and t.value == value == 1
                and t is not parent
                and t.noun.named
                and t.who.lower() == told.who.lower()
            ),
            None,
        )
        if same is not None and parent is not None:
            if same.parent is None:
                same.put_under(parent, reason)
            return self.repeat(same, told)
        if told.in_title and parent is not None:
            again = next((t for t in self.tallies if t.parent is parent and t.value == value and t.group is told.mention.noun.group), None)
            if again is not None:
                return self.repeat(again, told)
        if parent is not None and self._belongs(told, parent):
            told.mention.noun.regroup(parent.group, Reason(POINTED))
        tally = self.new(told, value, qualifier, low, high)
        tally.put_under(parent, reason)
        return tally

    def _belongs(self, told: Told, whole: Tally) -> bool:
        """Whether a part is of its whole's people, whatever its own words say."""
        noun = told.mention.noun
        shared = bool(told.mention.shares) and (noun.group is Group.PEOPLE or noun.lemma in _ANYWHERE)
        return shared or (whole.measure is told.mention.measure and of_force(noun, whole.group))

    def _indefinite(self, told: Told) -> Tally | None:
        noun, mention = told.mention.noun, told.mention
        if noun.quantity is None and noun.definite == "bare" and (_says_nothing(noun, told) or _uncounted(noun, told)):
            return None
        value, qualifier, low, high = self.value(noun)
        if noun.named and noun.quantity is None and noun.definite == "bare" and not noun.plural:
            known = self.referents.known(noun, 1, measure=mention.measure)
            if known is not None and mention.measure in known.tallies and not _beside(known.tallies[mention.measure], told):
                return self.repeat(known.tallies[mention.measure], told)
            if noun.sort == "name":
                single = next(
                    (
                        t
                        for t in self.tallies
                        if t.measure is mention.measure and t.value == 1 and t.real and t.parent is None and not _beside(t, told)
                    ),
                    None,
                )
                if single is not None:
                    return self.repeat(single, told)
        if (again := elaborated(self.tallies, told, value, vague=qualifier is Qualifier.VAGUE)) is not None:
            return self.repeat(again, told)
        met = self.referents.of(noun)
        told_before = met.tallies.get(mention.measure) if met is not None else None
        told_before = told_before or twin(self.tallies, told, value)
        if told_before is not None:
            return self.repeat(told_before, told)
        refined = self._refined(told, value, qualifier) or self._confirmed(told)
        if refined is not None:
            return refined
        tally = self.new(told, value, qualifier, low, high, vague=qualifier is Qualifier.VAGUE)
        tally.includes = mention.includes
        tally.put_under(left_of(self.tallies, tally, told), Reason("goes through a total told before"))
        if told.share or told.aside:
            tally.put_under(self._around(tally, told), Reason("stands in brackets behind its whole"))
        elif tally.parent is None:
            taken = told.reason("a bare number at the beginning of the next sentence", (noun.first, noun.last))
            tally.put_under(taken_up(self.tallies, tally, told), taken)
        return tally

    def _around(self, tally: Tally, told: Told) -> Tally | None:
        """Of whom a bracket gives a part."""
        before = [t for t in reversed(self.tallies) if t is not tally and t.measure is tally.measure]
        if told.share:
            return next((t for t in before if t.value > tally.value and t.parent is None), None)
        if tally.noun.sort != "none" or tally.noun.additive:
            return None
        here = [t for t in self.tallies if t.sentence == told.sentence and t.evidence[0].start < tally.evidence[0].start]
        last = max((t for t in here if t.noun.sort != "none"), key=lambda t: t.evidence[0].start, default=None)
        if last is not None and last.measure is Measure.NEUTRALIZED and last.value >= tally.value:
            return last  # "47 were neutralised (31 killed, 12 captured)"
        return next((t for t in reversed(here) if t.measure is tally.measure and t is not tally and t.noun.sort != "none"), None)

    def _confirmed(self, told: Told) -> Tally | None:
        """What is only confirmed was told before."""
        words = [t.low for t in told.tokens[: told.mention.trigger.first]]
        if not {"confirmed", "confirms"} & set(words) or additive(told):
            return None
        told_before = next(
            (
                t
                for t in self.tallies
                if t.measure is told.mention.measure
                and t.real
                and t.value
                and t.sentence != told.sentence
                and near(t.group, told.mention.noun.group)
            ),
            None,
        )
        if told_before is None:
            return None
        last = told_before.last_sentence
        self.repeat(told_before, told)
        if told_before.value > 1 and not told.mention.noun.plural:
            told_before.last_sentence = last  # one of them is confirmed, and not their number
        return told_before

    def _refined(self, told: Told, value: int, qualifier: Qualifier) -> Tally | None:
        """An earlier vague tally that these words make exact, or that this vague word repeats."""
        if additive(told):
            return None
        noun = told.mention.noun
        vague_now = qualifier is Qualifier.VAGUE
        for tally in self.tallies:
            if tally.measure is not told.mention.measure or tally.value == 0 or tally.parent is not None or tally.sentence == told.sentence:
                continue
            if tally.status.realis is not told.status.realis or tally.status.background != told.status.background:
                continue
            if not near(noun.group, tally.group) or elsewhere(told.places, tally.places) or _longer(told, tally):
                continue
            if vague_now and noun.quantity is None:
                return self.repeat(tally, told)
            if tally.vague and not vague_now and value > 1:
                tally.value, tally.qualifier, tally.low, tally.high, tally.vague = (
                    value,
                    qualifier,
                    noun.quantity.low if noun.quantity else 1,
                    noun.quantity.high if noun.quantity else 1,
                    False,
                )
                return self.repeat(tally, told, better=True)
            if vague_now and tally.vague and tally.noun.quantity is None:
                tally.value, tally.low = value, value
                return self.repeat(tally, told, better=True)
            if vague_now and tally.sentence < 0:
                return self.repeat(tally, told)
        return None


def _longer(told: Told, tally: Tally) -> bool:
    """Whether a mention counts since some day, and a tally does not."""
    return _SINCE in told.said.split() and _SINCE not in tally.told.said.split()


def _beside(tally: Tally, told: Told) -> bool:
    """Whether the same words told both: those joined in one list are different people."""
    return tally.told.mention.trigger is told.mention.trigger


def _uncounted(noun: NounPhrase, told: Told) -> bool:
    """Whether a number that is no count, or "each", stands before a noun: it is not told of some, or of nobody in particular."""
    before = told.tokens[noun.first - 1] if noun.first else None
    if before is not None and before.low in ("how", "so", "as") and told.tokens[noun.first].low == "many":
        return True
    return before is not None and (before.kind == "number" or before.low in ("each", "every", "per", "many", "as"))


def _says_nothing(noun: NounPhrase, told: Told) -> bool:
    """Whether a noun without number and article speaks of nobody in particular."""
    if noun.plural:
        return not specific(told)
    return not told.in_title and not noun.named and not (noun.last > noun.first and specific(told))
