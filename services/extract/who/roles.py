"""Sides of a count: whose people they are, and at whom a deed was aimed."""

from __future__ import annotations

from collections.abc import Sequence

from schemas import Group, Measure
from schemas.vocabulary import OF_DEEDS

from ..frames.mentions import Mention
from ..syntax.nouns import NounPhrase
from ..syntax.pieces import Parsed
from ..text.reasons import Reason
from ..words.groups import AID_JOBS, EMPLOYING, FIGHTING
from .actors import ActorMention
from .attacks import does
from .doers import ARMED, IN_ARMS, LOSES, Chosen, acts, inside_of, of_others

_OF_WHOM = frozenset({("for",), ("from",), ("with",), ("of",), ("at",)})
_AGAINST = frozenset({"against", "targeting", "targeted", "on", "anti"})

_OPEN = frozenset({Group.PEOPLE, Group.CIVILIANS, Group.SOLDIERS})
"""Groups that words for members can stand for: an armed group may call itself an army."""

_MEN = frozenset({"", "member", "operative", "man", "person", "personnel", "suspect", "element", "associate", "affiliate", "cadre"})
"""Nouns that an armed group's name before them makes militants of."""

EMPLOYER = 6
"""Words behind people among which an organisation is their employer."""


def side_of(mention: Mention, parsed: Parsed, actors: Sequence[ActorMention], topic: ActorMention | None) -> Chosen | None:
    """Whose people are counted, or at whom the deeds were aimed; `topic` is the armed group that the article is about."""
    if mention.measure in OF_DEEDS:
        return _target(mention, parsed, actors, topic)
    inside = inside_of(mention.noun, parsed, actors)
    if inside is not None and inside.kind not in ("monitor", "media"):
        return _side(inside, "named with these people", parsed)
    if mention.verb is not None and mention.verb.lemma in LOSES and mention.agent is not None:
        loser = inside_of(mention.agent, parsed, actors)
        return _side(loser, "who lost them", parsed) if loser is not None else None
    if mention.noun.group in FIGHTING and not of_others(mention.noun, parsed):
        doer = inside_of(mention.agent, parsed, actors) if mention.agent is not None else None
        armed = [a for a in actors if a.kind in ARMED and a is not doer and not does(a, parsed) and not acts(a, mention, parsed)]
        before = [a for a in armed if a.end <= _start(mention.noun, parsed)]
        if armed:
            return _side(before[-1] if before else armed[0], "the armed group named nearest in the sentence", parsed)
        return None if any(a.kind in ARMED for a in actors) else _of_topic(topic)
    return None


def force_of(mention: Mention, parsed: Parsed, actors: Sequence[ActorMention], topic: ActorMention | None) -> ActorMention | None:
    """Whose strength a stock of fighters is: the armed group named last before the figure, else first behind it, else the article's."""
    groups = [a for a in actors if a.kind in IN_ARMS]
    before = [a for a in groups if a.end <= parsed.tokens[mention.noun.last].end]
    return before[-1] if before else groups[0] if groups else topic


def is_of_force(mention: Mention, parsed: Parsed) -> bool:
    """Whether the words tell of an armed group of which none is named ("the militia has 900 men")."""
    return mention.noun.group in FIGHTING or not _FORCES.isdisjoint(t.low for t in parsed.tokens)


def are_aid_workers(mention: Mention, parsed: Parsed, actors: Sequence[ActorMention]) -> bool:
    """Whether people who are told by their job work for a named aid organisation ("two drivers working for the Norwegian Refugee Council")."""
    if mention.measure in OF_DEEDS or mention.noun.group not in (Group.PEOPLE, Group.CIVILIANS) or mention.noun.lemma not in AID_JOBS:
        return False
    inside = inside_of(mention.noun, parsed, actors) or _employer(mention.noun, parsed, actors)
    return inside is not None and inside.kind == "aid_agency"


def _employer(noun: NounPhrase, parsed: Parsed, actors: Sequence[ActorMention]) -> ActorMention | None:
    """Whom people work for, as the words right behind their noun say."""
    behind = tuple(t.low for t in parsed.tokens[noun.last + 1 : noun.last + 3])
    if behind not in EMPLOYING | {("hired", "by")} and behind[:1] not in _OF_WHOM:
        return None
    end = parsed.tokens[noun.last].end
    reach = parsed.tokens[min(noun.last + EMPLOYER, len(parsed.tokens) - 1)].end
    return next((a for a in actors if end <= a.start < reach), None)


def are_militants(mention: Mention, parsed: Parsed, actors: Sequence[ActorMention]) -> bool:
    """Whether people who are only "members" are militants, by the armed group that they are members of."""
    noun = mention.noun
    if mention.measure in OF_DEEDS or noun.group not in _OPEN:
        return False
    inside = inside_of(noun, parsed, actors)
    if inside is None or inside.kind not in IN_ARMS:
        return False
    named = inside.start <= parsed.tokens[noun.last].start < inside.end  # "12 Naxalites"
    return noun.lemma in _MEN or (named and noun.sort != "person")


def are_soldiers(mention: Mention, parsed: Parsed, actors: Sequence[ActorMention]) -> bool:
    """Whether a number stands before the bare name of a force ("5 ANA killed")."""
    if mention.measure in OF_DEEDS or mention.noun.sort != "none" or mention.noun.group is not Group.PEOPLE:
        return False
    inside = inside_of(mention.noun, parsed, actors)
    return inside is not None and inside.kind == "state_force"


def _side(named: ActorMention, because: str, parsed: Parsed) -> Chosen:
    return named.side or named.slug, Reason(because, named.start, named.end, parsed.part)


def _of_topic(topic: ActorMention | None) -> Chosen | None:
    if topic is None:
        return None
    return topic.side or topic.slug, Reason("the armed group that the article is about", topic.start, topic.end)


_FORCES = frozenset("militia militias insurgency insurgents rebels guerrillas militants jihadists terrorists fighters faction gang".split())


def _target(mention: Mention, parsed: Parsed, actors: Sequence[ActorMention], topic: ActorMention | None) -> Chosen | None:
    end = parsed.tokens[mention.noun.last].end
    behind = [a for a in actors if a.start >= end]
    words = [t.low for t in parsed.tokens[mention.noun.last + 1 : mention.noun.last + 8]]
    if behind and set(words) & _AGAINST:
        return _side(behind[0], "named as the target", parsed)
    if mention.measure is Measure.ATTACKS:
        return None
    chosen = next((a for a in behind if a.kind in ARMED), None)
    return _side(chosen, "the armed group named behind it", parsed) if chosen is not None else _of_topic(topic)


def _start(noun: NounPhrase, parsed: Parsed) -> int:
    return parsed.tokens[noun.first].start
