"""Every topic, once: what it carries, by which key, and how long it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from .alert import Alert, Decision, Observation, Primed, Retired
from .article import Article
from .claim import Claim, Review, Tick
from .dead_letter import DeadLetter
from .delivery import Delivery
from .desk import FeedState, Silence
from .event import Reading
from .indicator import Indicator
from .message import Message
from .rule import RuleSet

Cleanup = Literal["delete", "compact", "compact,delete"]

DAY: Final = 86_400_000
"""Milliseconds."""

LEDGER_RETENTION: Final = 400 * DAY
"""How long belief is held: a year and what a yearly comparison needs."""

LONGEST_WINDOW: Final = 400 * DAY
"""The longest window of a rule."""

SLACK: Final = 30 * DAY
"""What a log is kept beyond what its fold looks back, so that a worker without a checkpoint can fold it again."""

MAX_MESSAGE: Final = 2 * 1024 * 1024
"""Largest record in bytes, on every topic: an article of 300,000 characters in any script fits."""

COMPACTION_LAG: Final = DAY
"""Nothing younger is compacted away, so that what is told twice is seen to be."""

PARTITIONS: Final = 12
"""Partitions of a topic unless said otherwise: three to four for each worker of a small cluster, and divisible."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic as it is created, checked and written to."""

    name: str
    """Name on the broker."""
    messages: tuple[type[Message], ...]
    """What stands on it."""
    key: str
    """What its key is made of; records are told apart by the whole key, partitioned by what stands before the first `|`."""
    cleanup: Cleanup
    """What becomes of old records."""
    retention: int | None = None
    """Milliseconds; None keeps for ever."""
    partitions: int = PARTITIONS
    """How many; frozen once the topic is keyed and in use."""
    summary: str = ""
    """What a subscriber finds."""
    young: int = COMPACTION_LAG
    """Milliseconds in which nothing is compacted away."""
    internal: bool = False
    """Whether it is ours alone: no promise to subscribers."""

    @property
    def config(self) -> dict[str, str]:
        """Its settings on the broker."""
        settings = {"cleanup.policy": self.cleanup, "max.message.bytes": str(MAX_MESSAGE)}
        if "delete" in self.cleanup:
            settings["retention.ms"] = str(-1 if self.retention is None else self.retention)
        if "compact" in self.cleanup:
            settings["min.compaction.lag.ms"] = str(self.young)
            settings["delete.retention.ms"] = str(7 * DAY)
        return settings


ARTICLES: Final = Topic(
    "tallywire.articles.v1", (Article,), "article", "delete", LEDGER_RETENTION + SLACK, summary="One revision of an article."
)
EVENTS: Final = Topic(
    "tallywire.events.v1",
    (Reading,),
    "article",
    "delete",
    LEDGER_RETENTION + SLACK,
    summary="What one extractor read in one revision of an article; its events, perhaps none.",
)
CLAIMS: Final = Topic(
    "tallywire.claims.v1",
    (Claim, Review, Tick),
    "book",
    "delete",
    LEDGER_RETENTION + SLACK,
    summary="One count made flat; reviews and ticks of its book.",
)
INDICATORS: Final = Topic(
    "tallywire.indicators.v1",
    (Indicator,),
    "book|fact",
    "compact",
    summary="One believed figure; the newest revision wins, a tombstone says that it expired.",
)
OBSERVATIONS: Final = Topic(
    "tallywire.observations.v1",
    (Observation, Primed, Retired, Tick),
    "rule+group",
    "delete",
    LONGEST_WINDOW + SLACK,
    summary="An indicator as one rule and group sees it.",
    internal=True,
)
ALERTS: Final = Topic(
    "tallywire.alerts.v1",
    (Alert,),
    "rule+group|fingerprint",
    "compact",
    young=90 * DAY,
    summary="One change of an alert's state; of each alert all of 90 days, then the last.",
)
DELIVERIES: Final = Topic(
    "tallywire.deliveries.v1",
    (Delivery,),
    "endpoint|delivery",
    "compact,delete",
    LEDGER_RETENTION,
    summary="Schedule, attempts and outcome of one alert to one endpoint.",
)
DECISIONS: Final = Topic("tallywire.decisions.v1", (Decision,), "rule+group", "compact", summary="The last reason for each rule and group.")
RULES: Final = Topic("tallywire.rules.v1", (RuleSet,), "rules", "compact", partitions=1, summary="The validated rule set in force.")
SILENCES: Final = Topic(
    "tallywire.silences.v1", (Silence,), "silence", "compact", partitions=1, summary="Silences, acknowledgements, maintenance windows."
)
REVIEWS: Final = Topic("tallywire.reviews.v1", (Review,), "review", "compact", partitions=1, summary="Analysts' corrections.")
FEEDS: Final = Topic("tallywire.feeds.v1", (FeedState,), "feed", "compact", summary="What the poller knows of each feed.")
DEAD_LETTERS: Final = Topic(
    "tallywire.dead-letters.v1",
    (DeadLetter,),
    "original key",
    "delete",
    LEDGER_RETENTION,
    summary="What could not be processed, with its cause and original bytes.",
)

TOPICS: Final = (
    ARTICLES,
    EVENTS,
    CLAIMS,
    INDICATORS,
    OBSERVATIONS,
    ALERTS,
    DELIVERIES,
    DECISIONS,
    RULES,
    SILENCES,
    REVIEWS,
    FEEDS,
    DEAD_LETTERS,
)
"""All of them, in the order of the flow."""

BY_NAME: Final = {topic.name: topic for topic in TOPICS}
