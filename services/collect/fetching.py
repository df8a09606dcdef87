"""One document over HTTP: conditional, bounded, and by hand from redirect to redirect, each of which is guarded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urljoin

import aiohttp

from services.runtime.guard import BlockedAddress, objection_to_url, read_at_most, was_blocked

MAX_HOPS = 5
"""Redirects that are followed; honest ones are one or two."""

REDIRECTS = frozenset({301, 302, 303, 307, 308})
"""Statuses that name another address."""

MAX_VALIDATOR = 500
"""Characters of an ETag that are sent back; a longer one is not kept."""

MAX_MODIFIED = 100
"""Characters of a Last-Modified."""

OK = 200
NOT_MODIFIED = 304


class FetchFailed(Exception):
    """Nothing was fetched. `outcome` is a word for metrics, the message says more."""

    def __init__(self, outcome: str, detail: str, retry_after: str | None = None) -> None:
        super().__init__(detail)
        self.outcome = outcome
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server answered."""

    url: str
    """Address of the last hop."""
    body: bytes | None
    """None: it has not changed."""
    charset: str | None
    """As the server says."""
    etag: str | None
    """The validator."""
    last_modified: str | None
    """The other validator."""


async def fetch(session: aiohttp.ClientSession, url: str, limit: int, headers: Mapping[str, str] | None = None) -> Fetched:
    """Get a document of at most `limit` bytes (after decompression); the session is a guarded one.

    Raises:
        FetchFailed: the server cannot be reached or must not be, answers with an error, too much, or too many redirects.

    """
    at = url
    for _ in range(MAX_HOPS + 1):
        objection = objection_to_url(at, allow_http=True)
        if objection is not None:
            raise FetchFailed("blocked", f"the address {objection}")
        try:
            async with session.get(at, allow_redirects=False, headers=headers) as response:
                if response.status not in REDIRECTS:
                    return await _read(response, at, limit)
                target = urljoin(at, response.headers.get("Location", ""))
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise _failure(error) from error
        if at.startswith("https:") and target.startswith("http:"):
            raise FetchFailed("blocked", "a redirect leads from https to http")
        if target == at:
            raise FetchFailed("redirects", "a redirect leads to itself")
        at = target
    raise FetchFailed("redirects", f"there are more than {MAX_HOPS} redirects")


async def _read(response: aiohttp.ClientResponse, at: str, limit: int) -> Fetched:
    etag, modified = response.headers.get("ETag"), response.headers.get("Last-Modified")
    if response.status not in (OK, NOT_MODIFIED):
        raise FetchFailed(
            f"status_{response.status // 100}xx", f"the server answered {response.status}", response.headers.get("Retry-After")
        )
    body: bytes | None = None
    if response.status == OK:
        body, complete = await read_at_most(response, limit)
        if not complete:
            raise FetchFailed("too_large", f"there are more than {limit:,} bytes")
    return Fetched(
        url=at,
        body=body,
        charset=response.charset,
        etag=etag if etag and len(etag) <= MAX_VALIDATOR else None,
        last_modified=modified if modified and len(modified) <= MAX_MODIFIED else None,
    )


def _failure(error: BaseException) -> FetchFailed:
    if was_blocked(error):
        cause = error if isinstance(error, BlockedAddress) else getattr(error, "os_error", error)
        return FetchFailed("blocked", f"the address must not be reached ({cause}); a feed inside needs `allow_networks`")
    if isinstance(error, TimeoutError):
        return FetchFailed("timeout", "the server did not answer in time")
    return FetchFailed("unreachable", f"{type(error).__name__}: {error}"[:300])
