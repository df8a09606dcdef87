"""`tallywire rules`: check alert rules as they are written, and put them into force."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click
import orjson

from schemas import Rule, RuleSet
from schemas.topics import RULES
from services.notify.rules_file import RulesRefused, read
from services.notify.rules_form import json_schema
from services.notify.succession import Change, changes, succeed
from services.runtime.process import wall_clock
from services.runtime.publisher import Publisher
from services.runtime.reader import read_all
from services.runtime.settings import Settings
from services.stage import Output

KEY = "rules"
"""Key of the one record that is the rule set in force."""

source = click.argument("path", metavar="FILE|FOLDER", type=click.Path(exists=True, path_type=Path))


@click.group()
def rules() -> None:
    """Check and publish alert rules."""


@rules.command()
@source
def lint(path: Path) -> None:
    """Check rules: each fault with its file, its line, and what would be right."""
    found = checked(path)
    click.echo(f"{_counted(len(found))}, nothing wrong: {', '.join(rule.id for rule in found) or 'none'}")


@rules.command()
@source
@click.option("--dry-run", is_flag=True, help="Say what would change.")
def publish(path: Path, *, dry_run: bool) -> None:
    """Put rules into force, all of them or none; rules that are in force and not in FILE|FOLDER are withdrawn."""
    asyncio.run(_publish(Settings(), checked(path), dry_run=dry_run))


@rules.command()
def schema() -> None:
    """Write the JSON Schema of a rules file, for an editor to check it while it is written."""
    click.echo(orjson.dumps(json_schema(), option=orjson.OPT_INDENT_2).decode())


def checked(path: Path) -> tuple[Rule, ...]:
    """The rules of a file or folder; faults are shown, one a line, and end the command."""
    try:
        return read(path)
    except RulesRefused as refused:
        for fault in refused.faults:
            click.echo(str(fault), err=True)
        raise click.ClickException(
            f"{len(refused.faults)} fault{'' if len(refused.faults) == 1 else 's'}; no rule is in force because of this"
        ) from refused
    except OSError as error:
        raise click.ClickException(f"{path} cannot be read: {error.strerror}") from error


async def _publish(settings: Settings, found: tuple[Rule, ...], *, dry_run: bool) -> None:
    before = await in_force(settings)
    after = succeed(before, found, wall_clock())
    if before is not None and before.hash == after.hash:
        click.echo(f"Unchanged: {_counted(len(found))} in force since {before.published_at:%Y-%m-%d %H:%M} UTC, hash {before.hash}")
        return
    for change in changes(before, after):
        click.echo(_line(change))
    if dry_run:
        click.echo("Nothing was published.")
        return
    async with Publisher(settings, "rules") as publisher:
        await publisher.send([Output(RULES, KEY, after)])
    click.echo(f"In force: {_counted(len(found))}, hash {after.hash}")


async def in_force(settings: Settings) -> RuleSet | None:
    """The rule set in force; None where none was published."""
    records = await read_all(settings, RULES)
    newest = max((record for record in records if record.value is not None), key=lambda record: record.offset, default=None)
    return None if newest is None or newest.value is None else RuleSet.from_bytes(newest.value)


def _line(change: Change) -> str:
    return f"{change.rule}: {change.what}"


def _counted(number: int) -> str:
    return f"{number} rule{'' if number == 1 else 's'}"
