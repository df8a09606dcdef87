"""What people and programs are shown of a reading."""

from __future__ import annotations

import orjson
from rich.console import Console

from schemas import EventRecord
from services.extract.render import lines, table
from tests.extract.readings import reading


def shown(text: str, width: int = 160) -> str:
    console = Console(width=width, record=True, file=open("/dev/null", "w"))  # noqa: SIM115, PTH123  # the console keeps it
    console.print(table(reading(text, "Raid in the north")))
    return console.export_text()


def test_a_table_shows_the_number_in_its_sentence() -> None:
    text = shown("At least five soldiers were killed on Monday, the police said.")
    assert "killed" in text
    assert "≥ 5" in text
    assert "soldiers" in text
    assert "police" in text
    assert "At least five soldiers were killed" in " ".join(text.split())


def test_a_narrow_terminal_still_shows_the_sentence() -> None:
    assert "soldiers" in shown("At least five soldiers were killed on Monday, the police said.", width=80)


def test_control_characters_do_not_reach_the_terminal() -> None:
    assert "\x1b[31m" not in shown("\x1b[31mFive soldiers were killed in the \x1b[31mnorth.")


def test_nothing_read_is_said() -> None:
    assert "no counts" in shown("The council met.")


def test_a_json_line_is_an_event_record_with_its_article_and_extractor() -> None:
    (line,) = lines(reading("Five soldiers were killed."))
    data = orjson.loads(line)
    assert EventRecord.model_validate(data).counts[0].value == 5
    assert data["article"]["id"] == "test"
    assert set(data["extractor"]) == {"name", "version"}
