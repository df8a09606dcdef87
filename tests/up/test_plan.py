"""What is in the way of a start is one line that says what to do; what is started reads the settings that were planned."""

from __future__ import annotations

import socket
import stat
from ipaddress import ip_address
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from services.cli.main import main
from services.runtime.settings import Settings
from services.up.plan import CannotStart, commands, environment, make_folder, new_secret, settle_ports, write_endpoints

ANY = {"intake_port": 0, "collect_port": 0, "extract_port": 0, "measure_port": 0, "notify_port": 0}


def test_free_ports_are_chosen_where_any_will_do() -> None:
    settled = settle_ports(Settings().model_copy(update=ANY))
    ports = [getattr(settled, name) for name in ANY]
    assert all(ports)
    assert len(set(ports)) == len(ports)


def test_a_port_in_use_is_named_with_its_variable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotStart, match=f"port {port} of 127.0.0.1 is in use: .*TALLYWIRE_MEASURE_PORT"):
            settle_ports(Settings().model_copy(update={**ANY, "measure_port": port}))


def test_the_command_says_a_port_in_use_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        runner = CliRunner(env={"TALLYWIRE_INTAKE_PORT": str(taken.getsockname()[1])})
        result = runner.invoke(main, ["up", "--once"])
    assert result.exit_code == 1
    assert result.output.startswith("Error: port ")
    assert result.output.count("\n") == 1


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(CannotStart, match=r"cannot write to .*--state FOLDER"):
        make_folder(file)
    result = CliRunner(env={f"TALLYWIRE_{name.upper()}": "0" for name in ANY}).invoke(main, ["up", "--once", "--state", str(file)])
    assert result.exit_code == 1
    assert result.output.count("\n") == 1


def test_a_kafka_that_does_not_answer_is_named(tmp_path: Path) -> None:
    runner = CliRunner(env={f"TALLYWIRE_{name.upper()}": "0" for name in ANY})
    result = runner.invoke(main, ["up", "--once", "--state", str(tmp_path), "--bootstrap", "127.0.0.1:1"])
    assert result.exit_code == 1
    assert "no answer from Kafka at 127.0.0.1:1" in result.output.splitlines()[-1]


def test_children_read_the_very_settings_that_were_planned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    planned = Settings(brokers="127.0.0.1:1234", prefix="p-", state_dir=tmp_path, feeds_file=tmp_path / "feeds.yaml", stop_timeout=5.0)
    for name, value in environment(planned).items():
        monkeypatch.setenv(name, value)
    assert Settings() == planned
    assert [each.name for each in commands(planned, tmp_path / "logs")] == ["collect", "extract", "measure", "notify"]


def test_the_secret_is_for_its_owner_only_and_not_in_the_endpoint_file(tmp_path: Path) -> None:
    secret = new_secret()
    file = write_endpoints(tmp_path, "http://127.0.0.1:1/", secret)
    assert secret not in file.read_text()
    (endpoint,) = yaml.safe_load(file.read_text())["endpoints"]
    assert stat.S_IMODE((tmp_path / endpoint["secret_file"]).stat().st_mode) == 0o600
    assert "max_age" not in endpoint


def test_everything_is_served_on_loopback() -> None:
    settings = Settings()
    assert all(ip_address(host).is_loopback for host in (settings.host, settings.intake_host))
