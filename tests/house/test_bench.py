"""What the bench measures with: each article of the tide crosses the line, and its webhook is told from others."""

from __future__ import annotations

import os

from services.notify import rules_file
from tests.bench import tide
from tests.bench.measuring import Throughput, peak_memory


def test_two_articles_of_one_country_stand_on_two_sides_of_the_line() -> None:
    (rule, _line) = rules_file.parse(tide.RULES, "tide")[0]
    level = max(rule.condition.line.levels.values())
    texts = [article.text for article in tide.articles(4 * len(tide.COUNTRIES))]
    for country in tide.COUNTRIES:
        figures = [int(text.split()[1].replace(",", "")) for text in texts if f" in {country} " in text]
        assert [figure < level for figure in figures] == [True, False, True, False]


def test_articles_of_the_tide_are_all_different_and_always_the_same() -> None:
    found = list(tide.articles(40))
    assert len({article.id for article in found}) == 40
    assert [article.to_bytes() for article in tide.articles(40)] == [article.to_bytes() for article in found]


def test_a_webhook_speaks_of_the_newest_article_that_it_cites() -> None:
    assert tide.told_by(b'{"url": "https://wire.example/tide/7"}, {"url": "https://wire.example/tide/12"}') == 12
    assert tide.told_by(b"{}") is None


def test_peak_memory_is_that_of_the_process() -> None:
    assert peak_memory(os.getpid()) > 20
    assert peak_memory(2**22 + 1) == 0


def test_the_ratio_is_what_is_left_of_the_extractors_speed() -> None:
    assert Throughput(1_000, bare=500.0, pipeline=200.0).ratio == 0.4
