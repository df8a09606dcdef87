"""`tallywire up`: everything on this machine, with the sample wire going through."""

from __future__ import annotations

import asyncio
import logging
import signal
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console

from services.runtime.settings import Settings
from services.runtime.topics_admin import TopicsRefused
from services.up.broker import BrokerFailed
from services.up.demonstration import Failed, Wish, demonstrate
from services.up.plan import CannotStart
from services.up.samples import load_rules

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""What ends it: Ctrl-C, a polite kill, a closed terminal."""

INTERRUPTED = 130
"""Exit code of a run to be finished that was not let finish, as shells count."""


@click.command()
@click.option("--once", is_flag=True, help="End when the sample wire is through: 0 when its expected alerts have arrived.")
@click.option(
    "--bootstrap", metavar="HOST:PORT", help="Use this Kafka instead of the embedded broker; what is made there is removed in the end."
)
@click.option("--state", type=click.Path(path_type=Path), metavar="FOLDER", help="Where the fresh folder for state and logs is made.")
def up(bootstrap: str | None, state: Path | None, *, once: bool) -> None:
    """Start every service, send the sample wire through, show what becomes of it; Ctrl-C ends it all."""
    logging.basicConfig(level=logging.CRITICAL)
    try:
        ended = asyncio.run(_up(Settings(), Wish(once=once, bootstrap=bootstrap, state=state)))
    except (CannotStart, BrokerFailed, TopicsRefused, Failed) as error:
        raise click.ClickException(str(error)) from error
    if once and not ended:
        raise click.exceptions.Exit(INTERRUPTED)


async def _up(settings: Settings, wish: Wish) -> bool:
    """Whether it ended by itself; the first signal ends it in order, a second one at once."""
    show = asyncio.create_task(demonstrate(settings, wish, Console(highlight=False), load_rules(datetime.now(UTC))))
    loop = asyncio.get_running_loop()

    def end() -> None:
        for number in SIGNALS:
            loop.remove_signal_handler(number)
        show.cancel()

    for number in SIGNALS:
        loop.add_signal_handler(number, end)
    try:
        await show
    except asyncio.CancelledError:
        return False
    return True
