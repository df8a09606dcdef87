"""What people and collectors leave on topics of their own: silences and feed states."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from .message import Message, Term, Utc


class SilenceKind(Term):
    """What it is."""

    SILENCE = "silence"
    """Alerts that match are decided and written, but not delivered."""
    ACKNOWLEDGEMENT = "acknowledgement"
    """Somebody is on it: no repeats of this episode."""
    MAINTENANCE = "maintenance"
    """A planned window in which nothing is delivered."""


class Silence(Message):
    """A silence, an acknowledgement or a maintenance window."""

    id: str
    """Its own id."""
    kind: SilenceKind
    """What it is."""
    match: Annotated[dict[str, str], Field(max_length=20)] = {}
    """Rule, fingerprint, severity or labels that it concerns, each by its exact value."""
    author: Annotated[str, Field(min_length=1, max_length=200)]
    """Who."""
    reason: Annotated[str, Field(min_length=1, max_length=2_000)]
    """Why."""
    starts_at: Utc
    """From when."""
    ends_at: Utc
    """Until when."""


class FeedState(Message):
    """What the poller knows of a feed: how to ask politely, and what it has seen."""

    feed: Annotated[str, Field(max_length=80)]
    """Id of the feed."""
    etag: Annotated[str, Field(max_length=500)] | None = None
    """The validator that the server gave."""
    last_modified: Annotated[str, Field(max_length=100)] | None = None
    """The other validator."""
    polled_at: Utc
    """When it was last asked."""
    seen: Annotated[dict[str, str], Field(max_length=2_000)] = {}
    """Newest entries: article id -> content fingerprint of the revision that was published, its time, and whether the feed dated it."""
    failures: Annotated[int, Field(ge=0)] = 0
    """Failures in a row."""
