"""Real Kafka that asks who one is: TLS, passwords by SCRAM, client certificates, and the authorizer; certificates made for one test run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme
from cryptography.hazmat.primitives import serialization

from services.runtime.access import ROLES
from services.runtime.settings import Settings

from .kafka import Further, Kafka, free_ports

USER = "tallywire-"
"""Before a role it is its user, as the commands have it unless told otherwise."""

ADMIN = "admin"
"""A super user, who makes topics and ACLs."""

PLANTED = "planted-Qz7vK2"
"""Begins each password: what is looked for where no secret may be."""

LISTENERS = {"PASSWORD": "SASL_SSL", "MUTUAL": "SSL", "EXPIRED": "SASL_SSL", "ELSEWHERE": "SASL_SSL", "BRIEF": "SASL_SSL"}
"""By password; by certificate; by password behind a broker's certificate that has expired, or is for another host; and by password for
a few seconds, after which it has to be shown again."""

BRIEFLY = "3000"
"""Milliseconds for which a password is believed there."""


@dataclass
class Secured:
    """Ports, certificates and passwords of one cluster; `further` and `passwords` are given to the cluster when it is made."""

    folder: Path
    ports: dict[str, int] = field(default_factory=lambda: dict(zip(LISTENERS, free_ports(len(LISTENERS)), strict=True)))
    authority: trustme.CA = field(default_factory=trustme.CA)
    cluster: Kafka | None = None

    def __post_init__(self) -> None:
        """Write the certificates."""
        self.authority.cert_pem.write_to_path(str(self.ca))
        trustme.CA().cert_pem.write_to_path(str(self.folder / "stranger.pem"))
        for name, hosts, days in (
            ("good", ("127.0.0.1", "localhost"), 1),
            ("expired", ("127.0.0.1",), -1),
            ("elsewhere", ("elsewhere.test",), 1),
        ):
            self._issue(name, self.authority.issue_cert(*hosts, not_after=datetime.now(UTC) + timedelta(days=days)))
        for role in (*ROLES, ADMIN):
            self._issue(
                f"client-{role}", self.authority.issue_cert(f"{role}@tallywire.test", common_name=role), password=self.password(role)
            )
            self._private(f"{role}.password", self.password(role) + "\n")

    @property
    def ca(self) -> Path:
        """What brokers' certificates are signed by."""
        return self.folder / "ca.pem"

    @property
    def passwords(self) -> dict[str, str]:
        """User -> password."""
        return {user(role): self.password(role) for role in (*ROLES, ADMIN)}

    def password(self, role: str) -> str:
        """Of a role's user; of its private key as well."""
        return f"{PLANTED}-{role}"

    def further(self) -> Further:
        """Settings of a node with all listeners."""

        def settings(number: int, folder: Path) -> Mapping[str, str]:
            listeners = ",".join(f"{name}://127.0.0.1:{port}" for name, port in self.ports.items())
            found = {
                "listeners": listeners,
                "advertised.listeners": listeners,
                "listener.security.protocol.map": ",".join(f"{name}:{protocol}" for name, protocol in LISTENERS.items()),
                "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "super.users": f"User:ANONYMOUS;User:{ADMIN}",
                "sasl.enabled.mechanisms": "SCRAM-SHA-512,SCRAM-SHA-256",
                "ssl.principal.mapping.rules": f"RULE:^.*CN={ADMIN}(,.*)?$/{ADMIN}/,RULE:^.*CN=([a-z]+)(,.*)?$/{USER}$1/,DEFAULT",
            }
            for name, protocol in LISTENERS.items():
                at = f"listener.name.{name.lower()}"
                found |= {
                    f"{at}.ssl.keystore.type": "PEM",
                    f"{at}.ssl.keystore.location": str(self.folder / f"{name.lower() if name in ('EXPIRED', 'ELSEWHERE') else 'good'}.pem"),
                    f"{at}.ssl.truststore.type": "PEM",
                    f"{at}.ssl.truststore.location": str(self.ca),
                }
                if protocol == "SASL_SSL":
                    for mechanism in ("scram-sha-512", "scram-sha-256"):
                        if name == "BRIEF":
                            found[f"{at}.{mechanism}.connections.max.reauth.ms"] = BRIEFLY
                        found[f"{at}.{mechanism}.sasl.jaas.config"] = "org.apache.kafka.common.security.scram.ScramLoginModule required;"
                else:
                    found[f"{at}.ssl.client.auth"] = "required"
            return found

        return settings

    def environment(self, role: str, listener: str = "PASSWORD") -> dict[str, str]:
        """The variables of a role's service."""
        found = {"TALLYWIRE_BROKERS": f"127.0.0.1:{self.ports[listener]}", "TALLYWIRE_TLS_CA_FILE": str(self.ca)}
        if LISTENERS[listener] == "SSL":
            return found | {
                "TALLYWIRE_SECURITY_PROTOCOL": "SSL",
                "TALLYWIRE_TLS_CERT_FILE": str(self.folder / f"client-{role}.pem"),
                "TALLYWIRE_TLS_KEY_FILE": str(self.folder / f"client-{role}.key"),
                "TALLYWIRE_TLS_KEY_PASSWORD_FILE": str(self.folder / f"{role}.password"),
            }
        return found | {
            "TALLYWIRE_SECURITY_PROTOCOL": "SASL_SSL",
            "TALLYWIRE_SASL_USER": user(role),
            "TALLYWIRE_SASL_PASSWORD_FILE": str(self.folder / f"{role}.password"),
        }

    def settings(self, role: str, listener: str = "PASSWORD", **changes: object) -> Settings:
        """The settings of a role's service."""
        given = {name.removeprefix("TALLYWIRE_").lower(): value for name, value in self.environment(role, listener).items()}
        return Settings.model_validate({**given, **changes})

    def _issue(self, name: str, certificate: trustme.LeafCert, password: str | None = None) -> None:
        """Write key and chain: together as brokers take them, or, with a password on the key, apart as clients do."""
        key = serialization.load_pem_private_key(certificate.private_key_pem.bytes(), None)
        lock = serialization.NoEncryption() if password is None else serialization.BestAvailableEncryption(password.encode())
        private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock).decode()
        chain = "".join(blob.bytes().decode() for blob in certificate.cert_chain_pems)
        self._private(f"{name}.pem", private + chain if password is None else chain)
        if password is not None:
            self._private(f"{name}.key", private)

    def _private(self, name: str, text: str) -> None:
        file = self.folder / name
        file.touch(mode=0o600)
        file.write_text(text)


def user(role: str) -> str:
    """The user of a role."""
    return role if role == ADMIN else f"{USER}{role}"
