"""The import contracts bite: each planted import that the house does not want turns `lint-imports` red."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of our packages, in which imports may be planted."""
    copy = tmp_path_factory.mktemp("house")
    for name in ("schemas", "services"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "data", "json"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """`lint-imports` on a folder, whatever is installed."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-cache"]
    return subprocess.run(
        command, cwd=folder, env={**os.environ, "PYTHONPATH": str(folder)}, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.parametrize(
    ("module", "planted", "contract"),
    [
        ("schemas/identity.py", "import services.stage", "The contract imports nothing of ours"),
        ("schemas/identity.py", "import aiokafka", "The contract imports nothing of ours"),
        ("services/stage.py", "import services.runtime.settings", "Layers"),
        ("services/runtime/settings.py", "import services.extract.words.profiles", "Layers"),
        ("services/extract/words/profiles.py", "import services.notify.crossing", "Services meet on topics only"),
        ("services/notify/crossing.py", "import faust", "What decides knows no broker"),
        ("services/extract/words/profiles.py", "import services.runtime.settings", "What decides knows no broker"),
        ("services/extract/words/lexicon.py", "import services.extract.counts.ledger", "Reading goes one way"),
        ("services/up/samples.py", "import faust", "Only the runtime and the services' wiring know Faust"),
        ("services/receive/verify.py", "import services.notify.crossing", "Nobody imports a service's wiring"),
    ],
)
def test_an_import_that_the_house_does_not_want_is_found(house: Path, module: str, planted: str, contract: str) -> None:
    file = house / module
    before = file.read_text()
    file.write_text(f"{before}\n{planted}\n")
    try:
        done = lint(house)
    finally:
        file.write_text(before)
    assert done.returncode == 1
    broken = [line for line in done.stdout.splitlines() if " BROKEN" in line]
    assert any(line.startswith(contract) for line in broken), done.stdout


def test_the_house_as_it_stands_is_in_order(house: Path) -> None:
    done = lint(house)
    assert done.returncode == 0, done.stdout
