"""Why a count is as it is: each field names the words that decided it, and what nothing decided says so."""

from __future__ import annotations

from math import prod
from typing import Any

import orjson
import pytest

from services.extract.explanation import UNNAMED, Decision
from services.extract.extraction import Extraction
from services.extract.render import explained, explained_lines
from tests.extract.readings import article, news, noon, printed

EXTRACTION = Extraction()
NEWS = [case for _, case in news()]
FIELDS = [
    *("value", "qualifier", "measure", "who", "group", "side", "actor", "claimant"),
    *("realis", "background", "period", "places", "kind", "scope", "parent", "confidence"),
]
"""The fields that are explained, in their order."""


def decisions(text: str, title: str = "", *, value: int | None = None) -> dict[str, Decision]:
    """The decisions on a text's count of this value, or on its first one, by the names of their fields."""
    reading, explanations = EXTRACTION.explain(article(text, title))
    counts = [count for event in reading.events for count in event.counts]
    chosen = next(count for count in counts if value in (None, count.value))
    return {decision.name: decision for decision in reversed(explanations[chosen.id])}


@pytest.mark.parametrize(
    ("text", "value", "field", "told", "words"),
    [
        ("At least 12 soldiers were killed.", 12, "value", 12, "12"),
        ("At least 12 soldiers were killed.", 12, "qualifier", "at_least", "At least"),
        ("Twelve or more soldiers were killed.", 12, "value", 12, "Twelve"),
        ("Twelve or more soldiers were killed.", 12, "qualifier", "at_least", "or more"),
        ("Between 10 and 15 soldiers were killed.", 10, "qualifier", "between", "Between 10 and 15"),
        ("At least 12 and no more than 15 soldiers were killed.", 12, "qualifier", "between", "At least 12 and no more than 15"),
        ("Half of the 30 hostages were freed.", 15, "value", 15, "Half of the 30"),
        ("Dozens of soldiers were killed.", 12, "value", 12, "Dozens of"),
        ("Soldiers were killed in the raid.", 2, "value", 2, "Soldiers"),
        ("No soldiers were killed.", 0, "value", 0, "No soldiers"),
        ("Gunmen abducted two nurses. They later killed both of them.", 2, "measure", "abducted", "abducted"),
        ("Twelve soldiers were shot dead.", 12, "measure", "killed", "were shot dead"),
        ("Twelve men were taken into custody.", 12, "measure", "detained", "were taken into custody"),
        ("The death toll rose to 45.", 45, "measure", "killed", "toll"),
        ("The number of people wounded rose to 45.", 45, "measure", "injured", "wounded"),
        ("About 2,500 ISIS fighters remain in Iraq.", 2500, "measure", "fighters_remaining", "remain"),
        ("About 2,500 ISIS fighters remain in Iraq.", 2500, "who", "ISIS fighters", "ISIS fighters"),
        ("About 2,500 ISIS fighters remain in Iraq.", 2500, "side", "isis", "ISIS"),
        ("Five Afghan policemen were killed.", 5, "group", "police", "Afghan policemen"),
        ("Thirty people were wounded, three of them children.", 3, "group", "children", "children"),
        ("The Taliban killed five policemen.", 5, "actor", "taliban", "Taliban"),
        ("Five policemen were killed, the interior ministry said.", 5, "claimant", "interior-ministry", "interior ministry"),
        ("The Taliban claimed they had killed 12 soldiers.", 12, "realis", "claimed", "claimed"),
        ("The army denied that 12 soldiers had been captured.", 12, "realis", "denied", "denied"),
        ("Rebels threatened to kill 12 hostages.", 12, "realis", "threatened", "threatened"),
        ("The army tried to free 12 hostages.", 12, "realis", "attempted", "tried"),
        ("The army will free 12 hostages.", 12, "realis", "planned", "will"),
        ("As many as 12 hostages may have been killed.", 12, "realis", "hypothetical", "may"),
        ("He was accused of killing 12 people.", 12, "background", True, "accused of"),
        ("Police killed 66 people in the same period last year.", 66, "background", True, "same period last year"),
        ("Twelve soldiers were killed on Monday in Idlib.", 12, "period", "2024-04-15/2024-04-15 day", "on Monday"),
        (
            "On March 4 gunmen raided a town and killed six men. They abducted 11 women.",
            11,
            "period",
            "2024-03-04/2024-03-04 day",
            "On March 4",
        ),
        ("Twelve soldiers were killed on Monday in Idlib.", 12, "places", "Idlib", "Idlib"),
        ("Some 900 people have been killed since the war began.", 900, "kind", "cumulative", "since the war"),
        ("Some 900 people have been killed since the war began.", 900, "scope", "campaign", "since the war"),
        ("Four of the 12 wounded died.", 4, "value", 4, "Four"),
        ("Seven people were killed, including two officers.", 2, "parent", None, "including"),
        ("The army conducted 70 raids, 45 of them in Iraq.", 45, "parent", None, "them"),
    ],
)
def test_the_words_that_decided_a_field_are_named(text: str, value: int, field: str, told: object, words: str) -> None:
    decision = decisions(text, value=value)[field]
    assert decision.words == words
    assert text[decision.reason.start : decision.reason.end] == words
    assert field == "parent" or decision.value == told


@pytest.mark.parametrize("field", ["qualifier", "side", "actor", "claimant", "realis", "background", "period", "places", "kind", "parent"])
def test_what_no_words_decided_is_said_to_be_so_by_default(field: str) -> None:
    decision = decisions("Twelve people were killed.")[field]
    assert decision.words == ""
    assert decision.reason.by_default


def test_words_are_taken_where_they_stand_and_not_where_they_come_first() -> None:
    text = "The 12 Brigade denied losses. It denied that 12 men were killed in Sector 12."
    found = decisions(text, value=12)
    assert found["value"].reason.start == text.index("12 men")
    assert found["realis"].reason.start == text.index("denied that")


def test_words_of_the_title_have_their_offsets_there() -> None:
    found = decisions("The council met.", "Gunmen kill 12 men in Idlib")
    assert found["value"].reason[1:] == (12, 14, "title")
    assert found["measure"].words == "kill"


def test_confidence_is_the_product_of_what_it_names() -> None:
    found = decisions("Three of them were shot.")["confidence"]
    named = dict(share.rsplit(" ", 1) for share in found.reason.because.split(" × "))
    assert list(named) == ["verb", "bare number", "harm"]
    assert found.value == round(prod(float(share) for share in named.values()), 2)


@pytest.mark.parametrize("case", NEWS, ids=[(case.get("text") or case["title"])[:60] for case in NEWS])
def test_every_count_is_explained_by_words_that_stand_there(case: dict[str, Any]) -> None:
    """What is shown is what was read: no field without a reason, no value by default that words gave."""
    given = article(case.get("text", ""), case.get("title", ""), published=noon(case.get("published")))
    reading, explanations = EXTRACTION.explain(given)
    assert reading == EXTRACTION.read(given)
    texts = {"text": given.text, "title": given.title}
    for event in reading.events:
        for count in event.counts:
            made = explanations[count.id]
            assert list(dict.fromkeys(decision.name for decision in made)) == FIELDS
            for decision in made:
                reason = decision.reason
                assert decision.words == texts[reason.field][reason.start : reason.end]
                assert reason != UNNAMED
                chosen = decision.name in ("side", "actor", "claimant", "places", "parent") and decision.value is not None
                assert not (chosen and reason.by_default), decision
            assert (count.realis == "asserted") == next(d.reason.by_default for d in made if d.name == "realis")
            assert count.qualifier == "exact" or not next(d.reason.by_default for d in made if d.name == "qualifier")
            assert count.group == "people" or not next(d.reason.by_default for d in made if d.name == "group")
            assert event.background != next(d.reason.by_default for d in made if d.name == "background")


def test_a_json_line_gives_the_count_and_each_field_with_its_words_and_offsets() -> None:
    text = "Twelve soldiers were killed."
    (line,) = explained_lines(*EXTRACTION.explain(article(text)))
    data = orjson.loads(line)
    (event,) = EXTRACTION.read(article(text)).events
    assert (data["article"], data["count"]) == ("test", event.counts[0].id)
    assert data["fields"][0] == {
        "field": "value",
        "value": 12,
        "words": "Twelve",
        "in": "text",
        "start": 0,
        "end": 6,
        "because": "the number",
    }
    side = next(field for field in data["fields"] if field["field"] == "side")
    assert (side["value"], side["words"], side["in"], side["start"], side["end"]) == (None, None, None, None, None)


def test_a_table_shows_words_offsets_and_rules_without_what_a_terminal_would_obey() -> None:
    given = article("\x1b[31m Twelve soldiers were killed, the police said.", "Raid")
    reading, explanations = EXTRACTION.explain(given)
    shown = printed(explained(reading, given, explanations))
    assert "\x1b[31m" not in shown
    assert "were killed 22-33" in shown
    assert "who says so" in shown
    assert "by default: no words qualify the number" in shown
