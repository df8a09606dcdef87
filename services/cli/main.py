"""`tallywire`: finds the module of a sub-command when it is asked for, so that help and errors are quick."""

from __future__ import annotations

import importlib

import click

COMMANDS = {
    "up": "Start everything on this machine and show the sample wire going through.",
    "run": "Run one service, as production starts it.",
    "publish": "Put articles in by hand: files, folders, standard input, addresses.",
    "extract": "Show what an article says in numbers; needs no broker.",
    "watch": "Read a topic as a person would.",
    "rules": "Check and publish alert rules.",
    "why": "Say why a rule fired or did not.",
    "dead-letters": "List, show and replay what could not be processed.",
    "deliveries": "List, show, replay and cancel webhook deliveries.",
    "topics": "Create the topics on a broker, or check them.",
    "receive": "Run a receiver that verifies webhooks.",
}
"""Sub-command -> what it is for; the module is named like it, with underscores."""


class Lazy(click.Group):
    """A group whose members are imported when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        name = cmd_name.replace("-", "_")
        module = importlib.import_module(f"services.cli.{name}")
        command: click.Command = getattr(module, name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.version_option(package_name="tallywire", prog_name="tallywire")
def main() -> None:
    """Counts in conflict news, as the news breaks: articles in on Kafka, believed figures and signed alerts out."""


if __name__ == "__main__":
    main()
