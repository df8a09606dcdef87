"""What reads an article, as the stage drives it: our own engine, or another that is given in its place."""

from __future__ import annotations

from typing import Protocol

from schemas import Article, Reading


class Extractor(Protocol):
    """Reads articles. Pure: the same article gives the same reading, and its name and version stand on it."""

    def read(self, article: Article) -> Reading:
        """What the article says happened, in numbers, within milliseconds; a withdrawn one says nothing.

        Whatever it raises is unexpected: the article is tried again, then dead-lettered.
        """
        ...
