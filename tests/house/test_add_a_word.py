"""The how-to for words tells the truth: its lines, put into the tables as it says, make its texts come out right."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "how-to" / "add-a-word.md").read_text()
BLOCK = re.compile(r"^```yaml\n# (?P<file>\S+)\n(?P<lines>.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(folder: str) -> Iterator[tuple[str, str]]:
    """The file and the lines of each block that goes below a folder."""
    return ((block["file"], block["lines"]) for block in BLOCK.finditer(PAGE) if block["file"].startswith(folder))


LINES = list(blocks("services/"))
CASES = list(blocks("tests/"))


def put_in(table: str, lines: str) -> str:
    """A table with a line of the page in it: behind its heading, or as one more word at the end of the line that it continues."""
    *heading, line = lines.rstrip("\n").splitlines()
    start = table.index(f"\n{heading[0]}\n") + 1 if heading else 0
    known, more = line.partition("[..., ")[0], line.partition("[..., ")[2]
    if not more:
        behind = table.index("\n", start) + 1
        return f"{table[:behind]}{line}\n{table[behind:]}"
    at = re.compile(rf"^{re.escape(known)}\[.*\]$", re.MULTILINE).search(table, start)
    assert at is not None, line
    return f"{table[: at.end() - 1]}, {more}{table[at.end() :]}"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the extractor, whose tests hold the page's texts and no others."""
    copy = tmp_path_factory.mktemp("words")
    for name in ("schemas", "services", "tests/extract"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "json"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    for file in {file for file, _ in CASES}:
        (copy / file).write_text("".join(lines for other, lines in CASES if other == file))
    for table in (copy / "tests/extract/data/news").iterdir():
        if str(table.relative_to(copy)) not in {file for file, _ in CASES}:
            table.unlink()
    return copy


def outcome(house: Path) -> tuple[int, int]:
    """How many of the page's texts are read as it says, and how many are not."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/extract/test_news.py", "tests/extract/test_hard_cases.py"],
        cwd=house,
        env={**os.environ, "PYTHONPATH": str(house)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    numbers = {word: int(number) for number, word in re.findall(r"(\d+) (passed|failed|error)", done.stdout)}
    assert "error" not in numbers, done.stdout
    return numbers.get("passed", 0), numbers.get("failed", 0)


def test_each_line_has_a_text_of_its_own() -> None:
    assert len(LINES) == len(CASES) == sum(len(yaml.safe_load(lines)) for _, lines in CASES)


@pytest.mark.timeout(300)
def test_each_text_is_read_wrongly_without_the_lines_and_rightly_with_them(house: Path) -> None:
    assert outcome(house) == (0, len(CASES)), "a word of the page stands in the tables already: let the page have another"
    for file, lines in LINES:
        table = house / file
        table.write_text(put_in(table.read_text(), lines))
    assert outcome(house) == (len(CASES), 0)
