"""`tallywire topics`: make the topics on a broker, or say in what they differ from what is declared."""

from __future__ import annotations

import asyncio

import click

from services.runtime.settings import Settings
from services.runtime.topics_admin import TopicsRefused
from services.runtime.topics_admin import check as check_topics
from services.runtime.topics_admin import create as create_topics

spread = click.option("--partitions", type=click.IntRange(1, 1000), help="Partitions of each topic that is spread; 12 unless said.")


@click.group()
def topics() -> None:
    """Create the topics on a broker, or check them."""


@topics.command()
@spread
@click.option("--replication", type=click.IntRange(1, 100), help="Copies of each record; 3, or as many as there are brokers.")
def create(partitions: int | None, replication: int | None) -> None:
    """Make every topic that is not there."""
    try:
        made = asyncio.run(create_topics(Settings(), partitions=partitions, replication=replication))
    except TopicsRefused as refused:
        raise click.ClickException(str(refused)) from refused
    width = max(len(each.topic) for each in made)
    for each in made:
        click.echo(f"{each.topic:{width}}  {each.outcome}" + (f", {each.partitions} partitions" if each.outcome == "created" else ""))


@topics.command()
@spread
def check(partitions: int | None) -> None:
    """Compare the topics with what is declared; fails when one differs."""
    try:
        differences = asyncio.run(check_topics(Settings(), partitions=partitions))
    except TopicsRefused as refused:
        raise click.ClickException(str(refused)) from refused
    for each in differences:
        click.echo(f"{each.topic}: {each.what}")
    if differences:
        raise click.exceptions.Exit(1)
    click.echo("All topics are as they are declared.")
