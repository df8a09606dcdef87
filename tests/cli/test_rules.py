"""`tallywire rules` and `tallywire why`, against a broker."""

from __future__ import annotations

import asyncio
import uuid
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner, Result

from schemas import Decision, Evidence, Reason, RuleSet, Severity
from schemas.topics import DECISIONS, RULES
from services.cli.main import main
from services.cli.why import chosen
from services.notify.rules_form import json_schema
from services.notify.telling import decision_output
from services.runtime.publisher import Publisher
from services.runtime.reader import read_all
from services.runtime.settings import Settings
from services.runtime.topics_admin import create, ensure_on_embedded
from services.stage import Output
from tests.conftest import Brokers
from tests.notify.wire import START, at

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "rules.yaml"
RULE = "version: 1\nrules:\n  - {id: many, summary: Many killed, measure: killed, group_by: [country], window: 7d, line: {at_least: %s}}\n"


@pytest.fixture
def settings(brokers: Brokers) -> Settings:
    made = Settings(brokers=brokers.bootstrap, prefix=f"t{uuid.uuid4().hex[:8]}-")
    asyncio.run(_create(made, brokers))
    return made


async def _create(settings: Settings, brokers: Brokers) -> None:
    await (create(settings, partitions=4) if brokers.kind == "kafka" else ensure_on_embedded(settings))


def run(settings: Settings | None, *arguments: str) -> Result:
    env = {} if settings is None else {"TALLYWIRE_BROKERS": settings.brokers, "TALLYWIRE_PREFIX": settings.prefix}
    return CliRunner(env=env).invoke(main, list(arguments))


def write(settings: Settings, *outputs: Output) -> None:
    async def send() -> None:
        async with Publisher(settings, "test") as publisher:
            await publisher.send(outputs)

    asyncio.run(send())


def in_force(settings: Settings) -> list[RuleSet]:
    records = asyncio.run(read_all(settings, RULES, latest=False))
    return [RuleSet.from_bytes(record.value) for record in records if record.value]


def decided(country: str, reason: Reason, detail: str, day: float, *words: str) -> Decision:
    evidence = tuple(
        Evidence(
            claim=each,
            teller="claimant:centcom",
            source="Example Wire",
            url="https://wire.example/1",
            published_at=START,
            words=each,
            sentence=each,
        )
        for each in words
    )
    severity = Severity.WARNING if reason is Reason.FIRED else None
    return Decision(
        rule="many", hash="h", group={"country": country}, reason=reason, detail=detail, severity=severity, evidence=evidence, at=at(day)
    )


def test_lint_says_that_nothing_is_wrong() -> None:
    result = run(None, "rules", "lint", str(EXAMPLE))
    assert (result.exit_code, result.output.partition(":")[0]) == (0, "11 rules, nothing wrong")


def test_lint_says_what_is_wrong_and_fails(tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text("version: 1\nrules:\n  - {id: a, summary: s, measure: kiled, line: {at_least: 1}}")
    result = run(None, "rules", "lint", str(file))
    assert result.exit_code == 1
    assert f"{file}:3: `measure`: 'kiled' is not one of" in result.output
    assert "did you mean `killed`?" in result.output
    assert "Error: 1 fault" in result.output


def test_the_schema_is_written_for_editors() -> None:
    assert orjson.loads(run(None, "rules", "schema").output) == json_schema()


def test_rules_are_published_whole_and_only_when_they_change(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text(RULE % 10)
    dry = run(settings, "rules", "publish", str(file), "--dry-run")
    assert dry.output == "many: new\nNothing was published.\n"
    assert in_force(settings) == []
    assert run(settings, "rules", "publish", str(file)).output.startswith("many: new\nIn force: 1 rule, hash ")
    assert run(settings, "rules", "publish", str(file)).output.startswith("Unchanged: 1 rule in force since ")
    file.write_text(RULE % 12)
    assert "many: condition changed" in run(settings, "rules", "publish", str(file)).output
    first, second = in_force(settings)
    assert (first.rules[0].since, second.rules[0].since) == (first.published_at, second.published_at)
    (tmp_path / "broken.yaml").write_text("version: 1\nrules: nope")
    assert run(settings, "rules", "publish", str(tmp_path)).exit_code == 1
    assert len(in_force(settings)) == 2


def test_why_shows_the_last_reason_of_each_group_with_the_words_behind_it(settings: Settings) -> None:
    write(
        settings,
        decision_output("many", "country=SY", decided("SY", Reason.NOT_CROSSED, "a sum of 3", 0)),
        decision_output("many", "country=SY", decided("SY", Reason.FIRED, "a sum of 13 in 7 days", 2, "Thirteen were killed.")),
        decision_output("many", "country=IQ", decided("IQ", Reason.ONLY_POSSIBLE, "a sum of 8", 1)),
        decision_output("many", "country=SO", decided("SO", Reason.GONE, "expired", 3)),
        decision_output("many", "country=SO", None),
    )
    result = run(settings, "why", "many")
    assert result.exit_code == 0
    assert result.output.index("country=SY]: fired") < result.output.index("country=IQ]: only possible")
    assert "“Thirteen were killed.”" in result.output
    assert "claimant:centcom · Example Wire · 2024-03-01 · https://wire.example/1" in result.output
    assert "country=SO" not in result.output
    assert "country=SY" not in run(settings, "why", "many", "--group", "country=IQ").output
    assert "and 1 more groups" in run(settings, "why", "many", "--limit", "1").output


def test_why_says_why_there_is_nothing_to_show(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text(RULE % 10)
    run(settings, "rules", "publish", str(file))
    write(
        settings, decision_output("old", "", decided("SY", Reason.RESOLVED, "the rule was withdrawn", 0).model_copy(update={"rule": "old"}))
    )
    assert run(settings, "why", "many").output == "Error: many is in force, and has not seen a figure that it watches\n"
    assert run(settings, "why", "nany").output == "Error: no rule nany is in force; in force are: many\n"
    assert (
        run(settings, "why", "old", "--group", "country=XX").output == "Error: old has decided for no such group; it has for: country=SY\n"
    )
    assert run(settings, "why", "many", "--group", "Syria").exit_code == 2


def test_decisions_are_chosen_by_rule_and_labels_the_newest_first() -> None:
    old, new = decided("SY", Reason.FIRED, "", 0), decided("IQ", Reason.FIRED, "", 1)
    assert chosen([old, new], "many", {}) == [new, old]
    assert chosen([old, new], "many", {"country": "SY"}) == [old]
    assert chosen([old, new], "other", {}) == []


def test_decisions_are_found_under_their_topics_key(settings: Settings) -> None:
    output = decision_output("many", "country=SY", decided("SY", Reason.FIRED, "", 0))
    write(settings, output)
    (record,) = asyncio.run(read_all(settings, DECISIONS))
    assert record.key == b"many+country=SY"
