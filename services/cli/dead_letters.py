"""`tallywire dead-letters`: what could not be processed, why, and putting it back."""

from __future__ import annotations

import asyncio
import base64
from collections import Counter
from collections.abc import Callable
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from schemas import Cause, DeadLetter
from schemas.topics import DEAD_LETTERS
from services.runtime.reader import read_all
from services.runtime.replay import Outcome, replay
from services.runtime.settings import Settings
from services.up.blocks import clean, dead_letter

from .run import SERVICES

SHOWN_CHARACTERS = 2_000
"""Of an original: enough to see what it is."""


def chosen(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options by which dead letters are chosen."""
    command = click.option("--cause", type=click.Choice([str(cause) for cause in Cause]), help="Only with this cause.")(command)
    return click.option("--service", type=click.Choice(SERVICES), help="Only those that this service gave up on.")(command)


@click.group("dead-letters")
def dead_letters() -> None:
    """List, show and replay what could not be processed."""


@dead_letters.command("list")
@chosen
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True, help="Most that are shown, newest last.")
def list_(service: str | None, cause: str | None, limit: int) -> None:
    """Show what could not be processed, and why."""
    letters = asyncio.run(read(Settings(), service, cause))
    console = Console(highlight=False)
    for letter in letters[-limit:]:
        console.print(dead_letter(letter))
    console.print(Text(summary(letters), style="bold"))


@dead_letters.command()
@click.argument("letter")
def show(letter: str) -> None:
    """Show one dead letter by its id (its beginning is enough), with its original."""
    found = pick(asyncio.run(read(Settings(), None, None)), [letter])[0]
    console = Console(highlight=False)
    console.print(dead_letter(found))
    if found.original is None:
        console.print(Text("The original is kept where it was read, not here.", style="dim"))
        return
    original = base64.b64decode(found.original).decode(errors="replace")
    console.print(Text(clean(original, SHOWN_CHARACTERS)))


@dead_letters.command("replay")
@click.argument("letters", nargs=-1, metavar="[ID]...")
@chosen
@click.option("--all", "everything", is_flag=True, help="Replay all that are chosen; needed where no id is given.")
@click.option("--dry-run", is_flag=True, help="Say what would be replayed.")
def replay_(letters: tuple[str, ...], service: str | None, cause: str | None, *, everything: bool, dry_run: bool) -> None:
    """Put originals back to the topics they came from; what was replayed before is left alone."""
    if not letters and not everything:
        raise click.UsageError("name ids, or say --all (with --service and --cause to choose among them)")
    asyncio.run(_replay(Settings(), letters, service, cause, dry=dry_run))


async def _replay(settings: Settings, ids: tuple[str, ...], service: str | None, cause: str | None, *, dry: bool) -> None:
    letters = await read(settings, service, cause)
    if ids:
        letters = pick(letters, ids)
    outcomes: Counter[Outcome] = Counter()
    async for each in replay(settings, letters, dry=dry):
        outcomes[each.outcome] += 1
        click.echo(f"{each.letter.id}  {each.outcome}")
    click.echo(", ".join(f"{count} {outcome}" for outcome, count in outcomes.items()) or "Nothing to replay.")


async def read(settings: Settings, service: str | None, cause: str | None) -> list[DeadLetter]:
    """The dead letters that are chosen, oldest first, each once: a repeated one is the same."""
    records = await read_all(settings, DEAD_LETTERS, latest=False)
    records.sort(key=lambda record: record.timestamp)
    letters = {letter.id: letter for record in records if record.value for letter in [DeadLetter.from_bytes(record.value)]}
    return [letter for letter in letters.values() if service in (None, letter.service) and cause in (None, letter.cause)]


def pick(letters: list[DeadLetter], ids: tuple[str, ...] | list[str]) -> list[DeadLetter]:
    """The letters with these ids or beginnings of ids."""
    found = []
    for wanted in ids:
        matching = [letter for letter in letters if letter.id.startswith(wanted)]
        if len(matching) != 1:
            raise click.ClickException(
                f"{len(matching)} dead letters have an id that begins with {wanted!r}; `tallywire dead-letters list` shows all"
            )
        found += matching
    return found


def summary(letters: list[DeadLetter]) -> str:
    """How many there are, by service and cause."""
    if not letters:
        return "No dead letters."
    counts = Counter((letter.service, str(letter.cause)) for letter in letters)
    parts = ", ".join(f"{count} {service} {cause}" for (service, cause), count in sorted(counts.items()))
    return f"{len(letters)} dead {'letter' if len(letters) == 1 else 'letters'}: {parts}"
