"""The documents tell the truth: commands and files that they name exist, and generated pages are what the code says."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from services.cli.main import COMMANDS, main

from .reference import pages

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
CONSOLE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`(tallywire [^`]+|make [^`]+)`")
TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
TARGETS = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))


def told(page: Path) -> list[str]:
    """The commands of a page: what stands behind `$ ` in console blocks, and those named in a sentence."""
    text = page.read_text()
    typed = [command for block in CONSOLE.findall(text) for command in commands(block)]
    return [*typed, *INLINE.findall(text)]


def commands(block: str) -> Iterator[str]:
    """The commands of a console block; one goes on to the next line behind a backslash or within quotes."""
    lines = iter(block.replace("\\\n", " ").splitlines())
    for line in lines:
        if line.startswith("$ "):
            command = line[2:]
            while not complete(command):
                command += f"\n{next(lines)}"
            yield command


def complete(command: str) -> bool:
    """Whether every quote is closed."""
    try:
        shlex.split(command)
    except ValueError:
        return False
    return True


def parts(command: str) -> list[list[str]]:
    """The programs of a command line with their arguments: `printf x | tallywire publish -` has two."""
    found: list[list[str]] = [[]]
    for word in shlex.split(command.split(" # ", maxsplit=1)[0]):
        if word in ("|", "&&", ";"):
            found.append([])
        else:
            found[-1].append(word)
    return [each for each in found if each]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_that_a_page_names_exists(page: Path) -> None:
    for command in told(page):
        for program, *arguments in parts(command):
            if program == "make":
                assert {word for word in arguments if "=" not in word and not word.startswith("-")} <= TARGETS, command
            elif program.endswith("tallywire") and arguments and not arguments[0].startswith("-") and arguments[0] != "COMMAND":
                assert arguments[0] in COMMANDS, command
                check_sub_command(command, arguments)


def check_sub_command(command: str, arguments: list[str]) -> None:
    """Every option stands in the command's help, and a group has the sub-command."""
    context = click.Context(main)
    found = main.get_command(context, arguments[0])
    assert found is not None
    rest = arguments[1:]
    if isinstance(found, click.Group) and rest and not rest[0].startswith("-"):
        names = rest[0].split("|")
        members = [found.get_command(context, name) for name in names]
        assert all(members), command
        found = members[0]
        assert found is not None
    options = {flag for parameter in found.params for flag in (*parameter.opts, *parameter.secondary_opts)} | {"--help", "-h"}
    assert {word.split("=")[0] for word in rest if word.startswith("--")} <= options, command


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in LINK.findall(page.read_text()):
        if "://" not in link and not link.startswith("mailto:"):
            assert (page.parent / link).exists(), link


def test_every_module_that_the_page_on_extraction_names_exists() -> None:
    text = (ROOT / "docs" / "explanation" / "extraction.md").read_text()
    for name in re.findall(r"`(\w+\.py)`", text):
        assert (ROOT / "services" / "extract" / name).is_file(), name


def test_every_test_that_a_page_names_exists() -> None:
    for page in PAGES:
        for file, name in TEST.findall(page.read_text()):
            assert (ROOT / file).is_file(), f"{page.name}: {file}"
            assert not name or f"def {name}(" in (ROOT / file).read_text(), f"{page.name}: {file}::{name}"


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_a_page_written_from_the_code_is_what_the_code_says(page: Path) -> None:
    assert page.read_text() == pages()[page], "run `make schemas`"


def test_log_events_in_runbooks_are_logged() -> None:
    code = "".join(file.read_text() for file in (ROOT / "services").rglob("*.py"))
    for page in (ROOT / "docs" / "runbooks").glob("*.md"):
        for event in re.findall(r"`([a-z]+\.[a-z_]+)`", page.read_text()):
            assert f'"{event}"' in code, f"{page.name}: {event}"


def test_nothing_names_a_machine() -> None:
    """No path of somebody's machine, no package registry: clones must not depend on either."""
    pattern = re.compile(r"/(?:home|root|Users)/\w|https?://[^\s\"']*/simple\b")
    named = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=30
    )
    for name in named.stdout.splitlines():
        file = ROOT / name
        if file.suffix in {".py", ".md", ".toml", ".yml", ".yaml", ".lock", ""} and file.is_file() and file != Path(__file__):
            found = pattern.search(file.read_text(errors="replace"))
            assert found is None, f"{name}: {found}"
