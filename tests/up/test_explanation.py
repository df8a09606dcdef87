"""After a post each rule says whether it fired, and if not, why: in words that name what it watches."""

from __future__ import annotations

from datetime import UTC, date, datetime

from schemas import (
    Article,
    ArticleReference,
    ArticleStatus,
    Citation,
    Claim,
    Condition,
    Count,
    Decision,
    Direction,
    EventRecord,
    EventType,
    Extractor,
    Indicator,
    Kind,
    Line,
    Measure,
    Period,
    PeriodPrecision,
    Place,
    PlacePrecision,
    Qualifier,
    Reading,
    Realis,
    Reason,
    Rule,
    Scope,
    Selection,
    Severity,
    Span,
    SpanField,
    Teller,
)
from services.up.explanation import awaited_claims, explain

AT = datetime(2023, 4, 4, tzinfo=UTC)
QUARTER = Period(start=date(2023, 1, 1), end=date(2023, 3, 31), precision=PeriodPrecision.QUARTER)
SOMALIA = Place(name="Somalia", country="SO", precision=PlacePrecision.COUNTRY)
RULE = Rule(
    id="many-operations",
    summary="Many operations",
    condition=Condition(
        select=Selection(measure=Measure.OPERATIONS, side="al-shabaab", places=("SO",)),
        line=Line(direction=Direction.AT_LEAST, levels={Severity.WARNING: 60}),
    ),
)


def reading(measure: Measure = Measure.OPERATIONS, realis: Realis = Realis.ASSERTED, kind: EventType = EventType.OPERATION) -> Reading:
    span = Span(field=SpanField.TEXT, start=0, end=2, words="64", sentence="64")
    count = Count(id="c", measure=measure, value=64, kind=Kind.FLOW, scope=Scope.PERIOD, realis=realis, evidence=(span,))
    revision = Article.revise(AT, ArticleStatus.PUBLISHED, "", "64")
    return Reading(
        article=ArticleReference(id="article", revision=revision, collected_at=AT),
        extractor=Extractor(name="test", version="1"),
        events=(EventRecord(id="e", type=kind, counts=(count,)),),
    )


def figure(side: str = "al-shabaab", article: str = "article") -> Indicator:
    citation = Citation(claim="c", article=article, published_at=AT, words="64", sentence="64")
    teller = Teller(who="publisher:x", value=64, qualifier=Qualifier.EXACT, as_of=AT, published_at=AT, publishers=1, citations=(citation,))
    return Indicator(
        id="figure",
        revision=1,
        book="operations:SO",
        fact="f",
        measure=Measure.OPERATIONS,
        side=side,
        places=(SOMALIA,),
        kind=Kind.FLOW,
        scope=Scope.PERIOD,
        period=QUARTER,
        value=64,
        low=64,
        high=64,
        qualifier=Qualifier.EXACT,
        tellers=(teller,),
        published_at=AT,
    )


def decision(reason: Reason) -> Decision:
    return Decision(rule=RULE.id, hash="h", reason=reason, detail="64 is at or above 60", indicator="figure", at=AT)


def words(**given: object) -> str:
    arguments = {"reading": reading(), "rules": [RULE], "indicators": [], "decisions": [], "new": []} | given
    (answer,) = explain(**arguments)  # type: ignore[arg-type]  # whatever a test gives
    return answer.words


def test_a_rule_that_fired_says_so() -> None:
    (answer,) = explain(reading(), [RULE], [figure()], [decision(Reason.FIRED)], [decision(Reason.FIRED)])
    assert answer.spoke
    assert answer.words == "fired: 64 is at or above 60"


def test_a_rule_that_has_told_it_already_says_that() -> None:
    (answer,) = explain(reading(), [RULE], [figure()], [decision(Reason.STILL_FIRING)], [])
    assert not answer.spoke
    assert answer.words == "nothing new; still firing: 64 is at or above 60"


def test_a_silent_decision_gives_its_reason() -> None:
    assert words(indicators=[figure()], new=[decision(Reason.ONLY_POSSIBLE)]) == "only possible: 64 is at or above 60"


def test_a_figure_that_is_watched_but_undecided_is_named() -> None:
    assert words(indicators=[figure()]) == "it watches this figure, and has not decided yet"


def test_a_figure_of_another_side_is_told_apart() -> None:
    assert words(indicators=[figure(side="isis")]) == "it watches side al-shabaab, and this is isis"


def test_figures_of_other_articles_do_not_answer_for_this_one() -> None:
    assert words(indicators=[figure(article="another")]) == "operations is told here, and moved no figure"


def test_what_is_planned_or_background_or_no_conflict_moves_no_figure() -> None:
    assert words(reading=reading(realis=Realis.PLANNED)) == "operations is told as planned here, which moves no figure"
    assert words(reading=reading(kind=EventType.DRILL)) == "operations is told of a drill here, which is no part of a conflict"


def test_claims_that_move_nothing_are_not_waited_for() -> None:
    assert awaited_claims(reading()) == {Claim.identify("c", "test")}
    assert awaited_claims(reading(realis=Realis.DENIED)) == awaited_claims(reading(kind=EventType.DISASTER)) == set()


def test_an_article_without_the_measure_is_none_of_its_business() -> None:
    assert words(reading=reading(Measure.RELEASED)) == "it watches operations, and the article has no such count"
