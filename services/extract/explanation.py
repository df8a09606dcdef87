"""Why a count is as it is: of each field the words that decided it, where they stand, and by which rule.

Nothing is decided here: mentions, statuses and tallies carry the words that they were decided by.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from schemas import Count, EventRecord, Group, Qualifier, Reading, Realis

from .counts.records import ids_of
from .counts.tallies import Tally, Told
from .numbers.quantity import Quantity
from .text.reasons import Reason

Value = str | float | bool | None
"""What a field holds, as JSON has it."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One field of a count, and why it is as it is; a field that several words decided has several."""

    name: str
    value: Value
    reason: Reason
    words: str
    """Empty where it went by no words."""


Explanations = Mapping[str, Sequence[Decision]]
"""Decisions by the id of their count."""


def explain(reading: Reading, tallies: Sequence[Tally], texts: Mapping[str, str]) -> Explanations:
    """The decisions of every count of a reading, from the tallies that it was made of."""
    ids = ids_of(reading.article.id, tallies, texts)
    made = {ids[id(tally)]: tally for tally in tallies}
    told = ((count, event) for event in reading.events for count in event.counts)
    return {count.id: tuple(_decisions(count, event, made[count.id], reading.profile, texts)) for count, event in told}


def _decisions(count: Count, event: EventRecord, tally: Tally, profile: str, texts: Mapping[str, str]) -> Iterator[Decision]:
    for name, value, reason in _reasons(count, event, tally, profile):
        yield Decision(name, value, reason, texts[reason.field][reason.start : reason.end])


def _reasons(count: Count, event: EventRecord, tally: Tally, profile: str) -> Iterator[tuple[str, Value, Reason]]:
    yield "value", count.value, _of_value(tally, profile)
    yield "qualifier", count.qualifier, _of_qualifier(tally)
    yield "measure", count.measure, _of_measure(tally.told)
    yield "who", count.who, _of_who(tally)
    yield "group", count.group, tally.why.get("group") or _of_group(tally)
    for name, slug in (("side", count.side), ("actor", count.actor), ("claimant", count.claimant)):
        yield name, slug, _kept(tally, name, slug)
    yield "realis", count.realis, _of_realis(tally)
    yield "background", event.background, _of_background(tally)
    period = tally.period
    days = f"{period.start}/{period.end} {period.precision}" if period else None
    yield "period", days, _kept(tally, "period", days)
    for sight in tally.sights:
        yield "places", sight.place.name, tally.why["places"]._replace(start=sight.start, end=sight.end)
    if not tally.sights:
        yield "places", None, DEFAULTS["places"]
    yield "kind", count.kind, tally.why["kind"]
    yield "scope", count.scope, tally.why["scope"]
    yield "parent", count.parent, _kept(tally, "parent", count.parent) if count.parent else DEFAULTS["parent"]
    yield "confidence", count.confidence, Reason(" × ".join(f"{name} {share:g}" for name, share in tally.shares))


DEFAULTS = {
    "side": Reason("by default: no known actor is named for these people"),
    "actor": Reason("by default: nobody who could have done it is named before the words that tell it"),
    "claimant": Reason("by default: nobody is said to say so"),
    "period": Reason("by default: no words date it, and when it was published is not known"),
    "places": Reason("by default: no place is named where its story is told"),
    "parent": Reason("by default: no words make it a part of another"),
}

UNNAMED = Reason("a rule that names no words")

WAYS = {
    "verb": "a verb, or an adjective, that is said of them",
    "nominal": "a noun for the deed, which was done to them",
    "counted": "a noun that is counted itself, or the label of a figure",
    "state": "a noun for people in that state",
    "deed": "a noun for the deed, which is counted itself",
    "toll": "words of a figure that sums up",
    "change": "what rose or fell to this number",
    "remaining": "so many there are still, by what is said of them",
    "attributive": "a participle before its noun",
    "compared": "as the figure that is compared with it",
    "part": "a part of people told of before, by what is told of them",
}
"""The ways in which a measure is told, by the name of the construction."""

UNREAL = {
    Realis.CLAIMED: "told as a claim",
    Realis.DENIED: "told to be denied",
    Realis.THREATENED: "told as a threat",
    Realis.PLANNED: "still to be done",
    Realis.ATTEMPTED: "tried, and not told to have been done",
    Realis.HYPOTHETICAL: "told as possible only",
}

SORTS = {
    "none": "by default: a bare number says nothing narrower",
    "pronoun": "by default: a pronoun says nothing narrower",
    "name": "by default: a name says nothing narrower",
    "unknown": "by default: a noun in no table says nothing narrower",
    "deed": "by default: deeds are counted, not people",
    "counted": "by default: the noun does not say who they are",
}
"""What sorts of nouns that are no people's own say of the group."""


def _kept(tally: Tally, name: str, value: str | None) -> Reason:
    """The reason that was kept where a field was filled in."""
    return tally.why.get(name) or (DEFAULTS[name] if value is None else UNNAMED)


def _of_value(tally: Tally, profile: str) -> Reason:
    told, noun = tally.numbered, tally.numbered.mention.noun
    if "value" in tally.why:
        return tally.why["value"]
    quantity = noun.quantity
    if quantity is None:
        plural = f"a plural without a number, by the profile {profile}"
        return told.reason(plural if noun.plural else "one, where the words give no number", (noun.first, noun.last))
    vague = f"what “{quantity.vague}” is worth by the profile {profile}"
    return told.reason(vague if quantity.vague else "the number", _number(quantity))


def _number(quantity: Quantity) -> tuple[int, int]:
    """First and last token of a number, without the words that only qualify it."""
    behind = quantity.said[0] - 1 if quantity.said is not None and quantity.said[0] > quantity.core else quantity.last
    return quantity.core, behind


def _of_qualifier(tally: Tally) -> Reason:
    told, quantity = tally.numbered, tally.numbered.mention.noun.quantity
    if "value" in tally.why:
        return tally.why["value"]
    if quantity is not None and quantity.said is not None:
        return told.reason("words beside the number", quantity.said)
    if tally.qualifier is Qualifier.VAGUE:
        return _of_value(tally, "")._replace(because="no number is said")
    return Reason("by default: no words qualify the number")


def _of_measure(told: Told) -> Reason:
    mention = told.mention
    source = mention.part_of or mention
    return told.reason(WAYS.get(mention.via, mention.via), source.word or (source.trigger.first, source.trigger.last))


def _of_who(tally: Tally) -> Reason:
    who = tally.who.strip()
    if not who:
        return Reason("by default: the number stands alone")
    return Reason("the noun phrase without its number", tally.told.who_at, tally.told.who_at + len(who), tally.told.evidence.field)


def _of_group(tally: Tally) -> Reason:
    noun = tally.told.mention.noun
    if tally.group is Group.PEOPLE and noun.sort in SORTS:
        return Reason(SORTS[noun.sort])
    return _of_who(tally)._replace(because="the noun, and the words beside it") if tally.who.strip() else UNNAMED


def _of_realis(tally: Tally) -> Reason:
    status = tally.status
    if status.cue is not None:
        return _cued(tally.told, status.cue, UNREAL.get(status.realis, "the words that tell how"))
    if status.realis is Realis.ASSERTED:
        return Reason("by default: no words say that it was not so")
    return Reason(f"by its sentence: {status.reason}")


def _of_background(tally: Tally) -> Reason:
    if tally.status.other is not None:
        return _cued(tally.told, tally.status.other, "words that point at another event")
    if "background" in tally.why:
        return tally.why["background"]
    if tally.status.background:
        return Reason(f"by its sentence: {tally.status.reason}")
    return Reason("by default: no words point at another event")


def _cued(told: Told, cue: tuple[int, int], because: str) -> Reason:
    first = told.mention.trigger.first
    return told.reason(because, (first + cue[0], first + cue[1]))
