"""What one article did to each rule: fired, or why not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from schemas import Claim, Decision, Indicator, Reading, Reason, Rule
from schemas.vocabulary import TOLD_AS_REAL, is_conflict
from services.notify.selection import why_not

SPOKEN = frozenset({Reason.FIRED, Reason.ESCALATED, Reason.DEESCALATED, Reason.RESOLVED, Reason.CORRECTED, Reason.RETRACTED})
"""Decisions that are told to receivers."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """One rule's answer to one article."""

    rule: str
    spoke: bool
    """Whether it had something to tell because of the article."""
    words: str


def explain(
    reading: Reading, rules: Iterable[Rule], indicators: Sequence[Indicator], decisions: Sequence[Decision], new: Sequence[Decision]
) -> list[Explanation]:
    """Each rule's answer: `indicators` and `decisions` as they stand now, `new` the decisions since the article was read."""
    cited = [each for each in indicators if _cites(each, reading.article.id)]
    return [_answer(rule, reading, cited, decisions, new) for rule in rules]


def awaited_claims(reading: Reading) -> set[str]:
    """Ids of the claims of a reading that should come to stand behind a figure."""
    return {
        Claim.identify(count.id, reading.extractor.name)
        for event in reading.events
        for count in event.counts
        if count.realis in TOLD_AS_REAL and not event.background and is_conflict(event.type)
    }


def _cites(indicator: Indicator, article: str) -> bool:
    return any(citation.article == article for teller in indicator.tellers for citation in teller.citations)


def _answer(
    rule: Rule, reading: Reading, cited: Sequence[Indicator], decisions: Sequence[Decision], new: Sequence[Decision]
) -> Explanation:
    fresh = [each for each in new if each.rule == rule.id]
    if fresh:
        spoken = next((each for each in reversed(fresh) if each.reason in SPOKEN), fresh[-1])
        return Explanation(rule.id, spoken.reason in SPOKEN, _words(spoken))
    watched = {each.id for each in cited if why_not(rule, each) is None}
    if watched:
        standing = next((each for each in decisions if each.rule == rule.id and each.indicator in watched), None)
        return Explanation(
            rule.id,
            spoke=False,
            words=f"nothing new; {_words(standing)}" if standing else "it watches this figure, and has not decided yet",
        )
    return Explanation(rule.id, spoke=False, words=_unconcerned(rule, reading, cited))


def _words(decision: Decision) -> str:
    reason = decision.reason.replace("_", " ")
    return f"{reason}: {decision.detail}" if decision.detail else reason


def _unconcerned(rule: Rule, reading: Reading, cited: Sequence[Indicator]) -> str:
    """Why nothing of the article concerns a rule: the reason nearest to its mark."""
    measure = rule.condition.select.measure
    spoken = measure.replace("_", " ")
    near = next((each for each in cited if each.measure == measure), None)
    if near is not None:
        return why_not(rule, near) or "it watches this figure"
    for event in reading.events:
        for count in event.counts:
            if count.measure == measure:
                if count.realis not in TOLD_AS_REAL:
                    return f"{spoken} is told as {count.realis} here, which moves no figure"
                if event.background:
                    return f"{spoken} is told of an earlier event here, which moves no figure"
                if not is_conflict(event.type):
                    return f"{spoken} is told of a {event.type} here, which is no part of a conflict"
                return f"{spoken} is told here, and moved no figure"
    return f"it watches {spoken}, and the article has no such count"
