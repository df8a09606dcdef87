"""Rules as analysts write them: what they mean, and what is said of each mistake."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import orjson
import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from yaml import safe_load

from schemas import Direction, Kind, Measure, Reckoned, Reckoning, Severity, Total, Whose
from schemas.rule import GroupBy
from services.notify.rules_file import MAX_BYTES, RulesRefused, parse, read
from services.notify.rules_form import json_schema

HERE = Path(__file__).parent / "rules"
ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "examples" / "rules.yaml"

WHOLE = """
version: 1
rules:
  - id: everything
    summary: Every field at once
    labels: {desk: levant}
    measure: killed
    scope: campaign
    kind: cumulative
    actor: somebody
    side: isis
    group: civilians
    places: [SY, IQ, "NO"]
    group_by: [side]
    line: {above: {warning: 10, critical: 20}, resolve: {critical: 15}}
    for: 2d
    cooldown: 6h
    possible: yes
    tolerance: 12.5%
    tellers: most
    min_tellers: 2
    min_publishers: 3
    min_confidence: 80%
    max_age: 2w
"""


def reckonings(line: str) -> tuple[dict[str, int], Reckoning | None]:
    """Levels by severity, and what is held against them, of a rule with this line and what stands beside it."""
    ((rule, _),) = parse(f"version: 1\nrules:\n- id: a-rule\n  summary: Something\n  measure: killed\n  {line}\n", "rules.yaml")
    return {str(severity): level for severity, level in rule.condition.line.levels.items()}, rule.condition.line.reckoning


def faults(text: str) -> list[str]:
    with pytest.raises(RulesRefused) as refused:
        parse(text, "rules.yaml")
    return [str(fault) for fault in refused.value.faults]


@pytest.mark.parametrize(
    ("line", "levels", "reckoning"),
    [
        ("line: {at_least: 5}\n  window: 7d", {"warning": 5}, None),
        ("line: {at_least: 5}\n  window: 7d\n  total: incidents", {"warning": 5}, Reckoning(total=Total.INCIDENTS)),
        (
            "line: {rises_by: {warning: 50%, critical: 200 %}}\n  window: 7d\n  against: 4\n  min_base: 10",
            {"warning": 50, "critical": 200},
            Reckoning(of=Reckoned.RISE, percent=True, windows=4, min_base=10),
        ),
        ("line: {falls_by: 500}\n  within: 30d", {"warning": 500}, Reckoning(of=Reckoned.FALL, within=timedelta(days=30))),
        (
            "line: {highest_by: 1}\n  window: 1d\n  total: largest\n  within: 365d",
            {"warning": 1},
            Reckoning(of=Reckoned.HIGHEST, total=Total.LARGEST, within=timedelta(days=365)),
        ),
        ("line: {silent_for: {warning: 7d, critical: 2w}}", {"warning": 168, "critical": 336}, Reckoning(of=Reckoned.SILENCE)),
        ("line: {new_after: 90d}", {"warning": 2_160}, Reckoning(of=Reckoned.ABSENCE)),
    ],
)
def test_what_a_line_holds_against_its_levels(line: str, levels: dict[str, int], reckoning: Reckoning | None) -> None:
    assert reckonings(line) == (levels, reckoning)


def test_every_field_means_what_it_says() -> None:
    ((rule, line),) = parse(WHOLE, "rules.yaml")
    condition = rule.condition
    assert (line, rule.id, rule.labels) == (4, "everything", {"desk": "levant"})
    assert (condition.select.measure, condition.select.kind, condition.select.places) == (
        Measure.KILLED,
        Kind.CUMULATIVE,
        ("IQ", "NO", "SY"),
    )
    assert (condition.line.direction, condition.line.resolve) == (Direction.ABOVE, {Severity.CRITICAL: 15})
    assert (condition.hold, condition.cooldown, condition.max_age) == (timedelta(days=2), timedelta(hours=6), timedelta(weeks=2))
    assert (condition.possible, condition.tolerance, condition.min_confidence) == (True, 0.125, 0.8)
    assert (condition.tellers, condition.min_tellers, condition.min_publishers) == (Whose.MOST, 2, 3)
    assert condition.group_by == (GroupBy.SIDE,)


def test_a_number_is_the_level_of_a_warning() -> None:
    ((rule, _),) = parse("version: 1\nrules: [{id: a, summary: s, measure: killed, line: {at_least: 10, resolve: 8}}]", "rules.yaml")
    assert rule.condition.line.levels == {Severity.WARNING: 10}
    assert rule.condition.line.resolve == {Severity.WARNING: 8}


def test_every_mistake_is_told_with_its_line_and_what_would_be_right() -> None:
    with pytest.raises(RulesRefused) as refused:
        parse((HERE / "faults.yaml").read_text(), "faults.yaml")
    told = sorted((str(fault) for fault in refused.value.faults), key=lambda fault: int(fault.split(":")[1]))
    assert told == (HERE / "faults.txt").read_text().splitlines()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "rules.yaml:1: empty; a rules file begins with `version: 1` and `rules:`"),
        ("a: [", "rules.yaml:1: not YAML: expected the node content, but found '<stream end>'"),
        ("- 1", "rules.yaml:1: a rules file is `version: 1` and `rules:` with a list of rules"),
        ("version: 2\nrules: []", "rules.yaml:1: `version`: must be 1, not `2`"),
        ("version: 1\nrules: nope", "rules.yaml:2: `rules`: must be a list, not `nope`"),
        ("version: 1\nversion: 1", "rules.yaml:2: `version` stands here twice; keep one"),
        ("x: &a 1\ny: *a", "rules.yaml:1: anchors and aliases are not for rules; write it out"),
        ("[" * 5_000, "rules.yaml:1: nested more than 20 deep"),
        ("? [a]\n: b", "rules.yaml:1: a key must be a word"),
        ("version: !!python/object:os.system 1", "rules.yaml:1: cannot read `1`; put it in quotes"),
        ("a: 1\n---\nb: 2", "rules.yaml:2: not YAML: but found another document"),
        ("a: \x00", "rules.yaml:1: not YAML: cannot be read"),
    ],
)
def test_what_is_no_rules_file(text: str, fault: str) -> None:
    assert faults(text) == [fault]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("{at_least: {warning: 10, critical: 5}}", "levels must get higher with severity"),
        ("{below: {warning: 10, critical: 50}}", "levels must get lower with severity"),
        ("{below: 3000, resolve: 2000}", "resolve of warning must be at or above its level 3000"),
        ("{at_least: 10, resolve: {critical: 5}}", "resolve names critical, for which there is no level"),
    ],
)
def test_a_line_that_makes_no_sense(line: str, fault: str) -> None:
    text = f"version: 1\nrules:\n  - id: a\n    summary: s\n    measure: killed\n    line: {line}"
    assert faults(text) == [f"rules.yaml:6: {fault}"]


@pytest.mark.parametrize("window", ["36h", "0d", "401d", "90s"])
def test_a_window_is_whole_days_that_the_ledger_holds(window: str) -> None:
    text = f"version: 1\nrules:\n  - {{id: a, summary: s, measure: killed, window: {window}, line: {{at_least: 1}}}}"
    assert faults(text) == [f"rules.yaml:3: `window`: must be whole days, from 1d to 400d: incidents are known by the day, not `{window}`"]


def test_a_folder_is_one_set_and_ids_are_unique_in_it(tmp_path: Path) -> None:
    (tmp_path / "desk").mkdir()
    one = "version: 1\nrules: [{id: %s, summary: s, measure: killed, line: {at_least: 1}}]"
    (tmp_path / "b.yaml").write_text(one % "b")
    (tmp_path / "desk" / "a.yml").write_text(one % "a")
    (tmp_path / "notes.txt").write_text("no rules")
    assert [rule.id for rule in read(tmp_path)] == ["a", "b"]
    (tmp_path / "desk" / "c.yaml").write_text(one % "b")
    with pytest.raises(RulesRefused, match=rf"c\.yaml:2: rule b stands already at {tmp_path}/b\.yaml:2; each needs an id of its own"):
        read(tmp_path)


def test_a_folder_without_rules_a_huge_file_and_one_that_is_no_text(tmp_path: Path) -> None:
    with pytest.raises(RulesRefused, match="no rules here"):
        read(tmp_path)
    (tmp_path / "huge.yaml").write_bytes(b"#" * (MAX_BYTES + 1))
    (tmp_path / "latin.yaml").write_bytes(b"version: 1\n# caf\xe9")
    with pytest.raises(RulesRefused, match=r"huge.yaml:1: larger than 1,048,576 bytes.*\n.*latin.yaml:2: not UTF-8"):
        read(tmp_path)


def test_the_example_is_valid_and_holds_the_three_kinds() -> None:
    rules = {rule.id: rule.condition for rule in read(EXAMPLE)}
    assert rules["isis-fighters-remaining"].line.levels[Severity.WARNING] == 3000
    assert rules["operations-in-a-quarter"].line.levels[Severity.WARNING] == 90
    assert rules["killed-in-a-week"].line.window == timedelta(days=7)


def test_the_published_schema_is_the_one_of_the_form() -> None:
    """Written by `tallywire rules schema`."""
    assert orjson.loads((ROOT / "schemas" / "json" / "rules-file.schema.json").read_bytes()) == json_schema()


def test_the_schema_takes_what_the_reader_takes_and_refuses_what_it_refuses() -> None:
    validator = Draft202012Validator(json_schema())
    Draft202012Validator.check_schema(json_schema())
    validator.validate(safe_load(EXAMPLE.read_text()))
    validator.validate(safe_load(WHOLE))
    with pytest.raises(ValidationError):
        validator.validate(safe_load((HERE / "faults.yaml").read_text()))
    rule = {"id": "a", "summary": "s", "measure": "killed"}
    for line in ({}, {"above": 1, "below": 2}, {"above": {"warn": 1}}, {"above": 1.5}):
        with pytest.raises(ValidationError):
            validator.validate({"version": 1, "rules": [{**rule, "line": line}]})
    with pytest.raises(ValidationError):
        validator.validate({"version": 1, "rules": [{**rule, "line": {"above": 1}, "cooldown": "3 hours"}]})
