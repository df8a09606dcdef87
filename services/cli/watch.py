"""`tallywire watch`: reads topics as a person would, one block a record."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress

import click
from rich.console import Console
from rich.text import Text

from schemas import TOPICS, Message, Topic, read_book_record, read_observation_record
from schemas.topics import CLAIMS, OBSERVATIONS
from services.runtime.reader import follow
from services.runtime.settings import Settings
from services.stage import Record
from services.up.blocks import block, clean, show

NAMES = {topic.name.split(".")[1]: topic for topic in TOPICS}
"""Short name -> topic."""


@click.command()
@click.argument("topic", required=False, type=click.Choice(list(NAMES)))
@click.option("--from-beginning", is_flag=True, help="Begin with the oldest record instead of the next one.")
def watch(topic: str | None, *, from_beginning: bool) -> None:
    """Show records as they come, of one TOPIC or of all; ends with Ctrl-C."""
    topics = [NAMES[topic]] if topic else list(TOPICS)
    with suppress(KeyboardInterrupt):
        asyncio.run(_watch(Settings(), topics, from_beginning=from_beginning))


async def _watch(settings: Settings, topics: Sequence[Topic], *, from_beginning: bool) -> None:
    console = Console(highlight=False)
    async for record in follow(settings, topics, from_beginning=from_beginning):
        place = f"{record.topic} {record.partition}:{record.offset} {record.timestamp:%Y-%m-%d %H:%M:%S}"
        console.print(Text(place, style="dim"))
        try:
            message = read(record)
        except ValueError as error:
            console.print(block("unread", "bold red", clean(str(error))))
            continue
        console.print(show(message) if message is not None else block("gone", "dim", clean((record.key or b"").decode(errors="replace"))))


def read(record: Record) -> Message | None:
    """The message of a record of any topic; None for a tombstone.

    Raises:
        ValueError: it is not the message that its topic carries.

    """
    if record.value is None:
        return None
    if record.topic == CLAIMS.name:
        return read_book_record(record.value)
    if record.topic == OBSERVATIONS.name:
        return read_observation_record(record.value)
    (kind,) = next(topic.messages for topic in TOPICS if topic.name == record.topic)
    return kind.from_bytes(record.value)
