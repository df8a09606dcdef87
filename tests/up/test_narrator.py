"""The person sees what was read and what arrived, knows what is missing, and is told after a post what each rule made of it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from io import StringIO

import pytest
from rich.console import Console

from schemas import Article, ArticleReference, ArticleStatus, Extractor, Reading
from schemas.topics import DECISIONS, EVENTS, INDICATORS
from services.receive import Receipt, Received, Verdict
from services.stage import Record
from services.up import narrator as module
from services.up.narrator import Narrator
from services.up.samples import Expected, load_rules
from tests.notify.wire import indicator

AT = datetime(2024, 4, 6, tzinfo=UTC)
WANTED = Expected("some-rule", "fired", 64)


@pytest.fixture
def written() -> StringIO:
    return StringIO()


@pytest.fixture
def narrator(written: StringIO) -> Narrator:
    return Narrator(Console(file=written, width=160), load_rules(AT), {"https://wire-a.example/1"})


def webhook(verdict: Verdict = Verdict.VERIFIED, receipt: Receipt | None = Receipt.NEW) -> Received:
    data = {
        "rule": {"id": "some-rule", "summary": "Some rule"},
        "status": "fired",
        "severity": "warning",
        "figure": {"value": 64},
        "line": {},
    }
    return Received("id", {"type": "alert.fired", "timestamp": "", "data": data}, b"", "0", verdict, receipt, AT)


def reading(url: str) -> Record:
    revision = Article.revise(AT, ArticleStatus.PUBLISHED, "A title", "text")
    reference = ArticleReference(id="a", revision=revision, url=url, title="A title", collected_at=AT)
    value = Reading(article=reference, extractor=Extractor(name="x", version="1")).to_bytes()
    return Record(EVENTS.name, 0, 0, b"a", value, AT)


async def test_a_verified_alert_has_arrived(narrator: Narrator) -> None:
    assert narrator.missing([WANTED]) == [WANTED]
    narrator.receive(webhook())
    assert narrator.missing([WANTED]) == []
    assert narrator.changed.is_set()


async def test_a_repeat_counts_once_and_an_unverified_one_never(narrator: Narrator, written: StringIO) -> None:
    narrator.receive(webhook(receipt=Receipt.REPEATED))
    narrator.receive(webhook(Verdict.SIGNATURE_WRONG, None))
    assert narrator.missing([WANTED]) == [WANTED]
    assert narrator.unbelievable == 1
    assert "NOT VERIFIED" in written.getvalue()


async def test_an_article_of_the_wire_is_shown_without_explanation(narrator: Narrator, written: StringIO) -> None:
    narrator.hear(reading("https://wire-a.example/1"))
    await asyncio.sleep(0.05)
    assert "A title" in written.getvalue()
    assert "What each rule makes of" not in written.getvalue()


async def test_a_post_is_explained_by_every_rule(narrator: Narrator, written: StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "QUIET", 0.01)
    narrator.hear(reading("https://elsewhere.example/"))
    async with asyncio.timeout(5):
        while "What each rule makes of “A title”" not in written.getvalue():  # a console has no event
            await asyncio.sleep(0.01)
    for rule in narrator.rules.rules:
        assert (
            f"{rule.id}: it watches {rule.condition.select.measure.replace('_', ' ')}, and the article has no such count"
            in written.getvalue()
        )


async def test_an_explanation_waits_for_the_figures_of_the_article(
    narrator: Narrator, written: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "QUIET", 0.0)
    monkeypatch.setattr(module, "LOOK_EVERY", 0.01)
    monkeypatch.setattr(module, "awaited_claims", lambda _: {"a claim"})
    narrator.hear(reading("https://elsewhere.example/"))
    await asyncio.sleep(0.1)
    assert "What each rule makes of" not in written.getvalue()
    monkeypatch.setattr(Narrator, "_cited", lambda _: {"a claim", "another"})
    async with asyncio.timeout(5):
        while "What each rule makes of" not in written.getvalue():
            await asyncio.sleep(0.01)


async def test_what_cannot_be_read_is_named_and_a_tombstone_is_quiet(narrator: Narrator, written: StringIO) -> None:
    narrator.hear(Record(INDICATORS.name, 2, 7, b"k", None, AT))
    assert written.getvalue() == ""
    narrator.hear(Record(DECISIONS.name, 2, 7, b"k", b"\xff", AT))
    assert f"{DECISIONS.name} 2:7 cannot be read" in written.getvalue()


async def test_what_is_remembered_is_bounded_and_the_newest_stays(narrator: Narrator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT", 10)
    for number in range(50):
        figure = indicator(number, name=f"fact-{number}", revision=number)
        narrator.hear(Record(INDICATORS.name, 0, number, b"key", figure.to_bytes(), AT))
    assert [each.value for each in narrator.indicators.values()] == list(range(40, 50))


async def test_a_flood_of_articles_is_not_explained_one_by_one(narrator: Narrator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.05)
    for number in range(200):
        narrator.hear(reading(f"https://elsewhere.example/{number}"))
    assert len(narrator._explaining) == module.EXPLAINED
    await asyncio.gather(*narrator._explaining)
