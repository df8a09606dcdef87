"""Whether confidence means what it says: of counts by their confidence, how many are right on labelled texts.

`python -m tests.bench.calibration GOLD.jsonl EVENTS.jsonl`, as they are given to a scorer of totals: a line of GOLD is a text's id and
the totals of its measures ({"id", "gold": {measure: total}}), a line of EVENTS is what `tallywire extract --format jsonl` prints.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

TOLD = frozenset({"asserted", "claimed"})
"""Realis of what is told as having happened."""

STEP = 0.05
"""Width of a row of the table: a count carries two digits, and few texts are labelled."""


@dataclass(frozen=True, slots=True)
class Row:
    """Counts whose confidence is alike."""

    least: float
    """The least confidence of the row."""
    counts: int
    right: int

    @property
    def share(self) -> float:
        """How many of them are right, 0 to 1."""
        return self.right / self.counts


def judged(events: Iterable[Mapping[str, Any]], gold: Mapping[str, int], groups: frozenset[str] | None) -> Iterator[tuple[float, bool]]:
    """Of each count that one text's total is made of, its confidence and whether that total is right.

    A total tells of none of its counts which one is wrong: all of them are taken to be.
    """
    for measure, total in gold.items():
        told = [
            count
            for event in events
            if not event["background"]
            for count in event["counts"]
            if count["measure"] == measure and count["realis"] in TOLD and (groups is None or count["group"] in groups)
        ]
        ids = {count["id"] for count in told}
        top = [count for count in told if count["parent"] not in ids and count["value"]]
        right = sum(count["value"] for count in top) == total
        yield from ((count["confidence"], right) for count in top)


def table(judgements: Iterable[tuple[float, bool]]) -> list[Row]:
    """The rows from the surest down; empty ones are left out."""
    rows: dict[int, list[bool]] = defaultdict(list)
    for confidence, right in judgements:
        rows[round(confidence * 100) // round(STEP * 100)].append(right)
    return [Row(round(step * STEP, 2), len(rights), sum(rights)) for step, rights in sorted(rows.items(), reverse=True)]


def main() -> None:
    """Print the table of two files."""
    gold_file, events_file = (Path(name) for name in sys.argv[1:3])
    by_text: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in events_file.read_bytes().splitlines():
        event = orjson.loads(line)
        by_text[event["article"]["id"]].append(event)
    judgements: list[tuple[float, bool]] = []
    for line in gold_file.read_bytes().splitlines():
        text = orjson.loads(line)
        groups = frozenset({"aid_workers"}) if text.get("meta", {}).get("population") == "aid workers" else None
        judgements += judged(by_text[text["id"]], text["gold"], groups)
    for row in table(judgements):
        print(f"{row.least:.2f}..{row.least + STEP - 0.01:.2f}  {row.counts:5d} counts  {row.share:.0%} right")


if __name__ == "__main__":
    main()
