"""`tallywire why`: why a rule fired, or why it did not, with the words behind it."""

from __future__ import annotations

import asyncio

import click
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from schemas import Decision, Evidence
from schemas.topics import DECISIONS
from services.runtime.reader import read_all
from services.runtime.settings import Settings
from services.up.blocks import clean, decision

from .rules import in_force

MAX_WORDS = 300
"""Longest sentence that is shown of an article."""


@click.command()
@click.argument("rule")
@click.option("--group", "groups", multiple=True, metavar="NAME=VALUE", help="Only groups with this label; may be given more than once.")
@click.option(
    "--limit", type=click.IntRange(1), default=20, show_default=True, help="Most groups that are shown, the newest decision first."
)
def why(rule: str, groups: tuple[str, ...], limit: int) -> None:
    """Say why RULE fired or did not: its last decision for each group."""
    labels = dict(_label(group) for group in groups)
    asyncio.run(_why(Settings(), rule, labels, limit))


async def _why(settings: Settings, rule: str, labels: dict[str, str], limit: int) -> None:
    records = await read_all(settings, DECISIONS)
    decisions = [Decision.from_bytes(record.value) for record in records if record.value is not None]
    found = chosen(decisions, rule, labels)
    console = Console(highlight=False)
    for each in found[:limit]:
        console.print(decision(each))
        for piece in each.evidence:
            console.print(Padding(cited(piece), (0, 0, 0, 11)))
    if len(found) > limit:
        console.print(Text(f"and {len(found) - limit} more groups; choose with --group, or raise --limit", style="dim"))
    if not found:
        raise click.ClickException(await _nothing(settings, decisions, rule, labels))


async def _nothing(settings: Settings, decisions: list[Decision], rule: str, labels: dict[str, str]) -> str:
    """Why there is no decision to show."""
    if labels and (others := chosen(decisions, rule, {})):
        groups = "; ".join(clean(_named(each.group), 80) for each in others[:5])
        return f"{rule} has decided for no such group; it has for: {groups}"
    current = await in_force(settings)
    known = [each.id for each in current.rules] if current is not None else []
    if rule in known:
        return f"{rule} is in force, and has not seen a figure that it watches"
    return f"no rule {rule} is in force; in force are: {', '.join(known) or 'none'}"


def chosen(decisions: list[Decision], rule: str, labels: dict[str, str]) -> list[Decision]:
    """The decisions of a rule for groups with these labels, the newest first."""
    found = [each for each in decisions if each.rule == rule and labels.items() <= each.group.items()]
    return sorted(found, key=lambda each: (each.at, sorted(each.group.items())), reverse=True)


def cited(piece: Evidence) -> Text:
    """The words of one claim, who told them, and where they can be read."""
    told = " · ".join(clean(part, 120) for part in (piece.teller, piece.source, f"{piece.published_at:%Y-%m-%d}", piece.url or "") if part)
    return Text.assemble(f"“{clean(piece.sentence, MAX_WORDS)}”", "\n", (told, "dim"))


def _named(group: dict[str, str]) -> str:
    return ", ".join(f"{name}={value}" for name, value in sorted(group.items())) or "all together"


def _label(given: str) -> tuple[str, str]:
    name, equals, value = given.partition("=")
    if not equals or not name:
        raise click.BadParameter(f"{given!r} is no label; write it as NAME=VALUE, such as country=SY", param_hint="--group")
    return name, value
