"""Sides and actors of a count: whose people they are, who did it, and at whom a deed was aimed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from schemas import Group, Measure
from schemas.vocabulary import OF_DEEDS

from ..frames.mentions import Mention
from ..syntax.nouns import NounPhrase
from ..syntax.pieces import Parsed
from ..text.reasons import Reason
from ..words.groups import AID_JOBS, EMPLOYING, FIGHTING
from .actors import UNKNOWN, ActorMention

ARMED = frozenset({"armed_group"})
"""Kinds whose members can be "militants"."""

IN_ARMS = ARMED | {UNKNOWN}
"""Armed groups, whether the lexicon knows them or not."""

MEMBERED = IN_ARMS | {"state_force"}
"""Kinds whose bare name behind a number means people of theirs."""

DOERS = MEMBERED | {"coalition", "government"}
"""Kinds that can do a deed."""

_LOSES = frozenset({"lost", "lose", "loses", "losing"})
_OF_WHOM = frozenset({("for",), ("from",), ("with",), ("of",), ("at",)})
_AGAINST = frozenset({"against", "targeting", "targeted", "on", "anti"})

_OPEN = frozenset({Group.PEOPLE, Group.CIVILIANS, Group.SOLDIERS})
"""Groups that words for members can stand for: an armed group may call itself an army."""

_MEN = frozenset({"", "member", "operative", "man", "person", "personnel", "suspect", "element", "associate", "affiliate"})
"""Nouns that an armed group's name before them makes militants of."""

_DEEDS = frozenset(
    "attack attacks ambush ambushes raid raids strike strikes airstrike airstrikes bombing bombings shelling drone air missile missiles rocket rockets artillery bombardment assault operation offensive fire mortar suicide car".split()
)
"""What stands behind the name of those who do it ("in an ISIS ambush")."""

_OWN = frozenset({"its", "their", "his", "it", "they", "he", "she"})
"""Words that point at who is speaking, as those who do what they tell of."""

EMPLOYER = 6
"""Words behind people among which an organisation is their employer."""

DEED_REACH = 9
"""Words behind a verb among which "in an ISIS ambush" and "by the Taliban" say who did it."""


Chosen = tuple[str, Reason]
"""An actor's or a side's id, and the words that name it."""


def side_of(mention: Mention, parsed: Parsed, actors: Sequence[ActorMention], topic: ActorMention | None) -> Chosen | None:
    """Whose people are counted, or at whom the deeds were aimed; `topic` is the armed group that the article is about."""
    if mention.measure in OF_DEEDS:
        return _target(mention, parsed, actors, topic)
    inside = _inside(mention.noun, parsed, actors)
    if inside is not None and inside.kind not in ("monitor", "media"):
        return _side(inside, "named with these people", parsed)
    if mention.verb is not None and mention.verb.lemma in _LOSES and mention.agent is not None:
        loser = _inside(mention.agent, parsed, actors)
        return _side(loser, "who lost them", parsed) if loser is not None else None
    if mention.noun.group in FIGHTING and not _of_others(mention.noun, parsed):
        doer = _inside(mention.agent, parsed, actors) if mention.agent is not None else None
        armed = [a for a in actors if a.kind in ARMED and a is not doer and not _does(a, parsed)]
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
    inside = _inside(mention.noun, parsed, actors) or _employer(mention.noun, parsed, actors)
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
    if mention.measure in OF_DEEDS or mention.noun.lemma not in _MEN or mention.noun.group not in _OPEN:
        return False
    inside = _inside(mention.noun, parsed, actors)
    return inside is not None and inside.kind in IN_ARMS


def are_soldiers(mention: Mention, parsed: Parsed, actors: Sequence[ActorMention]) -> bool:
    """Whether a number stands before the bare name of a force ("5 ANA killed")."""
    if mention.measure in OF_DEEDS or mention.noun.sort != "none" or mention.noun.group is not Group.PEOPLE:
        return False
    inside = _inside(mention.noun, parsed, actors)
    return inside is not None and inside.kind == "state_force"


def actor_of(mention: Mention, parsed: Parsed, actors: Sequence[ActorMention], side: str | None, claimant: str | None) -> Chosen | None:
    """Who did it, as far as the sentence names someone; `claimant` is who says so, and may mean himself ("said its troops killed")."""
    if mention.verb is not None and mention.verb.lemma in _LOSES:
        return None
    agent = _agent(mention, parsed)
    speaker = next((a for a in actors if a.slug == claimant and _could(a, side)), None)
    if speaker is not None and _admits(mention, parsed):
        return _doer(speaker, "who speaks, and means himself", parsed)
    if agent is not None:
        inside = _inside(agent, parsed, actors)
        if inside is not None and _is_party(inside, parsed):
            return None
        if inside is not None and not _is_aimed_at(inside, parsed):
            return _doer(inside, "who did it, by the grammar of the sentence", parsed) if _could(inside, side) else None
        if parsed.tokens[agent.first].low in _OWN:
            if speaker is not None:
                return _doer(speaker, "who speaks, and means himself", parsed)
        elif agent.group is not Group.MILITANTS and agent.sort == "person":
            return None
    trigger = parsed.tokens[mention.trigger.first]
    clause = max((t.end for t in parsed.tokens[: mention.trigger.first] if t.low == ";"), default=0)
    for named in actors:
        if (
            clause <= named.start
            and named.end <= trigger.start
            and _could(named, side)
            and named.slug != claimant
            and not (_speaks(named, parsed) or _is_victim(named, mention, parsed) or _is_party(named, parsed) or _undergoes(named, parsed))
        ):
            return _doer(named, "named before the words that tell it", parsed)
    reach = _clause_end(mention.trigger.last, parsed)
    told = parsed.tokens[mention.trigger.last].end
    behind = (
        a for a in actors if trigger.end <= a.start < reach and _could(a, side) and _does(a, parsed) and not _looks_on(a, parsed, told)
    )
    return next((_doer(a, "named behind it as who did it", parsed) for a in behind), None)


def _clause_end(last: int, parsed: Parsed) -> int:
    """Where the words end that may still say who did what was told up to the token `last`."""
    final = len(parsed.tokens) - 1
    ends = next((i for i in range(last + 1, final) if parsed.tokens[i].low in _NEXT_CLAUSE), final)
    return parsed.tokens[min(max(ends, last + DEED_REACH), final)].end


_NEXT_CLAUSE = frozenset({";", "but", "while", "before", "since", "hours", "days", "weeks"})


def _agent(mention: Mention, parsed: Parsed) -> NounPhrase | None:
    """Who did it by the grammar, unless to him something was done before ("killed ten rebels and freed two girls")."""
    agent = mention.agent
    if agent is None or agent.first > mention.trigger.first:
        return agent
    between = {t.low for t in parsed.tokens[agent.last + 1 : mention.trigger.first]}
    if "and" in between and between <= _JOINING:
        return None
    at = next((i for i, c in enumerate(parsed.chunks) if c.noun is agent), 0)
    relative = at + 1 < len(parsed.chunks) and parsed.chunks[at + 1].kind == "relative"
    return None if _is_object(at, parsed) and not relative else agent


_JOINING = frozenset({",", "and", "then", "also"})


def _is_object(at: int, parsed: Parsed) -> bool:
    """Whether the chunk at `at` stands behind a verb of which it is no agent."""
    verb = parsed.chunks[at - 1].verb if at else None
    return verb is not None and verb.transitive and not verb.passive


def _undergoes(named: ActorMention, parsed: Parsed) -> bool:
    """Whether something is done to an actor: "attacked the SDF", "12 ISIS fighters were killed"."""
    if _is_aimed_at(named, parsed):
        return True
    at = next((i for i, c in enumerate(parsed.chunks) if parsed.tokens[c.last].end > named.start), 0)
    if parsed.chunks[at].noun is None:
        return False
    behind = parsed.chunks[at + 1].verb if at + 1 < len(parsed.chunks) else None
    return _is_object(at, parsed) or (behind is not None and behind.passive is True)


def _is_aimed_at(named: ActorMention, parsed: Parsed) -> bool:
    before = [t.low for t in parsed.tokens if t.end <= named.start][-3:]
    while before and (before[-1] in _ARTICLES or before[-1].isdigit()):
        before.pop()
    return bool(before) and (before[-1] in _AIMED or (before[-1] == "on" and not _DEEDS.isdisjoint(before)))


_ARTICLES = frozenset({"a", "an", "the", "two", "three", "several"})
_AIMED = frozenset(
    "against attacked attacking ambushed ambushing battled battling besieged bombed bombing destroyed down downed fought fighting hit overran raided repelled repulsed shelled shelling stormed struck targeted targeting".split()
)
"""Words before those at whom something is aimed."""


def _admits(mention: Mention, parsed: Parsed) -> bool:
    """Whether who speaks says it of himself ("claimed killing two", "admitted to having killed two")."""
    verb, first = mention.verb, mention.trigger.first
    if verb is None or not (verb.to or verb.form == "gerund"):
        return False
    return not _OWNING_UP.isdisjoint(t.low for t in parsed.tokens[max(0, first - 2) : first])


_OWNING_UP = frozenset({"claimed", "claims", "claiming", "admitted", "admits", "acknowledged", "denied", "denies"})


def _is_victim(named: ActorMention, mention: Mention, parsed: Parsed) -> bool:
    """Whether an actor only says whose people others are to whom the same befell."""
    spans = ((parsed.tokens[each.noun.first].start, parsed.tokens[each.noun.last].end) for each in mention.siblings)
    return any(start <= named.start < end for start, end in spans)


def _is_party(named: ActorMention, parsed: Parsed) -> bool:
    """Whether an actor is one of two who fought ("clashes between M23 and the Wazalendo")."""
    return "between" in [t.low for t in parsed.tokens if t.end <= named.start][-6:]


def _doer(named: ActorMention, because: str, parsed: Parsed) -> Chosen:
    return named.slug, Reason(because, named.start, named.end, parsed.part)


def _side(named: ActorMention, because: str, parsed: Parsed) -> Chosen:
    return named.side or named.slug, Reason(because, named.start, named.end, parsed.part)


def _of_topic(topic: ActorMention | None) -> Chosen | None:
    if topic is None:
        return None
    return topic.side or topic.slug, Reason("the armed group that the article is about", topic.start, topic.end)


def _could(named: ActorMention, side: str | None) -> bool:
    return named.kind in DOERS and (named.side or named.slug) != side


def _does(named: ActorMention, parsed: Parsed) -> bool:
    """Whether an actor is shown as who did something: "by the Taliban", "in an ISIS ambush", "the Taliban's attack"."""
    before = [t.low for t in parsed.tokens if t.end <= named.start][-3:]
    if not _BLAMED.isdisjoint(pairwise(before)) or not _ACCUSED.isdisjoint(before[-2:]):
        return True
    before = before[-2:]
    behind = [t.low for t in parsed.tokens if t.start >= named.end][:3]
    own = [t.low for t in parsed.tokens if named.start <= t.start < named.end]
    if "by" in before or (own and own[-1] in _DEEDS):
        return True
    return bool(before[-1:] and behind) and bool(_DEEDS.intersection(behind[:1] if behind[0] != "'s" else behind[1:]))


_BLAMED = frozenset({("attributed", "to"), ("blamed", "on")})
_ACCUSED = frozenset({"accused", "accuses", "accusing", "blamed", "blames", "blaming"})
"""Words before those who are said to have done it."""


def _looks_on(named: ActorMention, parsed: Parsed, told: int) -> bool:
    """Whether an actor did only something else to them ("killed in Jos and found by the army"); the deed itself ends at `told`."""
    before = [t.low for t in parsed.tokens if told <= t.start and t.end <= named.start][-4:]
    return "by" in before and not _LATER.isdisjoint(before[: before.index("by")][-1:])


_LATER = frozenset(
    "backed confirmed controlled escorted evacuated followed found freed held led organised organized owned recovered released rescued run said supported taken treated".split()
)
"""What is done by others than those who did the deed."""


def _of_others(noun: NounPhrase, parsed: Parsed) -> bool:
    """Whether the words say of another side than the article's ("pro-government fighters", "social leaders")."""
    words = [t.low for t in parsed.tokens[noun.first : noun.last]]
    return any(
        w.startswith(("pro-", "anti-")) or w.endswith(("-backed", "-aligned", "-allied", "-led")) or w in _ALLIED | _CIVIL for w in words
    )


_FORCES = frozenset("militia militias insurgency insurgents rebels guerrillas militants jihadists terrorists fighters faction gang".split())
_CIVIL = frozenset(
    "social community religious village tribal civic political church student union labour labor opposition indigenous peasant clan local youth business party protest police army government military".split()
)
"""Words before leaders who are of no armed group."""
_ALLIED = frozenset({"allied", "tribal", "pro", "loyalist", "progovernment"})


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


def _inside(noun: NounPhrase, parsed: Parsed, actors: Sequence[ActorMention]) -> ActorMention | None:
    start, end = _start(noun, parsed), parsed.tokens[noun.last].end
    inside = [a for a in actors if start <= a.start < end]
    if inside:
        return inside[-1]
    if noun.sort == "none" and noun.quantity is not None and noun.last + 1 < len(parsed.tokens):
        at = parsed.tokens[noun.last + 1].start
        named = next((a for a in actors if a.start == at and a.kind in MEMBERED), None)
        if named is not None:
            return named  # "4 al-Shabaab killed"
    if noun.last + 1 < len(parsed.tokens) and parsed.tokens[noun.last + 1].low in ("of", "from"):
        reach = parsed.tokens[min(noun.last + 5, len(parsed.tokens) - 1)].end
        return next((a for a in actors if end <= a.start < reach), None)
    return None


def _start(noun: NounPhrase, parsed: Parsed) -> int:
    return parsed.tokens[noun.first].start


def _speaks(named: ActorMention, parsed: Parsed) -> bool:
    """Whether a verb of saying stands right behind an actor."""
    behind = [t.low for t in parsed.tokens if t.start >= named.end][:2]
    return bool({"said", "says", "reported", "announced", "claimed", "noted", "disclosed", "told", "confirmed"} & set(behind))
