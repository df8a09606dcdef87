"""Attacks: the words of those who commit one, and of those whom it is aimed at."""

from __future__ import annotations

from itertools import pairwise

from ..syntax.pieces import Parsed
from .actors import ActorMention

DEEDS = frozenset(
    "attack attacks ambush ambushes raid raids strike strikes airstrike airstrikes bombing bombings shelling drone air missile missiles rocket rockets artillery bombardment assault operation offensive fire mortar suicide car".split()
)
"""What stands behind the name of those who do it ("in an ISIS ambush")."""

_ARTICLES = frozenset({"a", "an", "the", "two", "three", "several"})
_AIMED = frozenset(
    "against attacked attacking ambushed ambushing battled battling besieged bombed bombing destroyed down downed fought fighting hit overran raided repelled repulsed shelled shelling stormed struck targeted targeting".split()
)
"""Words before those at whom something is aimed."""

ATTACKED = frozenset(
    "attacked ambushed raided stormed shelled bombed bombarded struck hit fired overran besieged invaded launched detonated rammed torched targeted sank burst blew mined mortared".split()
)
"""Verbs of those who attack."""
_ATTACKS = frozenset(
    "attack attacks ambush ambushes raid raids storm storms shell shells bomb bombs strike strikes fire fires besiege besieges overrun overruns target targets".split()
)
"""The same in the present, as registers and headlines have it; most are nouns as well."""
_TWO_WORDS = frozenset({("opened", "fire"), ("open", "fire"), ("opens", "fire"), ("carried", "out"), ("broke", "into"), ("burst", "into")})
MEN = frozenset(
    "'s fighters fighter militants militant gunmen gunman rebels rebel insurgents jihadists terrorists guerrillas bandits militiamen paramilitaries forces troops soldiers police men cells cell cadres members operatives aircraft warplanes planes jets drones drone helicopters gunships artillery tanks units unit suspected also had have has later then on group movement militia".split()
)
"""What may stand between the name of those who attack and their verb."""
_NOT_SUBJECT = frozenset({"by", "against", "on", "in", "near", "with", "between", "to", "at", "alongside", "for", "over", "attacking"})
"""Words before a name that is no subject."""
_VERBS = frozenset({"was", "were", "is", "are", "have", "has", "had", "killed", "kill", "kills", "left", "wounded", "injured", "by"})
"""What stands behind a noun for an attack, and not behind its verb."""
_WEEKDAY = "day"
"""How weekdays end, which may stand there as well ("JNIM on Sunday attacked")."""

BETWEEN = 5
"""Words between a name and its verb."""

OBJECT = 8
"""Words back from a name among which the verb stands whose object it is a part of."""


def attacks(named: ActorMention, parsed: Parsed) -> bool:
    """Whether an actor is the subject of a verb of attack: "gunmen of al-Shabaab attacked", "JNIM ambushes a convoy"."""
    tokens = parsed.tokens
    at = next((i for i, t in enumerate(tokens) if t.start >= named.end), len(tokens))
    before = next((t.low for t in reversed(tokens) if t.end <= named.start and t.low not in _ARTICLES), "")
    if before in _NOT_SUBJECT or stands_in_object(named, parsed):
        return False
    end = min(len(tokens), at + BETWEEN)
    while at < end and (tokens[at].low in MEN or tokens[at].low.endswith(_WEEKDAY)):
        at += 1
    if at >= len(tokens):
        return False
    low, behind = tokens[at].low, tokens[at + 1].low if at + 1 < len(tokens) else ""
    if low in ATTACKED:
        return behind != "by"
    return (low, behind) in _TWO_WORDS or (low in _ATTACKS and behind not in _VERBS and behind.isalpha())


def is_aimed_at(named: ActorMention, parsed: Parsed) -> bool:
    """Whether words right before an actor aim something at it ("against the SDF", "in an attack on the army")."""
    before = [t.low for t in parsed.tokens if t.end <= named.start][-3:]
    while before and (before[-1] in _ARTICLES or before[-1].isdigit()):
        before.pop()
    return bool(before) and (before[-1] in _AIMED or (before[-1] == "on" and not DEEDS.isdisjoint(before)))


def stands_in_object(named: ActorMention, parsed: Parsed) -> bool:
    """Whether an actor is named within the object of an attack ("ambushed a joint patrol of the army and Wagner")."""
    before = [t for t in parsed.tokens if t.end <= named.start][-OBJECT:]
    joined = False
    for token in reversed(before):
        if token.low in _AIMED:
            return not (joined and _goes_on(named, parsed))
        if token.kind == "mark" or token.low in _APART:
            return False
        joined = joined or token.low == "and"
    return False


_APART = frozenset(
    "by with in near at on to for alongside that who which when after while as but before since because where killed killing said says".split()
)
"""What ends an object, looked at from behind."""


def _goes_on(named: ActorMention, parsed: Parsed) -> bool:
    """Whether a verb of its own stands behind an actor ("attacked the town and ISIS killed two")."""
    behind = [t.low for t in parsed.tokens if t.start >= named.end][:BETWEEN]
    first = next((low for low in behind if low not in MEN), "")
    verbs = {t.low for c in parsed.chunks if c.verb is not None for t in parsed.tokens[c.first : c.last + 1]}
    return first in ATTACKED or first in verbs


def is_object(at: int, parsed: Parsed) -> bool:
    """Whether the chunk at `at` stands behind a verb of which it is no agent."""
    verb = parsed.chunks[at - 1].verb if at else None
    return verb is not None and verb.transitive and not verb.passive


def is_told_how(named: ActorMention, told: int, parsed: Parsed) -> bool:
    """Whether a name stands in the clause that says how something happened ("were killed when ...")."""
    between = [t.low for t in parsed.tokens if told <= t.start and t.end <= named.start]
    return not HOW.isdisjoint(between) and "and" not in between[-1:]


HOW = frozenset({"when", "after", "as"})


def is_fought(named: ActorMention, parsed: Parsed) -> bool:
    """Whether an actor is whom they fought ("killed in fighting with the M23")."""
    before = [t.low for t in parsed.tokens if t.end <= named.start and t.low != "the"][-2:]
    return len(before) > 1 and before[1] == "with" and before[0] in _FIGHTS


_FIGHTS = frozenset(
    "fighting clash clashes encounter encounters battle battles combat firefight gunfight gunbattle shootout skirmish skirmishes".split()
)


def does(named: ActorMention, parsed: Parsed) -> bool:
    """Whether an actor is shown as who did something: "by the Taliban", "in an ISIS ambush", "the Taliban's attack"."""
    before = [t.low for t in parsed.tokens if t.end <= named.start][-3:]
    if not _BLAMED.isdisjoint(pairwise(before)) or not _ACCUSED.isdisjoint(before[-2:]):
        return True
    before = before[-2:]
    behind = [t.low for t in parsed.tokens if t.start >= named.end][:3]
    own = [t.low for t in parsed.tokens if named.start <= t.start < named.end]
    if "by" in before or (own and own[-1] in DEEDS):
        return True
    return bool(before[-1:] and behind) and bool(DEEDS.intersection(behind[:1] if behind[0] != "'s" else behind[1:]))


_BLAMED = frozenset({("attributed", "to"), ("blamed", "on")})
_ACCUSED = frozenset({"accused", "accuses", "accusing", "blamed", "blames", "blaming"})
"""Words before those who are said to have done it."""


def looks_on(named: ActorMention, parsed: Parsed, told: int) -> bool:
    """Whether an actor did only something else to them ("killed in Jos and found by the army"); the deed itself ends at `told`."""
    before = [t.low for t in parsed.tokens if told <= t.start and t.end <= named.start][-4:]
    return "by" in before and not _LATER.isdisjoint(before[: before.index("by")][-1:])


_LATER = frozenset(
    "backed confirmed controlled escorted evacuated followed found freed held led organised organized owned recovered released rescued run said supported taken treated".split()
)
"""What is done by others than those who did the deed."""
