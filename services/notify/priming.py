"""What a split keeps of its partition: the newest indicators, and how far each rule has been shown them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from schemas import Indicator, Observation, Part, Primed, Retired, Rule, RuleCondition, RuleSet, Tick, Utc, parts_of
from schemas.topics import OBSERVATIONS
from services.stage import Output, State

from .selection import group_text, placed
from .telling import group_key

SLICE = 2_000
"""Indicators looked at in one slice: some tens of milliseconds."""

SLICE_OUTPUTS = 300
"""Observations written in one slice, after which it ends early."""

SHOWN_AGAIN = timedelta(days=90)
"""After so long a rule is shown all again: so the log, however long a condition stays, holds all that it is judged by.

Where the log has lost it earlier, it is shown at once (following.py)."""

LIVE = timedelta(days=1)
"""So near to the wall clock the data's clock must be for time to pass in the log by itself."""

MARK = "mark"
"""Key of records that every partition must see."""


class Shown(Part):
    """A rule that this partition has shown all that it holds."""

    hash: str
    """Fingerprint of its condition."""
    since: Utc | None = None
    """When the condition came into force."""
    at: Utc
    """When it was shown, by the wall clock."""

    def is_of(self, rule: RuleCondition) -> bool:
        """Whether it was this very condition."""
        return (self.hash, self.since) == (rule.hash, rule.since)


class Round(Part):
    """One walk over the indicators, for rules that have not been shown them."""

    rules: dict[str, Shown]
    """The rules, with the condition that is shown."""
    after: str = ""
    """Key of the last indicator that was shown."""


class Holdings:
    """The rows of a split's state, typed."""

    def __init__(self, state: State) -> None:
        self._state = state

    def indicator(self, identity: str) -> Indicator | None:
        """The newest of an indicator."""
        row = self._state.get(f"indicator|{identity}")
        return None if row is None else _indicator(row)

    def keep(self, indicator: Indicator) -> None:
        """Remember an indicator."""
        self._state.put(f"indicator|{indicator.id}", indicator.to_bytes())

    def forget(self, identity: str) -> None:
        """Forget an indicator."""
        self._state.delete(f"indicator|{identity}")

    def indicators(self, after: str) -> Iterator[tuple[str, Indicator]]:
        """Keys and indicators, behind a key."""
        for key, row in self._state.scan("indicator|", after):
            yield key, _indicator(row)

    def shown(self) -> dict[str, Shown]:
        """The rules that have been shown all, by id."""
        return {parts_of(key)[1]: Shown.model_validate_json(row) for key, row in self._state.scan("shown|")}

    def keep_shown(self, rule: str, shown: Shown) -> None:
        """Remember that a rule has been shown all."""
        self._state.put(f"shown|{rule}", shown.model_dump_json().encode())

    def forget_shown(self, rule: str) -> None:
        """Forget a rule."""
        self._state.delete(f"shown|{rule}")

    def retire(self, rule: str, retired: Retired) -> bool:
        """Remember that all partitions are told of a rule's end; whether they were not before."""
        row, told = self._state.get(f"retired|{rule}"), retired.to_bytes()
        self._state.put(f"retired|{rule}", told)
        return row != told

    @property
    def round(self) -> Round | None:
        """The walk that is under way."""
        row = self._state.get("round")
        return None if row is None else Round.model_validate_json(row)

    def keep_round(self, walk: Round | None) -> None:
        """Remember how far the walk has come; None: it is done."""
        if walk is None:
            self._state.delete("round")
        else:
            self._state.put("round", walk.model_dump_json().encode())

    def follow(self, published_at: datetime) -> bool:
        """Whether this partition may go by the rules published then: it was not yet shown to newer ones."""
        newest = self.moment("rules")
        if newest is None or published_at > newest:
            self.keep_moment("rules", published_at)
        return newest is None or published_at >= newest

    @property
    def settled(self) -> str:
        """For which rules, and on which day, nothing was left to show or to retire; so that to be idle costs nothing."""
        return (self._state.get("settled") or b"").decode()

    def settle(self, mark: str) -> None:
        """Remember that nothing is left."""
        self._state.put("settled", mark.encode())

    def moment(self, name: str) -> datetime | None:
        """A moment kept under a name (`clock`, `rules`, `ticked`)."""
        row = self._state.get(name)
        return None if row is None else datetime.fromisoformat(row.decode())

    def keep_moment(self, name: str, moment: datetime) -> None:
        """Keep a moment under a name."""
        self._state.put(name, moment.isoformat().encode())


def conditions(rules: tuple[Rule, ...]) -> dict[str, RuleCondition]:
    """Rules as the fold is told of them, by id."""
    return {
        rule.id: RuleCondition(
            id=rule.id,
            hash=rule.condition.hash(),
            since=rule.since,
            condition=rule.condition,
            summary=rule.summary,
            labels=rule.labels,
        )
        for rule in rules
    }


def observation(rule: RuleCondition, labels: dict[str, str], indicator: Indicator, *, priming: bool = False) -> Output:
    """An indicator as one rule and group sees it."""
    seen = Observation(rule=rule, group=labels, indicator=indicator.id, seen=indicator, priming=priming)
    return Output(OBSERVATIONS, group_key(rule.id, group_text(labels)), seen)


def departure(rule: RuleCondition, labels: dict[str, str], identity: str, revision: int) -> Output:
    """An indicator is no longer to be seen in a group."""
    left = Observation(rule=rule, group=labels, indicator=identity, revision=revision)
    return Output(OBSERVATIONS, group_key(rule.id, group_text(labels)), left)


def retirements(holdings: Holdings, rules: RuleSet, partitions: int) -> Iterator[Output]:
    """Tell every partition of the rules that are no longer in force: of those shown here, and those that the set names."""
    in_force = {rule.id for rule in rules.rules}
    ended = {each.id: Retired(rule=each.id, hash=each.hash, since=each.since) for each in rules.withdrawn}
    for rule, shown in holdings.shown().items():
        if rule not in in_force:
            ended[rule] = Retired(rule=rule, hash=shown.hash, since=shown.since)
            holdings.forget_shown(rule)
    for rule, retired in ended.items():
        if holdings.retire(rule, retired):
            for partition in range(partitions):
                yield Output(OBSERVATIONS, MARK, retired, partition)


def slice_of_round(
    holdings: Holdings,
    rules: Mapping[str, RuleCondition],
    partition: int,
    of: int,
    partitions: int,
    now: datetime,
    reaches: datetime | None = None,
) -> Iterator[Output]:
    """Show the next indicators to the rules that have not seen them; at the end of the walk, tell every partition so."""
    walk = holdings.round or _new_round(holdings, rules, now, reaches)
    if walk is None:
        return
    shown_to = [rules[name] for name, shown in walk.rules.items() if name in rules and shown.is_of(rules[name])]
    written = 0
    for looked, (key, indicator) in enumerate(holdings.indicators(walk.after)):
        if looked == SLICE or written >= SLICE_OUTPUTS:
            holdings.keep_round(walk)
            return
        walk = walk.model_copy(update={"after": key})
        for rule in shown_to:
            labels = placed(rule.condition, indicator)
            if labels is not None:
                written += 1
                yield observation(rule, labels, indicator, priming=True)
    holdings.keep_round(None)
    for rule in shown_to:
        holdings.keep_shown(rule.id, walk.rules[rule.id])
        for target in range(partitions):
            yield Output(OBSERVATIONS, MARK, Primed(rule=rule, partition=partition, of=of, began=walk.rules[rule.id].at), target)


def tick(holdings: Holdings, partition: int, of: int, partitions: int, now: datetime) -> Iterator[Output]:
    """Let time pass in the log while the data is live.

    The turn goes from partition to partition every minute, so that a quiet partition does not stop the clock of all.
    """
    clock = holdings.moment("clock")
    minute = now.replace(second=0, microsecond=0)
    if clock is None or not now - LIVE <= clock <= now or int(minute.timestamp()) // 60 % of != partition:
        return
    if holdings.moment("ticked") == minute:
        return
    holdings.keep_moment("ticked", minute)
    for target in range(partitions):
        yield Output(OBSERVATIONS, MARK, Tick(at=minute, heard=clock), target)


def _new_round(holdings: Holdings, rules: Mapping[str, RuleCondition], now: datetime, reaches: datetime | None) -> Round | None:
    """A walk for the rules that were not shown all, or so long ago that the log may have lost it, or has."""
    shown = holdings.shown()
    since = now - SHOWN_AGAIN if reaches is None else max(reaches, now - SHOWN_AGAIN)
    fresh = {
        name: Shown(hash=rule.hash, since=rule.since, at=now)
        for name, rule in rules.items()
        if name not in shown or not shown[name].is_of(rule) or shown[name].at <= since
    }
    return Round(rules=fresh) if fresh else None


def _indicator(row: bytes) -> Indicator:
    return Indicator.from_bytes(row)
