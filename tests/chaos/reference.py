"""What the input leads to, computed without a broker: the services' own stages in one process, each article once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from schemas import Article, Indicator, partition_of
from schemas.topics import ARTICLES
from services.extract.extraction import Extraction
from services.extract.stream import Extract
from services.measure.stream import Fold, Split
from services.stage import Output, Record, Stage
from tests.support.installation import comparable
from tests.support.state import MemoryState

PARTITIONS = 4
"""Of each topic, as an installation of tests makes them."""

NOW = datetime(2100, 1, 1, tzinfo=UTC)
"""The broker's time of all records: later than what any article says of itself, as it is on a broker."""

APART = ("revision", "previous")
"""Fields of an indicator in which the way to a figure shows: moments in between differ with the interleaving of partitions."""

_KNOWN: dict[tuple[str, ...], dict[str, dict[str, Any]]] = {}


def figures(articles: Sequence[Article]) -> dict[str, dict[str, Any]]:
    """Key -> final indicator in comparable form; computed once for the same articles, at some 5 ms each."""
    name = tuple(sorted(f"{article.id} {article.revision}" for article in articles))
    if name not in _KNOWN:
        _KNOWN[name] = _folded(articles)
    return _KNOWN[name]


def _folded(articles: Sequence[Article]) -> dict[str, dict[str, Any]]:
    sent = (Output(ARTICLES, article.id, article) for article in articles)
    told = _through(Fold(PARTITIONS), _through(Split(), _through(Extract(Extraction()), sent)))
    last = {output.key: output.value for output in told}
    return {key: comparable(value, *APART) for key, value in last.items() if isinstance(value, Indicator)}


def _through(stage: Stage, outputs: Iterable[Output]) -> Iterator[Output]:
    """What comes of a topic's records in a stage that has all of its partitions."""
    states: dict[int, MemoryState] = defaultdict(MemoryState)
    ends: Counter[int] = Counter()
    for output in outputs:
        partition = partition_of(output.key, PARTITIONS)
        value = None if output.value is None else output.value.to_bytes()
        record = Record(stage.topic.name, partition, ends[partition], output.key.encode(), value, NOW)
        ends[partition] += 1
        yield from stage.handle(record, states[partition])
