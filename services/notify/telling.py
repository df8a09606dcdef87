"""The records that say it: an alert for a change of state, a decision for the reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from schemas import (
    Alert,
    Certainty,
    Decision,
    Evidence,
    Indicator,
    Line,
    Reason,
    ReckonedFrom,
    RuleCondition,
    RuleReference,
    Severity,
    Spread,
    iso,
    key_of,
)
from schemas.alert import MAX_EVIDENCE
from schemas.indicator import MAX_CITATIONS
from schemas.topics import ALERTS, DECISIONS
from services.stage import Output

from .crossing import Bounds
from .episodes import Told
from .reckoning import Amount
from .verdict import Verdict

MAX_DETAIL = 1_000
"""Longest detail of a decision, as its schema has it."""


def evidence(indicators: Sequence[Indicator]) -> tuple[tuple[Evidence, ...], int]:
    """The words behind figures, each teller's newest before anybody's second, capped; and how many claims there are."""
    tellers = [teller for indicator in indicators for teller in indicator.tellers]
    pieces = [
        Evidence(
            claim=citation.claim,
            url=citation.url,
            title=citation.title,
            source=citation.source,
            teller=teller.who,
            published_at=citation.published_at,
            words=citation.words,
            sentence=citation.sentence,
        )
        for nth in range(MAX_CITATIONS)
        for teller in tellers
        for citation in teller.citations[nth : nth + 1]
    ]
    claims = sum(max(teller.claims, len(teller.citations)) for teller in tellers)
    return tuple(pieces[:MAX_EVIDENCE]), claims


def alert(
    rule: RuleCondition,
    labels: dict[str, str],
    text: str,
    told: Told,
    verdict: Verdict,
    behind: Sequence[Indicator],
    *,
    event_time: datetime,
    at: datetime,
    revision: int | None,
) -> Alert:
    """One change of state; the first of the indicators `behind` it is the one that it is about, and the words of all are cited."""
    words, claims = evidence(behind)
    figure, line = verdict.figure, rule.condition.line
    return Alert(
        id=Alert.identify(rule.id, rule.hash, text, iso(told.opened), told.number),
        rule=RuleReference(id=rule.id, hash=rule.hash, since=rule.since, summary=rule.summary, labels=rule.labels),
        fingerprint=Alert.fingerprint_of(rule.id, text),
        group=labels,
        status=told.status,
        severity=told.severity,
        certainty=Certainty.CERTAIN if told.certain else Certainty.POSSIBLE,
        initial=told.initial,
        indicator=behind[0],
        value=figure.value,
        low=figure.low,
        high=figure.high,
        window=line.window,
        reckoned=_reckoned(line, verdict.amount),
        threshold=line.levels[told.severity],
        direction=line.direction,
        evidence=words,
        evidence_count=claims,
        event_time=event_time,
        sequence=told.number,
        opened_at=told.opened,
        told_at=at,
        revision=revision,
    )


def _reckoned(line: Line, amount: Amount | None) -> ReckonedFrom | None:
    """How the number was reckoned; None where that goes without saying."""
    if line.reckoning is None or amount is None:
        return None
    return ReckonedFrom(
        of=line.of,
        total=None if line.window is None else line.reckoning.total,
        percent=line.reckoning.percent,
        figure=_spread(amount.figure),
        base=None if amount.base is None else _spread(amount.base),
    )


def _spread(bounds: Bounds) -> Spread:
    return Spread(value=bounds.value, low=bounds.low, high=bounds.high)


def decision(
    rule: RuleCondition,
    labels: dict[str, str],
    reason: Reason,
    detail: str,
    severity: Severity | None,
    verdict: Verdict | None,
    behind: Sequence[Indicator],
    *,
    at: datetime,
    revision: int | None,
    crossed_at: datetime | None = None,
    initial: bool = False,
) -> Decision:
    """Why a rule spoke, or is silent, in one group."""
    subject = verdict.subject if verdict else None
    return Decision(
        rule=rule.id,
        hash=rule.hash,
        group=labels,
        reason=reason,
        detail=detail if len(detail) <= MAX_DETAIL else f"{detail[: MAX_DETAIL - 1]}…",
        severity=severity,
        indicator=subject.id if subject else None,
        value=verdict.figure.value if verdict and subject else None,
        evidence=evidence(behind)[0],
        at=at,
        since=rule.since,
        crossed_at=crossed_at,
        initial=initial,
        revision=revision,
    )


def group_key(rule: str, text: str) -> str:
    """The key of a rule's group, on observations and decisions."""
    return key_of(f"{rule}+{text}")


def alert_output(text: str, told: Alert) -> Output:
    """An alert, where it belongs."""
    return Output(ALERTS, key_of(f"{told.rule.id}+{text}", told.fingerprint), told)


def decision_output(rule: str, text: str, decided: Decision | None) -> Output:
    """A decision, where it belongs; None takes it off the topic."""
    return Output(DECISIONS, group_key(rule, text), decided)
