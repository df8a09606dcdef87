"""A request is believed only when one of our keys signed these very bytes, lately."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest

from services.receive import Verdict, key_of_secret, verify

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
AT = datetime.fromtimestamp(1614265330, UTC)
BODY = b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
KEY = key_of_secret(SECRET)


def headers(**changed: str) -> dict[str, str]:
    whole = {"webhook-id": ID, "webhook-timestamp": "1614265330", "webhook-signature": SIGNATURE}
    return whole | {f"webhook-{name}": value for name, value in changed.items()}


def test_the_published_vector_is_verified() -> None:
    assert verify([KEY], headers(), BODY, AT) is Verdict.VERIFIED


def test_either_key_and_any_of_several_signatures_will_do() -> None:
    other = b"another key, twenty-four bytes"
    assert verify([other, KEY], headers(), BODY, AT) is Verdict.VERIFIED
    assert verify([KEY], headers(signature=f"v1a,AAAA v1,AAAA {SIGNATURE}"), BODY, AT) is Verdict.VERIFIED


@pytest.mark.parametrize(
    ("changed", "verdict"),
    [
        ({"id": ""}, Verdict.HEADERS_MISSING),
        ({"timestamp": ""}, Verdict.HEADERS_MISSING),
        ({"signature": ""}, Verdict.HEADERS_MISSING),
        ({"timestamp": "yesterday"}, Verdict.TIMESTAMP_UNREADABLE),
        ({"timestamp": "1614265330.0"}, Verdict.TIMESTAMP_UNREADABLE),
        ({"timestamp": "-1"}, Verdict.TIMESTAMP_UNREADABLE),
        ({"timestamp": "9" * 400}, Verdict.TIMESTAMP_UNREADABLE),
        ({"timestamp": "٣"}, Verdict.TIMESTAMP_UNREADABLE),
        ({"timestamp": "1614265331"}, Verdict.SIGNATURE_WRONG),
        ({"id": "msg_other"}, Verdict.SIGNATURE_WRONG),
        ({"signature": SIGNATURE.replace("v1,", "v2,")}, Verdict.SIGNATURE_WRONG),
        ({"signature": SIGNATURE.lower()}, Verdict.SIGNATURE_WRONG),
        ({"signature": "nonsense"}, Verdict.SIGNATURE_WRONG),
        ({"signature": "v1,é"}, Verdict.SIGNATURE_WRONG),
        ({"signature": "v1,AAAA " * 20 + SIGNATURE}, Verdict.SIGNATURE_WRONG),
    ],
)
def test_what_was_not_signed_so_is_not_believed(changed: dict[str, str], verdict: Verdict) -> None:
    assert verify([KEY], headers(**changed), BODY, AT) is verdict


def test_another_body_or_key_is_not_believed() -> None:
    assert verify([KEY], headers(), BODY + b" ", AT) is Verdict.SIGNATURE_WRONG
    assert verify([b"x" * 24], headers(), BODY, AT) is Verdict.SIGNATURE_WRONG


@pytest.mark.parametrize(
    ("seconds", "verdict"), [(300, Verdict.VERIFIED), (301, Verdict.TOO_OLD), (-300, Verdict.VERIFIED), (-301, Verdict.TOO_NEW)]
)
def test_five_minutes_either_way_are_tolerated(seconds: int, verdict: Verdict) -> None:
    assert verify([KEY], headers(), BODY, AT + timedelta(seconds=seconds)) is verdict


def test_the_signed_content_is_id_time_and_bytes() -> None:
    body = "Zahl: 2 500 – 🙂".encode()
    signed = hmac.new(KEY, f"{ID}.1614265330.".encode() + body, hashlib.sha256).digest()
    assert verify([KEY], headers(signature="v1," + base64.b64encode(signed).decode()), body, AT) is Verdict.VERIFIED


@pytest.mark.parametrize("secret", ["whsec_", "", "whsec_not base64!", "whsec_é"])
def test_a_secret_that_cannot_be_read_is_not_repeated(secret: str) -> None:
    with pytest.raises(ValueError, match="secret") as caught:
        key_of_secret(secret)
    assert "not base64!" not in str(caught.value)
