"""`tallywire deliveries`: what was told to whom, what waits, and sending again or no more by hand."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import click
import orjson
from rich.console import Console
from rich.table import Table
from rich.text import Text

from schemas import Delivery, DeliveryStatus, iso, key_of
from schemas.topics import DELIVERIES
from services.notify.delivery.advance import cancelled, replayed
from services.notify.delivery.pending import Progress
from services.receive import render
from services.runtime.picking import NotOne, pick
from services.runtime.publisher import Publisher
from services.runtime.reader import read_each
from services.runtime.settings import Settings
from services.stage import Output, Record

from .options.moments import Moment

SHORT_ID = 8
"""Characters of an id in a list: enough to tell deliveries apart, and any beginning of an id is understood."""


def chosen(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options by which deliveries are chosen."""
    command = click.option("--since", type=Moment(), help="Only those scheduled at or after this time: ISO (UTC), or 2h, 3d ago.")(command)
    command = click.option("--status", type=click.Choice([str(status) for status in DeliveryStatus]), help="Only with this status.")(
        command
    )
    return click.option("--endpoint", help="Only to this endpoint.")(command)


@click.group()
def deliveries() -> None:
    """List, show, replay and cancel webhook deliveries."""


@deliveries.command("list")
@chosen
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="Most that are shown, newest last.")
def list_(endpoint: str | None, status: str | None, since: datetime | None, limit: int) -> None:
    """Show where deliveries stand."""
    found = select(asyncio.run(read(Settings())), endpoint, status, since)
    console = Console(highlight=False)
    if found:
        console.print(table(found[-limit:]))
    console.print(Text(summary(found), style="bold"))


@deliveries.command()
@click.argument("delivery")
def show(delivery: str) -> None:
    """Show one delivery by its id (its beginning is enough), with what was sent."""
    (found,) = picked(asyncio.run(read(Settings())), [delivery])
    console = Console(highlight=False)
    for name, value in facts(found):
        console.print(Text(f"{name:13}", style="dim").append(value, style="default"))
    console.print(render(orjson.loads(found.body), verified=True, duplicate=False))


@deliveries.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@chosen
@click.option("--all", "everything", is_flag=True, help="All that are chosen; needed where no id is given.")
@click.option("--dry-run", is_flag=True, help="Say what would be sent again.")
def replay(
    ids: tuple[str, ...], endpoint: str | None, status: str | None, since: datetime | None, *, everything: bool, dry_run: bool
) -> None:
    """Send again what has ended, with the same webhook-id and body."""
    found = [each for each in _chosen(ids, endpoint, status, since, everything=everything) if each.status.final]
    _write(found, replayed, "sent again", dry=dry_run)


@deliveries.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@chosen
@click.option("--all", "everything", is_flag=True, help="All that are chosen; needed where no id is given.")
@click.option("--dry-run", is_flag=True, help="Say what would be cancelled.")
def cancel(
    ids: tuple[str, ...], endpoint: str | None, status: str | None, since: datetime | None, *, everything: bool, dry_run: bool
) -> None:
    """Attempt no more what still waits."""
    found = [each for each in _chosen(ids, endpoint, status, since, everything=everything) if not each.status.final]
    _write(found, cancelled, "cancelled", dry=dry_run)


def _chosen(ids: Sequence[str], endpoint: str | None, status: str | None, since: datetime | None, *, everything: bool) -> list[Delivery]:
    if not ids and not everything:
        raise click.UsageError("name ids, or say --all (with --endpoint, --status and --since to choose among them)")
    found = asyncio.run(read(Settings()))
    return select(picked(found, ids) if ids else found, endpoint, status, since)


def _write(found: Sequence[Delivery], change: Callable[[Delivery, datetime], Delivery], done: str, *, dry: bool) -> None:
    now = datetime.now(UTC)
    if not dry:
        asyncio.run(_send(Settings(), [change(each, now) for each in found]))
    for each in found:
        click.echo(f"{each.id}  {each.endpoint}  {each.type}")
    click.echo(f"{len(found)} {'would be' if dry else 'will be' if done == 'sent again' else 'were'} {done}.")


async def _send(settings: Settings, records: Sequence[Delivery]) -> None:
    async with Publisher(settings, "tallywire-deliveries") as publisher:
        await publisher.send(Output(DELIVERIES, key_of(each.endpoint, each.id), each) for each in records)


async def read(settings: Settings) -> list[Delivery]:
    """Every delivery as far as it has come, in the order of their scheduling."""
    known: dict[str, Delivery] = {}
    async for record in read_each(settings, DELIVERIES):
        take(known, record)
    return sorted(known.values(), key=lambda each: (each.scheduled_at, each.id))


def take(known: dict[str, Delivery], record: Record) -> None:
    """Keep of each delivery the record that is furthest, which need not be its last; what cannot be read is left out."""
    try:
        delivery = Delivery.from_bytes(record.value or b"")
    except ValueError:
        return  # dead-lettered by whoever delivers
    before = known.get(delivery.id)
    if before is None or Progress.of(delivery) > Progress.of(before):
        known[delivery.id] = delivery


def select(found: Sequence[Delivery], endpoint: str | None, status: str | None, since: datetime | None) -> list[Delivery]:
    """The deliveries that are chosen."""
    after = since or datetime.min.replace(tzinfo=UTC)
    return [each for each in found if endpoint in (None, each.endpoint) and status in (None, each.status) and each.scheduled_at >= after]


def picked(found: Sequence[Delivery], ids: Sequence[str]) -> list[Delivery]:
    """The deliveries with these ids or beginnings of ids."""
    try:
        return pick(found, ids, "deliveries")
    except NotOne as error:
        raise click.ClickException(f"{error}; `tallywire deliveries list` shows all") from error


def table(found: Sequence[Delivery]) -> Table:
    """One line for each delivery."""
    lines = Table("id", "endpoint", "type", "status", "attempts", "scheduled", "next", "last outcome", box=None, header_style="dim")
    for each in found:
        lines.add_row(
            each.id[:SHORT_ID],
            each.endpoint,
            each.type,
            Text(
                each.status,
                style="green" if each.status is DeliveryStatus.DELIVERED else "red" if each.status is DeliveryStatus.FAILED else "",
            ),
            str(each.attempts),
            f"{each.scheduled_at:%m-%d %H:%M:%S}",
            "" if each.status.final else f"{each.due_at:%m-%d %H:%M:%S}",
            Text(f"{each.last.outcome} {each.last.status or ''}".strip() if each.last else ""),
        )
    return lines


def facts(delivery: Delivery) -> list[tuple[str, str]]:
    """What is known of a delivery, line by line."""
    last = delivery.last
    lines = [
        ("id", delivery.id),
        ("endpoint", delivery.endpoint),
        ("alert", delivery.alert),
        ("status", str(delivery.status)),
        ("scheduled", iso(delivery.scheduled_at)),
        ("attempts", str(delivery.attempts)),
    ]
    if not delivery.status.final:
        lines.append(("next attempt", iso(delivery.due_at)))
    if delivery.replays:
        lines.append(("put back", f"{delivery.replays} times"))
    if last is not None:
        lines.append(("last attempt", f"{iso(last.at)}  {last.outcome}  {last.detail}  ({last.seconds:g} s)"))
    return lines


def summary(found: Sequence[Delivery]) -> str:
    """How many there are, by status."""
    if not found:
        return "No deliveries."
    counts = Counter(str(each.status) for each in found)
    return f"{len(found)} {'delivery' if len(found) == 1 else 'deliveries'}: " + ", ".join(
        f"{count} {status}" for status, count in sorted(counts.items())
    )
