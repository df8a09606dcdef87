"""The page on securing the way to Kafka, followed command by command on a cluster that asks who one is."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from pathlib import Path

import aiohttp
import pytest

from services.runtime.settings import Settings
from tests.support.kafka import free_ports
from tests.support.secured import ADMIN, Secured

from .test_docs import CONSOLE, commands

pytestmark = [pytest.mark.broker, pytest.mark.timeout(300)]

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "secure-kafka.md"
READY_WITHIN = 60.0


def section(title: str) -> list[str]:
    """The commands of a section, but for containers."""
    text = re.split(r"^## ", PAGE.read_text(), flags=re.MULTILINE)
    (found,) = [part for part in text if part.startswith(f"{title}\n")]
    return [command for block in CONSOLE.findall(found) for command in commands(block) if "docker" not in command]


@pytest.fixture
def machine(secured: Secured, tmp_path: Path) -> dict[str, str]:
    """A folder with the files that the page names, a stand-in for Kafka's tool, and ours; the variables of a shell in it."""
    (tmp_path / "admin.properties").write_text(
        f"ssl.ca.location={secured.ca}\nsecurity.protocol=SASL_SSL\nsasl.mechanism=SCRAM-SHA-512\n"
        f"sasl.username={ADMIN}\nsasl.password={secured.password(ADMIN)}\n"
    )
    (tmp_path / "extract.properties").write_text(f"SCRAM-SHA-512=[password={secured.password('extract')}]\n")
    tools = {
        "kafka-configs.sh": f"exec {sys.executable} -m tests.support.kafka_configs",
        "tallywire": f"exec {sys.executable} -m services.cli.main",
    }
    for name, command in tools.items():
        tool = tmp_path / "bin" / name
        tool.parent.mkdir(exist_ok=True)
        tool.write_text(f'#!/bin/sh\n{command} "$@"\n')
        tool.chmod(0o755)
    files = {"ca.pem": "ca.pem", "admin": "admin.password", "extract": "extract.password", "extract.pem": "client-extract.pem"}
    files |= {"extract.key": "client-extract.key", "extract.key.password": "extract.password"}
    for name, origin in files.items():
        (tmp_path / name).symlink_to(secured.folder / origin)
    port = free_ports(1)[0]
    return {
        **os.environ,
        "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}",
        "PYTHONPATH": str(PAGE.parents[2]),
        "TALLYWIRE_EXTRACT_PORT": str(port),
        "TALLYWIRE_STATE_DIR": str(tmp_path / "state"),
    }


def script(machine: dict[str, str], typed: list[str], port: int) -> str:
    """What was typed, with the places of this machine."""
    folder = Path(machine["PATH"].split(":")[0]).parent
    text = "set -e\n" + "\n".join(typed)
    return re.sub(r"/etc/tallywire/|/run/secrets/", f"{folder}/", text).replace("kafka:9094", f"127.0.0.1:{port}")


async def test_the_page_leads_from_a_bare_cluster_to_a_service_by_password_and_by_certificate(
    secured: Secured, machine: dict[str, str], tmp_path: Path
) -> None:
    prepare = script(machine, [*section("The brokers"), *section("Topics and ACLs")], secured.ports["PASSWORD"])
    # The roles have ACLs of other tests here, whose prefixes are others: that is told, and ends the command.
    prepare = prepare.replace("tallywire topics check --acls", "tallywire topics check --acls || true")
    done = await asyncio.to_thread(
        subprocess.run, ["bash", "-c", prepare], env=machine, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Completed updating config for user tallywire-extract" in done.stdout
    assert "User:tallywire-extract may Write topic tallywire.events.v1" in done.stdout
    assert "missing: " not in done.stdout
    exports = [command for command in section("Topics and ACLs") if command.startswith("export")]
    await serve(machine, script(machine, [*exports, *section("A service")], secured.ports["PASSWORD"]), tmp_path)
    brokers = f"export TALLYWIRE_BROKERS=127.0.0.1:{secured.ports['MUTUAL']}"
    await serve(machine, script(machine, [brokers, *section("By certificate")], 0), tmp_path)


async def serve(machine: dict[str, str], typed: str, folder: Path) -> None:
    """Run what is typed, whose last command is a service; it becomes ready, and ends as told."""
    assert typed.endswith("\ntallywire run extract")
    started = subprocess.Popen(  # noqa: ASYNC220  # it returns at once
        ["bash", "-c", typed.replace("tallywire run", "exec tallywire run")], env=machine, cwd=folder, stderr=subprocess.PIPE, text=True
    )
    try:
        async with asyncio.timeout(READY_WITHIN), aiohttp.ClientSession() as session:
            while started.poll() is None and not await ready(session, int(machine["TALLYWIRE_EXTRACT_PORT"])):
                await asyncio.sleep(0.2)
        started.terminate()
        _, log = await asyncio.to_thread(started.communicate, timeout=30)
    finally:
        started.kill()
    assert started.returncode == 0, log


async def ready(session: aiohttp.ClientSession, port: int) -> bool:
    """Whether a service says that it is."""
    try:
        async with session.get(f"http://{Settings().host}:{port}/readyz") as answer:
            return answer.status == 200
    except aiohttp.ClientError:
        return False
