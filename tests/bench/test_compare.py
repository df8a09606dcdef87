"""The comparison's deciding parts: what counts as lost, how repeats become a row, what the table and the command line say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.__main__ import USUAL, Misused, commands
from tests.bench.compare import Comparison, arguments
from tests.bench.contestants import CONTESTANTS, Contestant, absent, chosen, interpreter
from tests.bench.frameworks.alone import cost
from tests.bench.frameworks.handlers import HANDLERS
from tests.bench.frameworks.meter import begin, metered, spent
from tests.bench.load import identity, number_of, templates
from tests.bench.outcome import Delay, Delivered, Race, Spread, Written, delay, delivered, rate
from tests.bench.results import Row, ratios, row
from tests.bench.table import machine, table


def a_race(**changes: object) -> Race:
    """A run that kept everything."""
    given = {"rate": 1_000.0, "cpu": 50e-6, "handling": 20e-6, "memory": 80, "delivered": Delivered(0, 0), "behind": 0, **changes}
    return Race(**given)  # type: ignore[arg-type]  # each by its name


def test_an_input_without_output_is_missing_and_a_second_output_is_a_repeat() -> None:
    outputs = [Written(0, 1.0), Written(2, 1.0), Written(2, 2.0), Written(3, 2.0)]
    assert delivered(range(4), outputs) == Delivered(missing=1, repeated=1)
    assert delivered(range(2), []) == Delivered(missing=2, repeated=0)


def test_the_rate_ends_with_the_last_output_of_what_is_measured() -> None:
    """What came before, and what was paced afterwards, does not count."""
    outputs = [Written(0, 1.0), Written(10, 11.0), Written(11, 12.0), Written(20, 99.0)]
    assert rate(100, 10.0, outputs, range(10, 20)) == 50.0
    assert rate(100, 10.0, [], range(10, 20)) == 0.0


def test_the_delay_is_to_the_first_output_of_each_article() -> None:
    inputs = dict.fromkeys(range(101), 10.0)
    outputs = [Written(number, 10.0 + number / 100) for number in range(101)]
    found = delay(inputs, [*outputs, Written(0, 99.0), Written(500, 99.0)])
    assert found is not None
    assert (found.p50, found.p99) == pytest.approx((0.50, 0.99))
    assert delay(inputs, outputs[:1]) is None


def test_repeats_become_their_median_and_ends_and_losses_add_up() -> None:
    races = [
        a_race(rate=900.0, memory=90),
        a_race(rate=1_100.0, delivered=Delivered(2, 1), behind=3),
        a_race(rate=1_000.0, delay=Delay(0.01, 0.05), pace=500.0),
    ]
    found = row("ours", races)
    assert found.rate == Spread(1_000.0, 900.0, 1_100.0)
    assert (found.memory, found.missing, found.repeated, found.behind, found.pace) == (90, 2, 1, 3, 500.0)
    assert not found.kept


def test_who_commits_nothing_to_kafka_is_not_called_uncommitted() -> None:
    found = row("bytewax", [a_race(behind=None)])
    assert found.behind is None
    assert found.kept


def rows_of(**rates: float) -> list[Row]:
    """A row for each name."""
    return [row(name, [a_race(rate=value)]) for name, value in rates.items()]


def test_ratios_are_ours_to_each_other() -> None:
    found = {one.to: one.value for one in ratios("empty", rows_of(confluent=2_000.0, faust=100.0, ours=1_000.0))}
    assert found == {"confluent": 0.5, "faust": 10.0}
    assert ratios("empty", rows_of(confluent=2_000.0)) == []


def test_a_ratio_by_cpu_is_theirs_to_ours() -> None:
    (found,) = ratios("empty", [row("faust", [a_race(cpu=300e-6)]), row("ours", [a_race(cpu=60e-6)])])
    assert found.by_cpu == pytest.approx(5.0)


def test_where_the_handler_costs_the_same_only_the_carrying_tells_them_apart() -> None:
    """The machine was slow for one of two: its handler took twice as long, its own work did not."""
    slow, quick = a_race(cpu=2_100e-6, handling=2_000e-6), a_race(cpu=1_100e-6, handling=1_000e-6)
    (found,) = ratios("extract", [row("confluent", [slow]), row("ours", [quick])])
    assert found.by_cpu == pytest.approx(2_100 / 1_100)
    assert found.by_carrying == pytest.approx(1.0)


def test_the_meter_adds_up_what_the_handler_takes_for_the_one_who_watches(tmp_path: Path) -> None:
    begin(file := tmp_path / "meter")
    assert spent(file) == 0.0
    read = metered(lambda value: sum(range(200_000)) + len(value), file)
    assert read(b"ab") == sum(range(200_000)) + 2
    once = spent(file)
    read(b"ab")
    assert 0.0 < once < spent(file)


def test_a_handler_that_raises_is_metered_and_raises(tmp_path: Path) -> None:
    begin(file := tmp_path / "meter")
    with pytest.raises(ZeroDivisionError):
        metered(lambda value: sum(range(200_000)) // len(value), file)(b"")
    assert spent(file) > 0.0


def test_the_table_says_who_lost_who_is_absent_and_whether_the_promise_was_met() -> None:
    lost = row("quix", [a_race(delivered=Delivered(7, 0))])
    lines = list(table({"empty": [lost, *rows_of(faust=500.0, ours=1_000.0)]}, {"empty": 20e-6}, {"bytewax": "not installed"}))
    text = "\n".join(lines)
    assert next(line for line in lines if line.startswith("quix")).endswith("LOST")
    assert not next(line for line in lines if line.startswith("ours")).endswith("LOST")
    assert "ours : faust        2.00 by msg/s     1.00 by CPU     1.00 by carrying   wanted: 3.0 or more, missed" in text
    assert "! bytewax is not in the table: not installed" in text
    assert "faust*" in text
    assert next(line for line in lines if line.startswith("alone ")).split() == ["alone", "50,000", "20"]


def test_a_machine_that_others_use_is_said_to_be_one() -> None:
    assert len(list(machine(2, 0.3))) == 1
    assert list(machine(2, 7.5))[1].startswith("Others were at work when it began (load average 7.5)")


def test_the_promise_is_met_without_a_word() -> None:
    text = "\n".join(table({"extract": rows_of(confluent=1_000.0, ours=950.0)}, {"extract": 2e-3}, {}))
    assert "0.95 by msg/s     1.00 by CPU     1.00 by carrying   wanted: 0.9 or more\n" in f"{text}\n"


def test_a_run_that_came_to_no_end_leaves_no_row() -> None:
    found = Comparison(races={("empty", "quix"): [], ("empty", "ours"): [a_race()]}, absent={"quix": "ended with 1"})
    assert [one.name for one in found.rows()["empty"]] == ["ours"]


def test_articles_are_about_a_kilobyte_and_every_id_is_its_number() -> None:
    sizes = [len(before) + len(after) + len(identity(0)) for before, after in templates(50)]
    assert all(900 <= size <= 1_100 for size in sizes)
    assert [number_of(identity(number)) for number in (0, 1, 2**40)] == [0, 1, 2**40]
    with pytest.raises(ValueError, match="badly formed"):
        number_of(b"")


@pytest.mark.parametrize("handler", HANDLERS)
def test_a_handler_writes_the_reading_of_the_article_that_it_was_given(handler: str) -> None:
    before, after = templates(20)[19]
    reading = HANDLERS[handler]()(before + identity(19) + after)
    assert reading.article.id == identity(19).decode()
    assert bool(reading.events) == (handler == "extract")


def test_the_handler_alone_costs_microseconds() -> None:
    assert 1e-6 < cost("empty", enough=0.05) < 1e-2


def test_arguments_choose_contestants_handlers_and_sizes() -> None:
    given = arguments(["--only", "ours", "faust", "--handler", "empty", "--messages", "500", "--repeats", "1"])
    assert [one.name for one in chosen(given.only)] == ["faust", "ours"]
    assert (given.handler, given.messages, given.repeats) == (["empty"], 500, 1)
    assert chosen([]) == list(CONTESTANTS)
    with pytest.raises(SystemExit):
        arguments(["--only", "nobody"])


def test_a_package_that_is_not_there_is_named() -> None:
    reason = absent(Contestant("x", "x", "no_such_package"), interpreter())
    assert reason is not None
    assert reason.startswith("no_such_package is not installed")
    assert absent(Contestant("x", "x", "faust"), interpreter()) is None


def test_a_part_runs_alone_with_its_options_and_the_usual_ones_without_a_word() -> None:
    assert commands([]) == [[part] for part in USUAL]
    assert commands(["compare", "--only", "ours"]) == [["compare", "--only", "ours"]]
    with pytest.raises(Misused, match="soak"):
        commands(["nothing"])
