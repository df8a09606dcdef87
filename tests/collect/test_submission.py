"""Bodies of requests are read strictly, and what is wrong with them is said by article and field."""

from __future__ import annotations

import pytest

from schemas import ArticleStatus
from services.collect.article import Draft
from services.collect.submission import MAX_OBJECTIONS, Malformed, Submission, Unacceptable, read_json, read_lines, read_parameters


def test_an_object_is_one_article() -> None:
    (draft,) = read_json(b'{"title": "a", "status": "corrected", "url": "https://paper.example/"}')
    assert draft == Draft(title="a", status=ArticleStatus.CORRECTED, url="https://paper.example/")


def test_a_byte_order_mark_does_no_harm() -> None:
    assert read_json(b'\xef\xbb\xbf{"text": "a"}') == [Draft(text="a")]


def test_lines_may_be_empty_and_end_as_on_windows() -> None:
    assert read_lines(b'{"text": "a"}\r\n\r\n{"text": "b"}') == [Draft(text="a"), Draft(text="b")]


def test_parameters_are_the_other_fields_of_a_text() -> None:
    assert read_parameters({"source": "A", "published_at": "2024"}, "Words.") == Draft(text="Words.", source="A", published_at="2024")


def test_each_fault_is_said_with_article_and_field() -> None:
    with pytest.raises(Unacceptable) as error:
        read_json(b'[{"text": "a"}, {"text": 1, "titel": "b"}, 7]')
    assert [(each.article, each.field) for each in error.value.objections] == [(1, "text"), (1, "titel"), (2, "")]
    assert "published_at" in error.value.objections[1].problem, "a misspelt field is told which ones there are"


def test_objections_are_bounded_in_number_and_length() -> None:
    with pytest.raises(Unacceptable) as error:
        read_json(b"[" + b",".join(b'{"' + b"f" * 5_000 + b'%d": 1}' % number for number in range(300)) + b"]")
    assert len(error.value.objections) == MAX_OBJECTIONS
    assert max(len(each.field) + len(each.problem) for each in error.value.objections) < 1_000


def test_a_line_that_is_no_json_is_named() -> None:
    with pytest.raises(Malformed, match="line 2"):
        read_lines(b'{"text": "a"}\nb\n')


def test_every_field_says_what_it_is() -> None:
    assert all(field.description for field in Submission.model_fields.values())
