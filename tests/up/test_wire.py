"""The sample wire is what it says: marked samples of another year, served as feeds that a reader of feeds can read."""

from __future__ import annotations

from datetime import UTC, datetime

import aiohttp
import feedparser

from schemas import partition_of
from services.up.feed import Feeds, render
from services.up.samples import OUTLETS, POST, expected, in_wave, samples

REFERENCE_DAY = datetime(2024, 4, 6, tzinfo=UTC)


def test_it_has_fifteen_to_twenty_entries() -> None:
    assert 15 <= len(samples()) <= 20


def test_every_article_is_marked_as_a_sample_and_older_than_the_reference() -> None:
    for sample in samples():
        if sample.raw is None:
            assert sample.title.startswith("[Sample] ")
            assert sample.published is not None
            assert (sample.updated or sample.published) < REFERENCE_DAY
            assert sample.text
            assert ".example/" in sample.link


def test_the_article_to_post_is_marked_and_of_the_reference_day() -> None:
    text = POST.read_text(encoding="utf-8")
    assert text.startswith("[Sample] ")
    assert "6 April 2024" in text
    for figure in ("94", "18", "63", "2,500"):
        assert figure in text


def test_feeds_read_as_rss_in_every_wave() -> None:
    for wave in range(4):
        held = in_wave(samples(), wave)
        for outlet in OUTLETS:
            read = feedparser.parse(render(outlet, held))
            assert not read.bozo, read.get("bozo_exception")
            assert read.version == "rss20"
            wanted = [sample for sample in held if sample.outlet == outlet]
            assert len(read.entries) == len(wanted)
            for entry, sample in zip(read.entries, wanted, strict=True):
                if sample.raw is None:
                    assert (entry.title, entry.link) == (sample.title, sample.link)
                    assert all(paragraph in entry.content[0].value for paragraph in sample.text.split("\n\n") if "&" not in paragraph)


def test_a_correction_replaces_what_it_corrects_under_one_address() -> None:
    link = "https://wire-a.example/2023/10/third-quarter"
    before = [sample for sample in in_wave(samples(), 2) if sample.link == link]
    after = [sample for sample in in_wave(samples(), 3) if sample.link == link]
    assert len(before) == len(after) == 1
    assert "88 operations" in before[0].text
    assert "52 operations" in after[0].text
    assert after[0].updated is not None


def test_expected_alerts_belong_to_waves_and_the_post_has_two() -> None:
    waves = {sample.wave for sample in samples()}
    assert {each.wave for each in expected("wire")} <= waves
    assert len(expected("post")) == 2


def test_what_is_posted_does_not_move_the_clock_of_the_rule_with_a_window() -> None:
    """Months of the data's time pass with the post: its rules lie in other partitions, of the embedded broker's 4 and of 12."""
    groups = {"isis-operations-quarter": "period=2024-01-01..2024-03-31", "isis-fighters-remaining": ""}
    assert set(groups) == {each.rule for each in expected("post")}
    for partitions in (4, 12):
        posted = {partition_of(f"{rule}+{group}", partitions) for rule, group in groups.items()}
        assert partition_of("civilians-killed-week+", partitions) not in posted


async def test_the_server_grows_wave_by_wave_and_knows_validators() -> None:
    async with Feeds(samples()) as feeds, aiohttp.ClientSession() as session:
        async with session.get(feeds.urls["wire-a"]) as empty:
            assert feedparser.parse(await empty.text()).entries == []
        feeds.wave = 1
        async with session.get(feeds.urls["wire-a"]) as first:
            assert first.content_type == "application/rss+xml"
            assert len(feedparser.parse(await first.text()).entries) == 3
            validator = first.headers["ETag"]
        async with session.get(feeds.urls["wire-a"], headers={"If-None-Match": validator}) as same:
            assert same.status == 304
        feeds.wave = 2
        async with session.get(feeds.urls["wire-a"], headers={"If-None-Match": validator}) as grown:
            assert grown.status == 200
        async with session.get(feeds.urls["wire-a"].replace("wire-a", "nobody")) as unknown:
            assert unknown.status == 404
