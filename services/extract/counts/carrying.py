"""What a count has from others, and from the text: a part from its whole, and whose report it is that all of it stands in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from schemas import Group
from schemas.vocabulary import OF_DEEDS

from ..frames.mentions import Mention
from ..text.reasons import Reason
from ..who import actors
from ..who.doers import Chosen, agent_of, fits
from ..who.issuers import Issuer
from ..who.story import attacker_of
from .claims import HARM
from .parts import Part
from .tallies import Tally

_OF_ANY_SIDE = frozenset({Group.PEOPLE, Group.WOMEN, Group.CHILDREN, Group.LEADERS})
"""Groups of parts that say nothing against the side of their whole ("17 fighters, three of them women")."""

DEEDS_BACK = 2
"""Sentences back in which "the attacks" were counted."""


_SAID = re.compile(r"\b(?:said|says|told|according to|claimed|claims|announced)\b")
"""Words of sentences in which somebody speaks, be he one whom nobody can name."""

_BY_SUM = "told after"
"""How reasons begin by which a count is a part only because of its figure: others may have told of it, and done it."""


NEAR = 3
"""Sentences behind a total among which who told the total told its parts as well."""


def carry(tallies: Sequence[Tally], issuer: Issuer | None) -> None:
    """Give the parts what their wholes have, and what nobody is said to say to whose report it is."""
    for tally in tallies:
        whole = tally.parent
        if whole is None or whole.measure is not tally.measure:
            continue
        by_sum = tally.why["parent"].because.startswith(_BY_SUM)
        if not by_sum:
            _people_from_whole(tally, whole)
        if tally.claimant is None and whole.claimant is not None and not (by_sum and tally.sentence - whole.sentence > NEAR):
            tally.claimant, tally.why["claimant"] = whole.claimant, whole.why["claimant"]._replace(because="as its whole")
    for tally in tallies:
        if issuer is not None and tally.claimant is None and not tally.status.background and not _SAID.search(tally.told.said):
            tally.claimant, tally.why["claimant"] = issuer


def _people_from_whole(part: Tally, whole: Tally) -> None:
    """What a part does not say itself, it has from its whole."""
    if (
        part.side is None
        and whole.side is not None
        and whole.side != part.actor
        and (part.group is whole.group or part.group in _OF_ANY_SIDE)
    ):
        part.side, part.why["side"] = whole.side, whole.why["side"]._replace(because="as its whole")
    if part.actor is None and whole.actor is not None and part.side not in (whole.actor, _side(whole.actor)):
        part.actor, part.why["actor"] = whole.actor, whole.why["actor"]._replace(because="as its whole")


def _side(slug: str) -> str:
    known = actors.known(slug)
    return known.side if known is not None else slug


def attacker_before(tally: Tally, mention: Mention, part: Part, before: Part | None) -> Chosen | None:
    """Who attacked in the sentence before, of the same paragraph, where this one only says what came of it ("9 soldiers killed, 4 wounded")."""
    if before is None or tally.measure not in HARM or not _open(mention, part) or before.sentence.paragraph != part.sentence.paragraph:
        return None
    if part.field == "title" or not part.signs.isdisjoint(_NO_ATTACK) or _tells_how(part):
        return None
    attacker = attacker_of(before.parsed, before.actors)
    if attacker is None or any(a.slug not in (tally.side, attacker.slug) and a.kind != "monitor" for a in part.actors):
        return None
    if tally.side in (attacker.slug, attacker.side) or not fits(attacker, mention, part.parsed, tally.side):
        return None
    return attacker.slug, Reason("who attacked in the sentence before", attacker.start, attacker.end)


def _open(mention: Mention, part: Part) -> bool:
    """Whether a sentence says of nobody that he did it, or only that "they" did."""
    agent = agent_of(mention, part.parsed)
    return agent is None or [t.low for t in part.parsed.tokens[agent.first : agent.last + 1]] == ["they"]


def _tells_how(part: Part) -> bool:
    """Whether a sentence says itself how it happened, as of something new ("died in a shoot-out", "when a wall fell", "separately")."""
    words = [t.low for t in part.parsed.tokens]
    new = any(article in ("a", "an", "another") and before in ("in", "from", "of") for before, article in pairwise(words))
    return new or not _OTHERWISE.isdisjoint(words)


_OTHERWISE = frozenset(
    {
        "when",
        "after",
        "by",
        "because",
        "separate",
        "separately",
        "meanwhile",
        "elsewhere",
        "another",
        "other",
        "later",
        "earlier",
        "previously",
    }
)
_NO_ATTACK = frozenset({"accident", "disaster", "crime"})
"""What a sentence can be about that is no attack."""


def doer_of_deeds(mention: Mention, part: Part, told: Sequence[Tally]) -> Chosen | None:
    """Who committed the deeds that are counted before, where they did it ("31 attacks by ISIS ... The attacks left 19 dead")."""
    opens = next(iter(part.parsed.chunks), None)
    agent = mention.agent or (opens.noun if opens is not None else None)  # "The attacks left 19 people dead"
    if agent is None or agent is mention.noun or agent.sort != "deed" or agent.quantity is not None or part.field == "title":
        return None
    words = [t.low for t in part.parsed.tokens[agent.first : agent.last + 1]]
    if words[0] not in ("the", "these", "those") or len(words) != len(("the", "attacks")):
        return None
    deeds = (
        t for t in reversed(told) if t.measure in OF_DEEDS and t.actor and t.parent is None and 0 <= part.number - t.sentence <= DEEDS_BACK
    )
    return next(((t.actor, t.why["actor"]._replace(because="who did the deeds that are told of before")) for t in deeds if t.actor), None)
