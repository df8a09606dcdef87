"""Whether two mentions tell the same fact: what repeats, what adds, what elaborates, what sums up."""

from __future__ import annotations

from collections.abc import Sequence

from schemas import Group, Place, PlacePrecision

from ..syntax.nouns import NounPhrase
from .referents import GENERIC, near
from .tallies import Tally, Told


def twin(
    tallies: Sequence[Tally], told: Told, value: int, *, any_value: bool = False, only_same_noun: bool = False, any_group: bool = False
) -> Tally | None:
    """A tally that the same fact was already told by."""
    mention = told.mention
    noun = mention.noun
    if additive(told):
        return None
    for tally in reversed(tallies):
        if (
            tally.measure is not mention.measure
            or tally.value == 0
            or tally.status.realis is not told.status.realis
            or tally.status.background != told.status.background
        ):
            continue
        if tally.sentence == told.sentence or elsewhere(told.places, tally.places):
            continue
        if not any_value and tally.value != value:
            continue
        if any_group or _alike(noun, tally, value, only_same_noun=only_same_noun):
            return tally
    return None


def _alike(noun: NounPhrase, tally: Tally, value: int, *, only_same_noun: bool) -> bool:
    if noun.sort == "deed" or tally.noun.sort == "deed":
        return noun.lemma == tally.noun.lemma or noun.sort == tally.noun.sort
    if noun.lemma == tally.noun.lemma:
        return True
    if only_same_noun:
        return False
    if tally.sentence < 0 and (noun.group is tally.group or Group.PEOPLE in (noun.group, tally.group)):
        return True
    anybody = ANYBODY if value == 1 else GENERIC
    generic = noun.lemma in anybody or tally.noun.lemma in anybody
    return near(noun.group, tally.group) and (generic or value > 1)


ANYBODY = GENERIC - frozenset("civilian dead injured local member national occupant personnel volunteer wounded".split())
"""Nouns that can stand for anybody at all, as those of one person must: a volunteer is no patient."""


def additive(told: Told) -> bool:
    """Whether a mention speaks of people besides those told of before by its measure ("51 killed and 84 more wounded" does not)."""
    noun = told.mention.noun
    if noun.additive:
        return not told.beside
    verb = told.mention.verb
    return verb is not None and "also" in verb.auxiliaries


def elaborated(tallies: Sequence[Tally], told: Told, value: int, *, vague: bool) -> Tally | None:
    """The second of two that were told together, where the first was just told again ("the leader ... one additional man").

    Two vague words mean the same then, whatever each is worth ("numerous fighters ... several of his men were also captured").
    """
    if not additive(told):
        return None
    measure, sentence = told.mention.measure, told.sentence
    first = next((t for t in reversed(tallies) if t.measure is measure and t.repeats and 0 <= sentence - t.last_sentence <= 1), None)
    if first is None or sentence == first.sentence:
        return None
    second = (t for t in tallies if t.sentence == first.sentence and t.measure is measure and t is not first)
    untold = (t for t in second if t.last_sentence == t.sentence and near(t.group, told.mention.noun.group))
    return next((t for t in untold if (t.vague and vague) or t.value == value), None)


def companions(tallies: Sequence[Tally], told: Told, value: int) -> Tally | None:
    """Those told of before in so many words whom "two of his associates" names by whom they were with."""
    if additive(told):
        return None
    return next(
        (
            t
            for t in reversed(tallies)
            if t.measure is told.mention.measure
            and t.real
            and t.value == value
            and t.noun.quantity is not None
            and not t.vague
            and t.sentence != told.sentence
            and t.group is not Group.LEADERS
            and near(t.group, told.mention.noun.group)
        ),
        None,
    )


def left_of(tallies: Sequence[Tally], tally: Tally, told: Told) -> Tally | None:
    """The total that "the commander and one more" goes through again, where the two make it up; so does "the remaining five"."""
    remaining = "remaining" in (t.low for t in told.tokens[told.mention.noun.first : told.mention.noun.last + 1])
    before = next(
        (
            t
            for t in reversed(tallies)
            if t is not tally and t.measure is tally.measure and told.sentence - t.last_sentence <= remaining and t.parent is not None
        ),
        None,
    )
    goes_on = told.mention.noun.additive or remaining
    if before is None or before.parent is None or not goes_on or before.parent.measure is not tally.measure:
        return None
    taken = sum(t.value for t in tallies if t.parent is before.parent)
    return before.parent if taken + tally.value <= before.parent.value else None


BEGINNING = 2
"""Tokens before a number that begins its sentence ("Of those, two ...", "At least two ...")."""


def taken_up(tallies: Sequence[Tally], tally: Tally, told: Told) -> Tally | None:
    """Those of whom a bare number in the next sentence tells more ("Three were killed. Two died on the spot.")."""
    noun = tally.noun
    if noun.sort != "none" or noun.lemma or noun.whole is not None or additive(told) or told.mention.verb is None or told.places:
        return None
    before = [t for t in reversed(tallies) if t is not tally and t.measure is tally.measure and t.real]
    begins = noun.first <= BEGINNING or (bool(before) and before[0].sentence == told.sentence and before[0].parent is not None)
    if not begins:
        return None
    last = next((t for t in before if 0 < told.sentence - t.last_sentence <= 1 and t.parent is None), None)
    known = last is not None and last.noun.quantity is not None and last.noun.sort == "person" and not last.vague
    return last if known and last is not None and tally.value < last.value else None


def specific(told: Told) -> bool:
    """Whether a bare plural speaks of something that happened, not of what is usual."""
    verb = told.mention.verb
    if verb is None:
        return told.mention.via == "part"
    return verb.form in ("past", "participle", "gerund", "adjective") and not (
        verb.form == "gerund" and told.mention.agent is None and not verb.auxiliaries
    )


WIDE = frozenset({PlacePrecision.COUNTRY, PlacePrecision.REGION, PlacePrecision.ADMIN1, PlacePrecision.AREA})
"""Precisions of places that can hold one another."""


def elsewhere(places: Sequence[Place], others: Sequence[Place]) -> bool:
    """Whether both are placed, and nowhere alike: the same number in two towns is two facts."""
    return bool(places) and bool(others) and not any(_overlap(one, other) for one in places for other in others)


def _overlap(one: Place, other: Place) -> bool:
    """Whether a place can be the other, or within it: two provinces are two places."""
    if one.name == other.name:
        return True
    if one.country != other.country or not (one.precision in WIDE or other.precision in WIDE):
        return False
    if one.admin1 and other.admin1 and PlacePrecision.ADMIN1 in (one.precision, other.precision):
        return one.admin1 == other.admin1  # a town lies in one province
    return not (one.precision is other.precision is PlacePrecision.ADMIN1)


_MANY = frozenset(
    {
        "operations",
        "raids",
        "provinces",
        "incidents",
        "attacks",
        "strikes",
        "airstrikes",
        "districts",
        "clashes",
        "cities",
        "governorates",
        "states",
    }
)


_SEVERAL = frozenset("separate several throughout across different multiple various series total overall".split())
"""Words that make many of a deed or a place, where they stand before it."""
_NUMBERS = frozenset("two three four five six seven eight nine ten".split())
"""Numbers do so as well, right before it or with a word between."""

_AREAS = frozenset({"provinces", "districts", "governorates", "states", "counties", "regions"})
"""Nouns that make several of the names before them ("Khost and Kandahar provinces")."""

_BESIDE = 5
"""Words before a noun among which one of several is looked for."""


def sums_up(told: Told) -> bool:
    """Whether a sentence speaks of several operations or places at once."""
    words = [t.low for t in told.tokens]
    return any(_many(words, place) for place in range(len(words)))


def _many(words: Sequence[str], place: int) -> bool:
    if words[place] not in _MANY and words[place] not in _AREAS:
        return False
    before = words[max(0, place - _BESIDE) : place]
    if words[place] in _AREAS and before[-2:-1] == ["and"]:
        return True
    return words[place] in _MANY and not (_SEVERAL.isdisjoint(before) and _NUMBERS.isdisjoint(before[-2:]))
