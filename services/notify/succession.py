"""One rule set after another: what stays keeps its state, what changes begins anew, and each condition knows since when it holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from schemas import Rule, RuleSet
from schemas.rule import Withdrawn

MAX_WITHDRAWN = 1_000
"""Withdrawn rules that a set names, as its schema has it: as many as there can be rules."""


def succeed(before: RuleSet | None, rules: tuple[Rule, ...], now: datetime) -> RuleSet:
    """The set that follows another one: a condition that was in force just before is so since when it was.

    `before` is the set in force, None where there is none; `now` is the wall clock's, and moved on where it lags behind that set.
    """
    at = now if before is None else max(now, before.published_at + timedelta(microseconds=1))
    held = {} if before is None else {rule.id: rule for rule in before.rules}
    ordered = tuple(sorted(rules, key=lambda rule: rule.id))
    stamped = tuple(rule.model_copy(update={"since": _since(held.get(rule.id), rule, at)}) for rule in ordered)
    return RuleSet(hash=RuleSet.fingerprint(stamped), rules=stamped, withdrawn=_withdrawn(before, stamped), published_at=at)


def _since(held: Rule | None, rule: Rule, at: datetime) -> datetime:
    if held is None or held.since is None or held.condition.hash() != rule.condition.hash():
        return at
    return held.since


def _withdrawn(before: RuleSet | None, rules: tuple[Rule, ...]) -> tuple[Withdrawn, ...]:
    if before is None:
        return ()
    ended = [Withdrawn(id=rule.id, hash=rule.condition.hash(), since=rule.since) for rule in before.rules]
    present = {rule.id for rule in rules}
    return tuple(each for each in (*before.withdrawn, *ended) if each.id not in present)[-MAX_WITHDRAWN:]


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one rule from one set to the next."""

    rule: str
    what: str


def changes(before: RuleSet | None, after: RuleSet) -> Iterator[Change]:
    """What becomes of each rule, in the order of their ids; nothing of those that stay as they are."""
    old = {rule.id: rule for rule in before.rules} if before is not None else {}
    new = {rule.id: rule for rule in after.rules}
    for name in sorted({*old, *new}):
        if name not in new:
            yield Change(name, "withdrawn; its open alerts are resolved")
        elif name not in old:
            yield Change(name, "new")
        elif old[name].condition.hash() != new[name].condition.hash():
            yield Change(name, "condition changed; its open alerts are resolved, and what stands is judged anew")
        elif (old[name].summary, old[name].labels) != (new[name].summary, new[name].labels):
            yield Change(name, "wording changed; its state is kept")
