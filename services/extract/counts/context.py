"""What surrounds a sentence: the article's people, its armed group, what it is about, and whether that is aid work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from schemas import Group
from schemas.vocabulary import OF_DEEDS

from ..syntax.nouns import NounPhrase
from ..text.reasons import Reason
from ..text.tokens import Token
from ..who.actors import ActorMention
from ..who.doers import ARMED
from ..words.groups import AID_JOBS
from ..words.lexicon import Lexicon
from .kinds import Signs
from .ledger import Ledger

TITLE = -1
"""The paragraph that a title stands in."""


@dataclass(frozen=True, slots=True)
class Context:
    """What holds for a whole article."""

    aid: frozenset[int]
    """The paragraphs in which an aid organisation is spoken of, and not only speaks; -1 is the title."""
    topic: ActorMention | None
    """The armed group named most often, the first of equals."""
    about: Signs
    """What the beginning of the article is about."""

    def is_near_aid(self, paragraph: int) -> bool:
        """Whether aid work is spoken of in a paragraph, or in the title; whoever a title counts may be of any."""
        return bool(self.aid) and (paragraph in self.aid or TITLE in self.aid or paragraph == TITLE)


def context_of(actors: Sequence[ActorMention], about: Signs, aid: frozenset[int]) -> Context:
    """The context that these actors make."""
    often = Counter(a.slug for a in actors if a.kind in ARMED)
    most = max(often.values(), default=0)
    return Context(aid, next((a for a in actors if most and often[a.slug] == most), None), about)


def is_aid(tokens: Sequence[Token], lexicon: Lexicon) -> bool:
    """Whether an aid organisation or aid work is named in these tokens."""
    return any(
        (t.low in lexicon.aid or ("-" in t.low and t.low.partition("-")[0] in lexicon.aid))
        and (t.text[:1].isupper() or t.low in ("humanitarian", "relief", "aid", "demining"))
        and (t.low not in ("cross", "care") or (i and tokens[i - 1].low == "red"))
        and not _only_speaks(tokens, i, lexicon)
        for i, t in enumerate(tokens)
    )


def _only_speaks(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> bool:
    """Whether an organisation is only who says it ("4,200 were left homeless, UNHCR said"), and not of its own people."""
    if any(t.low in ("its", "our") for t in tokens):
        return False
    behind = tokens[at + 1 : at + SAID]
    if behind and behind[0].low == ":":
        return True
    return any("reporting" in lexicon[t.low].cues for t in behind if t.kind == "word")


SAID = 5
"""Words behind the name of an organisation among which it is the speaker."""


def group_in_context(
    noun: NounPhrase,
    ledger: Ledger,
    sentence: int,
    tokens: Sequence[Token],
    lexicon: Lexicon,
    agent: NounPhrase | None = None,
    *,
    aid: bool,
) -> tuple[Group, Reason]:
    """The group of a noun phrase, with what its own words leave open taken from what surrounds it; `aid`: near aid work; `agent` did it to others."""
    group = noun.group
    words = {t.low for t in tokens[noun.first : noun.last + 1]}
    if (
        aid
        and group in (Group.CIVILIANS, Group.PEOPLE)
        and ((noun.lemma in AID_JOBS and (noun.lemma not in _VAGUE_JOBS or "staff" in words)) or "staff" in words)
    ):
        before = ledger.tallies
        if not words & _NOT_AID and (
            noun.lemma not in ("victim", "local", "national", "official") or not before or before[-1].group is Group.AID_WORKERS
        ):
            return Group.AID_WORKERS, AID
    if group is not Group.PEOPLE or noun.lemma not in ("", "other"):
        return (
            Group.AID_WORKERS
            if noun.sort == "unknown" and aid and group is Group.PEOPLE and is_aid(tokens[: noun.first], lexicon)
            else group
        ), AID
    if noun.grouped is not None and not noun.lemma:
        return group, noun.grouped
    beside = next((t for t in reversed(ledger.tallies) if t.noun is not noun and t.parent is None), None)
    if beside is not None and beside.sentence == sentence and beside.group is Group.PEOPLE and beside.measure not in OF_DEEDS:
        return group, AID
    near = [
        t
        for t in ledger.tallies
        if t.group not in (Group.PEOPLE, Group.PERPETRATORS)
        and 0 <= sentence - t.sentence <= 1
        and t.noun is not noun
        and t.parent is None
        and not (t.sentence == sentence and t.evidence[0].start > tokens[noun.first].start)  # a bracket is read behind its whole sentence
    ]
    if noun.sort == "none" and _owns_losses(tokens[: noun.first]):
        return group, AID  # "our losses: nine killed" are none of those told of before
    if near and noun.sort in ("none", "person"):
        return near[-1].group, Reason(BEFORE, near[-1].evidence[0].start, near[-1].evidence[0].end, near[-1].evidence[0].field)
    met = ledger.referents.last_plural(but=agent)
    if (
        met is not None
        and noun.sort == "none"
        and any(t.referent is met and t.parent is not None and t.parent.group is Group.PEOPLE for t in ledger.tallies)
    ):
        return group, AID  # "killed 31 people, 12 of them children; 200 were injured"
    if met is not None and 0 <= sentence - met.sentence <= 1 and met.group is not Group.PEOPLE and (met.tallies or met.group not in _ARMED):
        return met.group, Reason(BEFORE)
    spoken = any(lexicon[t.low].cues & _SAID for t in tokens[: noun.first])
    if aid and noun.lemma == "" and noun.sort == "none" and not spoken and is_aid(tokens[: noun.first], lexicon):
        return Group.AID_WORKERS, AID
    return group, AID


def _owns_losses(before: Sequence[Token]) -> bool:
    """Whether the words before a number are of the speaker's own losses."""
    return any(one.low in _OWN and two.low in _LOSSES for one, two in pairwise(before[-6:]))


AID = Reason("the article is about aid work")
BEFORE = "as those told of before it"

_SAID = frozenset({"reporting", "claiming"})
_OWN = frozenset({"our", "own"})
_LOSSES = frozenset({"losses", "casualties"})
_ARMED = frozenset({Group.MILITANTS, Group.LEADERS, Group.SOLDIERS, Group.POLICE})
"""Groups that do as often as they are done to: a number without a noun is not taken for theirs where nothing was done to them."""
_NOT_AID = frozenset({"civilian", "civilians", "government", "police", "army", "military", "former"})
_VAGUE_JOBS = frozenset({"male", "female", "person"})
