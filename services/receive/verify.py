"""Whether a request is what its sender signed: Standard Webhooks v1, pure."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final

TOLERANCE: Final = 300
"""Seconds that the sender's clock and ours may differ; older requests may be somebody's replay."""

MAX_SIGNATURES: Final = 10
"""Signatures that are looked at: two keys in force and some to spare, so that a long header costs nothing."""

PREFIX: Final = "whsec_"
_TIMESTAMP = re.compile(r"^[0-9]{1,12}$")


class Verdict(StrEnum):
    """What verification found."""

    VERIFIED = "verified"
    HEADERS_MISSING = "headers_missing"
    TIMESTAMP_UNREADABLE = "timestamp_unreadable"
    TOO_OLD = "too_old"
    TOO_NEW = "too_new"
    SIGNATURE_WRONG = "signature_wrong"


def key_of_secret(secret: str) -> bytes:
    """The key's bytes of a secret such as `whsec_…` (base64, the prefix may be missing).

    Raises:
        ValueError: it is no base64, or empty; the words do not repeat it.

    """
    try:
        key = base64.b64decode(secret.strip().removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("the secret is not base64 behind whsec_") from None
    if not key:
        raise ValueError("the secret is empty")
    return key


def verify(keys: Iterable[bytes], headers: Mapping[str, str], body: bytes, now: datetime, tolerance: int = TOLERANCE) -> Verdict:
    """Judge one request; `headers` by lower-case name. Any key and any v1 signature that fit will do (keys change)."""
    webhook, stamp, signatures = (headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature"))
    if not (webhook and stamp and signatures):
        return Verdict.HEADERS_MISSING
    if not _TIMESTAMP.match(stamp):
        return Verdict.TIMESTAMP_UNREADABLE
    age = now.timestamp() - int(stamp)
    if abs(age) > tolerance:
        return Verdict.TOO_OLD if age > 0 else Verdict.TOO_NEW
    signed = f"{webhook}.{stamp}.".encode() + body
    expected = [b"v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()) for key in keys]
    given = [signature.encode() for signature in signatures.split(" ")[:MAX_SIGNATURES]]
    fits = [hmac.compare_digest(one, other) for one in expected for other in given]
    return Verdict.VERIFIED if any(fits) else Verdict.SIGNATURE_WRONG
