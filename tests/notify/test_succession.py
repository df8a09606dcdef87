"""One rule set after another."""

from __future__ import annotations

from datetime import timedelta

from schemas import RuleSet
from services.notify.succession import changes, succeed

from .wire import at, rule


def test_a_condition_knows_since_when_it_holds() -> None:
    first = succeed(None, (rule(name="b"), rule(name="a")), at(0))
    assert [(each.id, each.since) for each in first.rules] == [("a", at(0)), ("b", at(0))]
    second = succeed(first, (rule(name="a"), rule(levels=2_000, name="b")), at(1))
    assert [each.since for each in second.rules] == [at(0), at(1)]
    third = succeed(second, (rule(name="a"), rule(name="b")), at(2))
    assert [each.since for each in third.rules] == [at(0), at(2)]


def test_a_rule_that_was_withdrawn_begins_anew_when_it_comes_back() -> None:
    gone = succeed(succeed(None, (rule(),), at(0)), (), at(1))
    back = succeed(gone, (rule(),), at(2))
    assert back.rules[0].since == at(2)
    assert ([each.id for each in gone.withdrawn], back.withdrawn) == (["a-rule"], ())


def test_a_set_names_what_earlier_sets_withdrew() -> None:
    first = succeed(None, (rule(name="a"), rule(name="b"), rule(name="c")), at(0))
    third = succeed(succeed(first, (rule(name="b"), rule(name="c")), at(1)), (rule(name="c"),), at(2))
    assert [(each.id, each.since) for each in third.withdrawn] == [("a", at(0)), ("b", at(0))]


def test_a_changed_wording_keeps_the_state_and_changes_the_hash() -> None:
    first = succeed(None, (rule(),), at(0))
    second = succeed(first, (rule().model_copy(update={"summary": "Said otherwise"}),), at(1))
    assert second.rules[0].since == at(0)
    assert second.hash != first.hash


def test_the_hash_says_what_is_in_force_not_since_when() -> None:
    assert succeed(None, (rule(),), at(0)).hash == succeed(None, (rule(),), at(5)).hash == RuleSet.fingerprint((rule(),))


def test_a_clock_that_lags_behind_the_set_in_force_is_moved_on() -> None:
    first = succeed(None, (rule(),), at(5))
    second = succeed(first, (rule(levels=1),), at(0))
    assert first.published_at < second.published_at < at(5) + timedelta(seconds=1)
    assert second.rules[0].since == second.published_at


def test_what_becomes_of_each_rule() -> None:
    before = succeed(None, (rule(name="changed"), rule(name="gone"), rule(name="said"), rule(name="same")), at(0))
    said = rule(name="said").model_copy(update={"labels": {"desk": "levant"}})
    after = succeed(before, (rule(levels=1, name="changed"), rule(name="new"), said, rule(name="same")), at(1))
    assert [(change.rule, change.what.split(";")[0]) for change in changes(before, after)] == [
        ("changed", "condition changed"),
        ("gone", "withdrawn"),
        ("new", "new"),
        ("said", "wording changed"),
    ]
