"""`tallywire dead-letters`: what could not be processed, why, and putting it back."""

from __future__ import annotations

import asyncio
import base64
import heapq
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime
from itertools import count
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from schemas import Cause, DeadLetter, iso
from services.runtime.letters import Choice, Found, Unread, letters
from services.runtime.picking import NotOne, Picking
from services.runtime.replay import Original, Outcome, original_of, replay
from services.runtime.settings import Settings
from services.runtime.turn import Lost
from services.up.blocks import clean, dead_letter

from .options.moments import Moment
from .run import SERVICES

SHOWN_CHARACTERS = 2_000
"""Of an original: enough to see what it is."""

LISTED = 100
"""Dead letters shown to a person, unless said otherwise; a machine gets all."""

CALLED = "dead letters"


def chosen(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options by which dead letters are chosen."""
    command = click.option("--until", type=Moment(), help="Only those written before this time.")(command)
    command = click.option("--since", type=Moment(), help="Only those written at or after this time: ISO (UTC), or 2h, 3d ago.")(command)
    command = click.option("--cause", type=click.Choice([str(cause) for cause in Cause]), help="Only with this cause.")(command)
    return click.option("--service", type=click.Choice(SERVICES), help="Only those that this service gave up on.")(command)


@click.group("dead-letters")
def dead_letters() -> None:
    """List, show and replay what could not be processed."""


@dead_letters.command("list")
@chosen
@click.option("--limit", type=click.IntRange(1), help=f"Most that are shown, newest last; {LISTED} in a table, all as JSON.")
@click.option("--format", "form", type=click.Choice(["text", "jsonl"]), default="text", show_default=True, help="For whom.")
def list_(service: str | None, cause: str | None, since: datetime | None, until: datetime | None, limit: int | None, form: str) -> None:
    """Show what could not be processed, and why; as JSON with the originals, for machines."""
    choice = Choice(service, cause, since, until)
    asyncio.run(_print_json(choice, limit) if form == "jsonl" else _print(choice, limit or LISTED))


async def _print(choice: Choice, limit: int) -> None:
    unread = Unread()
    newest: list[tuple[datetime, int, Found]] = []
    counts: Counter[tuple[str, str]] = Counter()
    order = count()
    async for found in letters(Settings(), choice, unread):
        counts[found.letter.service, str(found.letter.cause)] += 1
        kept = Found(found.letter.model_copy(update={"original": None}), found.written)  # half a megabyte each, and not shown
        heapq.heappush(newest, (found.written, next(order), kept))
        if len(newest) > limit:
            heapq.heappop(newest)
    console = Console(highlight=False)
    for _, _, found in sorted(newest, key=lambda each: each[:2]):
        console.print(dead_letter(found.letter))
    console.print(Text(summary(counts), style="bold"))
    if unread.count:
        console.print(Text(f"{unread.count} records on the topic are no dead letters, and were passed over.", style="dim"))


async def _print_json(choice: Choice, limit: int | None) -> None:
    """One line each in ASCII, so that nothing in them reaches a terminal as a command."""
    shown = 0
    async for found in letters(Settings(), choice):
        click.echo(json.dumps({"written": iso(found.written), **found.letter.model_dump(mode="json")}))
        shown += 1
        if shown == limit:
            return


@dead_letters.command()
@click.argument("letter")
def show(letter: str) -> None:
    """Show one dead letter by its id (its beginning is enough), with its original."""
    asyncio.run(_show(Settings(), letter))


async def _show(settings: Settings, beginning: str) -> None:
    picking = Picking([beginning])
    first: Found | None = None
    async for found in letters(settings, Choice(picking=picking)):
        first = first or found
    _check(picking)
    assert first is not None, "exactly one was picked"  # noqa: S101  # for mypy
    there = await original_of(settings, first.letter)
    console = Console(highlight=False)
    console.print(dead_letter(first.letter))
    for name, value in facts(first, there):
        console.print(Text(f"{name:10}", style="dim").append(clean(value), style="default"))
    console.print(Text(_original(first.letter, there)))


def facts(found: Found, there: Original | None) -> list[tuple[str, str]]:
    """What is known of a letter, line by line."""
    letter = found.letter
    lines = [("written", iso(found.written)), ("attempts", str(letter.attempts))]
    if letter.key is not None:
        lines.append(("key", base64.b64decode(letter.key).decode(errors="replace")))
    if there is not None and there.replay_of is not None:
        lines.append(("replay of", there.replay_of))
    return lines


def _original(letter: DeadLetter, there: Original | None) -> str:
    """The beginning of the original, as a letter has it or as it lies on its topic; nothing in it reaches a terminal as a command."""
    if letter.original is not None:
        value: bytes | None = base64.b64decode(letter.original)
    elif not letter.size:
        return "The original is a tombstone: it has no value."
    elif there is None:
        return "The original was too large to be kept here, and is no longer where it was read."
    else:
        value = there.value
    return clean((value or b"")[: 4 * SHOWN_CHARACTERS + 4].decode(errors="replace"), SHOWN_CHARACTERS)


@dead_letters.command("replay")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@chosen
@click.option("--all", "everything", is_flag=True, help="Replay all that are chosen; needed where no id is given.")
@click.option("--dry-run", is_flag=True, help="Say what would be replayed.")
def replay_(
    ids: tuple[str, ...],
    service: str | None,
    cause: str | None,
    since: datetime | None,
    until: datetime | None,
    *,
    everything: bool,
    dry_run: bool,
) -> None:
    """Put originals back to the topics they came from; what was replayed before is left alone."""
    if not ids and not everything:
        raise click.UsageError("name ids, or say --all (with --service, --cause, --since and --until to choose among them)")
    picking = Picking(ids) if ids else None
    asyncio.run(_replay(Settings(), Choice(service, cause, since, until, picking), dry=dry_run))


async def _replay(settings: Settings, choice: Choice, *, dry: bool) -> None:
    if choice.picking is not None:
        async for _ in letters(settings, choice):
            pass  # that each id is one letter's is known when all have been looked at, and before anything is put back
        _check(choice.picking)

    async def source() -> AsyncIterator[DeadLetter]:
        async for found in letters(settings, choice):
            yield found.letter

    outcomes: Counter[Outcome] = Counter()
    try:
        async for each in replay(settings, source, dry=dry, waiting=_wait):
            outcomes[each.outcome] += 1
            click.echo(f"{clean(each.letter.id)}  {each.outcome}")
    except Lost as lost:
        raise click.ClickException(str(lost)) from lost
    click.echo(", ".join(f"{number} {outcome}" for outcome, number in outcomes.items()) or "Nothing to replay.")


def _wait() -> None:
    click.echo("Waiting: another replay is under way, or was broken off a moment ago.", err=True)


def _check(picking: Picking) -> None:
    try:
        picking.check(CALLED)
    except NotOne as error:
        raise click.ClickException(f"{error}; `tallywire dead-letters list` shows all") from error


def summary(counts: Mapping[tuple[str, str], int]) -> str:
    """How many there are, by service and cause."""
    total = sum(counts.values())
    if not total:
        return "No dead letters."
    parts = ", ".join(f"{number} {clean(service, 64)} {clean(cause, 64)}" for (service, cause), number in sorted(counts.items()))
    return f"{total} dead {'letter' if total == 1 else 'letters'}: {parts}"
