"""What a start needs before anything is started: ports that are free, a folder that can be written, files that the services read."""

from __future__ import annotations

import base64
import os
import secrets
import socket
import tempfile
from collections.abc import Mapping
from pathlib import Path

import yaml
from pydantic import SecretStr

from services.runtime.settings import Settings

from .samples import OUTLETS
from .supervisor import Command

SERVICES = ("collect", "extract", "measure", "notify")
"""In the order of the flow."""

PORTS = {
    "intake_port": "intake_host",
    "collect_port": "host",
    "extract_port": "host",
    "measure_port": "host",
    "notify_port": "host",
}
"""Setting of each port that is listened on -> setting of the address."""

POLL_EVERY = "1s"
"""How often the sample feeds are asked: as often as a watching person is patient."""

FETCH_WAIT = 0.05
"""Seconds that a broker holds a fetch: the embedded one does so even when records come, and an article takes seven fetches to its alert."""

STOP_TIMEOUT = 5.0
"""Seconds in which a service finishes what is in flight; with it all is over within ten."""


class CannotStart(Exception):
    """Something about this machine is in the way; the text says what, and what to do."""


def make_folder(base: Path | None) -> Path:
    """A fresh folder for state, logs and files, in `base` or where temporary files go.

    Raises:
        CannotStart: it cannot be written there.

    """
    try:
        return Path(tempfile.mkdtemp(prefix="tallywire-", dir=base))
    except OSError as error:
        where = base or Path(os.environ.get("TMPDIR", "the folder for temporary files"))
        raise CannotStart(f"cannot write to {where} ({error.strerror}): name a folder that can be written with --state FOLDER") from error


def settle_ports(settings: Settings) -> Settings:
    """The settings with every port fixed: those given are free, and 0 has become a free one.

    Raises:
        CannotStart: a port is in use.

    """
    held: list[socket.socket] = []
    chosen: dict[str, int] = {}
    try:
        for name, host_name in PORTS.items():
            port = getattr(settings, name)
            held.append(_bind(getattr(settings, host_name), port, name))
            chosen[name] = held[-1].getsockname()[1]
    finally:
        for each in held:
            each.close()
    return settings.model_copy(update=chosen)


def _bind(host: str, port: int, name: str) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    listener = socket.socket(family, kind, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(1)
    except OSError as error:
        listener.close()
        variable = f"TALLYWIRE_{name.upper()}"
        raise CannotStart(f"port {port} of {host} is in use: stop what uses it, or choose another with {variable} (0 takes any)") from error
    return listener


def new_secret() -> str:
    """A webhook secret for this run."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def write_feeds(folder: Path, urls: Mapping[str, str]) -> Path:
    """The file of the feeds to poll: the sample outlets, on loopback."""
    feeds = [
        {"id": each, "url": url, "every": POLL_EVERY, "source": OUTLETS[each], "allow_networks": ["127.0.0.0/8"]}
        for each, url in urls.items()
    ]
    return _write(folder / "feeds.yaml", {"version": 1, "feeds": feeds})


def write_endpoints(folder: Path, url: str, secret: str) -> Path:
    """The file of the endpoints: one, the receiver on this machine; it has no `max_age`, for the sample wire is old."""
    private = folder / "endpoint.secret"
    private.touch(mode=0o600)
    private.write_text(secret + "\n", encoding="utf-8")
    endpoint = {"id": "here", "url": url, "secret_file": private.name, "allow_http": True, "allow_networks": ["127.0.0.0/8"]}
    return _write(folder / "endpoints.yaml", {"endpoints": [endpoint]})


def _write(file: Path, content: object) -> Path:
    file.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return file


def environment(settings: Settings) -> dict[str, str]:
    """The variables from which a child reads these very settings; one that is empty counts as not set."""
    return {f"TALLYWIRE_{name.upper()}": _variable(value) for name, value in settings.model_dump().items()}


def _variable(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return "" if value is None else str(value)


def commands(settings: Settings, logs: Path) -> list[Command]:
    """Every service as a child."""
    logs.mkdir(exist_ok=True)
    return [Command(name, ("services.cli.main", "run", name), environment(settings), logs / f"{name}.log") for name in SERVICES]
