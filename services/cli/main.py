"""`tallywire`: finds the module of a sub-command when it is asked for, so that help and errors are quick."""

from __future__ import annotations

import asyncio
import importlib
import logging
from typing import Any

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

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # as click calls it
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # as above
        if cmd_name not in COMMANDS:
            return None
        name = cmd_name.replace("-", "_")
        module = importlib.import_module(f"services.cli.{name}")
        command: click.Command = getattr(module, name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the sub-command; what a person can put right is said in one line."""
        try:
            return super().invoke(ctx)
        except click.exceptions.ClickException:
            raise
        except Exception as error:
            if (line := in_one_line(error)) is None:
                raise
            raise _refused(error, line) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  # as above
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def in_one_line(error: Exception) -> str | None:
    """What is wrong and what to do, for errors of the surroundings; None for an error of ours, whose trace is wanted."""
    from aiokafka import errors as kafka  # only an error needs them: help stays quick
    from pydantic import ValidationError  # as above

    from services.stage import Stop  # as above

    if isinstance(error, Stop):
        return str(error)
    if isinstance(error, kafka.TopicAuthorizationFailedError | kafka.GroupAuthorizationFailedError | kafka.ClusterAuthorizationFailedError):
        return f"the brokers do not let this user do it ({error}): `tallywire topics check --acls` names what is missing"
    if isinstance(error, kafka.KafkaError):
        if (reason := _refusal()) is not None:
            return reason
        return f"Kafka does not answer as it should ({type(error).__name__}): start it, or set TALLYWIRE_BROKERS to where it is"
    if isinstance(error, ValidationError) and error.title == "Settings":
        return "settings that cannot be used: " + "; ".join(
            "".join(f"TALLYWIRE_{str(name).upper()}: " for name in each["loc"][:1]) + each["msg"].removeprefix("Value error, ")
            for each in error.errors()
        )
    return None


def _refused(error: Exception, line: str) -> click.ClickException:
    """Settings that cannot be used end a command, or a service, as wrong arguments do."""
    from pydantic import ValidationError  # only an error needs it

    refused = click.ClickException(line)
    refused.exit_code = 2 if isinstance(error, ValidationError) else 1
    return refused


def _refusal() -> str | None:
    """Why brokers that answer do not let us in."""
    from services.runtime.security import refusal  # only an error needs them
    from services.runtime.settings import Settings  # as above

    why = asyncio.run(refusal(Settings()))
    return None if why is None else why.reason


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.version_option(package_name="tallywire", prog_name="tallywire")
def main() -> None:
    """Counts in conflict news, as the news breaks: articles in on Kafka, believed figures and signed alerts out."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # what it says of absent brokers, a command says itself


if __name__ == "__main__":
    main()
