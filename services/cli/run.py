"""`tallywire run SERVICE`: one service, as production starts it."""

from __future__ import annotations

import importlib

import click

from services.runtime.settings import Settings

SERVICES = ("collect", "extract", "measure", "notify")
"""In the order of the flow."""


@click.command()
@click.argument("service", type=click.Choice(SERVICES))
def run(service: str) -> None:
    """Run one service until SIGTERM or Ctrl-C; settings come from TALLYWIRE_... variables."""
    raise click.exceptions.Exit(importlib.import_module(f"services.{service}.main").main(Settings()) or 0)
