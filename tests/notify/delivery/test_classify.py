"""Every status, and every silence, has one meaning."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from schemas import Outcome
from services.notify.delivery.classify import Then, of_silence, of_status, seconds_of

NOW = datetime(2022, 8, 14, 9, 30, tzinfo=UTC)
NAMED = {
    301: (Outcome.REDIRECTED, Then.RETRY),
    308: (Outcome.REDIRECTED, Then.RETRY),
    401: (Outcome.UNAUTHORIZED, Then.RETRY_BRIEFLY),
    403: (Outcome.UNAUTHORIZED, Then.RETRY_BRIEFLY),
    408: (Outcome.TIMEOUT, Then.RETRY),
    410: (Outcome.GONE, Then.GIVE_UP),
    425: (Outcome.THROTTLED, Then.RETRY),
    429: (Outcome.THROTTLED, Then.RETRY),
}


def expected(status: int) -> tuple[Outcome, Then]:
    if status in NAMED:
        return NAMED[status]
    if 200 <= status < 300:
        return Outcome.OK, Then.DONE
    if 300 <= status < 400:
        return Outcome.REDIRECTED, Then.RETRY
    if 400 <= status < 500:
        return Outcome.REFUSED, Then.RETRY_BRIEFLY
    return Outcome.SERVER_ERROR, Then.RETRY


@pytest.mark.parametrize("status", range(100, 1000))
def test_every_status(status: int) -> None:
    verdict = of_status(status, {}, NOW)
    assert (verdict.outcome, verdict.then) == expected(status)
    assert verdict.status == status
    assert str(status) in verdict.detail
    assert verdict.retry_after is None


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_silence(outcome: Outcome) -> None:
    given_up = outcome in (Outcome.BLOCKED, Outcome.UNCONFIGURED)
    assert of_silence(outcome, "why").then is (Then.GIVE_UP if given_up else Then.RETRY)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        ("0", 0.0),
        ("1.5", 1.5),
        ("-5", 0.0),
        ("Sun, 14 Aug 2022 09:31:00 GMT", 60.0),
        ("Sun, 14 Aug 2022 11:31:00 +0200", 60.0),
        ("Sun, 14 Aug 2022 09:29:00 GMT", 0.0),
        ("Sun, 14 Aug 2022 09:31:00", 60.0),
        ("soon", None),
        ("", None),
        ("nan", None),
        ("inf", None),
        ("1e400", None),
        ("9" * 5_000, None),
        ("Fri, 31 Dec 9999 23:59:59 -2359", 251_741_917_739.0),
        ("Sun, 99 Aug 2022 09:31:00 GMT", None),
        (None, None),
    ],
)
def test_retry_after_in_both_forms_and_in_none(header: str | None, seconds: float | None) -> None:
    assert seconds_of(header, NOW) == seconds


@pytest.mark.parametrize(("status", "heard"), [(429, 30.0), (503, 30.0), (500, None), (404, None), (200, None)])
def test_retry_after_is_heard_where_it_means_something(status: int, heard: float | None) -> None:
    assert of_status(status, {"Retry-After": "30"}, NOW).retry_after == heard
