"""Alert -> the webhook's type and body (Standard Webhooks JSON), small enough for any receiver; the same alert gives the same bytes."""

from __future__ import annotations

import operator
from typing import Any, Final

import orjson

from schemas import Alert, AlertStatus, Direction, Evidence, Teller, iso
from schemas.delivery import MAX_BODY

from .phrase import is_sum, line, previous, subject, summary

TARGET: Final = 20_000
"""Bytes that a body keeps to by leaving evidence out; what Standard Webhooks advises receivers can be counted on to take."""

MAX_SENTENCE: Final = 600
"""Characters of a sentence around its words: a long sentence, not a paragraph."""

MAX_WORDS: Final = 200
MAX_TITLE: Final = 300
MAX_LINK: Final = 2_000
"""Characters of a link; a longer one is left out, for half a link leads nowhere."""

MAX_PLACES: Final = 20
"""Most places named."""

TYPES: Final = tuple(f"alert.{status}" for status in AlertStatus)
"""Every type of webhook."""

TYPES_BY_DEFAULT: Final = tuple(kind for kind in TYPES if kind != "alert.pending")
"""What an endpoint is sent unless it says otherwise: what has happened, not what may."""

_BEYOND: Final = {
    Direction.AT_LEAST: operator.ge,
    Direction.ABOVE: operator.gt,
    Direction.BELOW: operator.lt,
    Direction.AT_MOST: operator.le,
}


class TooLarge(ValueError):
    """The body is over the limit even without evidence."""


def type_of(alert: Alert) -> str:
    """The webhook's type: `alert.fired`."""
    return f"alert.{alert.status}"


def body_of(alert: Alert) -> str:
    """The body: JSON of type, timestamp and data.

    Evidence is left out from the end until it fits into TARGET (`evidence_truncated` says so), then tellers.

    Raises:
        TooLarge: over 256 KiB even so.

    """
    evidence = [_evidence(each) for each in alert.evidence]
    tellers = [_teller(alert, each) for each in alert.indicator.tellers]
    text = _write(alert, evidence, tellers)
    while len(text) > TARGET and (len(evidence) > 1 or len(tellers) > 1):
        (evidence if len(evidence) > 1 else tellers).pop()
        text = _write(alert, evidence, tellers)
    if len(text) > MAX_BODY:
        raise TooLarge(f"the webhook's body would have {len(text)} bytes, {MAX_BODY} are allowed")
    return text.decode()


def _write(alert: Alert, evidence: list[dict[str, Any]], tellers: list[dict[str, Any]]) -> bytes:
    indicator = alert.indicator
    before = previous(alert)
    data = {
        "id": alert.id,
        "fingerprint": alert.fingerprint,
        "sequence": alert.sequence,
        "status": alert.status,
        "severity": alert.severity,
        "certainty": alert.certainty,
        "initial": alert.initial,
        "summary": summary(alert),
        "rule": {"id": alert.rule.id, "summary": alert.rule.summary, "labels": dict(sorted(alert.rule.labels.items()))},
        "group": dict(sorted(alert.group.items())),
        "figure": {
            "subject": subject(indicator),
            "value": alert.value,
            "low": alert.low,
            "high": alert.high,
            "qualifier": None if is_sum(alert) or alert.reckoned is not None else indicator.qualifier,
            "sum": is_sum(alert),
            "reckoned": None if alert.reckoned is None else alert.reckoned.model_dump(mode="json"),
            "previous": None if before is None else before.model_dump(mode="json"),
        },
        "line": {"direction": alert.direction, "threshold": alert.threshold, "words": line(alert)},
        "indicator": {
            "id": indicator.id,
            "revision": indicator.revision,
            "measure": indicator.measure,
            "actor": indicator.actor,
            "side": indicator.side,
            "group": indicator.group,
            "kind": indicator.kind,
            "scope": indicator.scope,
            "places": [{"name": place.name, "country": place.country, "admin1": place.admin1} for place in indicator.places[:MAX_PLACES]],
            "period": None if indicator.period is None else indicator.period.model_dump(mode="json"),
            "value": indicator.value,
            "conflict": indicator.conflict,
        },
        "tellers": tellers,
        "teller_count": indicator.teller_count,
        "publisher_count": indicator.publisher_count,
        "evidence": evidence,
        "evidence_count": alert.evidence_count,
        "evidence_truncated": len(evidence) < max(alert.evidence_count, len(alert.evidence)),
    }
    return orjson.dumps({"type": type_of(alert), "timestamp": iso(alert.event_time), "data": data})


def _teller(alert: Alert, teller: Teller) -> dict[str, Any]:
    beyond = _BEYOND.get(alert.direction)
    return {
        "who": teller.who,
        "value": teller.value,
        "qualifier": teller.qualifier,
        "low": teller.low,
        "high": teller.high,
        "as_of": iso(teller.as_of),
        "publishers": teller.publishers,
        "beyond": None if is_sum(alert) or alert.reckoned is not None or beyond is None else beyond(teller.value, alert.threshold),
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "claim": evidence.claim,
        "sentence": _around(evidence.sentence, evidence.words),
        "words": evidence.words[:MAX_WORDS],
        "teller": evidence.teller,
        "source": evidence.source,
        "title": evidence.title[:MAX_TITLE],
        "url": evidence.url if evidence.url is not None and len(evidence.url) <= MAX_LINK else None,
        "published_at": iso(evidence.published_at),
    }


def _around(sentence: str, words: str) -> str:
    """The sentence, or of a long one the part around its words, with an ellipsis where it was cut."""
    if len(sentence) <= MAX_SENTENCE:
        return sentence
    at = max(sentence.find(words[:MAX_WORDS]), 0)
    start = max(0, min(at - MAX_SENTENCE // 3, len(sentence) - MAX_SENTENCE))
    part = sentence[start : start + MAX_SENTENCE]
    return f"{'…' if start else ''}{part}{'…' if start + MAX_SENTENCE < len(sentence) else ''}"
