"""Readings by article -> claims by book: what a reading says anew, and what the article no longer says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from schemas import Reading, Topic, key_of
from schemas.topics import CLAIMS, EVENTS, LEDGER_RETENTION, SLACK
from services.stage import Output, Record, Stage, State

from .articles import Remembered, forget, recall, remember
from .flatten import Stub, batches, flatten
from .moments import micros
from .reading import believed_at, ordered, read

KEPT: Final = (LEDGER_RETENTION + SLACK) * 1_000
"""Microseconds for which an article is remembered: longer than any book holds its claims."""

SWEPT_AT_ONCE: Final = 20
"""Articles forgotten with one record: more than come with one, so that forgetting keeps up."""


class Split(Stage):
    """Readings in, claims out: the newest reading of an article replaces the older ones in all books where their claims went."""

    name: str = "measure.split"
    topic: Topic = EVENTS
    version: int | None = 1

    def handle(self, record: Record, state: State) -> Iterable[Output]:
        """The claims of a reading and what it takes back; nothing where a newer one is known, the same for the same again."""
        reading = read(record, Reading.from_bytes)
        article = reading.article
        ordered(reading.extractor)
        published = micros(believed_at(article.published_at, article.collected_at, record))
        clock = self._advance(state, published)
        forget(state, clock, SWEPT_AT_ONCE)
        told = recall(state, article.id)
        claims = flatten(reading)
        if told is not None and told.tells_again(reading):
            taken_back = told.taken_back
        elif told is not None and not told.replaced_by(reading):
            remember(state, article.id, told.seen(article.revision))
            return []
        else:
            said = {(claim.id, claim.book) for claim in claims}
            taken_back = tuple(stub for stub in (told.claims if told else ()) if (stub.id, stub.book) not in said)
            remember(
                state,
                article.id,
                Remembered(
                    newest=article.revision,
                    revision=article.revision,
                    extractor=reading.extractor,
                    claims=tuple(Stub.of(claim) for claim in claims),
                    taken_back=taken_back,
                    expires=published + KEPT,
                ),
            )
        return [Output(CLAIMS, key_of(claim.book), claim) for claim in batches(reading, claims, taken_back)]

    def _advance(self, state: State, published: int) -> int:
        """The newest publication seen, this one among them."""
        row = state.get("clock")
        clock = max(published, int(row)) if row else published
        state.put("clock", str(clock).encode())
        return clock

    def idle(self, partition: int, state: State, now: datetime) -> Iterable[Output]:  # as services.stage.Stage has it
        return ()

    def current(self, state: State) -> Iterator[Output]:  # as services.stage.Stage has it
        return iter(())
