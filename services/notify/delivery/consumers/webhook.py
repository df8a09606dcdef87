"""One attempt at one webhook: signed anew, posted once, judged; what is said of a failure holds neither URL nor answer."""

from __future__ import annotations

import asyncio
import contextlib
import os
from datetime import datetime
from importlib.metadata import version
from typing import Final

import aiohttp

from schemas import Delivery, Outcome
from services.notify.delivery.classify import Verdict, of_silence, of_status
from services.notify.delivery.endpoints import Endpoint
from services.notify.delivery.signing import sign
from services.runtime.guard import guarded_session, read_at_most, was_blocked

MAX_ANSWER: Final = 64 * 1024
"""Bytes of an answer that are read, so that the connection can serve again; what it says is not kept: it may repeat the URL."""

DRAIN_SECONDS: Final = 1.0
"""Time in which an answer's body may come: its status has said all."""

USER_AGENT: Final = f"tallywire/{version('tallywire')}"


def session_for(endpoint: Endpoint) -> aiohttp.ClientSession:
    """The endpoint's own client: its connections, time limit and networks are nobody else's."""
    return guarded_session(
        "webhook",
        allow=endpoint.allow_networks,
        timeout=endpoint.timeout,
        connections=endpoint.concurrency,
        headers={"user-agent": USER_AGENT, "content-type": "application/json"},
    )


async def attempt(session: aiohttp.ClientSession, endpoint: Endpoint, delivery: Delivery, now: datetime) -> Verdict:
    """Post a delivery once."""
    body = delivery.body.encode()
    keys = [key.get_secret_value() for key in endpoint.keys]
    headers = sign(keys, delivery.id, int(now.timestamp()), body)
    try:
        async with session.post(endpoint.url.get_secret_value(), data=body, headers=headers, allow_redirects=False) as response:
            verdict = of_status(response.status, response.headers, now)
            await _drain(response)
            return verdict
    except (aiohttp.ClientError, OSError, ValueError) as error:  # a TimeoutError is an OSError
        return _of_error(error, endpoint)


async def _drain(response: aiohttp.ClientResponse) -> None:
    whole = False
    with contextlib.suppress(aiohttp.ClientError, OSError):
        async with asyncio.timeout(DRAIN_SECONDS):
            _, whole = await read_at_most(response, MAX_ANSWER)
    if not whole:
        response.close()


def _of_error(error: Exception, endpoint: Endpoint) -> Verdict:
    if was_blocked(error):
        return of_silence(Outcome.BLOCKED, "its address lies inside; name its network in allow_networks if it may be reached")
    if isinstance(error, TimeoutError):
        return of_silence(Outcome.TIMEOUT, f"no answer within {endpoint.timeout:g} s")
    return of_silence(Outcome.UNREACHABLE, _words(error))


def _words(error: Exception) -> str:
    match error:
        case aiohttp.ClientConnectorCertificateError():
            return "its certificate is not valid for its name"
        case aiohttp.ClientSSLError():
            return "TLS failed"
        case aiohttp.ClientConnectorDNSError():
            return "its name could not be looked up"
        case aiohttp.ServerDisconnectedError():
            return "it hung up without an answer"
        case OSError(errno=int() as number):
            return f"no connection: {os.strerror(number)}"
        case _:
            return f"no HTTP answer ({type(error).__name__})"
