"""The two handlers, the same functions for every contestant: an article's bytes in, a reading out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from schemas import Article, ArticleReference, Reading
from services.extract.extraction import EXTRACTOR, Extraction

NO_SIMHASH = "0" * 16
"""The extractor counts it; the empty handler does not read the text."""

Read = Callable[[bytes], Reading]
"""Validates an article and says what came of it; its bytes are the record to write, under the key of the article."""


def empty() -> Read:
    """Validates the article, and makes a reading without events."""

    def read(value: bytes) -> Reading:
        article = Article.from_bytes(value)
        return Reading(article=ArticleReference.of(article, NO_SIMHASH, article.published_at), extractor=EXTRACTOR)

    return read


def extract() -> Read:
    """The extractor of the service, with its tables loaded."""
    extraction = Extraction()

    def read(value: bytes) -> Reading:
        return extraction.read(Article.from_bytes(value))

    return read


HANDLERS: Mapping[str, Callable[[], Read]] = {"empty": empty, "extract": extract}
"""By the name that the command line takes."""
