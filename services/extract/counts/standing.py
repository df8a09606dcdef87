"""How a mention stands in its sentence: told or taken back, as real, or only recalled; its clause alone is judged before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from schemas import Group, Measure, Realis
from schemas.vocabulary import TOLD_AS_REAL

from ..frames.mentions import Mention
from ..frames.realis import Status, status_of
from ..text import definitions
from ..words.lexicon import Lexicon
from .parts import Part


def standing(mention: Mention, part: Part, before: Sequence[Mention], lexicon: Lexicon) -> Status:
    """How a mention stands, by its clause, its sentence, and the mentions before it there."""
    tokens, noun = part.parsed.tokens, mention.noun
    source, base = part.sentence.text, part.sentence.start
    status = status_of(mention, part.parsed, lexicon)
    if status.background and mention.total is not None:
        status = replace(status, background=False)  # what adds up to another count is as old as that
    if status.realis in TOLD_AS_REAL and "drill" in part.signs:
        status = replace(status, realis=Realis.HYPOTHETICAL, reason="drill", cue=None)
    if status.told and _only_saved(mention, part, before):
        status = replace(status, told=False, reason="rescued from no captor")
    if status.told and not status.background and _of_the_past(mention, part):
        status = replace(status, background=True, reason="a deed that a court or an anniversary recalls")
    if source.rstrip().endswith("?") and status.realis in TOLD_AS_REAL:
        status = replace(status, realis=Realis.HYPOTHETICAL, reason="a question", cue=None)
    if mention.measure is Measure.HELD and mention.verb is not None and mention.verb.auxiliaries[:1] in (("being",), ("had",)):
        status = replace(status, told=False, reason="were held until then")
    if status.told and _NOT_COUNTED.match(source, tokens[noun.last].end - base):
        status = replace(status, told=False, reason="said not to be counted")
    if status.told and mention.measure in _UNDONE and _UNDONE[mention.measure].search(_OF_SOME.sub("", part.parsed.said)):
        status = replace(status, told=False, reason="said to be over")
    if status.told and _DEFINES.search(definitions.without(source)):
        status = replace(status, told=False, reason="says what a word means")
    return status


_NOT_COUNTED = re.compile(r"[^.;()]{0,80}\((?:not|never) (?:included|counted)\b")
"""A register's own word behind somebody that it leaves out."""
_DEFINES = re.compile(
    r"\b(?:term|word|expression)\b.{0,60}\b(?:imply|implies|mean|means|refer|refers|denote|denotes)\b"
    r"|\buses? (?:the|that|this) (?:term|word|expression) (?:for|to (?:mean|imply|describe|refer|denote))\b|\b(?:is|are) used to (?:mean|imply)|['’\"”] means? (?:that )?",
    re.IGNORECASE,
)
"""What a sentence that explains a word says happened to nobody."""
_UNDONE = {
    Measure.DISPLACED: re.compile(
        r"\b(?:have|has|had|were able to|began to|started to|began|started|to) return(?:ed|ing)?\b|\breturned (?:home|to)\b"
    ),
    Measure.MISSING: re.compile(r"\bfound (?:alive|safe|unharmed|well)\b"),
}
"""Words by which what is told of some people is over for them."""
_OF_SOME = re.compile(
    r"(?<!\bmost )(?<!\ball )(?<!\bmany )(?<!\bhalf )\bof (?:whom|these|those|them)\b (?:, )?(?:(?:some|about|only|at least|around) )?\d.*"
    r"|\b\d[\d,.]* of (?:whom|them|these|those|the latter)\b.*"
)
"""What is said of some of them alone, for whom it is over, and for the rest not."""


_COURT = re.compile(
    r"\b(?:jailed|sentenced|convicted|trial|verdict|extradited|charged|jury|court|prosecutors?|life in prison|gets life|years in (?:jail|prison)|inquiry|inquest|pardon(?:ed)?)\b",
    re.IGNORECASE,
)
"""Words of what comes long after a deed."""
_RECALLS = re.compile(
    r"^\W*(?:on this day|this day in|today in history|timeline|remembering|flashback|looking back|(?:19|20)\d\d:)", re.IGNORECASE
)
"""How headlines about the past begin."""
_MARKED = re.compile(
    r"\b(?:mark(?:s|ed|ing)?|commemorat(?:e|es|ed|ing)|remember(?:s|ed|ing)?|observ(?:e|es|ed|ing))\b(?: [\w'’-]+){0,4} (?:years? (?:since|after|ago)|anniversary)\b",
    re.IGNORECASE,
)
"""Before a deed of which an anniversary is told."""
_FOLLOWED = re.compile(
    r"\b(?:follow(?:s|ed|ing)|c(?:a|o)mes? (?:\w+ )?after|in response to|in retaliation for) (?:an?|the|last|two|three|several|a series of) [^;]{0,120}?"
    r"\b(?:in|during) which\b[^;]{0,60}$|\b(?:remembers?|commemorates?) (?:the |those )?(?:\w+ )?(?:victims|dead|killed)\b[^;]{0,160}$"
)
"""Before a deed to which something else is the answer, or whose victims are remembered ("the raid followed an attack in which ...")."""
_DEEDS_OF_OLD = frozenset({Measure.KILLED, Measure.INJURED, Measure.ABDUCTED})


def _of_the_past(mention: Mention, part: Part) -> bool:
    """Whether a deed is only recalled: by a headline about the past, or as what somebody is in court for."""
    if part.in_title and _RECALLS.match(part.sentence.text):
        return True
    before = part.sentence.text[: part.parsed.tokens[mention.trigger.first].start - part.sentence.start]
    if mention.measure in _DEEDS_OF_OLD and (_MARKED.search(before) or _FOLLOWED.search(before)):
        return True
    if mention.measure not in _DEEDS_OF_OLD or not _COURT.search(part.sentence.text):
        return False
    last = part.parsed.tokens[mention.trigger.first - 1].low if mention.trigger.first else ""
    near = {t.low for t in part.parsed.tokens[max(0, mention.trigger.first - 4) : mention.trigger.first]}
    if mention.verb is not None:
        return last in ("who", "that") or (mention.verb.form == "gerund" and last in ("for", "of", "over"))
    return mention.via == "nominal" and not {"for", "over", "into", "in"}.isdisjoint(near)


_CAPTIVITY = frozenset(
    "hostage hostages captive captives captivity captors traffickers kidnapped abducted kidnappers abductors kidnap abduction kidnapping enslaved slaves trafficked ransom militants insurgents terrorists jihadists rebels gunmen bandits troops soldiers army forces held holding".split()
)
"""Words around those who are rescued from somebody, and not from the water or a fire."""


def _only_saved(mention: Mention, part: Part, before: Sequence[Mention]) -> bool:
    """Whether people are rescued from no captor: saved, and not released."""
    rescued = mention.measure is Measure.RELEASED and any(w.startswith("rescue") for w in part.parsed.lows(mention.trigger))
    if not rescued or mention.noun.group is Group.HOSTAGES or any(m.measure in (Measure.ABDUCTED, Measure.HELD) for m in before):
        return False
    return _CAPTIVITY.isdisjoint(t.low for t in part.parsed.tokens)
