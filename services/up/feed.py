"""The sample wire as RSS on loopback, as a publisher serves it: a feed an outlet, growing wave by wave, with validators."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape
from types import TracebackType
from typing import Self

from aiohttp import web

from schemas import digest

from .samples import OUTLETS, Sample, in_wave


def render(outlet: str, held: Iterable[Sample]) -> str:
    """An outlet's feed as RSS 2.0 with what it holds now, newest last."""
    items = "".join(_item(each) for each in held if each.outlet == outlet)
    name = escape(OUTLETS[outlet])
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>{name}</title><link>https://{outlet}.example/</link><description>Invented articles of {name}</description>"
        f"{items}</channel></rss>\n"
    )


def _item(sample: Sample) -> str:
    if sample.raw is not None:
        return sample.raw
    paragraphs = "".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in sample.text.split("\n\n"))
    return (
        f"<item><title>{escape(sample.title, quote=False)}</title><link>{escape(sample.link)}</link><guid>{escape(sample.link)}</guid>"
        + (f"<pubDate>{format_datetime(sample.published)}</pubDate>" if sample.published else "")
        + (f"<atom:updated>{_iso(sample.updated)}</atom:updated>" if sample.updated else "")
        + f"<content:encoded>{escape(paragraphs, quote=False)}</content:encoded></item>"
    )


def _iso(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


class Feeds:
    """A server of the wire; `async with Feeds(wire) as feeds`, then `feeds.wave = 1` and so on."""

    def __init__(self, wire: Sequence[Sample]) -> None:
        self.wave = 0
        """What is in the feeds; nothing in wave 0."""
        self._wire = wire
        self._runner: web.AppRunner | None = None
        self.urls: dict[str, str] = {}
        """Feed id -> address, once it serves."""

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/{outlet}.xml", self._serve)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.urls = {outlet: f"http://127.0.0.1:{port}/{outlet}.xml" for outlet in OUTLETS}
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _serve(self, request: web.Request) -> web.Response:
        outlet = request.match_info["outlet"]
        if outlet not in OUTLETS:
            raise web.HTTPNotFound
        body = render(outlet, in_wave(self._wire, self.wave))
        validator = f'"{digest(body)}"'
        if request.headers.get("If-None-Match") == validator:
            return web.Response(status=304, headers={"ETag": validator})
        return web.Response(text=body, content_type="application/rss+xml", headers={"ETag": validator})
