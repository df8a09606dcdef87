"""A body says what an analyst needs, the same bytes for the same alert, within what any receiver takes."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import orjson
import pytest

from schemas import (
    Alert,
    AlertStatus,
    Certainty,
    Direction,
    Figure,
    Group,
    Measure,
    Place,
    PlacePrecision,
    Qualifier,
    Reckoned,
    ReckonedFrom,
    RuleReference,
    Spread,
    Total,
)
from services.notify.delivery.body import MAX_LINK, MAX_SENTENCE, TARGET, TYPES, TYPES_BY_DEFAULT, TooLarge, body_of, type_of

from .alerts import SENTENCE, alert, evidence, indicator, teller

WEEK = timedelta(days=7)


def test_it_has_the_standard_envelope() -> None:
    body = orjson.loads(body_of(alert()))
    assert list(body) == ["type", "timestamp", "data"]
    assert body["type"] == "alert.fired"
    assert body["timestamp"] == "2022-08-14T09:30:00Z"
    assert all(re.fullmatch(r"[a-zA-Z0-9_.]+", kind) for kind in TYPES)


def test_it_says_what_an_analyst_needs() -> None:
    data = orjson.loads(body_of(alert()))["data"]
    assert data["summary"] == "People held in Peru: about 640, up from 410; possibly 600 or more."
    assert data["figure"] == {
        "subject": "people held in Peru",
        "value": 640,
        "low": None,
        "high": None,
        "qualifier": "approximately",
        "sum": False,
        "reckoned": None,
        "previous": {"value": 410, "qualifier": "exact", "low": 410, "high": 410},
    }
    assert data["line"] == {"direction": "at_least", "threshold": 600, "words": "600 or more"}
    assert data["certainty"] == "possible"
    assert [(each["who"], each["value"], each["beyond"]) for each in data["tellers"]] == [
        ("claimant:interior-ministry", 640, True),
        ("publisher:evening-example", 480, False),
    ]
    assert (data["evidence"][0]["sentence"], data["evidence"][0]["url"]) == (SENTENCE, "https://daily.example/0")
    assert data["evidence_truncated"] is False


def test_the_same_alert_is_the_same_bytes_after_a_round_trip() -> None:
    assert body_of(Alert.from_bytes(alert().to_bytes())) == body_of(alert())


@pytest.mark.parametrize(
    ("direction", "words", "beyond"),
    [
        (Direction.AT_LEAST, "640 or more", True),
        (Direction.ABOVE, "above 640", False),
        (Direction.BELOW, "below 640", False),
        (Direction.AT_MOST, "640 or fewer", True),
    ],
)
def test_on_the_line_itself(direction: Direction, words: str, beyond: bool) -> None:
    data = orjson.loads(body_of(alert(direction=direction, threshold=640)))["data"]
    assert (data["line"]["words"], data["tellers"][0]["beyond"]) == (words, beyond)


@pytest.mark.parametrize(
    ("qualifier", "words"),
    [
        (Qualifier.EXACT, "1,640"),
        (Qualifier.AT_LEAST, "at least 1,640"),
        (Qualifier.AT_MOST, "at most 1,640"),
        (Qualifier.MORE_THAN, "more than 1,640"),
        (Qualifier.FEWER_THAN, "fewer than 1,640"),
        (Qualifier.BETWEEN, "1,640 to 1,700"),
        (Qualifier.VAGUE, "some 1,640 (no number is given)"),
        (Qualifier.carry("newfangled"), "1,640"),
    ],
)
def test_a_number_is_told_as_its_words_commit_themselves(qualifier: Qualifier, words: str) -> None:
    told = alert(value=1640, low=1640, high=1700, indicator=indicator(value=1640, qualifier=qualifier, low=1640, high=1700, previous=None))
    assert f"People held in Peru: {words}; possibly 600 or more." in orjson.loads(body_of(told))["data"]["summary"]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"measure": Measure.OPERATIONS, "actor": "the-army", "side": "north"}, "operations by the-army against north in Peru"),
        ({"measure": Measure.STRIKES}, "strikes in Peru"),
        ({"measure": Measure.FIGHTERS_REMAINING, "group": Group.MILITANTS, "side": "north"}, "fighters of north remaining in Peru"),
        ({"measure": Measure.INJURED, "group": Group.AID_WORKERS, "places": ()}, "aid workers injured"),
        ({"measure": Measure.carry("evacuated")}, "people evacuated in Peru"),
    ],
)
def test_what_was_counted_reads_as_a_phrase(changed: dict[str, object], words: str) -> None:
    assert orjson.loads(body_of(alert(indicator=indicator(**changed))))["data"]["figure"]["subject"] == words


def test_of_a_sum_the_range_is_told_and_no_teller_is_judged_by_it() -> None:
    told = alert(
        value=55,
        low=50,
        high=60,
        window=timedelta(days=7),
        certainty=Certainty.CERTAIN,
        threshold=40,
        indicator=indicator(measure=Measure.KILLED, group=Group.CIVILIANS, side="north", value=5),
    )
    data = orjson.loads(body_of(told))["data"]
    assert data["summary"] == "Civilians of north killed in Peru: 50 to 60; certainly 40 or more."
    assert data["figure"]["sum"] is True
    assert {each["beyond"] for each in data["tellers"]} == {None}


@pytest.mark.parametrize(
    ("how", "value", "threshold", "window", "words"),
    [
        (
            ReckonedFrom(
                of=Reckoned.RISE,
                total=Total.SUM,
                percent=True,
                figure=Spread(value=55, low=55, high=60),
                base=Spread(value=25, low=25, high=25),
            ),
            120,
            100,
            WEEK,
            "a rise of 120 % (from 25 to 55 to 60); certainly 100 % or more.",
        ),
        (
            ReckonedFrom(
                of=Reckoned.FALL, figure=Spread(value=2_000, low=2_000, high=2_000), base=Spread(value=2_500, low=2_500, high=2_500)
            ),
            500,
            400,
            None,
            "a fall of 500 (from 2,500 to 2,000); certainly 400 or more.",
        ),
        (
            ReckonedFrom(
                of=Reckoned.HIGHEST, total=Total.LARGEST, figure=Spread(value=52, low=52, high=52), base=Spread(value=40, low=40, high=40)
            ),
            12,
            1,
            WEEK,
            "52 in the largest incident, 12 more than the highest before (40); certainly 1 or more.",
        ),
        (
            ReckonedFrom(of=Reckoned.ITSELF, total=Total.INCIDENTS, figure=Spread(value=20, low=20, high=20)),
            20,
            20,
            WEEK,
            "20 incidents; certainly 20 or more.",
        ),
        (
            ReckonedFrom(of=Reckoned.SILENCE, figure=Spread(value=340)),
            340,
            336,
            None,
            "nothing told for 340 hours; certainly 14 days or more.",
        ),
        (
            ReckonedFrom(of=Reckoned.ABSENCE, figure=Spread(value=2_400)),
            2_400,
            2_160,
            None,
            "told of again after 100 days; certainly 90 days or more.",
        ),
    ],
)
def test_what_was_reckoned_is_told_with_what_it_was_reckoned_from(
    how: ReckonedFrom, value: int, threshold: int, window: timedelta | None, words: str
) -> None:
    told = alert(reckoned=how, value=value, low=value, high=value, threshold=threshold, window=window, certainty=Certainty.CERTAIN)
    data = orjson.loads(body_of(told))["data"]
    assert data["summary"] == f"People held in Peru: {words}"
    assert data["figure"]["reckoned"]["of"] == how.of
    assert {each["beyond"] for each in data["tellers"]} == {None}


def test_evidence_is_cut_first_then_tellers_until_it_fits() -> None:
    many = tuple(evidence(n, sentence="ж" * 400 + f" {n}") for n in range(20))
    told = alert(evidence=many, evidence_count=200, indicator=indicator(tellers=tuple(teller(f"publisher:p{n}") for n in range(20))))
    body = body_of(told)
    data = orjson.loads(body)["data"]
    assert len(body.encode()) <= TARGET
    assert 1 <= len(data["evidence"]) < 20
    assert data["evidence_truncated"] is True
    assert data["evidence_count"] == 200
    assert len(data["tellers"]) == 20


def test_a_long_sentence_is_cut_around_its_words_and_a_long_link_left_out() -> None:
    sentence = "a " * 900 + "Some 640 people are held" + " b" * 900
    data = orjson.loads(body_of(alert(evidence=(evidence(sentence=sentence, url="https://daily.example/" + "x" * MAX_LINK),))))["data"]
    (kept,) = data["evidence"]
    assert "Some 640" in kept["sentence"]
    assert len(kept["sentence"]) <= MAX_SENTENCE + 2
    assert kept["sentence"][0] == kept["sentence"][-1] == "…"
    assert kept["url"] is None


def test_what_would_not_fit_at_all_is_refused() -> None:
    labels = {f"label-{n}": "ж" * 200 for n in range(20)}
    huge = RuleReference(id="r", hash="h", summary="s", labels=labels | {"more": "x" * 300_000})
    assert len(body_of(alert(rule=RuleReference(id="r", hash="h", summary="s", labels=labels)))) < 256 * 1024
    with pytest.raises(TooLarge):
        body_of(alert(rule=huge))


@pytest.mark.parametrize("status", list(AlertStatus))
def test_every_status_has_a_type_and_words(status: AlertStatus) -> None:
    told = alert(status=status)
    assert type_of(told) in TYPES
    assert orjson.loads(body_of(told))["data"]["summary"].endswith(".")
    assert (type_of(told) in TYPES_BY_DEFAULT) == (status is not AlertStatus.PENDING)


def test_an_end_says_what_no_longer_holds() -> None:
    told = alert(
        status=AlertStatus.RESOLVED,
        value=410,
        indicator=indicator(value=410, qualifier=Qualifier.EXACT, previous=Figure(value=640, qualifier=Qualifier.APPROXIMATELY)),
    )
    assert orjson.loads(body_of(told))["data"]["summary"] == "People held in Peru: 410, down from about 640; no longer 600 or more."


def test_the_end_of_time_and_the_end_of_the_alphabet_do_no_harm() -> None:
    places = tuple(Place(name="P" * 200, precision=PlacePrecision.SITE) for _ in range(200))
    told = alert(event_time=datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), indicator=indicator(places=places))
    assert orjson.loads(body_of(told))["timestamp"] == "9999-12-31T23:59:59Z"
    assert "and 195 more places" in body_of(told)


def test_an_end_with_the_figure_still_beyond_the_line_says_that_it_is_out_of_date() -> None:
    told = alert(status=AlertStatus.RESOLVED, threshold=600, value=640, indicator=indicator(value=640, previous=None))
    assert "no more: the figure is out of date, or the rule has changed." in orjson.loads(body_of(told))["data"]["summary"]
