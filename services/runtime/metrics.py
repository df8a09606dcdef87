"""Every metric, declared once; its labels are closed sets, never a name that came out of an article."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import REGISTRY, Counter, Gauge, Histogram
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

from schemas.message import STRANGERS

STAGE_BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0)
"""Seconds that one record takes in a stage: from half a millisecond to ten times the limit of 100 ms."""

LATENCY_BUCKETS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600, 21_600, 86_400)
"""Seconds from one end of the flow to the other: from a tenth of a second to a day."""

RECORDS_IN = Counter("tallywire_records_consumed", "Records handled, by stage and what became of them.", ["stage", "outcome"])
RECORDS_OUT = Counter("tallywire_records_produced", "Records that the broker has acknowledged, by stage and topic.", ["stage", "topic"])
HANDLING = Histogram("tallywire_record_processing_seconds", "Time that one record takes in a stage.", ["stage"], buckets=STAGE_BUCKETS)
DEAD = Counter("tallywire_dead_letters", "Messages that could not be processed, by service and cause.", ["service", "cause"])
RETRIES = Counter("tallywire_retries", "Repeated attempts at one record after an unexpected error.", ["stage"])
HELD = Gauge("tallywire_records_held", "Records held uncommitted after repeated failure, until another succeeds.", ["stage"])
IN_FLIGHT = Gauge("tallywire_records_in_flight", "Records handled whose outputs are not acknowledged yet.", ["stage"])
LAG = Gauge("tallywire_consumer_lag_records", "Records between the committed offset and the end of the log.", ["stage", "partition"])
WATERMARK_AGE = Gauge("tallywire_oldest_unfinished_seconds", "Age of the oldest record that is not finished.", ["stage"])
CHECKPOINTS = Counter("tallywire_checkpoints", "Checkpoints of folds written.", ["stage"])
CHECKPOINT_SECONDS = Histogram("tallywire_checkpoint_seconds", "Time that one checkpoint takes.", ["stage"], buckets=STAGE_BUCKETS)
REFOLDS = Counter("tallywire_refolds", "Partitions folded again from the start, by reason.", ["stage", "reason"])
UNDECIDED = Gauge(
    "tallywire_partitions_undecided", "Partitions of which, after a lost state, something is still to be decided on.", ["stage"]
)
RECALLS = Counter("tallywire_recalls", "Partitions begun from what their fold told, because the head of their log is gone.", ["stage"])
SEND_FAILURES = Counter("tallywire_send_failures", "Sends that the broker did not acknowledge at first.", ["stage", "error"])
LOOP_DELAY = Gauge("tallywire_event_loop_delay_seconds", "How late the event loop ran a timer, the worst of the last ten seconds.")
LOOP_HELD = Gauge(
    "tallywire_event_loop_held_seconds", "The same without the time that other programs took: what this process itself did to its loop."
)
DATA_CLOCK = Gauge("tallywire_data_clock_timestamp_seconds", "The data's clock: the newest believed publication date.", ["stage"])
BUILD = Gauge("tallywire_build_info", "Always 1; the version stands in the labels.", ["version", "service"])

ARTICLES = Counter("tallywire_articles_collected", "Articles that came in, by way and what became of them.", ["via", "outcome"])
FEED_POLLS = Counter("tallywire_feed_polls", "Polls of feeds, by feed (a configured set) and outcome.", ["feed", "outcome"])
FEED_AGE = Gauge("tallywire_feed_last_success_timestamp_seconds", "When a feed was last read.", ["feed"])
INTAKE = Counter("tallywire_intake_requests", "Requests at the HTTP intake, by status.", ["status"])
COUNTS = Counter("tallywire_counts_extracted", "Counts read from articles, by measure and realis.", ["measure", "realis"])
READINGS = Counter("tallywire_readings", "Articles read, by whether they say anything.", ["outcome"])
ALERTS = Counter("tallywire_alerts", "Changes of alerts' states, by status and severity.", ["status", "severity"])
DECISIONS = Counter("tallywire_decisions", "Decisions of rules, silence included, by reason.", ["reason"])
RULES_LOADED = Gauge("tallywire_rules_loaded", "Rules in force.")
ATTEMPTS = Counter("tallywire_webhook_attempts", "Attempts at webhooks, by outcome.", ["outcome"])
ATTEMPT_SECONDS = Histogram("tallywire_webhook_attempt_seconds", "Time that one attempt takes.", buckets=LATENCY_BUCKETS)
PENDING = Gauge("tallywire_webhooks_pending", "Deliveries that wait for an attempt.")
OLDEST_PENDING = Gauge("tallywire_webhook_oldest_pending_timestamp_seconds", "When the oldest of them was scheduled; 0 for none.")
DELIVERED_AFTER = Histogram("tallywire_delivery_seconds", "From the scheduling of an alert to its delivery.", buckets=LATENCY_BUCKETS)
BLOCKED = Counter("tallywire_blocked_addresses", "Connections refused because the address is an inside one.", ["client"])


class Strangers(Collector):
    """Tells what the contract has counted: words of closed lists that this version does not know."""

    def collect(self) -> Iterator[CounterMetricFamily]:
        """One series for each list that met a stranger."""
        family = CounterMetricFamily(
            "tallywire_unknown_words", "Words of closed lists that this version does not know, carried through.", labels=["list"]
        )
        for name, count in STRANGERS.items():
            family.add_metric([name], count)
        yield family


REGISTRY.register(Strangers())

__all__ = ["REGISTRY"]
