"""What is set for the wire is what every client speaks, or nothing starts: contradictions, files that cannot be used, no fall back."""

from __future__ import annotations

import re
import ssl
from pathlib import Path

import pytest
import trustme
from click.testing import CliRunner
from faust.auth import SASLCredentials, SSLCredentials
from pydantic import SecretStr, ValidationError

import services
from services.cli.main import main
from services.runtime.security import connection, faust_credentials, in_the_clear, librdkafka, tls_context
from services.runtime.settings import Settings
from services.stage import Stop
from services.up.plan import environment
from tests.support.secured import PLANTED

WITH_PASSWORD = {"TALLYWIRE_SECURITY_PROTOCOL": "SASL_SSL", "TALLYWIRE_SASL_USER": "u", "TALLYWIRE_SASL_PASSWORD": PLANTED}


@pytest.fixture
def ca(tmp_path: Path) -> Path:
    """An authority's certificate."""
    file = tmp_path / "ca.pem"
    trustme.CA().cert_pem.write_to_path(str(file))
    return file


@pytest.fixture
def by_password(ca: Path) -> Settings:
    """SASL_SSL with a user and a password."""
    return Settings(security_protocol="SASL_SSL", sasl_user="u", sasl_password=SecretStr(PLANTED), tls_ca_file=ca)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"TALLYWIRE_SECURITY_PROTOCOL": "SASL_PLAINTEXT"}, "SASL_PLAINTEXT is refused"),
        ({"TALLYWIRE_SECURITY_PROTOCOL": "TLS"}, "TALLYWIRE_SECURITY_PROTOCOL: Input should be 'PLAINTEXT', 'SSL' or 'SASL_SSL'"),
        ({**WITH_PASSWORD, "TALLYWIRE_SECURITY_PROTOCOL": ""}, "TALLYWIRE_SASL_USER and TALLYWIRE_SASL_PASSWORD would not be used"),
        ({**WITH_PASSWORD, "TALLYWIRE_SECURITY_PROTOCOL": "SSL"}, "would not be used with TALLYWIRE_SECURITY_PROTOCOL=SSL"),
        ({**WITH_PASSWORD, "TALLYWIRE_SASL_PASSWORD_FILE": "f"}, "both set: leave one out"),
        ({**WITH_PASSWORD, "TALLYWIRE_SASL_USER": ""}, "SASL_SSL needs TALLYWIRE_SASL_USER"),
        ({**WITH_PASSWORD, "TALLYWIRE_SASL_PASSWORD": ""}, "SASL_SSL needs TALLYWIRE_SASL_USER, and"),
        ({**WITH_PASSWORD, "TALLYWIRE_SASL_MECHANISM": "PLAIN"}, "TALLYWIRE_SASL_MECHANISM: Input should be"),
        ({"TALLYWIRE_TLS_CA_FILE": "f"}, "TALLYWIRE_TLS_CA_FILE would not be used"),
        ({"TALLYWIRE_SECURITY_PROTOCOL": "SSL", "TALLYWIRE_TLS_CERT_FILE": "f"}, "a certificate needs its key"),
        ({"TALLYWIRE_SECURITY_PROTOCOL": "SSL", "TALLYWIRE_TLS_KEY_PASSWORD_FILE": "f"}, "has no key to open"),
    ],
)
def test_a_contradiction_ends_a_service_in_one_line_with_2_and_without_the_secret(given: dict[str, str], said: str) -> None:
    done = CliRunner(env=given).invoke(main, ["run", "extract"])
    assert done.exit_code == 2
    assert len(done.output.splitlines()) == 1
    assert said in done.output
    assert PLANTED not in done.output


def test_the_same_is_true_of_what_raises_and_of_what_shows_settings(by_password: Settings) -> None:
    with pytest.raises(ValidationError) as refused:
        Settings.model_validate({"security_protocol": "SSL", "sasl_password": PLANTED})
    assert PLANTED not in str(refused.value) + repr(by_password) + str(by_password.model_dump())


def test_faust_speaks_what_is_set_and_never_less(by_password: Settings, ca: Path) -> None:
    credentials = faust_credentials(by_password)
    assert isinstance(credentials, SASLCredentials)
    assert credentials.protocol.value == "SASL_SSL"
    assert credentials.mechanism.value == "SCRAM-SHA-512"
    assert credentials.ssl_context is not None
    assert PLANTED not in repr(credentials)
    mutual = faust_credentials(Settings(security_protocol="SSL", tls_ca_file=ca))
    assert isinstance(mutual, SSLCredentials)
    assert mutual.protocol.value == "SSL"
    assert faust_credentials(Settings()) is None


def test_stock_faust_would_fall_back_to_no_encryption() -> None:
    """What the settings keep from happening: a user and a password without a TLS context."""
    assert SASLCredentials(username="u", password="p").protocol.value == "SASL_PLAINTEXT"


def test_faust_that_would_speak_less_is_stopped(by_password: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.runtime.security.tls_context", lambda _: None)
    with pytest.raises(Stop, match="SASL_PLAINTEXT instead of SASL_SSL"):
        faust_credentials(by_password)


def test_names_are_checked_and_old_tls_is_not_spoken(by_password: Settings) -> None:
    context = tls_context(by_password)
    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert librdkafka(by_password)["ssl.endpoint.identification.algorithm"] == "https"


def test_each_kind_of_client_is_told_the_same(by_password: Settings) -> None:
    ours, theirs = connection(by_password), librdkafka(by_password)
    assert [
        ours[name] for name in ("bootstrap_servers", "security_protocol", "sasl_mechanism", "sasl_plain_username", "sasl_plain_password")
    ] == [theirs[name] for name in ("bootstrap.servers", "security.protocol", "sasl.mechanism", "sasl.username", "sasl.password")]
    assert connection(Settings()) == {"bootstrap_servers": "127.0.0.1:9092", "security_protocol": "PLAINTEXT"}


def test_a_password_is_read_from_its_file_without_the_end_of_its_line(ca: Path, tmp_path: Path) -> None:
    file = tmp_path / "password"
    settings = Settings(security_protocol="SASL_SSL", sasl_user="u", sasl_password_file=file, tls_ca_file=ca)
    file.write_text(f"{PLANTED} \n")
    assert connection(settings)["sasl_plain_password"] == f"{PLANTED} "
    for content in ("", "\n", f"{PLANTED}\nand more\n", PLANTED * 1_000):
        file.write_text(content)
        with pytest.raises(Stop, match="must hold one line") as refused:
            connection(settings)
        assert PLANTED not in str(refused.value)
    file.write_bytes(b"\xff")
    with pytest.raises(Stop, match="not UTF-8"):
        connection(settings)


def test_files_that_cannot_be_used_are_named(ca: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.pem"
    broken.write_text(PLANTED)
    for file in (broken, tmp_path / "absent"):
        with pytest.raises(Stop, match=f"TALLYWIRE_TLS_CA_FILE {re.escape(str(file))} cannot be used"):
            tls_context(Settings(security_protocol="SSL", tls_ca_file=file))
        with pytest.raises(Stop, match=r"TALLYWIRE_TLS_CERT_FILE .* cannot be used") as refused:
            tls_context(Settings(security_protocol="SSL", tls_ca_file=ca, tls_cert_file=file, tls_key_file=file))
        assert PLANTED not in str(refused.value)


@pytest.mark.parametrize(
    ("brokers", "warned"),
    [("127.0.0.1:9092,localhost:9093", False), ("[::1]:9092", False), ("kafka:9092", True), ("127.0.0.1:9092,10.0.0.5:9092", True)],
)
def test_records_in_the_clear_to_another_machine_are_noticed(brokers: str, warned: bool, ca: Path) -> None:
    assert in_the_clear(Settings(brokers=brokers)) is warned
    assert not in_the_clear(Settings(brokers=brokers, security_protocol="SSL", tls_ca_file=ca))


def test_children_get_the_secret_by_their_environment_and_the_embedded_broker_asks_for_none(
    by_password: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for planned in (by_password, by_password.in_the_clear("127.0.0.1:1")):
        for name, value in environment(planned).items():
            monkeypatch.setenv(name, value)
        assert Settings() == planned


def test_no_client_is_made_but_by_what_is_set() -> None:
    """Whoever gives brokers by hand leaves out how they are spoken to."""
    by_hand = re.compile(r"bootstrap[_.]servers[\"']?\s*[=:]")
    allowed = {"services/runtime/security.py", "services/up/broker.py"}
    found = {
        str(file.relative_to(Path(services.__file__).parents[1]))
        for file in Path(services.__file__).parent.rglob("*.py")
        if by_hand.search(file.read_text())
    }
    assert found == allowed
