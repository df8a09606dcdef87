"""`tallywire topics`: make the topics on a broker, and who may use them, or say in what they differ from what is declared."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import click

from services.runtime.access import ROLES
from services.runtime.acls import AclsRefused, check_acls, create_acls
from services.runtime.settings import Settings
from services.runtime.topics_admin import TopicsRefused
from services.runtime.topics_admin import check as check_topics
from services.runtime.topics_admin import create as create_topics

USER_PREFIX = "tallywire-"
"""Before the name of a role it is its user, unless said otherwise."""

spread = click.option("--partitions", type=click.IntRange(1, 1000), help="Partitions of each topic that is spread; 12 unless said.")


def principals(given: tuple[str, ...], prefix: str) -> dict[str, str]:
    """Role -> principal of each role: those given by name, the others by their prefix.

    Raises:
        click.BadParameter: there is no such role, or no such form.

    """
    found = {role: f"User:{prefix}{role}" for role in ROLES}
    for each in given:
        role, equals, user = each.partition("=")
        if role not in ROLES or not equals or not user.startswith("User:"):
            raise click.BadParameter(f"{each!r}: write ROLE=User:NAME, with one of {', '.join(ROLES)}", param_hint="--user")
        found[role] = user
    return found


def users(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say who the users are."""
    command = click.option("--user-prefix", default=USER_PREFIX, show_default=True, help="Users are called this and their role.")(command)
    command = click.option(
        "--user",
        "named",
        multiple=True,
        metavar="ROLE=User:NAME",
        help="Another user for a role, such as User:CN=extract; may be repeated.",
    )(command)
    return click.option("--acls", is_flag=True, help="And the ACLs by which each user may do what its role needs, and no more.")(command)


@click.group()
def topics() -> None:
    """Create the topics on a broker, or check them."""


@topics.command()
@spread
@click.option("--replication", type=click.IntRange(1, 100), help="Copies of each record; 3, or as many as there are brokers.")
@users
def create(partitions: int | None, replication: int | None, named: tuple[str, ...], user_prefix: str, *, acls: bool) -> None:
    """Make every topic that is not there."""
    settings = Settings()
    of_roles = principals(named, user_prefix)
    try:
        made = asyncio.run(create_topics(settings, partitions=partitions, replication=replication))
        width = max(len(each.topic) for each in made)
        for each in made:
            click.echo(f"{each.topic:{width}}  {each.outcome}" + (f", {each.partitions} partitions" if each.outcome == "created" else ""))
        if acls:
            _create_acls(settings, of_roles)
    except (TopicsRefused, AclsRefused) as refused:
        raise click.ClickException(str(refused)) from refused


def _create_acls(settings: Settings, of_roles: Mapping[str, str]) -> None:
    created, there = asyncio.run(create_acls(settings, of_roles))
    for rule in created:
        click.echo(f"{rule}: created")
    click.echo(f"{len(created)} ACLs created, {len(there)} were there")


@topics.command()
@spread
@users
def check(partitions: int | None, named: tuple[str, ...], user_prefix: str, *, acls: bool) -> None:
    """Compare the topics with what is declared; fails when one differs."""
    settings = Settings()
    of_roles = principals(named, user_prefix)
    try:
        found = [f"{each.topic}: {each.what}" for each in asyncio.run(check_topics(settings, partitions=partitions))]
        if acls:
            found += [str(each) for each in asyncio.run(check_acls(settings, of_roles))]
    except (TopicsRefused, AclsRefused) as refused:
        raise click.ClickException(str(refused)) from refused
    for line in found:
        click.echo(line)
    if found:
        raise click.exceptions.Exit(1)
    click.echo("All topics are as they are declared" + (", and each user may do what its role needs, and no more." if acls else "."))
