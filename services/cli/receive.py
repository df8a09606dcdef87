"""`tallywire receive`: a receiver that verifies webhooks, tells repeats apart, stores them and shows each as a block."""

from __future__ import annotations

import asyncio
import base64
import os
import secrets
import signal
import sqlite3
from pathlib import Path
from typing import Final

import click
from rich.console import Console

from services.receive import Receipt, Received, Receiver, render

KEY_BYTES: Final = 32
"""Of a secret that is made here: 256 bits."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65_535), default=8090, show_default=True, help="Port to listen on; 0 takes a free one.")
@click.option(
    "--secret-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File with the endpoint's secret, whsec_...; made if it is not there. Without it TALLYWIRE_WEBHOOK_SECRET is read.",
)
@click.option("--store", type=click.Path(dir_okay=False, path_type=Path), help="SQLite file to store in; without it nothing is kept.")
@click.option("--json", "as_json", is_flag=True, help="Write each body as one line of JSON instead of a block.")
def receive(host: str, port: int, secret_file: Path | None, store: Path | None, as_json: bool) -> None:
    """Run a receiver that verifies webhooks."""
    console = Console(stderr=as_json, highlight=False)

    def show(received: Received) -> None:
        if not as_json:
            console.print(render(received.payload, received.verified, received.duplicate))
        elif received.receipt is Receipt.NEW:
            click.echo(received.body.decode())

    try:
        receiver = Receiver(_secret(secret_file), host, port, show, database=store)
        asyncio.run(_serve(receiver, console))
    except ValueError as error:
        raise click.ClickException(f"{error}; it stands in {secret_file or 'TALLYWIRE_WEBHOOK_SECRET'}") from None
    except sqlite3.Error as error:
        raise click.ClickException(f"{store} cannot be opened as a store: {error}") from None
    except OSError as error:
        raise click.ClickException(f"cannot listen on {host}:{port}: {error.strerror}; choose another with --port") from None


async def _serve(receiver: Receiver, console: Console) -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    async with receiver:
        console.print(f"Receiving webhooks at {receiver.url} (Ctrl-C ends it)")
        await ended.wait()


def _secret(file: Path | None) -> list[str]:
    """The secrets of a file, one a line (two while they are being changed); a new one where there is no file."""
    if file is None:
        given = os.environ.get("TALLYWIRE_WEBHOOK_SECRET")
        if not given:
            raise click.UsageError("name a secret with --secret-file, or in TALLYWIRE_WEBHOOK_SECRET")
        return [given]
    if not file.exists():
        _write(file, "whsec_" + base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode())
        click.echo(f"Made a secret in {file}: name that file as the endpoint's secret_file.", err=True)
    try:
        lines = [line.strip() for line in file.read_text().splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError):
        raise click.ClickException(f"{file} cannot be read") from None
    if not lines:
        raise click.ClickException(f"{file} is empty: it should hold a secret, whsec_...")
    return lines


def _write(file: Path, secret: str) -> None:
    """Create the file for its owner's eyes only."""
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(secret + "\n")
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written: {error.strerror}") from None
