"""What reading costs: articles a second of the extractor alone on one core, time by length, start-up, and where the time goes.

`python -m tests.bench.reading [--rounds 5]`. Two sorts of articles of 2 kB: `news` are the samples that the demonstration publishes, `dense`
the sentences of the extractor's own tests, every one of which tells numbers, a case that no newspaper comes near.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from schemas import Article
from services.extract.extraction import MAX_ANALYSED, Extraction
from tests.extract import readings
from tests.support.workload import article

SIZE = 2_000
"""Characters of an article, as a short report of an agency has them."""

PUBLISHED = datetime(2024, 4, 16, 12, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
SHOWN = 12
"""Modules of the profile that are shown."""

START = """
import resource
import time

began = time.perf_counter()
from services.extract.where import places
from services.extract.extraction import Extraction
Extraction()
places.find("Aleppo")
print(time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def news() -> list[str]:
    """The demonstration's articles, put together to articles of the size: a number in every second sentence or third."""
    files = sorted((ROOT / "services" / "up" / "wire" / "articles").glob("*.txt"))
    return list(_packed([body for file in files if (body := file.read_text().partition("\n\n")[2].strip())] * 3))


def dense() -> list[str]:
    """The texts of the extractor's tests, put together to articles of the size."""
    texts = [case.get("text") or case["title"] for _, case in readings.news()]
    return list(_packed(texts))


def _packed(texts: Sequence[str]) -> Iterator[str]:
    packed = ""
    for text in texts:
        packed += text + "\n\n"
        if len(packed) >= SIZE:
            yield packed[:SIZE]
            packed = ""


def _sized(texts: Sequence[str], size: int = SIZE) -> str:
    joined = "\n\n".join(texts)
    return (joined * (1 + size // len(joined)))[:size]


def made(text: str) -> Article:
    """An article of the text."""
    return article("", "", "", PUBLISHED, PUBLISHED).model_copy(update={"text": text})  # some are longer than the contract lets in


def pace(texts: Sequence[str], rounds: int) -> float:
    """Articles a second of this thread's processor, the median of some rounds."""
    extraction = Extraction()
    articles = [made(text) for text in texts]
    for each in articles:
        extraction.read(each)
    return median(_pace(extraction, articles) for _ in range(rounds))


def _pace(extraction: Extraction, articles: Sequence[Article]) -> float:
    began = time.thread_time()
    for each in articles:
        extraction.read(each)
    return len(articles) / (time.thread_time() - began)


def takes(text: str) -> float:
    """Seconds of this thread's processor for one text."""
    extraction, each = Extraction(), made(text)
    began = time.thread_time()
    extraction.read(each)
    return time.thread_time() - began


def start() -> tuple[float, float]:
    """Seconds until a new process can read, imports included, and its MiB then."""
    done = subprocess.run([sys.executable, "-c", START], capture_output=True, text=True, check=True, cwd=ROOT)
    seconds, mebibytes = done.stdout.split()
    return float(seconds), float(mebibytes)


def shares(texts: Sequence[str]) -> list[tuple[str, float]]:
    """Of the time that reading takes, what each module spends itself, the most first."""
    extraction = Extraction()
    articles = [made(text) for text in texts]
    profile = cProfile.Profile()
    profile.enable()
    for each in articles:
        extraction.read(each)
    profile.disable()
    spent: Counter[str] = Counter()
    for (file, _, function), (_, _, own, _, _) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]  # typeshed leaves it out
        name = Path(file).stem if "services" in file else "regular expressions" if "re.Pattern" in function else "Python and libraries"
        spent[name] += own
    total = sum(spent.values())
    return [(name, own / total) for name, own in spent.most_common(SHOWN)]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=5, help="rounds of which the median is told")
    rounds = parser.parse_args().rounds
    ordinary, full = news(), dense()
    for name, texts in (("news", ordinary), ("dense", full)):
        found = pace(texts, rounds)
        print(
            f"{name:6} {found:8.1f} articles of {SIZE:,} characters a second of one core ({1000 / found:.2f} ms each, {len(texts)} texts)"
        )
    for size in (10_000, 100_000, 1_000_000):
        text = _sized(full, size)
        cut = f" (analysed up to {MAX_ANALYSED:,})" if size > MAX_ANALYSED else ""
        print(f"{size:>9,} characters, dense: {takes(text):6.2f} s{cut}")
    seconds, mebibytes = start()
    print(f"a new process can read after {seconds:.2f} s, and holds {mebibytes:.0f} MiB")
    print("where the time goes, dense, by module (own time under a profiler):")
    for name, share in shares(full):
        print(f"  {share:5.1%} {name}")


if __name__ == "__main__":
    main()
