"""What is deployed names what exists: settings, commands, ports, metrics, runbooks."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.metrics import MetricWrapperBase

from services.cli.main import COMMANDS
from services.cli.topics import USER_PREFIX
from services.notify import rules_file
from services.runtime import metrics
from services.runtime.access import ROLES
from services.runtime.settings import Settings
from tests.support.tools import need

from .reference import exposed

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SECURED: dict[str, Any] = yaml.safe_load((DEPLOY / "secured.yml").read_text())
RULES: list[dict[str, Any]] = yaml.safe_load((DEPLOY / "prometheus" / "rules.yml").read_text())["groups"][0]["rules"]
CASES: list[dict[str, Any]] = yaml.safe_load((DEPLOY / "prometheus" / "rules_test.yml").read_text())["tests"]
DASHBOARD: dict[str, Any] = json.loads((DEPLOY / "grafana" / "dashboards" / "tallywire.json").read_bytes())
OURS = {name: service for name, service in COMPOSE["services"].items() if service["image"].startswith("tallywire")}
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]

METRIC = re.compile(r"\b(tallywire_[a-z0-9_]+|process_[a-z_]+)\b(?!-)")
OF_THE_CLIENT = {"process_resident_memory_bytes", "process_cpu_seconds_total"}
"""Metrics that prometheus_client serves by itself."""


def known_metrics() -> dict[str, set[str]]:
    """Every series that a service can serve, with its labels."""
    known: dict[str, set[str]] = {name: set() for name in OF_THE_CLIENT}
    for each in vars(metrics).values():
        if isinstance(each, MetricWrapperBase):
            endings = ("_bucket", "_sum", "_count") if each._type == "histogram" else ("",)
            known |= {exposed(each) + ending: {*each._labelnames, *({"le"} if ending == "_bucket" else ())} for ending in endings}
    return known


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule["alert"]))
def test_an_alert_says_how_bad_it_is_what_it_is_and_where_help_stands(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in {"critical", "warning", "info"}
    assert rule["annotations"].keys() == {"summary", "description", "runbook_url"}
    page = ROOT / rule["annotations"]["runbook_url"]
    assert page.name == f"{rule['alert']}.md"
    assert page.read_text().startswith(f"# {rule['alert']}\n")


def test_every_runbook_belongs_to_an_alert() -> None:
    assert {page.stem for page in (ROOT / "docs" / "runbooks").glob("*.md")} == {rule["alert"] for rule in RULES}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule["alert"]))
def test_an_alert_has_a_case_that_fires_and_one_that_stays_silent(rule: dict[str, Any]) -> None:
    expected = [each["exp_alerts"] for case in CASES for each in case["alert_rule_test"] if each["alertname"] == rule["alert"]]
    assert any(expected), "a case that fires"
    assert not all(expected), "a case that stays silent"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule["alert"]))
def test_an_alert_asks_for_metrics_that_exist(rule: dict[str, Any]) -> None:
    used = set(METRIC.findall(rule["expr"]))
    assert used <= known_metrics().keys()
    assert used or "up{" in rule["expr"]


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: str(panel["title"]))
def test_a_panel_has_a_title_a_description_a_unit_and_asks_for_what_exists(panel: dict[str, Any]) -> None:
    assert panel["title"]
    assert panel["description"].endswith(".")
    assert panel["fieldConfig"]["defaults"]["unit"]
    known = known_metrics()
    for target in panel["targets"]:
        used = METRIC.findall(target["expr"])
        assert used or target["expr"].startswith("sum by (job) (up{")
        assert set(used) <= known.keys()
        labels = {label for group in re.findall(r"by \(([^)]*)\)", target["expr"]) for label in group.split(", ")}
        assert labels <= {"job", "instance"}.union(*(known[name] for name in used))
        assert 'job=~"$job"' in target["expr"]


def test_prometheus_understands_what_panels_ask(tmp_path: Path) -> None:
    """As recording rules, with Grafana's variables filled in."""
    promtool = need("promtool", "prometheus")
    asked = [target["expr"].replace("$__rate_interval", "5m").replace("$job", ".+") for panel in PANELS for target in panel["targets"]]
    rules = [{"record": f"panel:{number}", "expr": expression} for number, expression in enumerate(asked)]
    (tmp_path / "rules.yml").write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": rules}]}))
    done = subprocess.run(
        [promtool, "check", "rules", str(tmp_path / "rules.yml")], capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(asked)} rules found" in done.stdout


def test_the_dashboard_works_on_any_data_source_and_for_any_service() -> None:
    assert [variable["name"] for variable in DASHBOARD["templating"]["list"]] == ["datasource", "job"]
    assert DASHBOARD["editable"] is False
    assert {panel["datasource"]["uid"] for panel in PANELS} == {"${datasource}"}
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])


def test_panels_do_not_lie_over_one_another() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        cells = {(place["x"] + dx, place["y"] + dy) for dx in range(place["w"]) for dy in range(place["h"])}
        assert not cells & taken, panel["title"]
        assert place["x"] + place["w"] <= 24
        taken |= cells


def test_prometheus_asks_each_service_where_it_answers() -> None:
    config = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text())
    asked = {names: each["port"] for each in config["scrape_configs"][0]["dns_sd_configs"] for names in each["names"]}
    assert asked == {name: Settings.model_fields[f"{name}_port"].default for name in ("collect", "extract", "measure", "notify")}


@pytest.mark.parametrize("name", OURS)
def test_a_container_runs_a_command_that_exists_with_settings_that_exist(name: str) -> None:
    service = OURS[name]
    assert service["command"][0] in COMMANDS
    settings = {f"TALLYWIRE_{field.upper()}" for field in Settings.model_fields}
    assert set(service.get("environment", {})) <= settings


@pytest.mark.parametrize("name", OURS)
def test_a_container_of_ours_cannot_write_or_rise(name: str) -> None:
    service = OURS[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_ports_are_published_on_loopback_only(name: str) -> None:
    assert all(port.startswith("127.0.0.1:") for port in COMPOSE["services"][name].get("ports", []))


@pytest.mark.parametrize("name", ["collect", "extract", "measure", "notify"])
def test_a_service_is_asked_whether_it_is_ready_and_given_time_to_stop(name: str) -> None:
    service = OURS[name]
    port = Settings.model_fields[f"{name}_port"].default
    assert f"127.0.0.1:{port}/readyz" in service["healthcheck"]["test"][-1]
    assert int(service["stop_grace_period"].removesuffix("s")) > Settings.model_fields["stop_timeout"].default


def test_images_of_others_are_named_with_their_version() -> None:
    for name, service in COMPOSE["services"].items():
        if name not in OURS:
            assert re.search(r":v?\d+\.\d+\.\d+$", service["image"]), service["image"]


def test_what_is_mounted_exists() -> None:
    for service in COMPOSE["services"].values():
        for volume in service.get("volumes", []):
            origin = volume.split(":")[0]
            assert (ROOT / origin).exists() if origin.startswith(".") else origin in COMPOSE["volumes"], volume


@pytest.mark.parametrize("name", SECURED["services"])
def test_on_a_secured_kafka_each_service_is_its_own_user_with_its_own_secret(name: str) -> None:
    service = SECURED["services"][name]
    variables = service["environment"]
    assert service["command"] == ["run", name]
    assert set(variables) <= {f"TALLYWIRE_{field.upper()}" for field in Settings.model_fields}
    assert variables["TALLYWIRE_SECURITY_PROTOCOL"] == "SASL_SSL"
    assert variables["TALLYWIRE_SASL_USER"] == f"{USER_PREFIX}{name}"
    assert variables["TALLYWIRE_SASL_PASSWORD_FILE"] == f"/run/secrets/{name}"
    assert variables["TALLYWIRE_TLS_CA_FILE"] == "/run/secrets/ca"
    assert service["secrets"] == ["ca", name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["stop_grace_period"] == OURS[name]["stop_grace_period"]
    assert service["healthcheck"] == OURS[name]["healthcheck"]
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


def test_the_secrets_of_a_secured_kafka_are_kept_out_of_repository_and_image() -> None:
    assert {Path(each["file"]).parts[0] for each in SECURED["secrets"].values()} == {"secrets"}
    assert "deploy/secrets/" in (ROOT / ".gitignore").read_text().splitlines()
    assert SECURED["services"].keys() == ROLES.keys() & COMPOSE["services"].keys()


def test_the_image_runs_as_nobody_and_installs_by_hash() -> None:
    dockerfile = (DEPLOY / "Dockerfile").read_text()
    assert re.search(r"^USER \d{5}:\d{5}$", dockerfile, re.MULTILINE)
    for line in re.findall(r"pip install .*", dockerfile):
        assert "--require-hashes" in line or "--no-deps" in line, line


def test_the_rules_that_are_shipped_can_be_published() -> None:
    assert [rule.id for rule in rules_file.read(DEPLOY / "config" / "rules.yaml")] == [
        "civilians-killed-week",
        "isis-fighters-remaining",
        "isis-operations-quarter",
    ]
