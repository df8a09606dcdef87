"""The endpoint file: all or nothing, errors by line, secrets never in it and never in an error."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Protocol

import pytest

from schemas import AlertStatus, Severity
from services.notify.delivery.endpoints import Endpoint, EndpointsError, load_endpoints
from services.runtime.guard import objection_to_url

from .alerts import alert
from .receivers import KEY, SECRET

OTHER = "whsec_" + "QUJD" * 10


class Load(Protocol):
    """Writes an endpoint file and reads it."""

    def __call__(self, text: str, **environ: str) -> dict[str, Endpoint]: ...


def objection(url: str, allow_http: bool) -> str | None:
    return objection_to_url(url, allow_http=allow_http)


@pytest.fixture
def load(tmp_path: Path) -> Load:
    (tmp_path / "desk.secret").write_text(SECRET + "\n")
    (tmp_path / "two.secret").write_text(f"{OTHER}\n\n{SECRET}\n")
    (tmp_path / "empty.secret").write_text("\n")
    (tmp_path / "bad.secret").write_text("whsec_planted!\n")
    (tmp_path / "url").write_text("https://planted.example/hook\n")

    def load(text: str, **environ: str) -> dict[str, Endpoint]:
        file = tmp_path / "endpoints.yaml"
        file.write_text(text)
        return load_endpoints(file, objection, environ)

    return load


def test_a_whole_file(load: Load) -> None:
    endpoints = load(
        """
version: 1
endpoints:
- id: desk
  url: https://planted.example/hook
  secret_file: desk.secret
- id: inside
  url_env: INSIDE_URL
  secret_env: INSIDE_SECRET
  severities: [critical]
  types: [alert.fired, alert.pending]
  max_age: 7d
  allow_http: true
  allow_networks: [127.0.0.0/8, "::1/128"]
  concurrency: 2
  timeout: 5
- id: rotating
  url_file: url
  secret_file: two.secret
""",
        INSIDE_URL="http://127.0.0.1:8090/planted",
        INSIDE_SECRET=SECRET,
    )
    assert list(endpoints) == ["desk", "inside", "rotating"]
    assert endpoints["desk"].keys[0].get_secret_value() == KEY
    assert (endpoints["desk"].concurrency, endpoints["desk"].timeout, endpoints["desk"].max_age) == (4, 15.0, None)
    assert endpoints["inside"].max_age == timedelta(days=7)
    assert len(endpoints["rotating"].keys) == 2
    assert "planted" not in repr(endpoints)
    assert SECRET not in repr(endpoints)


def test_an_endpoint_wants_what_it_asks_for(load: Load) -> None:
    (desk,) = load("endpoints: [{id: desk, url: 'https://planted.example/', secret_file: desk.secret, severities: [critical]}]").values()
    assert desk.wants(alert(severity=Severity.CRITICAL))
    assert not desk.wants(alert(severity=Severity.WARNING))
    assert not desk.wants(alert(severity=Severity.carry("dire")))
    assert not desk.wants(alert(severity=Severity.CRITICAL, status=AlertStatus.PENDING))
    assert not desk.wants(alert(severity=Severity.CRITICAL, status=AlertStatus.carry("muted")))


ONE = "endpoints:\n- id: desk\n  url: https://planted.example/hook\n  secret_file: desk.secret\n"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "valid dictionary"),
        ("endpoints: 3", 1, "valid list"),
        ("version: 2\nendpoints: []", 1, "version: Input should be 1"),
        ("endpoints: [", 1, "is not YAML"),
        ("a: &a [*a, *a]\nendpoints: []", 1, "Extra inputs"),
        ("endpoints: []\nother: 1", 2, "Extra inputs"),
        (ONE + "  severity: critical\n", 5, "severity: Extra inputs"),
        (ONE + "  severities: [dire]\n", 5, "is not one of"),
        (ONE + "  types: [alert.planned]\n", 5, "every type must be one of"),
        (ONE + "  max_age: soon\n", 5, "a length of time"),
        (ONE + "  max_age: 0d\n", 5, "longer than nothing"),
        (ONE + "  concurrency: 0\n", 5, "greater than or equal to 1"),
        (ONE + "  timeout: 31\n", 5, "less than or equal to 30"),
        (ONE + "  allow_networks: [127.0.0.1/8]\n", 5, "allow_networks"),
        (ONE + "  secret: planted\n", 2, "a secret does not belong in this file"),
        (ONE + "  secret_env: X\n", 2, "exactly one of secret_file and secret_env"),
        (ONE + "  url_env: X\n", 2, "exactly one of url, url_file and url_env"),
        (ONE + ONE.partition("\n")[2], 5, "two endpoints with the id desk"),
        (ONE.replace("id: desk", "id: The Desk"), 2, "id: String should match"),
        (ONE.replace("https:", "http:"), 3, "the URL of desk must begin with https://"),
        (ONE.replace("planted.example", "planted:planted@planted.example"), 3, "user name"),
        (ONE.replace("desk.secret", "absent.secret"), 2, "absent.secret cannot be read"),
        (ONE.replace("desk.secret", "empty.secret"), 2, "empty.secret is empty"),
        (ONE.replace("desk.secret", "bad.secret"), 2, "is base64"),
        (ONE.replace("secret_file: desk.secret", "secret_env: ABSENT"), 2, "secret_env ABSENT is empty"),
    ],
)
def test_what_is_wrong_is_named_by_line_and_never_repeated(load: Load, text: str, line: int, words: str) -> None:
    with pytest.raises(EndpointsError) as caught:
        load(text)
    assert f"endpoints.yaml:{line}: " in str(caught.value)
    assert words in str(caught.value)
    assert "planted" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_file_that_is_not_there_or_no_text(tmp_path: Path) -> None:
    with pytest.raises(EndpointsError, match="cannot be read: No such file"):
        load_endpoints(tmp_path / "absent", objection)
    (tmp_path / "binary").write_bytes(b"\xff\x00\xfe")
    with pytest.raises(EndpointsError, match="is not YAML"):
        load_endpoints(tmp_path / "binary", objection)
