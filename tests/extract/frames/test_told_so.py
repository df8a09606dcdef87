"""What is counted by words beside the usual verbs: whereabouts, numbers of people, and operations in which something else happened."""

from __future__ import annotations

import pytest

from tests.extract.readings import read


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("The whereabouts of 14 men taken away by soldiers remain unknown.", [("missing", 14)]),
        ("The fate of 30 villages will be decided in May.", []),
        ("The agency put the number of internally displaced people in the province at 40,000.", [("displaced", 40_000)]),
        ("A report put the number of forcibly displaced people at 2.1 million.", [("displaced", 2_100_000)]),
        ("The army internally displaced people of two valleys.", []),
        ("The force has 900 fighters.", [("fighters_remaining", 900)]),
        ("The multinational mission, which is to have 2,500 members, has not yet begun.", []),
        ("The wing will have 900 fighters by May.", []),
    ],
)
def test_it_counts(text: str, tells: list[tuple[str, int]]) -> None:
    assert [(t.count.measure, t.count.value) for t in read(text) if t.count.qualifier != "vague"] == tells


@pytest.mark.parametrize(
    ("text", "realis"),
    [
        ("Troops were sent to the area in three separate operations.", "asserted"),
        ("Nine gunmen were driven back to the border during two operations.", "asserted"),
        ("The army is to carry out three operations.", "planned"),
    ],
)
def test_operations_in_which_something_happened_are_not_planned(text: str, realis: str) -> None:
    assert [t.count.realis for t in read(text) if t.count.measure == "operations"] == [realis]
