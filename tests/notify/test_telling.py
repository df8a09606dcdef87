"""What alerts and decisions carry: the words behind them, capped, and a detail that fits."""

from __future__ import annotations

from schemas import Reason
from schemas.alert import MAX_EVIDENCE
from services.notify.telling import MAX_DETAIL, decision, decision_output, evidence, group_key

from .wire import at, indicator, known, rule, teller


def test_each_tellers_newest_words_come_before_anybodys_second() -> None:
    first, second = teller(1, "claimant:a"), teller(2, "claimant:b")
    first = first.model_copy(
        update={"citations": (*first.citations, first.citations[0].model_copy(update={"claim": "older"})), "claims": 7}
    )
    words, claims = evidence([indicator(1, tellers=[first, second])])
    assert [piece.claim for piece in words] == ["claim-claimant:a-1", "claim-claimant:b-2", "older"]
    assert [piece.teller for piece in words] == ["claimant:a", "claimant:b", "claimant:a"]
    assert claims == 8


def test_evidence_is_capped_and_its_number_is_not() -> None:
    words, claims = evidence([indicator(n, name=f"f{n}") for n in range(MAX_EVIDENCE + 5)])
    assert (len(words), claims) == (MAX_EVIDENCE, MAX_EVIDENCE + 5)


def test_a_long_detail_is_cut_to_what_the_contract_takes() -> None:
    decided = decision(known(rule()), {}, Reason.NOT_CROSSED, "x" * 2_000, None, None, (), at=at(0), revision=None)
    assert len(decided.detail) == MAX_DETAIL
    assert decided.value is None


def test_a_key_holds_no_separator_of_its_own() -> None:
    assert group_key("a-rule", "side=a|b") == "a-rule+side=a%7Cb"
    assert decision_output("a-rule", "", None).key == "a-rule+"
