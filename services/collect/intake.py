"""Articles by HTTP: `POST /articles`, answered when the broker has them, or with words that say what to do."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

import orjson
from aiohttp import web
from aiokafka.errors import KafkaError

from schemas import Via
from schemas.topics import ARTICLES as ARTICLES_TOPIC
from services.runtime.logs import logger
from services.runtime.metrics import ARTICLES, INTAKE
from services.runtime.publisher import Publisher
from services.runtime.settings import Settings
from services.stage import Invalid, Output, Stop

from .article import Composed, Draft, Refused, compose
from .cleaning import Undecodable, charset_of, decode
from .submission import MAX_BATCH, Malformed, Objection, Submission, Unacceptable, read_json, read_lines, read_parameters

log = logger(__name__)

MAX_BODY = 2 * 1024 * 1024
"""Bytes of a request: the largest article in any script, or a batch of usual ones."""

AT_ONCE = 32
"""Requests that are worked on at the same time; more are asked to come back, so that memory stays below 32 bodies and what is read of them."""

READ_WITHIN = 20.0
"""Seconds for a body to arrive: 100 KB/s for the largest."""

SEND_WITHIN = 10.0
"""Seconds for the broker to acknowledge; a sender's own patience is mostly 30."""

RETRY_AFTER = 5
"""Seconds after which a sender may try again."""

QUIET = logging.getLogger("tallywire.intake.http")
"""Where aiohttp's server writes a trace for each request that is no HTTP: silent, or any sender could fill the log."""

QUIET.setLevel(logging.CRITICAL)

JSON = "application/json"
JSON_LINES = frozenset(
    {"application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines", "application/json-lines"}
)
TEXT = "text/plain"

HOW_TO = """Tallywire takes articles here.

  curl --data-binary @article.txt -H 'Content-Type: text/plain' '{at}/articles?source=Name'
  curl --json '{{"title": "...", "text": "...", "url": "https://...", "source": "...", "published_at": "2024-04-06T12:00:00Z"}}' {at}/articles

Fields of JSON, all strings: {fields}. At least title or text.
Text as it is: the body is the text, the other fields are parameters of the address.
Several at once: a JSON array, or JSON Lines as application/x-ndjson; at most {batch}.
The answer is 202 with id and revision when the broker has it. Everything else says what to do.
"""

Clock = Callable[[], datetime]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Intake:
    """The HTTP server; `run` until `stop`."""

    def __init__(self, settings: Settings, publisher: Publisher, clock: Clock) -> None:
        self._settings = settings
        self._publisher = publisher
        self._clock = clock
        self._stopping = asyncio.Event()
        self._working = 0
        self.port: int | None = None
        """Where it listens, once it does."""
        self.listening = asyncio.Event()
        """Set when it does."""

    async def run(self) -> None:
        """Serve until stopped.

        Raises:
            Stop: the port is in use; the text says what to set.

        """
        app = web.Application(client_max_size=MAX_BODY, middlewares=[_counted, _in_words])
        app.router.add_get("/", self._how_to)
        app.router.add_post("/articles", self._take)
        runner = web.AppRunner(app, access_log=None, logger=QUIET, handle_signals=False, shutdown_timeout=self._settings.stop_timeout / 2)
        await runner.setup()
        host, port = self._settings.intake_host, self._settings.intake_port
        try:
            await web.TCPSite(runner, host, port).start()
            self.port = runner.addresses[0][1]
            self.listening.set()
            log.info("intake.listening", host=host, port=self.port)
            await self._stopping.wait()
        except OSError as error:
            raise Stop(
                f"cannot take articles on {host}:{port} ({error.strerror}); stop what uses the port, or set TALLYWIRE_INTAKE_PORT (0 takes any free one)"
            ) from error
        finally:
            await runner.cleanup()

    async def stop(self) -> None:
        """Answer the requests under way, then end `run`."""
        self._stopping.set()

    def not_ready(self) -> str | None:
        """Why no article is taken yet."""
        return None if self.listening.is_set() else "the intake does not listen yet"

    def not_alive(self) -> str | None:
        """It holds nothing that could get stuck: every request has its limits."""
        return None

    async def _how_to(self, request: web.Request) -> web.Response:
        return web.Response(text=HOW_TO.format(at=f"http://{request.host}", fields=", ".join(Submission.model_fields), batch=MAX_BATCH))

    async def _take(self, request: web.Request) -> web.Response:
        if "Origin" in request.headers:
            return refusal(403, "browsers must not post here: any page could do it behind its reader's back")
        if self._working >= AT_ONCE:
            return refusal(503, f"{AT_ONCE} requests are being worked on; come back in {RETRY_AFTER} s", retry=True)
        self._working += 1
        try:
            return await self._work(request)
        finally:
            self._working -= 1

    async def _work(self, request: web.Request) -> web.Response:
        if request.headers.get("Content-Encoding", "identity").lower() != "identity":
            return refusal(415, "compressed bodies are not taken; send it as it is")
        if (request.content_length or 0) > MAX_BODY:
            return _too_large()
        try:
            async with asyncio.timeout(READ_WITHIN):
                body = await request.read()
            drafts, single = self._read(request, body)
            now = self._clock()
            composed = _compose_all(drafts, now, single=single)
        except TimeoutError:
            return refusal(408, f"the body did not arrive within {READ_WITHIN:.0f} s; send it at once")
        except _Unsupported as error:
            return refusal(415, str(error))
        except (Malformed, Undecodable) as error:
            ARTICLES.labels(Via.INTAKE, "refused").inc()
            return refusal(400, str(error))
        except Unacceptable as error:
            ARTICLES.labels(Via.INTAKE, "refused").inc()
            return refusal(422, str(error), error.objections)
        return await self._send(composed, single=single)

    def _read(self, request: web.Request, body: bytes) -> tuple[Sequence[Draft], bool]:
        """The drafts of a body, and whether it is one article by itself."""
        kind = request.content_type
        charset = charset_of(request.charset or "utf-8")
        if charset is None:
            raise _Unsupported("this character set is not read; send UTF-8")
        if kind == TEXT:
            if len(set(request.query)) < len(request.query):
                raise Unacceptable("a parameter of the address is there more than once")
            return [read_parameters(dict(request.query), decode(body, charset))], True
        if request.query:
            raise Unacceptable("parameters of the address belong to text/plain; JSON has everything in its body")
        if kind not in JSON_LINES and kind != JSON:
            raise _Unsupported(f"the Content-Type must be {JSON}, application/x-ndjson or {TEXT}")
        data = body if charset == "utf-8" else decode(body, charset).encode()
        if kind in JSON_LINES:
            return read_lines(data), False
        return read_json(data), not data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"[")

    async def _send(self, composed: Sequence[Composed], *, single: bool) -> web.Response:
        try:
            async with asyncio.timeout(SEND_WITHIN):
                await self._publisher.send(Output(ARTICLES_TOPIC, each.article.id, each.article) for each in composed)
        except (KafkaError, TimeoutError) as error:
            log.warning("intake.not_sent", error=f"{type(error).__name__}: {error}", articles=len(composed))
            return refusal(503, f"the broker did not answer in time; send it again in {RETRY_AFTER} s: it cannot become two", retry=True)
        except Invalid as error:
            return refusal(413, str(error))
        ARTICLES.labels(Via.INTAKE, "published").inc(len(composed))
        answers = [_answer(each) for each in composed]
        return _json(202, answers[0] if single else {"articles": answers})


class _Unsupported(ValueError):
    """A kind of body that is not read."""


def _compose_all(drafts: Sequence[Draft], now: datetime, *, single: bool) -> list[Composed]:
    """All drafts as articles; with objections to any of them, none is taken."""
    composed: list[Composed] = []
    objections: list[Objection] = []
    for number, draft in enumerate(drafts):
        try:
            composed.append(compose(draft, now, Via.INTAKE))
        except Refused as error:
            objections.append(Objection(article=None if single else number, field=error.field, problem=error.reason))
    if objections:
        raise Unacceptable("this is no article" if single else "articles of the batch cannot be taken; none of it was", objections)
    return composed


def _answer(composed: Composed) -> dict[str, Any]:
    article = composed.article
    answer = {"id": article.id, "revision": article.revision.model_dump(mode="json")}
    return answer | {"remarks": list(composed.remarks)} if composed.remarks else answer


def refusal(status: int, problem: str, objections: Sequence[Objection] = (), *, retry: bool = False) -> web.Response:
    """An answer that says what is wrong and what to do."""
    told: dict[str, Any] = {"problem": problem}
    if objections:
        told["objections"] = [each.model_dump(exclude_none=True) for each in objections]
    return _json(status, told, {"Retry-After": str(RETRY_AFTER)} if retry else None)


def _too_large() -> web.Response:
    return refusal(413, f"the body has more than {MAX_BODY:,} bytes; send fewer articles at once")


def _json(status: int, content: object, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(status=status, body=orjson.dumps(content) + b"\n", content_type=JSON, headers=headers)


@web.middleware
async def _counted(request: web.Request, handler: Handler) -> web.StreamResponse:
    response = await handler(request)
    INTAKE.labels(response.status).inc()
    return response


@web.middleware
async def _in_words(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Errors that aiohttp raises, and those that nobody thought of, as answers like the others."""
    try:
        return await handler(request)
    except web.HTTPRequestEntityTooLarge:
        return _too_large()
    except web.HTTPMethodNotAllowed as error:
        return refusal(405, f"{request.method} is not taken here; use {' or '.join(sorted(error.allowed_methods))}")
    except web.HTTPNotFound:
        return refusal(404, "there is nothing here; articles are posted to /articles")
    except web.HTTPException as error:
        return refusal(error.status, error.reason)
    except (web.RequestPayloadError, ConnectionError) as error:
        return refusal(400, f"the body did not arrive whole ({type(error).__name__}); send it again")
    except Exception:
        log.exception("intake.failed")
        return refusal(500, "this should not have happened, and is in the log; the article was not taken")
