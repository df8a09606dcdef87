"""What the extractor must read in the wire, so that the demonstration shows what it is meant to: a table a person can check."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from schemas import Article, ArticleStatus, Reading
from services.extract.extraction import Extraction
from services.up.samples import OUTLETS, POST, Sample, samples

AT = datetime(2026, 1, 1, tzinfo=UTC)

READ = {
    "fighters-remaining": ["fighters_remaining 8000 asserted"],
    "first-quarter": ["detained 97 asserted", "killed 212 asserted", "operations 64 asserted"],
    "army-first-quarter": ["detained 97 asserted", "killed 212 asserted", "operations 64 asserted"],
    "baidoa-road": ["abducted 6 asserted"],
    "second-quarter": ["detained 58 asserted", "killed 131 asserted", "operations 47 asserted"],
    "fighters-august": ["fighters_remaining 5900 asserted"],
    "adale": ["killed 30 asserted"],
    "adale-claim": ["killed 4 asserted"],
    "ministry-denies": ["killed 45 denied"],
    "third-quarter": ["operations 88 asserted"],
    "third-quarter corrected": ["operations 52 asserted"],
    "plans-for-winter": ["operations 100 planned"],
    "kismayo-harbour": [],
    "beledweyne-flood": ["killed 12 asserted"],
    "market-bomb": ["injured 30 asserted", "killed 17 asserted"],
    "mogadishu-toll": ["killed 26 asserted", "killed 3 asserted, a part"],
    "galkayo-market": ["killed 14 asserted"],
    "surrender": ["surrendered 35 asserted"],
}
"""The end of an article's address -> its counts."""


def read(title: str, text: str, published: datetime | None = None, source: str = "") -> Reading:
    revision = Article.revise(AT, ArticleStatus.PUBLISHED, title, text)
    article = Article(id="a", revision=revision, title=title, text=text, source=source, published_at=published, collected_at=AT)
    return Extraction().read(article)


def counts(reading: Reading) -> list[str]:
    said = [count for event in reading.events for count in event.counts]
    return sorted(f"{each.measure} {each.value} {each.realis}{', a part' if each.parent else ''}" for each in said)


@pytest.mark.parametrize("sample", [each for each in samples() if each.raw is None], ids=lambda each: each.title)
def test_each_article_says_what_the_demonstration_needs(sample: Sample) -> None:
    name = sample.link.rsplit("/", 1)[1] + (" corrected" if sample.updated else "")
    assert counts(read(sample.title, sample.text, sample.published, OUTLETS[sample.outlet])) == READ[name]


def test_the_article_to_post_has_the_four_figures_of_its_quarter() -> None:
    reading = read("", POST.read_text(encoding="utf-8"))
    assert counts(reading) == ["detained 63 asserted", "fighters_remaining 2500 asserted", "killed 18 asserted", "operations 94 asserted"]
    assert reading.article.published_at == datetime(2024, 4, 6, tzinfo=UTC)
    assert {count.claimant for event in reading.events for count in event.counts} == {"centcom"}
    for event in reading.events:
        assert {place.country for place in event.places} == {"IQ", "SY"}
