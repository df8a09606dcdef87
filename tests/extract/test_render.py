"""What people and programs are shown of a reading."""

from __future__ import annotations

import re

import orjson

from schemas import EventRecord
from services.extract.extraction import Extraction
from services.extract.render import lines, table
from tests.extract.readings import article, printed, reading

REVERSED = re.compile(r"\x1b\[[0-9;]*7m(.*?)\x1b\[0m", re.DOTALL)
"""What a terminal shows with its colours reversed."""


def shown(text: str, width: int = 160, *, styles: bool = False) -> str:
    given = article(text, "Raid in the north")
    return printed(table(Extraction().read(given), given), width, styles=styles)


def marked(text: str) -> list[tuple[str, str]]:
    """Each marked number with what is shown of its line before it."""
    found = shown(text, 400, styles=True)
    return [(m.group(1), re.sub(r"\x1b\[[0-9;]*m", "", found[: m.start()]).rpartition("│")[2].lstrip()) for m in REVERSED.finditer(found)]


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


def test_a_number_is_marked_where_it_stands_and_not_where_its_words_come_first() -> None:
    assert marked("The 12 Brigade said 12 men were killed.") == [("12", "The 12 Brigade said ")]


def test_two_numbers_in_the_same_words_are_marked_each_at_its_own_place() -> None:
    found = marked("Gunmen killed 12 men and wounded 12 women.")
    assert [words for words, _ in found] == ["12", "12"]
    assert [before for _, before in found] == ["Gunmen killed ", "Gunmen killed 12 men and wounded "]


def test_a_number_far_into_a_long_sentence_is_marked_where_it_stands() -> None:
    text = f"The 12 Brigade, {'which crossed the river again and again, ' * 20}killed 12 men."
    ((words, before),) = marked(text)
    assert words == "12"
    assert before.startswith("…")
    assert before.endswith("killed ")


def test_the_same_sentence_told_twice_marks_its_own_number() -> None:
    text = "Gunmen killed 12 men.\n\nA spokesman said 12 times: gunmen killed 12 men."
    assert {before for _, before in marked(text)} == {"Gunmen killed "}


def test_a_number_of_the_title_is_marked_there() -> None:
    given = article("The council met.", "In Sector 12 gunmen kill 12 men")
    assert "gunmen kill \x1b[1;7m12" in printed(table(Extraction().read(given), given), 300, styles=True)
