"""The frame of the command line: every command is in the help, and what a person can put right is said in one line."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from services.cli.main import COMMANDS, main


def test_help_lists_every_command_with_what_it_is_for() -> None:
    shown = " ".join(CliRunner().invoke(main, ["--help"]).output.split())
    for name, purpose in COMMANDS.items():
        assert f"{name} {purpose}" in shown


def test_every_module_of_a_command_is_reachable() -> None:
    folder = Path(main.callback.__code__.co_filename).parent if main.callback else Path()
    modules = {file.stem.replace("_", "-") for file in folder.glob("*.py")} - {"--init--", "main"}
    assert set(COMMANDS) == modules


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    result = CliRunner().invoke(main, [name, "--help"])
    assert result.exit_code == 0, result.output
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert command.name == name
    assert command.help


def test_an_unknown_command_is_named() -> None:
    result = CliRunner().invoke(main, ["wach"])
    assert result.exit_code == 2
    assert "wach" in result.output


def test_absent_brokers_are_one_line_that_says_what_to_do() -> None:
    result = CliRunner(env={"TALLYWIRE_BROKERS": "127.0.0.1:1"}).invoke(main, ["dead-letters", "list"])
    assert result.exit_code == 1
    assert result.output.count("\n") == 1
    assert "TALLYWIRE_BROKERS" in result.output


def test_a_setting_that_cannot_be_is_named() -> None:
    result = CliRunner(env={"TALLYWIRE_COMMIT_INTERVAL": "a while"}).invoke(main, ["dead-letters", "list"])
    assert result.exit_code == 2
    assert result.output.startswith("Error: settings that cannot be used: TALLYWIRE_COMMIT_INTERVAL: ")
