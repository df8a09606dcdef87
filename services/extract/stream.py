"""The step as the runtime drives it: an article in, one reading out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

import orjson
from pydantic import ValidationError

from schemas import Article, Cause
from schemas.topics import ARTICLES, EVENTS, Topic
from services.stage import Invalid, Output, Record, Stage, State

from .extractor import Extractor


class Extract(Stage):
    """Reads every article; what is none is dead-lettered. It keeps no state."""

    name = "extract"
    topic: Topic = ARTICLES
    version: int | None = None

    def __init__(self, extractor: Extractor) -> None:
        self._extractor = extractor

    def handle(self, record: Record, state: State) -> Iterable[Output]:
        """One reading for an article, with the article's id as its key."""
        article = _decode(record)
        return [Output(EVENTS, article.id, self._extractor.read(article))]

    def idle(self, partition: int, state: State, now: datetime) -> Iterable[Output]:
        """Nothing is ever due here."""
        return ()

    def current(self, state: State) -> Iterator[Output]:
        """There is no state to tell of."""
        return iter(())


def _decode(record: Record) -> Article:
    if not record.value:
        raise Invalid(Cause.UNDECODABLE, "the record has no value")
    try:
        return Article.from_bytes(record.value)
    except (orjson.JSONDecodeError, UnicodeDecodeError) as error:
        raise Invalid(Cause.UNDECODABLE, f"not JSON: {error}") from error
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "the message"
        raise Invalid(Cause.INVALID, f"{field}: {first['msg']}") from error
    except (ValueError, RecursionError) as error:
        raise Invalid(Cause.INVALID, str(error)) from error
