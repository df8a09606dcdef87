"""A delivery's next record: pure, from the one before and what has happened."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from schemas import Alert, Attempt, Delivery, DeliveryStatus, Outcome

from .body import body_of, type_of
from .classify import Then, Verdict
from .schedule import Schedule

REFUSALS = frozenset({Outcome.REFUSED, Outcome.UNAUTHORIZED})
"""Outcomes after which the short schedule holds."""


def scheduled(alert: Alert, endpoint: str, now: datetime) -> Delivery:
    """The first record of an alert's delivery.

    Raises:
        services.notify.delivery.body.TooLarge: the alert does not fit into a webhook.

    """
    return Delivery(
        id=Delivery.identify(alert.id, endpoint),
        endpoint=endpoint,
        alert=alert.id,
        type=type_of(alert),
        status=DeliveryStatus.SCHEDULED,
        body=body_of(alert),
        scheduled_at=now,
        event_time=alert.event_time,
        due_at=now,
    )


def scheduled_each(alert: Alert, endpoints: Iterable[str], now: datetime) -> Iterator[Delivery]:
    """The first record of an alert's delivery to each endpoint; the body is the same for all, and is made once.

    Raises:
        services.notify.delivery.body.TooLarge: as `scheduled`.

    """
    first: Delivery | None = None
    for endpoint in endpoints:
        first = first or scheduled(alert, endpoint, now)
        yield first.model_copy(update={"id": Delivery.identify(alert.id, endpoint), "endpoint": endpoint})


def attempted(delivery: Delivery, verdict: Verdict, at: datetime, seconds: float, schedule: Schedule) -> Delivery:
    """The record after one attempt, made at `at` and `seconds` long."""
    number = delivery.attempts + 1
    attempt = Attempt(
        number=number, at=at, outcome=verdict.outcome, status=verdict.status, detail=verdict.detail, seconds=round(seconds, 3)
    )
    ended = at + timedelta(seconds=seconds)
    wait = _wait(delivery, verdict, number, schedule)
    if verdict.then is Then.DONE:
        status = DeliveryStatus.DELIVERED
    elif wait is None:
        status = DeliveryStatus.FAILED
    else:
        status = DeliveryStatus.RETRYING
    return delivery.model_copy(update={"status": status, "attempts": number, "last": attempt, "due_at": ended + (wait or timedelta(0))})


def _wait(delivery: Delivery, verdict: Verdict, number: int, schedule: Schedule) -> timedelta | None:
    if verdict.then in (Then.DONE, Then.GIVE_UP):
        return None
    refused_again = verdict.then is Then.RETRY_BRIEFLY and (delivery.last is None or delivery.last.outcome in REFUSALS)
    return schedule.wait(delivery.id, number, refused_again=refused_again, retry_after=verdict.retry_after)


def expired(delivery: Delivery, max_age: timedelta | None, now: datetime) -> Delivery | None:
    """The record of a delivery whose event is too old to wake anyone; None where it is to be attempted.

    It holds for the first attempt only: what was news when it came up is told even if the receiver was away for long, and what was put
    back by hand is wanted.
    """
    if max_age is None or delivery.attempts or delivery.replays or now - delivery.event_time <= max_age:
        return None
    return delivery.model_copy(update={"status": DeliveryStatus.EXPIRED, "due_at": now})


def unconfigured(delivery: Delivery, now: datetime) -> Delivery:
    """The record of a delivery whose endpoint is no longer in the file."""
    attempt = Attempt(
        number=delivery.attempts + 1, at=now, outcome=Outcome.UNCONFIGURED, detail="the endpoint is not in the endpoint file any more"
    )
    return delivery.model_copy(update={"status": DeliveryStatus.FAILED, "last": attempt, "due_at": now})


def replayed(delivery: Delivery, now: datetime) -> Delivery:
    """The record that puts a delivery back at the start of its schedule: same id, same body."""
    update = {
        "status": DeliveryStatus.SCHEDULED,
        "attempts": 0,
        "last": None,
        "scheduled_at": now,
        "due_at": now,
        "replays": delivery.replays + 1,
    }
    return delivery.model_copy(update=update)


def cancelled(delivery: Delivery, now: datetime) -> Delivery:
    """The record that ends a delivery by hand."""
    return delivery.model_copy(update={"status": DeliveryStatus.CANCELLED, "due_at": now})
