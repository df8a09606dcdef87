"""A receiver of webhooks in thirty lines: verifies the signature, drops repeats, answers quickly. Needs standardwebhooks only."""

from __future__ import annotations

import json
import os
from http.server import BaseHTTPRequestHandler, HTTPServer

from standardwebhooks import Webhook, WebhookVerificationError

WEBHOOK = Webhook(os.environ["TALLYWIRE_WEBHOOK_SECRET"])
SEEN: set[str] = set()
"""Ids that came before; a real receiver keeps them where a restart does not lose them."""


class Receiver(BaseHTTPRequestHandler):
    """Takes POST / and answers 204; anything else than 2xx makes Tallywire try again."""

    def do_POST(self) -> None:
        """Verify first, and look at the body only then."""
        body = self.rfile.read(min(int(self.headers.get("content-length", 0)), 1 << 20))
        try:
            WEBHOOK.verify(body, {name.lower(): value for name, value in self.headers.items()})
        except WebhookVerificationError:
            self.send_response(401)
        else:
            self.send_response(204)
            if self.headers["webhook-id"] not in SEEN:
                SEEN.add(self.headers["webhook-id"])
                alert = json.loads(body)["data"]
                print(f"{alert['severity']}: {alert['summary']}", flush=True)
        self.end_headers()


server = HTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8090"))), Receiver)
print(f"listening on port {server.server_port}", flush=True)
server.serve_forever()
