"""The sample wire as it lies on disk: articles with a head, the rules, and the alerts that must come of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import yaml

from schemas import RuleSet
from services.notify import rules_file
from services.notify.succession import succeed

WIRE = Path(__file__).with_name("wire")
RULES = WIRE / "rules.yaml"
POST = WIRE / "post-me.txt"
"""An article to post by hand."""

OUTLETS = {"wire-a": "Sample Wire A", "wire-b": "Sample Wire B", "daily": "Sample Daily"}
"""Invented outlets, each with a feed of its own: feed id -> name."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One entry of a feed."""

    outlet: str
    wave: int
    """From which on it is in the feed."""
    title: str = ""
    link: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    text: str = ""
    raw: str | None = None
    """An entry that is given as it stands, because it is broken."""


@dataclass(frozen=True, slots=True)
class Expected:
    """An alert that must arrive, told apart by what a person would name."""

    rule: str
    status: str
    value: int
    wave: int = 0

    def __str__(self) -> str:
        return f"{self.rule} {self.status} at {self.value:,}"


def read_sample(text: str) -> Sample:
    """An article of the wire: `name: value` lines, an empty line, the text.

    Raises:
        ValueError: the head is not as it should be.

    """
    head, _, body = text.partition("\n\n")
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    return Sample(
        outlet=fields["outlet"],
        wave=int(fields["wave"]),
        title=fields["title"],
        link=fields["link"],
        published=datetime.fromisoformat(fields["published"]),
        updated=datetime.fromisoformat(fields["updated"]) if "updated" in fields else None,
        text=body.strip(),
    )


def samples(folder: Path = WIRE / "articles") -> list[Sample]:
    """All entries of the wire, in the order of their files' names; a broken one belongs to the daily's second wave."""
    return [
        read_sample(file.read_text(encoding="utf-8"))
        if file.suffix == ".txt"
        else Sample(outlet="daily", wave=2, raw=file.read_text(encoding="utf-8"))
        for file in sorted(folder.iterdir())
    ]


def expected(which: str) -> list[Expected]:
    """The alerts that must come of the `wire`, or of the `post`."""
    return [Expected(**each) for each in yaml.safe_load((WIRE / "expected.yaml").read_text(encoding="utf-8"))[which]]


def load_rules(now: datetime) -> RuleSet:
    """The rules of the demonstration as they are published."""
    return succeed(None, rules_file.read(RULES), now)


def in_wave(wire: Iterable[Sample], wave: int) -> list[Sample]:
    """What the feeds hold in a wave: of entries with one address the newest only, as a publisher that corrects leaves it."""
    held: dict[str, Sample] = {}
    for each in wire:
        if each.wave <= wave:
            held[each.link or each.raw or ""] = each
    return list(held.values())
