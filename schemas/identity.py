"""Ids derived from content: the same thing has the same id, whoever computes it and however often."""

from __future__ import annotations

import hashlib
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit
from uuid import UUID, uuid5

import orjson

NAMESPACE = UUID("5f1d3a52-6c0e-5b7e-9d7c-0c4d4f3f2a11")
"""Drawn once for Tallywire; changing it changes every id ever given."""

TRACKING = ("utm_", "mc_", "pk_", "hsa_")
"""Prefixes of query parameters that tell where a reader came from, never what is read."""

TRACKING_NAMES = frozenset({"fbclid", "gclid", "dclid", "msclkid", "yclid", "igshid", "ref_src", "cmpid", "ocid", "smid"})
"""Further such parameters, by their whole name."""

DEFAULT_PORTS = {"http": 80, "https": 443}


def identify(kind: str, *parts: object) -> str:
    """A UUIDv5 of a kind of thing and what makes it that thing; parts are anything that JSON can hold."""
    return str(uuid5(NAMESPACE, orjson.dumps([kind, *parts], option=orjson.OPT_SORT_KEYS).decode()))


def digest(*parts: object) -> str:
    """A short fingerprint (16 hex digits) of content, for revisions and hashes of conditions."""
    return hashlib.blake2b(orjson.dumps(parts, option=orjson.OPT_SORT_KEYS), digest_size=8).hexdigest()


def canonical_url(url: str) -> str:
    """One spelling for all addresses of one page: host in lower case, no fragment, no tracking, no default port.

    Raises:
        ValueError: not an absolute http or https address.

    """
    split = urlsplit(url.strip())
    if split.scheme.lower() not in DEFAULT_PORTS or not split.hostname:
        raise ValueError("an article's address must be absolute and begin with http:// or https://")
    scheme = split.scheme.lower()
    host = (
        split.hostname.lower().rstrip(".").encode("idna").decode() if not split.hostname.isascii() else split.hostname.lower().rstrip(".")
    )
    if ":" in host:
        host = f"[{host}]"
    port = f":{split.port}" if split.port not in (None, DEFAULT_PORTS[scheme]) else ""
    path = quote(unquote(split.path), safe="/:@!$&'()*+,;=-._~") or "/"
    if len(path) > 1:
        path = path.rstrip("/") or "/"
    kept = [
        (k, v)
        for k, v in parse_qsl(split.query, keep_blank_values=True)
        if not k.lower().startswith(TRACKING) and k.lower() not in TRACKING_NAMES
    ]
    query = f"?{urlencode(sorted(kept))}" if kept else ""
    return f"https://{host}{port}{path}{query}" if port == "" else f"{scheme}://{host}{port}{path}{query}"
