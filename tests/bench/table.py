"""The comparison as a person reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from .contestants import CONTESTANTS
from .results import PROMISED, Ratio, Row, ratios

HANDLERS = {
    "empty": "empty handler: the article is validated, a reading without events is written",
    "extract": "the extractor as handler: the article is validated and read, its reading is written",
}
"""Handler -> the line above its table."""

HEAD = (
    f"{'':10} {'msg/s':>8} {'(range)':>17} {'CPU us':>8} {'(range)':>15} {'carried':>8} {'MiB':>5} {'p50 ms':>8} {'p99 ms':>8} {'at msg/s':>9}"
    f" {'lost':>5} {'again':>6} {'open':>5}"
)


def machine(cores: int, load: float) -> Iterator[str]:
    """What it was measured on; `load` is the average of the minute before."""
    yield f"Apache Kafka, one node, on the same {cores} cores as all that is measured"
    if load > cores / 2:
        yield f"Others were at work when it began (load average {load:.1f}): trust CPU, but neither messages a second nor delays."


def table(found: Mapping[str, Sequence[Row]], alone: Mapping[str, float], absent: Mapping[str, str]) -> Iterator[str]:
    """Lines: a table for each handler, the ratios, then what has to be said."""
    for handler, lines in found.items():
        yield ""
        yield HANDLERS[handler]
        yield HEAD
        yield f"{'alone':10} {1 / alone[handler]:8,.0f} {'':17} {alone[handler] * 1e6:8,.0f}"
        yield from (_line(one) for one in lines)
        yield from (_ratio(one) for one in ratios(handler, lines))
    yield ""
    yield "alone: the handler in a loop, without a broker, by its CPU."
    yield "CPU: microseconds of one message, all threads of the process; carried: those of them that the handler did not take. MiB: peak"
    yield "resident. p50 and p99: from the broker's taking the article to its taking the reading, at half of the contestant's own rate. lost:"
    yield "inputs without output; again: outputs written more than once; open: inputs that were not committed in the end (- where none is"
    yield "committed to Kafka). By carrying: by CPU, the handler taken to cost everybody the same (its median)."
    for one in CONTESTANTS:
        if one.remark:
            yield f"* {one.name}: {one.remark}."
    for name, reason in absent.items():
        yield f"! {name} is not in the table: {reason}"


def _line(row: Row) -> str:
    mark = "*" if any(one.name == row.name and one.remark for one in CONTESTANTS) else ""
    rate, cpu = row.rate, row.cpu
    delay = f"{row.delay.p50 * 1e3:8.1f} {row.delay.p99 * 1e3:8.1f} {row.pace:9,.0f}" if row.delay else f"{'-':>8} {'-':>8} {'-':>9}"
    return (
        f"{row.name + mark:10} {rate.middle:8,.0f} {_range(rate.low, rate.high):>17} "
        f"{cpu.middle * 1e6:8,.0f} {_range(cpu.low * 1e6, cpu.high * 1e6):>15} {row.carrying * 1e6:8,.0f} {row.memory:5d} "
        f"{delay} {row.missing:5d} {row.repeated:6d} {'-' if row.behind is None else row.behind:>5}{'' if row.kept else '   LOST'}"
    )


def _range(low: float, high: float) -> str:
    return f"({low:,.0f}-{high:,.0f})"


def _ratio(ratio: Ratio) -> str:
    wanted = PROMISED.get((ratio.handler, ratio.to))
    verdict = "" if wanted is None else f"   wanted: {wanted} or more{'' if ratio.value >= wanted else ', missed'}"
    return (
        f"  ours : {ratio.to:10} {ratio.value:6.2f} by msg/s   {ratio.by_cpu:6.2f} by CPU   {ratio.by_carrying:6.2f} by carrying{verdict}"
    )
