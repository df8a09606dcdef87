"""How clients of ours prove who they are and check who answers: the one place where a password or a key is read.

Whatever library makes a client takes its arguments from here, so that none of them can fall back to less than what is set: Faust,
given a user without a TLS context, would speak SASL_PLAINTEXT without a word. Nothing here puts a secret into an error's text.
"""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from aiokafka.client import create_conn
from aiokafka.conn import collect_hosts
from aiokafka.errors import (
    AuthenticationFailedError,
    GroupAuthorizationFailedError,
    IllegalSaslStateError,
    KafkaError,
    SaslAuthenticationFailed,
    TopicAuthorizationFailedError,
    UnsupportedSaslMechanismError,
)
from aiokafka.protocol.metadata import MetadataRequest

from services.stage import Stop

from .access import Operation
from .settings import Settings

if TYPE_CHECKING:
    from faust.auth import Credentials

MAX_SECRET = 4_096
"""Longest password in characters: a file that holds more was not meant."""

KNOCK_TIMEOUT_MS = 5_000
"""How long one look at why brokers refuse us may take."""

REFUSED = (AuthenticationFailedError, SaslAuthenticationFailed, UnsupportedSaslMechanismError, IllegalSaslStateError)
"""What aiokafka raises when a broker does not believe who we are."""

WRONG_CERTIFICATE = {
    9: "is not valid yet",
    10: "has expired",
    18: "is signed by itself, not by an authority that we trust: set TALLYWIRE_TLS_CA_FILE to the brokers' authority",
    19: "is signed by an authority that we do not trust: set TALLYWIRE_TLS_CA_FILE to the brokers' authority",
    20: "is signed by an authority that we do not trust: set TALLYWIRE_TLS_CA_FILE to the brokers' authority",
    62: "is for another name: set TALLYWIRE_BROKERS to the names in it",
    64: "is for another address: set TALLYWIRE_BROKERS to the names in it",
}
"""OpenSSL's numbers of what is wrong with a broker's certificate -> what that means here."""


def connection(settings: Settings) -> dict[str, Any]:
    """Where the brokers are and how they are spoken to, as arguments of any client of aiokafka.

    Raises:
        Stop: a file with a secret or a certificate cannot be used; the text names the setting.

    """
    arguments: dict[str, Any] = {"bootstrap_servers": settings.brokers, "security_protocol": settings.security_protocol}
    if settings.security_protocol != "PLAINTEXT":
        arguments["ssl_context"] = tls_context(settings)
    if settings.security_protocol == "SASL_SSL":
        arguments |= {
            "sasl_mechanism": settings.sasl_mechanism,
            "sasl_plain_username": settings.sasl_user,
            "sasl_plain_password": _password(settings),
        }
    return arguments


def faust_credentials(settings: Settings) -> Credentials | None:
    """The same for Faust, which takes its protocol from the credentials: SASL_SSL only where they hold a TLS context.

    Raises:
        Stop: as `connection`.

    """
    from faust.auth import SASLCredentials, SSLCredentials  # noqa: PLC0415  # half a second, which no command without Faust should wait

    if settings.security_protocol == "PLAINTEXT":
        return None
    context = tls_context(settings)
    credentials = (
        SASLCredentials(username=settings.sasl_user, password=_password(settings), ssl_context=context, mechanism=settings.sasl_mechanism)
        if settings.security_protocol == "SASL_SSL"
        else SSLCredentials(context)
    )
    if credentials.protocol.value != settings.security_protocol:
        raise Stop(f"Faust would speak {credentials.protocol.value} instead of {settings.security_protocol}: nothing is sent")
    return credentials


def librdkafka(settings: Settings) -> dict[str, str]:
    """The same as properties of librdkafka, for clients of confluent-kafka.

    Raises:
        Stop: as `connection`.

    """
    properties = {"bootstrap.servers": settings.brokers, "security.protocol": settings.security_protocol, "log_level": "0"}
    if settings.security_protocol == "PLAINTEXT":
        return properties
    tls_context(settings)  # says what is wrong with the files, and which one it is
    files = {
        "ssl.ca.location": settings.tls_ca_file,
        "ssl.certificate.location": settings.tls_cert_file,
        "ssl.key.location": settings.tls_key_file,
    }
    properties |= {name: str(file) for name, file in files.items() if file is not None}
    properties["ssl.endpoint.identification.algorithm"] = "https"
    if settings.tls_key_password_file is not None:
        properties["ssl.key.password"] = _secret("TLS_KEY_PASSWORD_FILE", settings.tls_key_password_file)
    if settings.security_protocol == "SASL_SSL":
        properties |= {
            "sasl.mechanism": settings.sasl_mechanism,
            "sasl.username": settings.sasl_user or "",
            "sasl.password": _password(settings),
        }
    return properties


def tls_context(settings: Settings) -> ssl.SSLContext:
    """TLS 1.2 or newer, the broker's certificate and name checked, and our own certificate where there is one.

    Raises:
        Stop: as `connection`.

    """
    try:
        context = ssl.create_default_context(cafile=None if settings.tls_ca_file is None else str(settings.tls_ca_file))
    except (OSError, ssl.SSLError) as error:
        raise Stop(f"TALLYWIRE_TLS_CA_FILE {settings.tls_ca_file} cannot be used: {_reason(error)}") from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if settings.tls_cert_file is not None:
        file = settings.tls_key_password_file
        password = "" if file is None else _secret("TLS_KEY_PASSWORD_FILE", file)
        try:
            # Given as a function, so that OpenSSL never asks for it on a terminal.
            context.load_cert_chain(settings.tls_cert_file, settings.tls_key_file, lambda: password)
        except (OSError, ssl.SSLError, ValueError) as error:
            raise Stop(
                f"TALLYWIRE_TLS_CERT_FILE {settings.tls_cert_file} with TALLYWIRE_TLS_KEY_FILE {settings.tls_key_file} "
                f"cannot be used ({_reason(error)}): is the key the certificate's own, and TALLYWIRE_TLS_KEY_PASSWORD_FILE right?"
            ) from None
    return context


def _password(settings: Settings) -> str:
    if settings.sasl_password_file is not None:
        return _secret("SASL_PASSWORD_FILE", settings.sasl_password_file)
    return "" if settings.sasl_password is None else settings.sasl_password.get_secret_value()


def _secret(setting: str, file: Path) -> str:
    """What stands in a file, without the end of its line."""
    try:
        with file.open(encoding="utf-8") as opened:
            text = opened.read(MAX_SECRET + 2).rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise Stop(f"TALLYWIRE_{setting} {file} cannot be read: {_reason(error)}") from None
    if not text or len(text) > MAX_SECRET or "\n" in text:
        raise Stop(f"TALLYWIRE_{setting} {file} must hold one line, the password, and nothing else")
    return text


def _reason(error: Exception) -> str:
    """In a few words, without anything out of the file."""
    if isinstance(error, ssl.SSLError):
        return (error.reason or "no PEM").lower().replace("_", " ")
    return (error.strerror or "") if isinstance(error, OSError) else "not UTF-8"


class Refusal(NamedTuple):
    """Why a broker that answers does not let us in."""

    reason: str
    """In a sentence, with what to look at."""
    final: bool
    """Whether it is sure that the same settings will not do; a broker that merely hung up may be ending."""


async def refusal(settings: Settings, shown: Mapping[str, Any] | None = None) -> Refusal | None:
    """Why brokers that answer do not let us in; None where one does, or none answers. `shown` is an older `connection` than now's.

    A client of aiokafka says only that it could not connect; this dials each server once, and looks at what it raises.
    """
    arguments = dict(connection(settings) if shown is None else shown)
    first: Refusal | None = None
    for host, port, _ in collect_hosts(arguments.pop("bootstrap_servers"), randomize=False):
        try:
            dialled = await create_conn(host, port, client_id="tallywire-knock", request_timeout_ms=KNOCK_TIMEOUT_MS, **arguments)
            try:
                await dialled.send(MetadataRequest([]))  # a broker that asks for a certificate says no only now
            finally:
                dialled.close()
        except (OSError, KafkaError, TimeoutError, ValueError) as error:
            first = first or _why(settings, f"{host}:{port}", error)
        else:
            return None
    return first


def _why(settings: Settings, server: str, error: BaseException) -> Refusal | None:
    if isinstance(error.__cause__, ssl.SSLError):
        error = error.__cause__
    if isinstance(error, REFUSED):
        return Refusal(
            f"the broker at {server} refuses the user {settings.sasl_user} ({type(error).__name__}): are TALLYWIRE_SASL_USER, "
            "its password and TALLYWIRE_SASL_MECHANISM right?",
            final=True,
        )
    if isinstance(error, ssl.SSLCertVerificationError):
        wrong = WRONG_CERTIFICATE.get(error.verify_code, f"is not accepted ({error.verify_message})")
        return Refusal(f"the certificate of the broker at {server} {wrong}", final=True)
    if isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return Refusal(
            f"the broker at {server} does not agree on TLS ({_reason(error)}): does it want a certificate in TALLYWIRE_TLS_CERT_FILE, "
            f"one that it trusts, and is it a port for {settings.security_protocol}?",
            final=True,
        )
    if isinstance(error, ConnectionResetError) or isinstance(error.__cause__, asyncio.IncompleteReadError):
        return Refusal(f"the broker at {server} hung up: is it a port for {settings.security_protocol}?", final=False)
    return None


def denied(settings: Settings, error: BaseException, operation: Operation = "Read") -> str | None:
    """What our user was not let do, where an error says that; None for any other error."""
    if not isinstance(error, TopicAuthorizationFailedError | GroupAuthorizationFailedError):
        return None
    kind = "topic" if isinstance(error, TopicAuthorizationFailedError) else "group"
    told = error.args[0] if error.args else "(not named)"
    names = ", ".join(sorted(told)) if isinstance(told, set | frozenset | list | tuple) else str(told)
    return f"{user_of(settings)} may not {operation} {kind} {names}; `tallywire topics create --acls` gives what is missing"


def in_the_clear(settings: Settings) -> bool:
    """Whether records would go unencrypted to another machine."""
    hosts = [host for host, _, _ in collect_hosts(settings.brokers, randomize=False)]
    return settings.security_protocol == "PLAINTEXT" and not all(_loopback(host) for host in hosts)


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def user_of(settings: Settings) -> str:
    """How we are called in a sentence."""
    if settings.sasl_user is not None:
        return f"the user {settings.sasl_user}"
    return "the user of our certificate" if settings.tls_cert_file is not None else "this user"
