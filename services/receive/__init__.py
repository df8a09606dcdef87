"""A verifying receiver of webhooks, to try the wire and to copy from: signed request in, readable block and a row out."""

from .render import render
from .server import Received, Receiver
from .store import Receipt, Store
from .verify import Verdict, key_of_secret, verify

__all__ = ["Receipt", "Received", "Receiver", "Store", "Verdict", "key_of_secret", "render", "verify"]
