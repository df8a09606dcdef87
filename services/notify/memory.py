"""What the fold of decisions keeps: rules, groups, figures, days and what is due, as rows of its state.

Each figure, each day of a sum and each group is a row of its own, so that an update writes kilobytes however much a group holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, NamedTuple

import orjson
from pydantic import Field

from schemas import Alert, Decision, Indicator, Part, Reason, RuleCondition, Severity, Total, Utc, digest, key_of, parts_of
from services.stage import State

from .episodes import Episode
from .history import History, Said
from .moments import read_back, sortable
from .presence import Presence
from .windows import Share, together


class InForce(Part):
    """A rule as this partition knows it."""

    rule: RuleCondition
    """With its condition, in the newest wording heard."""
    of: Annotated[int, Field(ge=1)] = 1
    """How many partitions have to show it what stands."""
    primed: tuple[int, ...] = ()
    """Those that have."""
    complete: bool = False
    """Whether all have: from then on it is judged."""
    retired: bool = False
    """Whether it is no longer in force; kept, so that what comes late for it is known."""
    past: tuple[str, ...] = ()
    """Conditions that it had before, where nothing says since when the present one holds."""
    before: str | None = None
    """Generation of the condition before this one."""

    @property
    def id(self) -> str:
        """The rule's id."""
        return self.rule.id

    @property
    def generation(self) -> str:
        """Tells the present condition's state from those before."""
        return generation_of(self.rule)


def generation_of(rule: RuleCondition | Recalled) -> str:
    """A condition and when it came into force, as one word."""
    return digest(rule.hash, None if rule.since is None else sortable(rule.since))


class Recalled(Part):
    """A generation of a rule of which something was recalled; of the rule itself nothing may be known yet."""

    hash: str
    """Fingerprint of its condition."""
    since: Utc | None = None
    """When it came into force."""
    after: str = ""
    """Key of the last group that was looked through."""
    sorted: bool = False
    """Whether all were."""


class GroupState(Part):
    """Where one group of one rule stands."""

    labels: dict[str, str] = {}
    """The group's labels."""
    members: tuple[str, ...] = ()
    """Ids of the indicators that are in it, in order; of a sum none, its days hold them."""
    episode: Episode = Episode()
    """What was told."""
    reason: Reason | None = None
    """The last decision's."""
    reason_severity: Severity | None = None
    """The last decision's."""
    wake: Utc | None = None
    """When it is due to be judged again."""
    cleanup: bool = False
    """Whether it is then due to be forgotten."""


class Known(NamedTuple):
    """What is known of one indicator in one group."""

    revision: int
    """The newest that was heard."""
    seen: Indicator | None
    """None: it left."""


class Due(NamedTuple):
    """Something that is due by the data's clock."""

    kind: str
    """`1retire`, `2judge`, `3group`: what must come first at one moment, first."""
    rule: str
    generation: str
    group: str
    """The group, as text."""
    at: datetime
    cursor: str
    """Where a long work was left."""


class Memory:
    """The rows, typed."""

    def __init__(self, state: State, offset: int | None = None) -> None:
        """`offset` is that of the record that is folded."""
        self._state = state
        self.offset = offset

    # The data's clock

    @property
    def clock(self) -> datetime | None:
        """The newest moment of the data that was heard of."""
        row = self._state.get("clock")
        return None if row is None else read_back(row.decode())

    def advance(self, moment: datetime) -> datetime:
        """Move the clock on to a moment, never back; what it shows then."""
        clock = self.clock
        if clock is not None and moment <= clock:
            return clock
        self._state.put("clock", sortable(moment).encode())
        return moment

    # Rules

    def rule(self, rule: str) -> InForce | None:
        """A rule, as known."""
        row = self._state.get(key_of("rule", rule))
        return None if row is None else InForce.model_validate_json(row)

    def keep_rule(self, known: InForce) -> None:
        """Remember a rule."""
        self._state.put(key_of("rule", known.id), known.model_dump_json().encode())

    def rules(self) -> Iterator[InForce]:
        """All rules, as known."""
        for _, row in self._state.scan("rule|"):
            yield InForce.model_validate_json(row)

    # Groups

    def group(self, rule: str, generation: str, text: str) -> GroupState | None:
        """A group, as known."""
        row = self._state.get(key_of("group", rule, generation, text))
        return None if row is None else GroupState.model_validate_json(row)

    def keep_group(self, rule: str, generation: str, text: str, group: GroupState) -> None:
        """Remember a group."""
        self._state.put(key_of("group", rule, generation, text), group.model_dump_json().encode())

    def groups(self, rule: str, generation: str, after: str = "") -> Iterator[tuple[str, str]]:
        """Keys and texts of a rule's groups, in order, behind a key."""
        for key, _ in self._state.scan(f"{key_of('group', rule, generation)}|", after):
            yield key, parts_of(key)[3]

    def forget_group(self, rule: str, generation: str, text: str) -> None:
        """Forget a group and all that it holds."""
        for kind in ("figure", "day", "history"):
            for key in [key for key, _ in self._state.scan(f"{key_of(kind, rule, generation, text)}|")]:
                self._state.delete(key)
        for kind in ("group", "days", "presence", "alert", "decision"):
            self._state.delete(key_of(kind, rule, generation, text))

    # Figures

    def figure(self, rule: str, generation: str, text: str, indicator: str) -> Known | None:
        """An indicator in a group, as known."""
        row = self._state.get(key_of("figure", rule, generation, text, indicator))
        return None if row is None else _known(row)

    def keep_figure(self, rule: str, generation: str, text: str, indicator: str, known: Known) -> None:
        """Remember an indicator in a group, or that it left."""
        body = b"" if known.seen is None else known.seen.to_bytes()
        self._state.put(key_of("figure", rule, generation, text, indicator), b"%d\n%b" % (known.revision, body))

    def forget_figure(self, rule: str, generation: str, text: str, indicator: str) -> None:
        """Forget an indicator in a group."""
        self._state.delete(key_of("figure", rule, generation, text, indicator))

    # Days of sums: what each adds stands in one row of the group, the incidents of a day in a row of that day

    def days(self, rule: str, generation: str, text: str) -> dict[date, Share]:
        """What each day adds to a sum."""
        row = self._state.get(key_of("days", rule, generation, text))
        return {} if row is None else {date.fromisoformat(day): Share(*share) for day, share in orjson.loads(row).items()}

    def day(self, rule: str, generation: str, text: str, day: date) -> dict[str, Share]:
        """What each incident of a day adds, by the id of its indicator."""
        row = self._state.get(key_of("day", rule, generation, text, day.isoformat()))
        return {} if row is None else {name: Share(*share) for name, share in orjson.loads(row).items()}

    def keep_day(self, rule: str, generation: str, text: str, day: date, shares: dict[str, Share], total: Total = Total.SUM) -> None:
        """Remember the incidents of one day."""
        days = self.days(rule, generation, text)
        days.pop(day, None)
        key = key_of("day", rule, generation, text, day.isoformat())
        if shares:
            days[day] = together(shares.values(), total)
            self._state.put(key, orjson.dumps(shares, default=list))
        else:
            self._state.delete(key)
        listed = {each.isoformat(): share for each, share in sorted(days.items())}
        self._state.put(key_of("days", rule, generation, text), orjson.dumps(listed, default=list))

    # What tellers said before, and when a group was told of

    def history(self, rule: str, generation: str, text: str, indicator: str) -> History:
        """What each teller said of an indicator."""
        row = self._state.get(key_of("history", rule, generation, text, indicator))
        return {} if row is None else {who: tuple(Said(*one) for one in said) for who, said in orjson.loads(row).items()}

    def keep_history(self, rule: str, generation: str, text: str, indicator: str, history: History) -> None:
        """Remember what each teller said of an indicator; of nobody, forget it."""
        key = key_of("history", rule, generation, text, indicator)
        if history:
            self._state.put(key, orjson.dumps(history, default=list, option=orjson.OPT_SORT_KEYS))
        else:
            self._state.delete(key)

    def presence(self, rule: str, generation: str, text: str) -> Presence | None:
        """When a group was told of."""
        row = self._state.get(key_of("presence", rule, generation, text))
        return None if row is None else Presence.model_validate_json(row)

    def keep_presence(self, rule: str, generation: str, text: str, presence: Presence | None) -> None:
        """Remember when a group was told of; None: never."""
        key = key_of("presence", rule, generation, text)
        if presence is None:
            self._state.delete(key)
        else:
            self._state.put(key, presence.model_dump_json().encode())

    @property
    def began(self) -> datetime | None:
        """When the first was published of all that was ever seen here: what lies before that was not watched."""
        row = self._state.get("began")
        return None if row is None else read_back(row.decode())

    def begin(self, moment: datetime) -> None:
        """Something was published then."""
        began = self.began
        if began is None or moment < began:
            self._state.put("began", sortable(moment).encode())

    @property
    def heard(self) -> datetime | None:
        """When the newest was published that is known of, of anybody; ticks do not move it."""
        row = self._state.get("heard")
        return None if row is None else read_back(row.decode())

    def hear(self, moment: datetime) -> None:
        """Something was published then."""
        heard = self.heard
        if heard is None or moment > heard:
            self._state.put("heard", sortable(moment).encode())

    # What was told

    def told(self, rule: str, generation: str, text: str) -> Alert | None:
        """The last alert of a group."""
        row = self._state.get(key_of("alert", rule, generation, text))
        return None if row is None else Alert.from_bytes(row)

    def keep_told(self, rule: str, generation: str, text: str, alert: Alert) -> None:
        """Remember the last alert of a group."""
        self._state.put(key_of("alert", rule, generation, text), alert.to_bytes())

    def keep_decision(self, rule: str, generation: str, text: str, decision: Decision) -> None:
        """Remember the last decision of a group."""
        self._state.put(key_of("decision", rule, generation, text), decision.to_bytes())

    def all_told(self) -> Iterator[tuple[str, Alert]]:
        """The last alert of every group, with the group's text."""
        for key, row in self._state.scan("alert|"):
            yield parts_of(key)[3], Alert.from_bytes(row)

    def all_decisions(self) -> Iterator[tuple[str, Decision]]:
        """The last decision of every group, with the group's text."""
        for key, row in self._state.scan("decision|"):
            yield parts_of(key)[3], Decision.from_bytes(row)

    # What was recalled, where the log has lost its head

    @property
    def recalling(self) -> bytes | None:
        """What is done with what was recalled; None where nothing was, or all is done."""
        return self._state.get("recalling")

    def recall(self, step: bytes | None) -> None:
        """Go on to a step."""
        if step is None:
            self._state.delete("recalling")
        else:
            self._state.put("recalling", step)

    @property
    def reaches(self) -> datetime | None:
        """When the first record was written that is left of a log that has lost its head; None where that is of no account."""
        row = self._state.get("reaches")
        return None if row is None else read_back(row.decode())

    def reach(self, written: datetime) -> None:
        """Remember when the first record was written."""
        if self._state.get("reaches") is None:
            self._state.put("reaches", sortable(written).encode())

    def recalled(self, rule: str) -> list[tuple[str, Recalled]]:
        """Generations of a rule of which something was recalled."""
        rows = self._state.scan(f"{key_of('recalled', rule)}|")
        return [(parts_of(key)[2], Recalled.model_validate_json(row)) for key, row in rows]

    def unsorted(self) -> tuple[str, str, Recalled] | None:
        """A rule and a generation of it of which not all groups were looked through; None where all were."""
        for key, row in self._state.scan("recalled|"):
            recalled = Recalled.model_validate_json(row)
            if not recalled.sorted:
                _, rule, generation = parts_of(key)
                return rule, generation, recalled
        return None

    def keep_recalled(self, rule: str, generation: str, recalled: Recalled) -> None:
        """Remember that something was recalled."""
        self._state.put(key_of("recalled", rule, generation), recalled.model_dump_json().encode())

    def forget_recalled(self, rule: str, generation: str) -> None:
        """It needs no more to be known."""
        self._state.delete(key_of("recalled", rule, generation))

    # What is due

    def due(self, clock: datetime) -> Due | None:
        """What is due first, if anything is by then."""
        hint = self._state.get("next")
        if hint is None or read_back(hint.decode()) > clock:
            return None
        for key, row in self._state.scan("due|"):
            _, at, kind, rule, generation, group = parts_of(key)
            moment = read_back(at)
            if moment <= clock:
                return Due(kind, rule, generation, group, moment, row.decode())
            self._state.put("next", at.encode())
            return None
        self._state.delete("next")
        return None

    def all_due(self, kind: str) -> Iterator[Due]:
        """All of one kind that is due at any time."""
        for key, row in self._state.scan("due|"):
            _, at, of, rule, generation, group = parts_of(key)
            if of == kind:
                yield Due(kind, rule, generation, group, read_back(at), row.decode())

    def schedule(self, at: datetime, kind: str, rule: str, generation: str, group: str = "", cursor: str = "") -> None:
        """Note that something is due; nothing is due before the moment in the row `next`, so that few looks need a scan."""
        moment = sortable(at)
        self._state.put(key_of("due", moment, kind, rule, generation, group), cursor.encode())
        hint = self._state.get("next")
        if hint is None or moment.encode() < hint:
            self._state.put("next", moment.encode())

    def unschedule(self, at: datetime, kind: str, rule: str, generation: str, group: str = "") -> None:
        """Take the note back."""
        self._state.delete(key_of("due", sortable(at), kind, rule, generation, group))


def _known(row: bytes) -> Known:
    revision, _, body = row.partition(b"\n")
    return Known(int(revision), Indicator.from_bytes(body) if body else None)
