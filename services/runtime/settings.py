"""Environment -> frozen settings: every setting once, with its meaning beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

Port = Annotated[int, Field(ge=0, le=65_535)]
"""A TCP port; 0 lets the system choose, and the log says which."""


class Settings(BaseSettings):
    """What may differ from one installation to another; each is read from `TALLYWIRE_<NAME>`."""

    model_config = SettingsConfigDict(
        env_prefix="TALLYWIRE_",
        env_ignore_empty=True,
        frozen=True,
        extra="ignore",
        use_attribute_docstrings=True,
        hide_input_in_errors=True,  # one of them is a password
    )

    brokers: str = "127.0.0.1:9092"
    """Kafka's bootstrap servers, `host:port` with commas between."""
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_SSL"] = "PLAINTEXT"
    """How brokers are spoken to: `PLAINTEXT`, `SSL` (a certificate says who we are, if one is given) or `SASL_SSL` (a user and a password)."""
    sasl_mechanism: Literal["SCRAM-SHA-512", "SCRAM-SHA-256"] = "SCRAM-SHA-512"
    """How a password is proven without being sent."""
    sasl_user: str | None = None
    """The user of this service; each has its own."""
    sasl_password: SecretStr | None = None
    """Its password; a file is better, which no child process inherits."""
    sasl_password_file: Path | None = None
    """File with the password, and nothing else."""
    tls_ca_file: Path | None = None
    """PEM file of the authorities that brokers' certificates are signed by; the system's own unless set."""
    tls_cert_file: Path | None = None
    """PEM file of our certificate and what it is signed by, for brokers that ask for one."""
    tls_key_file: Path | None = None
    """PEM file of its private key."""
    tls_key_password_file: Path | None = None
    """File with the password of the key, where it has one."""
    prefix: Annotated[str, Field(pattern=r"^[a-zA-Z0-9._-]{0,80}$")] = ""
    """Put before the name of every topic and consumer group, so that installations can share a cluster."""
    state_dir: Path = Path("state")
    """Where folds keep their checkpoints; may be lost, and is then rebuilt from Kafka."""
    host: str = "127.0.0.1"
    """Address on which /metrics, /livez and /readyz are served; loopback unless told otherwise."""
    collect_port: Port = 9101
    """Port of collect's health and metrics."""
    extract_port: Port = 9102
    """Port of extract's."""
    measure_port: Port = 9103
    """Port of measure's."""
    notify_port: Port = 9104
    """Port of notify's."""
    intake_host: str = "127.0.0.1"
    """Address on which collect takes articles by HTTP."""
    intake_port: Port = 8080
    """Port on which collect takes articles by HTTP."""
    feeds_file: Path | None = None
    """YAML file of the feeds to poll."""
    endpoints_file: Path | None = None
    """YAML file of the webhook endpoints."""
    profile: Annotated[str, Field(pattern=r"^(conservative|isaf|newsquant)$")] = "conservative"
    """By which vague words become numbers."""
    log_level: Annotated[str, Field(pattern=r"^(DEBUG|INFO|WARNING|ERROR)$")] = "INFO"
    """Least level that is logged."""
    instance: Annotated[str, Field(pattern=r"^[a-zA-Z0-9._-]{1,200}$")] | None = None
    """Name of this replica, which no other has: started again within the session timeout, it gets its partitions back without a rebalance."""
    session_timeout: Annotated[float, Field(gt=0, le=300)] = 12.0
    """Seconds after which the group gives a silent worker's partitions to another."""
    commit_interval: Annotated[float, Field(gt=0, le=60)] = 0.5
    """Seconds between commits; what a crash repeats grows with it."""
    fetch_wait: Annotated[float, Field(gt=0, le=10)] = 0.5
    """Seconds that a broker holds a fetch for which there are no records; Kafka answers when one comes, the embedded broker only then."""
    stall_timeout: Annotated[float, Field(gt=0)] = 60.0
    """Seconds of lag without progress after which the watchdog ends the process."""
    stop_timeout: Annotated[float, Field(gt=0, le=600)] = 8.0
    """Seconds within which a stop finishes and commits what is in flight."""
    failures_to_stop: Annotated[int, Field(ge=1)] = 20
    """Unexpected failures in a row that stop a service, with nothing of that run committed."""

    failpoints: str = ""
    """Where this process is to fail, for tests (see runtime/failpoints.py); empty in production."""

    @field_validator("security_protocol", mode="before")
    @classmethod
    def _never_in_the_clear(cls, given: object) -> object:
        if given == "SASL_PLAINTEXT":
            raise ValueError(
                "SASL_PLAINTEXT is refused: it proves a password, and then sends everything unencrypted to whoever answers; "
                "set SASL_SSL, and TALLYWIRE_TLS_CA_FILE where the brokers' authority is your own"
            )
        return given

    @model_validator(mode="after")
    def _of_a_piece(self) -> Self:
        if (contradiction := _contradiction(self)) is not None:
            raise ValueError(contradiction)
        return self

    def in_the_clear(self, brokers: str) -> Self:
        """The same on brokers of our own that ask for no proof: the embedded one."""
        return self.model_copy(update={"brokers": brokers, "security_protocol": "PLAINTEXT", **dict.fromkeys((*SASL, *TLS))})

    def topic(self, name: str) -> str:
        """The name on the broker of a topic of ours."""
        return f"{self.prefix}{name}"

    def group(self, name: str) -> str:
        """The name on the broker of a consumer group of ours."""
        return f"{self.prefix}tallywire.{name}"


SASL = ("sasl_user", "sasl_password", "sasl_password_file")
TLS = ("tls_ca_file", "tls_cert_file", "tls_key_file", "tls_key_password_file")


def _contradiction(settings: Settings) -> str | None:
    """How the settings of the wire contradict each other, with what to set; None where they do not."""
    sasl = [name for name in SASL if getattr(settings, name) is not None]
    tls = [name for name in TLS if getattr(settings, name) is not None]
    protocol = settings.security_protocol
    if sasl and protocol != "SASL_SSL":
        return f"{_variables(sasl)} would not be used with TALLYWIRE_SECURITY_PROTOCOL={protocol}: set SASL_SSL, or leave it out"
    if tls and protocol == "PLAINTEXT":
        return f"{_variables(tls)} would not be used with TALLYWIRE_SECURITY_PROTOCOL=PLAINTEXT: set SSL or SASL_SSL, or leave it out"
    if settings.sasl_password is not None and settings.sasl_password_file is not None:
        return "TALLYWIRE_SASL_PASSWORD and TALLYWIRE_SASL_PASSWORD_FILE are both set: leave one out"
    if protocol == "SASL_SSL" and (settings.sasl_user is None or len(sasl) == 1):
        return "SASL_SSL needs TALLYWIRE_SASL_USER, and TALLYWIRE_SASL_PASSWORD_FILE or TALLYWIRE_SASL_PASSWORD"
    if (settings.tls_cert_file is None) != (settings.tls_key_file is None):
        return "a certificate needs its key: set both TALLYWIRE_TLS_CERT_FILE and TALLYWIRE_TLS_KEY_FILE, or neither"
    if settings.tls_key_password_file is not None and settings.tls_key_file is None:
        return "TALLYWIRE_TLS_KEY_PASSWORD_FILE has no key to open: set TALLYWIRE_TLS_KEY_FILE"
    return None


def _variables(names: list[str]) -> str:
    return " and ".join(f"TALLYWIRE_{name.upper()}" for name in names)
