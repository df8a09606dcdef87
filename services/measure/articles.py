"""What the split remembers of an article: the newest reading of it, and where its claims went."""

from __future__ import annotations

from schemas import Extractor, Message, Reading, Revision
from services.stage import State

from .flatten import Stub
from .moments import sortable
from .reading import ordered

ROW = "article|"
"""Below this the rows stand, by article."""

EXPIRY = "expiry|"
"""Below this stands what is to be forgotten, by time."""


class Remembered(Message):
    """The newest reading of an article."""

    newest: Revision
    """The newest revision that came."""
    revision: Revision
    """The one whose claims stand in the books: the same content may have come again later."""
    extractor: Extractor
    """What read it."""
    claims: tuple[Stub, ...] = ()
    """The claims that it led to."""
    taken_back: tuple[Stub, ...] = ()
    """Those of the reading before it that it no longer says."""
    expires: int
    """When it may be forgotten (microseconds since 1970)."""

    def tells_again(self, reading: Reading) -> bool:
        """Whether this very reading has been seen."""
        return reading.article.revision == self.revision and reading.extractor == self.extractor

    def replaced_by(self, reading: Reading) -> bool:
        """Whether a reading is newer: of a later revision, or of the same by a later extractor."""
        revision = reading.article.revision
        if revision.content != self.revision.content:
            return order(revision) > order(self.newest)
        return ordered(reading.extractor) > ordered(self.extractor)

    def seen(self, revision: Revision) -> Remembered:
        """The same, knowing of a revision that changes nothing but may be the newest."""
        return self.model_copy(update={"newest": max(self.newest, revision, key=order)})


def order(revision: Revision) -> tuple[object, str]:
    """By what revisions of an article are ordered."""
    return revision.updated_at, revision.content


def recall(state: State, article: str) -> Remembered | None:
    """What is remembered of an article."""
    row = state.get(ROW + article)
    return Remembered.from_bytes(row) if row else None


def remember(state: State, article: str, told: Remembered) -> None:
    """Keep what is known of an article until it expires."""
    state.put(ROW + article, told.to_bytes())
    state.put(f"{EXPIRY}{sortable(told.expires)}|{article}", b"")


def forget(state: State, before: int, most: int) -> None:
    """Forget articles that expired before a moment, at most so many at once."""
    due: list[str] = []
    for key, _ in state.scan(EXPIRY):
        if len(due) == most or key >= EXPIRY + sortable(before):
            break
        due.append(key)
    for key in due:
        state.delete(key)
        article = key.split("|", 2)[2]
        told = recall(state, article)
        if told is not None and told.expires < before:
            state.delete(ROW + article)
