"""Whatever the order, the duplicates and the batches: the same articles leave the same belief."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import Claim, Indicator
from services.stage import Output

from .newsroom import Newsroom, reading

HOURS = st.integers(0, 24 * 12).map(lambda hour: f"2024-03-{1 + hour // 24:02d}T{hour % 24:02d}:00")
DAYS = st.integers(1, 12).map(lambda day: f"2024-03-{day:02d}")
WEEKS = st.integers(1, 8).map(lambda day: f"2024-03-{day:02d}..2024-03-{day + 5:02d} week")
PLACES = st.sampled_from(["Hajin", "Shafah", "Hama", "Hama city", "near Hajin", "Deir ez-Zor", "Syria", "eastern Syria"])


@st.composite
def incident(draw: st.DrawFn) -> dict[str, Any]:
    """A count of an incident, exact or vague."""
    told: dict[str, Any] = {
        "killed": draw(st.sampled_from([2, 3, 7, 12])),
        "kind": draw(st.sampled_from(["flow", "flow", "cumulative"])),
        "group": draw(st.sampled_from(["people", "people", "civilians", "children"])),
        "realis": draw(st.sampled_from(["asserted"] * 5 + ["denied"])),
        "event": draw(st.sampled_from(["1", "2"])),
    }
    for name, values in (
        ("in", PLACES),
        ("when", st.one_of(DAYS, DAYS, WEEKS)),
        ("of", st.sampled_from(["isis", "army"])),
        ("says", st.sampled_from(["police", "ministry"])),
    ):
        if draw(st.booleans()):
            told[name] = draw(values)
    return told


@st.composite
def stock(draw: st.DrawFn) -> dict[str, Any]:
    """A count of a stock."""
    told = {
        "killed": draw(st.integers(10, 13)),
        "kind": "stock",
        "scope": "period",
        "in": "Syria",
        "says": draw(st.sampled_from(["police", "ministry", None])),
    }
    if draw(st.booleans()):
        told["when"] = draw(DAYS)
    return told


COUNTS = st.lists(st.one_of(incident(), incident(), stock()), max_size=3)


@st.composite
def articles(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Articles in several revisions, some of them withdrawn, some read by two versions of the extractor."""
    told = []
    for name in range(draw(st.integers(1, 6))):
        at, by = draw(HOURS), draw(st.sampled_from(["A", "B", "C", "D"]))
        copied = draw(st.sampled_from([None, "the agency's words"]))
        for revision in range(draw(st.integers(1, 3))):
            one = {
                "article": f"a{name}",
                "at": at,
                "by": by,
                "updated": f"{at[:10]}T23:{revision:02d}",
                "status": draw(st.sampled_from(["published"] * 5 + ["withdrawn"])),
                "text": copied,
                "content": f"{revision}",
            }
            told += [one | {"version": version, "counts": draw(COUNTS)} for version in draw(st.sampled_from([["1"], ["1", "1.1"]]))]
    return told


def belief_of(told: list[dict[str, Any]], until: str = "2024-03-20T00:00") -> list[Indicator]:
    newsroom = Newsroom().hear(*told)
    newsroom.tick(until)
    return newsroom.belief()


def newest(told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of each article the reading that counts: the newest revision, by the newest extractor."""
    kept: dict[str, dict[str, Any]] = {}
    for one in told:
        now, before = reading(one), kept.get(one["article"])
        if before is None:
            kept[one["article"]] = one
            continue
        then = reading(before)
        same = now.article.revision.content == then.article.revision.content
        if (now.extractor.order() > then.extractor.order()) if same else _order(one) > _order(before):
            kept[one["article"]] = one
    return list(kept.values())


def _order(told: dict[str, Any]) -> tuple[object, str]:
    revision = reading(told).article.revision
    return revision.updated_at, revision.content


@settings(max_examples=50, deadline=None)
@given(articles(), st.randoms(use_true_random=False))
def test_order_and_duplicates_do_not_matter(told: list[dict[str, Any]], chance: random.Random) -> None:
    shuffled = told + chance.sample(told, len(told) // 2)
    chance.shuffle(shuffled)
    assert belief_of(shuffled) == belief_of(told)


@settings(max_examples=40, deadline=None)
@given(articles())
def test_what_is_left_is_what_the_newest_readings_alone_would_leave(told: list[dict[str, Any]]) -> None:
    assert belief_of(told) == belief_of([one for one in newest(told) if one["status"] != "withdrawn"])


@settings(max_examples=25, deadline=None)
@given(articles(), st.randoms(use_true_random=False))
def test_batches_may_come_twice_and_interleaved(told: list[dict[str, Any]], chance: random.Random) -> None:
    """Claims of one article keep their order, as on a partition; those of different articles mix, and any stretch may be told again."""
    newsroom = Newsroom()
    queues: dict[str, list[Output]] = {}
    for one in told:
        read = reading(one)
        queues.setdefault(read.article.id, []).extend(newsroom.claims(read))
    mixed = []
    for queue in queues.values():
        again = chance.randrange(len(queue) + 1)
        queue[again:again] = queue[chance.randrange(again + 1) : again]
    while any(queues.values()):
        mixed.append(queues[chance.choice([name for name, queue in queues.items() if queue])].pop(0))
    newsroom.enter(mixed)
    newsroom.tick("2024-03-20T00:00")
    assert newsroom.belief() == belief_of(told)


@settings(max_examples=25, deadline=None)
@given(articles())
def test_every_figure_stands_on_claims_that_count(told: list[dict[str, Any]]) -> None:
    newsroom = Newsroom().hear(*told)
    claims = [output.value for one in newest(told) for output in Newsroom().claims(reading(one))]
    values = {claim.id: claim.value for claim in claims if isinstance(claim, Claim)}
    for indicator in newsroom.believed:
        assert indicator.value in {values[citation.claim] for teller in indicator.tellers for citation in teller.citations}
        assert indicator.publisher_count <= sum(teller.publishers for teller in indicator.tellers)


@pytest.mark.parametrize("seed", range(3))
def test_looking_only_at_the_days_around_is_enough(seed: int) -> None:
    """Dense claims over ten weeks, exact, undated and vague: what each record looks at leaves what all at once would leave."""
    chance = random.Random(seed)
    told = [dense(chance, f"a{number}") for number in range(80)]
    first = belief_of(told, "2024-04-01")
    chance.shuffle(told)
    assert belief_of(told, "2024-04-01") == first


def dense(chance: random.Random, article: str) -> dict[str, Any]:
    """An article of ten weeks of which much is told."""
    day = date(2024, 1, 1) + timedelta(days=chance.randrange(70))
    whens = [str(day), str(day), None, None, f"{day}..{day + timedelta(days=chance.randrange(1, 8))} week"]
    return {
        "article": article,
        "at": f"{day + timedelta(days=chance.randrange(3))}T{chance.randrange(24):02d}:00",
        "by": chance.choice("ABCDEF"),
        "killed": chance.choice([2, 2, 3, 3, 4]),
        "kind": chance.choice(["flow", "flow", "cumulative"]),
        "group": chance.choice(["people", "people", "civilians"]),
        "in": chance.choice(["Hama", "Hama", "Hajin", "Syria", "eastern Syria"]),
        "of": chance.choice([None, None, "isis", "army"]),
        "when": chance.choice(whens),
    }
