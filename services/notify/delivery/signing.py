"""Standard Webhooks v1: id, time of the attempt and body -> the headers that prove who sent it."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from typing import Final

PREFIX: Final = "whsec_"
SHORTEST_KEY: Final = 24
"""Bytes; what the specification asks for at least: 192 bits."""

LONGEST_KEY: Final = 64
"""Bytes; HMAC-SHA256 would hash a longer one down."""


def read_secret(secret: str) -> bytes:
    """The key's bytes of `whsec_` and base64.

    Raises:
        ValueError: it is not such a secret; the words do not repeat it.

    """
    if not secret.startswith(PREFIX):
        raise ValueError(f"a webhook secret begins with {PREFIX}")
    encoded = secret.removeprefix(PREFIX)
    try:
        key = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError(f"behind {PREFIX} a webhook secret is base64") from None
    if not SHORTEST_KEY <= len(key) <= LONGEST_KEY:
        raise ValueError(f"a webhook secret holds {SHORTEST_KEY} to {LONGEST_KEY} bytes, not {len(key)}")
    return key


def sign(keys: Sequence[bytes], webhook: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers; `timestamp` is the attempt's, in Unix seconds. While keys change, sign with the new and the old one.

    Raises:
        ValueError: the id holds a dot, so that what is signed could be read in two ways; or there is no key.

    """
    if "." in webhook:
        raise ValueError("a webhook-id must not hold a dot")
    if not keys:
        raise ValueError("there is no key to sign with")
    signed = f"{webhook}.{timestamp}.".encode() + body
    signatures = [base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode() for key in keys]
    return {
        "webhook-id": webhook,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }
