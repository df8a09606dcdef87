"""A publisher's server on loopback, whose answers a test sets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from xml.sax.saxutils import escape

from aiohttp import web


def item(
    number: int, text: str = "Words.", *, title: str | None = None, date: str = "Mon, 01 Apr 2024 10:00:00 GMT", more: str = ""
) -> str:
    """An entry of RSS."""
    link = f"https://paper.example/{number}"
    return (
        f"<item><title>{escape(title or f'Title {number}')}</title><link>{link}</link><guid>{link}</guid>"
        f"<pubDate>{date}</pubDate><description>{escape(text)}</description>{more}</item>"
    )


def rss(items: Sequence[str], title: str = "A paper") -> bytes:
    """A document of RSS 2.0."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>'
        f"<title>{title}</title><link>https://paper.example/</link><description>d</description>{''.join(items)}</channel></rss>"
    ).encode()


@dataclass
class FeedServer:
    """Answers GET of any path with what is set for it; notes what was asked."""

    answers: dict[str, web.Response | bytes] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    etag: str | None = None
    """Where set, sent with each 200, and answered with 304 when it comes back."""
    at: str = ""
    _runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/{path:.*}", self._serve)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.at = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _serve(self, request: web.Request) -> web.Response:
        self.asked.append((request.path, dict(request.headers)))
        answer = self.answers.get(request.path, web.Response(status=404))
        if isinstance(answer, web.Response):
            return web.Response(status=answer.status, body=answer.body, headers=answer.headers)
        if self.etag and request.headers.get("If-None-Match") == self.etag:
            return web.Response(status=304, headers={"ETag": self.etag})
        return web.Response(body=answer, content_type="application/rss+xml", headers={"ETag": self.etag} if self.etag else None)
