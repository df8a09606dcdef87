"""Who did it: by the grammar of a sentence, by what is named around the words that tell it, and by what was told before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from schemas import Group

from ..frames.mentions import Mention
from ..syntax.nouns import NounPhrase
from ..syntax.pieces import Parsed
from ..text.reasons import Reason
from .actors import UNKNOWN, ActorMention
from .attacks import ATTACKED, HOW, MEN, attacks, does, is_aimed_at, is_fought, is_object, is_told_how, looks_on, stands_in_object

ARMED = frozenset({"armed_group"})
"""Kinds whose members can be "militants"."""

IN_ARMS = ARMED | {UNKNOWN}
"""Armed groups, whether the lexicon knows them or not."""

MEMBERED = IN_ARMS | {"state_force"}
"""Kinds whose bare name behind a number means people of theirs."""

DOERS = MEMBERED | {"coalition", "government"}
"""Kinds that can do a deed."""

LOSES = frozenset({"lost", "lose", "loses", "losing"})
"""Verbs of which the subject undergoes it."""

_OWN = frozenset({"its", "their", "his", "it", "they", "he", "she"})
"""Words that point at who is speaking, as those who do what they tell of."""

DEED_REACH = 9
"""Words behind a verb among which "in an ISIS ambush" and "by the Taliban" say who did it."""

Chosen = tuple[str, Reason]
"""An actor's or a side's id, and the words that name it."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the doer before the sentence is read."""

    speaker: ActorMention | None = None
    """Who speaks before the words that tell it, and may mean himself."""
    heard: int | None = None
    """Where the words end that name, or point at, whoever speaks before the words that tell it."""
    pointed: ActorMention | None = None
    """At whom "its" and "the same group" point: who was named in the sentence before."""
    army: ActorMention | None = None
    """The only army that was named so far: "the soldiers" are its."""
    police: ActorMention | None = None
    """The only police that was named so far."""


def actor_of(
    mention: Mention, parsed: Parsed, actors: Sequence[ActorMention], side: str | None, claimant: str | None, known: Known
) -> Chosen | None:
    """Who did it, as far as the words name someone; `claimant` is who says so."""
    if mention.verb is not None and mention.verb.lemma in LOSES:
        return None
    agent = agent_of(mention, parsed)
    speaker = known.speaker if known.speaker is not None and _could(known.speaker, side) else None
    if speaker is not None and _admits(mention, parsed):
        return _doer(speaker, "who speaks, and means himself", parsed)
    if agent is not None:
        decided, chosen = _of_agent(agent, parsed, actors, side, known)
        if decided:
            return chosen
    subject = next((a for a in actors if _could(a, side) and is_subject(a, mention, parsed)), None)
    if subject is not None and agent is None:
        return _doer(subject, "who did it, by the grammar of the sentence", parsed)
    named = _before(mention, parsed, actors, side, claimant)
    if named is not None:
        return _doer(named, "named before the words that tell it", parsed)
    behind = _behind(mention, parsed, actors, side)
    if behind is not None:
        return _doer(behind, "named behind it as who did it", parsed)
    pointed = known.pointed
    points = _points_back(agent, parsed) or (agent is None and _their_attack(mention, parsed))
    if pointed is not None and points and _could(pointed, side) and fits(pointed, mention, parsed, side):
        return _doer(pointed, "at whom the words point back", parsed)
    return None


def _of_agent(
    agent: NounPhrase, parsed: Parsed, actors: Sequence[ActorMention], side: str | None, known: Known
) -> tuple[bool, Chosen | None]:
    """Whether the noun phrase of who did it decides who that is, and who it is: perhaps nobody who is known."""
    inside = inside_of(agent, parsed, actors)
    if inside is not None and inside.kind in DOERS:
        if _is_party(inside, parsed):
            return True, None
        if not is_aimed_at(inside, parsed):
            return True, _doer(inside, "who did it, by the grammar of the sentence", parsed) if _could(inside, side) else None
    if parsed.tokens[agent.first].low in _OWN:
        speaker = known.speaker
        if speaker is not None and _could(speaker, side):
            return True, _doer(speaker, "who speaks, and means himself", parsed)
        heard = known.heard
        return heard is not None and not any(heard <= a.start < _start(agent, parsed) for a in actors), None
    meant = _meant(agent, parsed, known) if inside is None else None
    if meant is not None:
        return True, _doer(meant, "the only one of that sort who is named before", parsed) if _could(meant, side) else None
    return inside is None and agent.group is not Group.MILITANTS and agent.sort == "person", None


def _before(
    mention: Mention, parsed: Parsed, actors: Sequence[ActorMention], side: str | None, claimant: str | None
) -> ActorMention | None:
    """Who is named before the words that tell it, and neither speaks nor undergoes it."""
    trigger = parsed.tokens[mention.trigger.first]
    clause = max((t.end for t in parsed.tokens[: mention.trigger.first] if t.low == ";"), default=0)
    for named in actors:
        if (
            clause <= named.start
            and named.end <= trigger.start
            and _could(named, side)
            and fits(named, mention, parsed, side)
            and (named.slug != claimant or acts(named, mention, parsed))
            and not (_speaks(named, parsed) or _is_victim(named, mention, parsed) or _is_party(named, parsed) or _undergoes(named, parsed))
        ):
            return named
    return None


def _behind(mention: Mention, parsed: Parsed, actors: Sequence[ActorMention], side: str | None) -> ActorMention | None:
    """Who is named behind it as who did it: "by the Taliban", "when gunmen of al-Shabaab attacked a hotel"."""
    begins = parsed.tokens[mention.trigger.first].end
    told = parsed.tokens[mention.trigger.last].end
    reach = _clause_end(mention.trigger.last, parsed)
    for named in actors:
        if not (begins <= named.start < reach and _could(named, side)):
            continue
        if does(named, parsed) and not looks_on(named, parsed, told):
            return named
        if (side is not None or mention.noun.group in _FIGHTERS) and fits(named, mention, parsed, side) and is_fought(named, parsed):
            return named
        if fits(named, mention, parsed, side) and is_told_how(named, told, parsed) and attacks(named, parsed):
            return named
    return None


_FIGHTERS = frozenset({Group.SOLDIERS, Group.POLICE, Group.MILITANTS, Group.LEADERS})
"""Groups of those who fight: whom they fought killed them."""


def _points_back(agent: NounPhrase | None, parsed: Parsed) -> bool:
    """Whether a doer is told by words that point at who was named before: "its fighters", "the same group"."""
    if agent is None:
        return False
    words = [t.low for t in parsed.tokens[agent.first : agent.last + 1]]
    return words[0] in ("its", "their") or (words[0] in ("the", "this", "that") and words[-1] in _GROUPS)


_GROUPS = frozenset({"group", "militia", "movement", "faction", "gang", "cartel", "organisation", "organization"})


def _their_attack(mention: Mention, parsed: Parsed) -> bool:
    """Whether the clause that says how it happened is of the people of who was named before ("died when its fighters besieged a hotel")."""
    behind = [t.low for t in parsed.tokens[mention.trigger.last + 1 :]]
    how = next((i for i, low in enumerate(behind) if low in HOW), None)
    if how is None or behind[how + 1 : how + 2] not in (["its"], ["their"]):
        return False
    return behind[how + 2 : how + 3] != [] and behind[how + 2] in MEN and not ATTACKED.isdisjoint(behind[how + 3 : how + 6])


def _meant(agent: NounPhrase, parsed: Parsed, known: Known) -> ActorMention | None:
    """The only army or police that was named so far, where the words are only those for its men ("soldiers shot dead two men")."""
    words = [t.low for t in parsed.tokens[agent.first : agent.last + 1] if t.low not in ("the", "its")]
    if len(words) != 1:
        return None
    return known.army if words[0] in _OF_ARMY else known.police if words[0] in _OF_POLICE else None


_OF_ARMY = frozenset({"army", "military", "soldiers", "troops"})
_OF_POLICE = frozenset({"police", "policemen", "officers"})


def fits(named: ActorMention, mention: Mention, parsed: Parsed, side: str | None) -> bool:
    """Whether somebody who is only named near may have done it: no army harms soldiers, no armed group militants, of no known side."""
    if side is not None or of_others(mention.noun, parsed) or (is_active(mention) and attacks(named, parsed)):
        return True
    if named.kind == "state_force":
        return mention.noun.group not in (Group.SOLDIERS, Group.POLICE)
    return named.kind not in IN_ARMS or mention.noun.group is not Group.MILITANTS


def is_active(mention: Mention) -> bool:
    """Whether an active verb tells it, whose subject did it ("ambushed a bus, killing nine")."""
    return (
        mention.verb is not None
        and mention.verb.transitive
        and mention.verb.passive is not True
        and mention.noun.first > mention.trigger.last
    )


def of_others(noun: NounPhrase, parsed: Parsed) -> bool:
    """Whether the words say of another side than the article's ("pro-government fighters", "social leaders")."""
    words = [t.low for t in parsed.tokens[noun.first : noun.last]]
    return any(
        w.startswith(("pro-", "anti-")) or w.endswith(("-backed", "-aligned", "-allied", "-led")) or w in _ALLIED | _CIVIL for w in words
    )


_CIVIL = frozenset(
    "social community religious village tribal civic political church student union labour labor opposition indigenous peasant clan local youth business party protest police army government military".split()
)
"""Words before leaders who are of no armed group."""
_ALLIED = frozenset({"allied", "tribal", "pro", "loyalist", "progovernment"})


_MEN_OR_HELP = MEN | {"will", "would", "may", "could", "is", "are", "to", "did"}
"""What may stand between a subject and its verb."""


def acts(named: ActorMention, mention: Mention, parsed: Parsed) -> bool:
    """Whether an actor is the subject of the active verb that tells it ("JNIM fighters killed", "ISIS attacked a bus, killing")."""
    if not is_active(mention) or (mention.verb is not None and mention.verb.lemma in LOSES):
        return False
    before = named.end <= parsed.tokens[mention.trigger.first].start
    return is_subject(named, mention, parsed) or (before and attacks(named, parsed))


def is_subject(named: ActorMention, mention: Mention, parsed: Parsed) -> bool:
    """Whether an actor stands right before the active verb that tells it, but for his men ("the SDF killed", "JNIM fighters have killed")."""
    trigger = parsed.tokens[mention.trigger.first].start
    if named.end > trigger or not is_active(mention) or (mention.verb is not None and mention.verb.lemma in LOSES):
        return False
    if not _MEN_OR_HELP.issuperset(t.low for t in parsed.tokens if named.end <= t.start < trigger):
        return False
    return not (is_aimed_at(named, parsed) or stands_in_object(named, parsed))


def _clause_end(last: int, parsed: Parsed) -> int:
    """Where the words end that may still say who did what was told up to the token `last`."""
    final = len(parsed.tokens) - 1
    ends = next((i for i in range(last + 1, final) if parsed.tokens[i].low in _NEXT_CLAUSE), final)
    return parsed.tokens[min(max(ends, last + DEED_REACH), final)].end


_NEXT_CLAUSE = frozenset({";", "but", "while", "before", "since", "hours", "days", "weeks"})


def agent_of(mention: Mention, parsed: Parsed) -> NounPhrase | None:
    """Who did it by the grammar, unless to him something was done before ("killed ten rebels and freed two girls")."""
    agent = mention.agent
    if agent is None or agent.first > mention.trigger.first:
        return agent
    between = {t.low for t in parsed.tokens[agent.last + 1 : mention.trigger.first]}
    at = next((i for i, c in enumerate(parsed.chunks) if c.noun is agent), 0)
    if _is_met(at, parsed):
        return _subject(at - 1, parsed)
    if "and" in between and between <= _JOINING:
        return None
    relative = at + 1 < len(parsed.chunks) and parsed.chunks[at + 1].kind == "relative"
    return None if is_object(at, parsed) and not relative else agent


_JOINING = frozenset({",", "and", "then", "also"})


def _is_met(at: int, parsed: Parsed) -> bool:
    """Whether the noun phrase at `at` is the object of a verb that tells no measure ("ambushed a patrol, killing two", "pursued them and killed")."""
    while at > 1 and parsed.chunks[at - 1].kind == "word" and parsed.tokens[parsed.chunks[at - 1].first].capital:
        at -= 1  # the name before a noun ("Boko Haram fighters")
    before = parsed.chunks[at - 1] if at > 1 else None
    if before is None or before.kind != "word":
        return False
    low = parsed.tokens[before.last].low
    return (low.endswith("ed") and len(low) > MIN_VERB) or low in _IRREGULAR


MIN_VERB = 4
"""Letters from which on a word that ends in "ed" is a verb form."""
_IRREGULAR = frozenset({"mistook", "struck", "hit", "overran", "shot", "beset", "met", "fought", "caught", "surrounded"})


def _subject(verb: int, parsed: Parsed) -> NounPhrase | None:
    """The subject of the verb at the chunk `verb`: the nearest noun phrase before it that no preposition governs."""
    for at in range(verb - 1, -1, -1):
        chunk = parsed.chunks[at]
        if chunk.kind in ("break", "subordinator", "relative"):
            return None
        if chunk.noun is not None and not (at and parsed.chunks[at - 1].kind == "preposition"):
            return chunk.noun
    return None


def _undergoes(named: ActorMention, parsed: Parsed) -> bool:
    """Whether something is done to an actor: "attacked the SDF", "12 ISIS fighters were killed", "captured four men of the ELN"."""
    if is_aimed_at(named, parsed) or stands_in_object(named, parsed):
        return True
    at = next((i for i, c in enumerate(parsed.chunks) if parsed.tokens[c.last].end > named.start), 0)
    behind = parsed.chunks[at + 1].verb if at + 1 < len(parsed.chunks) else None
    head = at
    while head > 0 and parsed.chunks[head].kind == "word":
        head -= 1
    if head > 1 and parsed.chunks[head].kind == "preposition" and parsed.lows(parsed.chunks[head]) == ("of",):
        at = head - 1
    if parsed.chunks[at].noun is None:
        return False
    return is_object(at, parsed) or (behind is not None and behind.passive is True)


def _admits(mention: Mention, parsed: Parsed) -> bool:
    """Whether who speaks says it of himself ("claimed killing two", "admitted to having killed two")."""
    verb, first = mention.verb, mention.trigger.first
    if mention.agent is None and mention.noun.first and parsed.tokens[mention.noun.first - 1].low in ("claims", "claimed"):
        return verb is not None and verb.form != "gerund" and not verb.auxiliaries  # "claims 13 killed"
    if verb is None or not (verb.to or verb.form == "gerund"):
        return False
    return not _OWNING_UP.isdisjoint(t.low for t in parsed.tokens[max(0, first - 2) : first])


_OWNING_UP = frozenset("claimed claims claiming admitted admits acknowledged denied denies boasted boasts boasting".split())


def _is_victim(named: ActorMention, mention: Mention, parsed: Parsed) -> bool:
    """Whether an actor only says whose people others are to whom the same befell."""
    spans = ((parsed.tokens[each.noun.first].start, parsed.tokens[each.noun.last].end) for each in mention.siblings)
    return any(start <= named.start < end for start, end in spans)


PARTIES = 10
"""Words behind "between" among which the second of two parties is named."""


def _is_party(named: ActorMention, parsed: Parsed) -> bool:
    """Whether an actor is one of two who fought ("clashes between M23 and the Wazalendo")."""
    return "between" in [t.low for t in parsed.tokens if t.end <= named.start][-PARTIES:]


def _doer(named: ActorMention, because: str, parsed: Parsed) -> Chosen:
    return named.slug, Reason(because, named.start, named.end, parsed.part)


def _could(named: ActorMention, side: str | None) -> bool:
    return named.kind in DOERS and (named.side or named.slug) != side


def inside_of(noun: NounPhrase, parsed: Parsed, actors: Sequence[ActorMention]) -> ActorMention | None:
    """The actor that a noun phrase names, or that stands right behind it ("fighters of the SDF", "4 al-Shabaab", "belonged to the SDF")."""
    start, end = _start(noun, parsed), parsed.tokens[noun.last].end
    inside = [a for a in actors if start <= a.start < end]
    if inside:
        return inside[-1]
    if noun.sort == "none" and noun.quantity is not None and noun.last + 1 < len(parsed.tokens):
        at = parsed.tokens[noun.last + 1].start
        named = next((a for a in actors if a.start == at and a.kind in MEMBERED), None)
        if named is not None:
            return named  # "4 al-Shabaab killed"
    behind = [t.low for t in parsed.tokens[noun.last + 1 : noun.last + 4]]
    if behind[:1] in (["of"], ["from"]) or (behind[:1] and behind[0] in _BELONG and behind[1:2] == ["to"]):
        reach = parsed.tokens[min(noun.last + 5, len(parsed.tokens) - 1)].end
        return next((a for a in actors if end <= a.start < reach), None)
    return None


_BELONG = frozenset({"belonged", "belonging", "belong", "belongs"})


def _start(noun: NounPhrase, parsed: Parsed) -> int:
    return parsed.tokens[noun.first].start


def _speaks(named: ActorMention, parsed: Parsed) -> bool:
    """Whether a verb of saying stands right behind an actor."""
    behind = [t.low for t in parsed.tokens if t.start >= named.end][:2]
    return bool({"said", "says", "reported", "announced", "claimed", "noted", "disclosed", "told", "confirmed"} & set(behind))
