"""Headers that any Standard Webhooks verifier believes."""

from __future__ import annotations

import json
import subprocess
import time

import pytest
import standardwebhooks

from services.notify.delivery.signing import read_secret, sign
from tests.support.tools import need

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_" + "QUJD" * 10


def test_the_published_vector() -> None:
    headers = sign([read_secret(SECRET)], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@pytest.mark.parametrize("zone", ["UTC", "America/Caracas", "Asia/Kathmandu"])
def test_the_published_verifier_believes_it_in_any_time_zone(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        body = '{"type": "alert.fired", "data": "väl – 🙂"}'
        headers = sign([read_secret(SECRET)], "an-id", int(time.time()), body.encode())
        assert standardwebhooks.Webhook(SECRET).verify(body, headers) == {"type": "alert.fired", "data": "väl – 🙂"}
    finally:
        monkeypatch.undo()
        time.tzset()


def test_with_two_keys_in_force_holders_of_either_believe_it() -> None:
    headers = sign([read_secret(SECRET), read_secret(OTHER)], "an-id", int(time.time()), b"{}")
    for secret in (SECRET, OTHER):
        standardwebhooks.Webhook(secret).verify(b"{}", headers)
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        standardwebhooks.Webhook("whsec_" + "WFla" * 10).verify(b"{}", headers)


VERIFIER = """
const { createHmac, timingSafeEqual } = require("node:crypto");
const { secret, headers, body } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const key = Buffer.from(secret.replace("whsec_", ""), "base64");
const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
const expected = createHmac("sha256", key).update(signed, "utf8").digest();
const given = headers["webhook-signature"].split(" ").map((each) => Buffer.from(each.split(",")[1], "base64"));
process.stdout.write(given.some((each) => timingSafeEqual(each, expected)) ? "believed" : "not believed");
"""


@pytest.mark.parametrize(("secret", "verdict"), [(SECRET, "believed"), (OTHER, "not believed")])
def test_a_verifier_in_another_language_agrees(secret: str, verdict: str) -> None:
    body = '{"data": "väl – 🙂"}'
    given = {"secret": secret, "headers": sign([read_secret(SECRET)], "an-id", 1_700_000_000, body.encode()), "body": body}
    done = subprocess.run([need("node", "nodejs"), "-e", VERIFIER], input=json.dumps(given), capture_output=True, text=True, check=True)
    assert done.stdout == verdict


def test_an_id_with_a_dot_could_be_read_in_two_ways_and_is_refused() -> None:
    with pytest.raises(ValueError, match="dot"):
        sign([read_secret(SECRET)], "a.b", 1, b"{}")


def test_without_a_key_nothing_is_signed() -> None:
    with pytest.raises(ValueError, match="no key"):
        sign([], "a", 1, b"{}")


@pytest.mark.parametrize("secret", ["", "planted", "whsec_", "whsec_planted!", "whsec_QUJD", "whsec_" + "QUJD" * 30, "whsk_" + "QUJD" * 10])
def test_a_secret_that_is_none_is_refused_and_not_repeated(secret: str) -> None:
    with pytest.raises(ValueError, match="webhook secret") as caught:
        read_secret(secret)
    assert "planted" not in str(caught.value)
    assert "QUJD" not in str(caught.value)


def test_a_secret_without_padding_is_read() -> None:
    assert read_secret("whsec_" + "QUJD" * 8 + "QQ") == b"ABC" * 8 + b"A"
