"""Environment -> frozen settings: every setting once, with its meaning beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

Port = Annotated[int, Field(ge=0, le=65_535)]
"""A TCP port; 0 lets the system choose, and the log says which."""


class Settings(BaseSettings):
    """What may differ from one installation to another; each is read from `TALLYWIRE_<NAME>`."""

    model_config = SettingsConfigDict(env_prefix="TALLYWIRE_", frozen=True, extra="ignore", use_attribute_docstrings=True)

    brokers: str = "127.0.0.1:9092"
    """Kafka's bootstrap servers, `host:port` with commas between."""
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

    def topic(self, name: str) -> str:
        """The name on the broker of a topic of ours."""
        return f"{self.prefix}{name}"

    def group(self, name: str) -> str:
        """The name on the broker of a consumer group of ours."""
        return f"{self.prefix}tallywire.{name}"
