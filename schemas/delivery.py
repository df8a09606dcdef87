"""One alert on its way to one endpoint: when it was scheduled, what was tried, and how it ended."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from .identity import identify
from .message import Message, Part, Term, Utc

MAX_BODY = 256 * 1024
"""Largest webhook body in bytes."""


class DeliveryStatus(Term):
    """Where it stands."""

    SCHEDULED = "scheduled"
    """Waits for its first attempt."""
    RETRYING = "retrying"
    """Was tried; waits for the next attempt."""
    DELIVERED = "delivered"
    FAILED = "failed"
    """The schedule has ended, or nothing would help."""
    EXPIRED = "expired"
    """Older than the endpoint's `max_age` when it came up: a backfill wakes nobody."""
    CANCELLED = "cancelled"

    @property
    def final(self) -> bool:
        """Whether nothing more will be tried."""
        return self not in (DeliveryStatus.SCHEDULED, DeliveryStatus.RETRYING)


class Outcome(Term):
    """How one attempt ended."""

    OK = "ok"
    REDIRECTED = "redirected"
    REFUSED = "refused"
    """4xx: the receiver does not want it."""
    UNAUTHORIZED = "unauthorized"
    GONE = "gone"
    THROTTLED = "throttled"
    SERVER_ERROR = "server_error"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    """DNS, connection or TLS failed."""
    BLOCKED = "blocked"
    """The address is one that webhooks must not reach."""
    UNCONFIGURED = "unconfigured"
    """No such endpoint is configured any more."""


class Attempt(Part):
    """One attempt."""

    number: Annotated[int, Field(ge=1)]
    """Which one, from 1."""
    at: Utc
    """When it was made."""
    outcome: Outcome
    """How it ended."""
    status: int | None = None
    """HTTP status, where there was one."""
    detail: Annotated[str, Field(max_length=300)] = ""
    """What is known of the failure; never holds a secret or the URL."""
    seconds: Annotated[float, Field(ge=0)] = 0.0
    """How long it took."""


class Delivery(Message):
    """One alert on its way to one endpoint; each record says all that is known then."""

    id: str
    """From the alert and the endpoint; it is the `webhook-id` of every attempt."""
    endpoint: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=80)]
    """Id of the endpoint; its URL and secret are never on a topic."""
    alert: str
    """Id of the alert."""
    type: Annotated[str, Field(max_length=80)]
    """Type of the webhook (`alert.fired`)."""
    status: DeliveryStatus
    """Where it stands."""
    body: Annotated[str, Field(max_length=MAX_BODY)]
    """The body, the same on every attempt."""
    scheduled_at: Utc
    """When it was scheduled, by the wall clock."""
    event_time: Utc
    """The alert's."""
    due_at: Utc
    """When the next attempt is due."""
    attempts: Annotated[int, Field(ge=0)] = 0
    """How many were made."""
    last: Attempt | None = None
    """The last one."""
    replays: Annotated[int, Field(ge=0)] = 0
    """How often it was put back by hand; a higher number opens again what had ended."""

    @staticmethod
    def identify(alert: str, endpoint: str) -> str:
        """The id of an alert's delivery to an endpoint; it holds no dot (Standard Webhooks signs `id.timestamp.body`)."""
        return identify("delivery", alert, endpoint)
