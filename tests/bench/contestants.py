"""Who is compared, and what has to be said of each beside its figures."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

OTHERS = ROOT / ".venv" / "bench" / "bin" / "python"
"""The environment of requirements-bench.lock: Quix Streams wants older libraries than ours, so all that are compared run on these."""


@dataclass(frozen=True, slots=True)
class Contestant:
    """One program in tests/bench/frameworks."""

    name: str
    module: str
    needs: str
    """The package without which it cannot run."""
    commits: bool = True
    """Whether it commits to Kafka, so that it can be seen how far it is."""
    remark: str = ""
    """Where it does not give the guarantee that was asked for."""


CONTESTANTS = (
    Contestant("confluent", "confluent_loop", "confluent_kafka"),
    Contestant("aiokafka", "aiokafka_loop", "aiokafka"),
    Contestant("quix", "quix_streams", "quixstreams"),
    Contestant(
        "bytewax",
        "bytewax_flow",
        "bytewax",
        commits=False,
        remark="its offsets are in a recovery store of its own, none in Kafka; a delivery that fails is not noticed",
    ),
    Contestant("faust", "stock_faust", "faust", remark="acknowledges before delivery: what its producer drops is committed and lost"),
    Contestant("ours", "ours", "faust"),
)
"""In the order of the table: the bare loops, the frameworks, ours."""

BARE, STOCK, OURS = "confluent", "faust", "ours"


def interpreter() -> str:
    """The Python that all of them run on: the bench's own environment where it is there, this one otherwise."""
    return str(OTHERS) if OTHERS.exists() else sys.executable


def absent(contestant: Contestant, python: str) -> str | None:
    """Why it cannot run on an interpreter; None where it can."""
    probe = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({contestant.needs!r}) is None)"
    done = subprocess.run([python, "-c", probe], check=False, capture_output=True, timeout=60)
    return f"{contestant.needs} is not installed; `make bench` installs it from requirements-bench.lock" if done.returncode else None


def alone(handler: str, python: str) -> float:
    """Seconds of CPU that the handler costs without any of them, on an interpreter."""
    command = [python, "-W", "ignore", "-m", "tests.bench.frameworks.alone", "--handler", handler]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120, cwd=ROOT)
    return float(done.stdout)


def chosen(names: Sequence[str]) -> list[Contestant]:
    """Those with these names, in the order of the table; all where none is named."""
    return [contestant for contestant in CONTESTANTS if not names or contestant.name in names]
