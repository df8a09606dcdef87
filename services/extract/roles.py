"""Sides and actors of a count: whose people they are, who did it, and at whom a deed was aimed."""

from __future__ import annotations

from collections.abc import Sequence

from schemas import Group, Measure
from schemas.vocabulary import OF_DEEDS

from .chunks import Parsed
from .mentions import Mention
from .nouns import NounPhrase
from .speakers import Named

ARMED = frozenset({"armed_group"})
"""Kinds whose members can be "militants"."""

DOERS = frozenset({"armed_group", "state_force", "coalition", "government", "agency"})
"""Kinds that can do a deed."""

_AGAINST = frozenset({"against", "targeting", "targeted", "on", "anti"})


def side_of(mention: Mention, parsed: Parsed, actors: Sequence[Named], topic: Named | None) -> str | None:
    """Whose people are counted, or at whom the deeds were aimed; `topic` is the armed group that the article is about."""
    if mention.measure in OF_DEEDS:
        return _target(mention, parsed, actors, topic)
    inside = _inside(mention.noun, parsed, actors)
    if inside is not None and inside.kind not in ("monitor", "media"):
        return inside.side or inside.slug
    if mention.noun.group in (Group.MILITANTS, Group.LEADERS):
        armed = [a for a in actors if a.kind in ARMED]
        before = [a for a in armed if a.end <= _start(mention.noun, parsed)]
        chosen = before[-1] if before else (armed[0] if armed else topic)
        return (chosen.side or chosen.slug) if chosen is not None else None
    return None


def actor_of(mention: Mention, parsed: Parsed, actors: Sequence[Named], side: str | None) -> str | None:
    """Who did it, as far as the sentence names someone."""
    if mention.agent is not None:
        inside = _inside(mention.agent, parsed, actors)
        if inside is not None and inside.kind in DOERS and (inside.side or inside.slug) != side:
            return inside.slug
    start = parsed.tokens[mention.trigger.first].start
    for named in actors:
        if named.end <= start and named.kind in DOERS and (named.side or named.slug) != side and not _speaks(named, parsed):
            return named.slug
    return None


def _target(mention: Mention, parsed: Parsed, actors: Sequence[Named], topic: Named | None) -> str | None:
    end = parsed.tokens[mention.noun.last].end
    behind = [a for a in actors if a.start >= end]
    words = [t.low for t in parsed.tokens[mention.noun.last + 1 : mention.noun.last + 8]]
    if behind and set(words) & _AGAINST:
        return behind[0].side or behind[0].slug
    if mention.measure is Measure.ATTACKS:
        return None
    chosen = next((a for a in behind if a.kind in ARMED), topic)
    return (chosen.side or chosen.slug) if chosen is not None else None


def _inside(noun: NounPhrase, parsed: Parsed, actors: Sequence[Named]) -> Named | None:
    start, end = _start(noun, parsed), parsed.tokens[noun.last].end
    inside = [a for a in actors if start <= a.start < end]
    if inside:
        return inside[-1]
    if noun.last + 1 < len(parsed.tokens) and parsed.tokens[noun.last + 1].low in ("of", "from"):
        reach = parsed.tokens[min(noun.last + 5, len(parsed.tokens) - 1)].end
        return next((a for a in actors if end <= a.start < reach), None)
    return None


def _start(noun: NounPhrase, parsed: Parsed) -> int:
    return parsed.tokens[noun.first].start


def _speaks(named: Named, parsed: Parsed) -> bool:
    """Whether a verb of saying stands right behind an actor."""
    behind = [t.low for t in parsed.tokens if t.start >= named.end][:2]
    return bool({"said", "says", "reported", "announced", "claimed", "noted", "disclosed", "told", "confirmed"} & set(behind))
