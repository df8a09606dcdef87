"""Who did it, where a sentence of its own says so: claims of responsibility, and whom an attack is blamed on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from schemas import Measure

from ..text.reasons import Reason
from ..text.sentences import Sentence
from ..who.actors import ActorMention
from ..who.doers import DOERS
from .tallies import Tally

BACK = 4
"""Sentences before a claim among which what it claims is looked for."""

LONGEST = 120
"""Characters before a name that are looked at."""

HARM = frozenset({Measure.KILLED, Measure.INJURED, Measure.ABDUCTED, Measure.MISSING})
"""What attackers do to others, and responsibility is claimed for."""

_DEED = r"(?:attacks?|ambush(?:es)?|raids?|strikes?|bombings?|blasts?|explosions?|shelling|assaults?|killings?|shootings?|massacre|kidnappings?|abductions?|operation)"
_CLAIMS = re.compile(
    r"(?:[’']s)?(?: \([^()]{1,30}\))?(?: (?:militants|fighters|rebels|insurgents|militia|group|movement))?(?:, (?:which|who|an?) [^,.;]{1,80})?,? (?:(?:has|have|had|later|since|quickly|also) ){0,2}"
    rf"(?:(?:claims?|claimed|took|taken|accepted) (?:responsibility|credit)\b|claims?(?:ed)? (?:(?:the|both|this|that) )?(?:\w+ )?{_DEED}\b"
    r"|said (?:it|they|its \w+) (?:(?:had )?(?:carried out|staged|launched|planted)|(?:was|were) (?:behind|responsible)))"
)
"""Behind the name of who claims it."""
_CLAIMED = re.compile(
    rf"\b(?:{_DEED}|responsibility)\b[^.;]{{0,60}}\b(?:claimed by|attributed to|blamed on|the work of|carried out by) (?:(?:the|a|an|suspected|militants of|fighters of|members of) ){{0,2}}$",
    re.IGNORECASE,
)
"""Before the name of who is said to have done it."""


_SINGULAR = re.compile(
    r"\b(?:claim(?:s|ed)) (?:the|this|that) (?:\w+ )?(ambush|raid|bombing|blast|explosion|shelling|shooting|massacre|kidnapping|abduction)\b"
)
"""A claim that says which sort of deed is meant."""

FAR = 6
"""Sentences before such a claim among which the deed is looked for."""


class Claim(NamedTuple):
    """Who says, or is said, to have done what was told before."""

    sentence: int
    doer: ActorMention
    deed: str | None
    """The noun for what was done, where the claim has one that says more than "attack"."""


def find(sentences: Sequence[Sentence], named: Sequence[ActorMention]) -> Iterator[Claim]:
    """The claims of a text in their order; `named` are its actors, in theirs."""
    at = 0
    for number, sentence in enumerate(sentences):
        while at < len(named) and named[at].start < sentence.end:
            doer = named[at]
            at += 1
            inside = doer.start - sentence.start, doer.end - sentence.start
            if doer.kind in DOERS and inside[0] >= 0 and _claims(sentence.text, *inside):
                deed = _SINGULAR.search(sentence.text, inside[1])
                yield Claim(number, doer, deed[1] if deed else None)


def _claims(sentence: str, start: int, end: int) -> bool:
    return _CLAIMS.match(sentence, end) is not None or _CLAIMED.search(sentence[max(0, start - LONGEST) : start]) is not None


def settle(tallies: Sequence[Tally], claims: Iterator[Claim]) -> None:
    """Give the harm that was told last before a claim, all of one time and place, to who claims it, unless somebody is named for it."""
    for sentence, doer, deed in claims:
        named = [t for t in tallies if deed is not None and _tells(t, deed, sentence)]
        if named:
            first = next((t.sentence for t in reversed(named) if re.search(rf"\ban? (?:\w+ )?{deed}\b", t.told.said)), named[0].sentence)
            _give([t for t in named if t.sentence >= first], doer)
            continue
        near = [(last, t) for t in tallies if (last := _last_told(t, sentence)) is not None]
        latest = max((last for last, _ in near), default=None)
        told = next((t for last, t in near if last == latest), None)
        _give([t for _, t in near if told is not None and t.places == told.places and t.period == told.period], doer)


def _give(tallies: Sequence[Tally], doer: ActorMention) -> None:
    for tally in tallies:
        if tally.actor is None and tally.side not in (doer.slug, doer.side):
            tally.actor = doer.slug
            tally.why["actor"] = Reason("who says so, or is said, to have done it", doer.start, doer.end)


def _tells(tally: Tally, deed: str, sentence: int) -> bool:
    """Whether a count's own sentence, not far before a claim, tells of the deed that is claimed."""
    if tally.measure not in HARM or not tally.real or tally.status.background or not tally.value or tally.evidence[0].field != "text":
        return False
    return sentence - FAR <= tally.sentence < sentence and f" {deed}" in tally.told.said and tally.parent is None


def _last_told(tally: Tally, sentence: int) -> int | None:
    """The sentence that told of some harm last before a claim, if it is near enough."""
    if tally.measure not in HARM or not tally.real or tally.status.background or not tally.value:
        return None
    told = [e.sentence for e in tally.evidence if e.field == "text" and sentence - BACK <= e.sentence <= sentence]
    return max(told, default=None)
