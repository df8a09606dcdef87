"""Who may do what on which topic: the one list from which ACLs are made, checked and documented."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from schemas import TOPICS, Topic
from schemas.topics import (
    ALERTS,
    ARTICLES,
    CLAIMS,
    DEAD_LETTERS,
    DECISIONS,
    DELIVERIES,
    EVENTS,
    FEEDS,
    INDICATORS,
    OBSERVATIONS,
    RULES,
)

from .settings import Settings

Operation = Literal["Read", "Write"]
"""Each brings Describe with it; no other is needed: Kafka 3.0 and newer let whoever may write to a topic be idempotent."""


@dataclass(frozen=True, slots=True)
class Access:
    """What one kind of user does."""

    who: str
    """In a few words."""
    reads: tuple[Topic, ...] = ()
    writes: tuple[Topic, ...] = ()
    groups: tuple[str, ...] = ()
    """Consumer groups that it joins, as `Settings.group` takes them."""
    own_groups: str | None = None
    """It joins groups of its own choice, whose names begin so (behind the prefix of the installation)."""


RE_READ: Final = (ARTICLES, EVENTS, CLAIMS, INDICATORS, OBSERVATIONS, ALERTS, DELIVERIES)
"""Topics to which an original may be put back: those that a consumer group reads."""

ROLES: Final[Mapping[str, Access]] = {
    "collect": Access("`tallywire run collect`", (FEEDS,), (ARTICLES, FEEDS, DEAD_LETTERS), ("collect",)),
    "extract": Access("`tallywire run extract`", (ARTICLES,), (EVENTS, DEAD_LETTERS), ("extract",)),
    "measure": Access("`tallywire run measure`", (EVENTS, CLAIMS, INDICATORS), (CLAIMS, INDICATORS, DEAD_LETTERS), ("measure",)),
    "notify": Access(
        "`tallywire run notify`",
        (INDICATORS, OBSERVATIONS, RULES, ALERTS, DECISIONS, DELIVERIES),
        (OBSERVATIONS, ALERTS, DECISIONS, DELIVERIES, DEAD_LETTERS),
        ("notify", "notify-schedule", "notify-deliver"),
    ),
    "publish": Access("whoever puts articles in: `tallywire publish`", (), (ARTICLES,)),
    "desk": Access(
        "analysts: `tallywire rules`, `tallywire why`, `tallywire deliveries`, `tallywire watch`, `tallywire dead-letters list`",
        TOPICS,
        (RULES, DELIVERIES),
    ),
    "replay": Access("whoever repairs: `tallywire dead-letters replay`", (*RE_READ, DEAD_LETTERS), RE_READ),
    "subscribe": Access("subscribers, who only read", tuple(topic for topic in TOPICS if not topic.internal), own_groups="subscriber."),
}
"""Role -> what it does. A role is one user of the cluster; the four services are called as `tallywire run` calls them."""


class Rule(NamedTuple):
    """One ACL: this user may do this."""

    principal: str
    """As the brokers name it: `User:tallywire-extract`."""
    operation: str
    """`Read`, `Write`, or what else the brokers know."""
    kind: str
    """`topic`, `group`, or what else the brokers know."""
    name: str
    prefixed: bool = False
    """Whether it is about all names that begin so."""
    host: str = "*"
    allowed: bool = True

    def __str__(self) -> str:
        may = "may" if self.allowed else "may not"
        origin = "" if self.host == "*" else f" from {self.host}"
        return f"{self.principal} {may} {self.operation} {self.kind} {'beginning with ' if self.prefixed else ''}{self.name}{origin}"

    def covers(self, other: Rule) -> bool:
        """Whether it is about what the other one is about."""
        return self.kind == other.kind and (self.name in ("*", other.name) or (self.prefixed and other.name.startswith(self.name)))


def rules(settings: Settings, principals: Mapping[str, str]) -> list[Rule]:
    """Every ACL that these users need (role -> principal, as `User:tallywire-extract`), each once, in the order of the list."""
    found: dict[Rule, None] = {}
    for role, principal in principals.items():
        found |= dict.fromkeys(_rules(settings, ROLES[role], principal))
    return list(found)


def _rules(settings: Settings, access: Access, principal: str) -> Iterator[Rule]:
    for topic in access.reads:
        yield Rule(principal, "Read", "topic", settings.topic(topic.name))
    for topic in access.writes:
        yield Rule(principal, "Write", "topic", settings.topic(topic.name))
    for group in access.groups:
        yield Rule(principal, "Read", "group", settings.group(group))
    if access.own_groups is not None:
        yield Rule(principal, "Read", "group", f"{settings.prefix}{access.own_groups}", prefixed=True)


def topics_of(service: str) -> tuple[Topic, ...]:
    """The topics that a service may see; all of them for one that is not in the list, such as a test's."""
    access = ROLES.get(service)
    return TOPICS if access is None else tuple(topic for topic in TOPICS if topic in (*access.reads, *access.writes))


EVERYONE: Final = "User:*"
"""Whoever it is: an ACL for it is one for each of our users as well."""


@dataclass(frozen=True, slots=True)
class Deviation:
    """One way in which the ACLs on a broker are not as they should be."""

    rule: Rule
    missing: bool
    """Otherwise it is there, and not needed."""

    def __str__(self) -> str:
        return f"{'missing' if self.missing else 'not needed'}: {self.rule}"


def compare(wanted: Sequence[Rule], there: Iterable[Rule]) -> list[Deviation]:
    """What users lack of what they need, and what they have beyond it; other users are nobody's business here."""
    standing = set(there)
    principals = {rule.principal for rule in wanted}
    excess = {
        rule
        for rule in standing.difference(wanted)
        if rule.principal in principals or (rule.principal == EVERYONE and any(rule.covers(each) for each in wanted))
    }
    return [
        *(Deviation(rule, missing=True) for rule in wanted if rule not in standing),
        *(Deviation(rule, missing=False) for rule in sorted(excess)),
    ]
