"""Articles in our own words, as many as wanted, whose alerts do not depend on the order in which they arrive.

Each province of each country has its own incidents on its own days, told once; each country has one quarterly summary. Rules watch
the summaries by country, so that one article alone decides each alert.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from schemas import Article, ArticleStatus, Via
from schemas.topics import ARTICLES
from services.runtime.encoding import Sending

COLLECTED = datetime(2024, 5, 2, 8, tzinfo=UTC)

TOWNS = {
    "Syria": ("SY", ("Hama", "Palmyra", "Raqqa", "Idlib", "Homs")),
    "Iraq": ("IQ", ("Kirkuk", "Mosul", "Baqubah", "Ramadi", "Tikrit")),
    "Somalia": ("SO", ("Kismayo", "Baidoa", "Beledweyne", "Jowhar", "Dhusamareb")),
    "Nigeria": ("NG", ("Maiduguri", "Damaturu", "Yola", "Gusau", "Sokoto")),
    "Mali": ("ML", ("Gao", "Mopti", "Kidal", "Menaka", "Segou")),
    "Burkina Faso": ("BF", ("Djibo", "Dori", "Kaya", "Fada N'Gourma", "Ouahigouya")),
    "Yemen": ("YE", ("Taiz", "Marib", "Hodeidah", "Aden", "Sadah")),
    "Sudan": ("SD", ("Nyala", "El Fasher", "El Obeid", "Kassala", "Omdurman")),
}
"""Country -> its code and towns that any gazetteer has."""

OPERATIONS = dict(zip(TOWNS, (94, 41, 120, 60, 133, 12, 90, 89), strict=True))
"""Country -> operations in the first quarter, as its summary tells."""

LINE = 90
"""Operations in a quarter from which on an alert is due."""

RULES = f"""\
version: 1
rules:
  - id: operations-in-a-quarter
    summary: {LINE} or more operations against militants in a quarter
    measure: operations
    period: quarter
    group_by: [country]
    line: {{at_least: {{warning: {LINE}, critical: 130}}}}
"""

EXPECTED = {
    (code, "critical" if OPERATIONS[country] >= 130 else "warning") for country, (code, _) in TOWNS.items() if OPERATIONS[country] >= LINE
}
"""Country and severity of each alert that is due."""


def due(found: Iterable[Article]) -> set[tuple[str, str]]:
    """Country and severity of each alert that these articles lead to."""
    titles = {article.title for article in found}
    told = {code for country, (code, _) in TOWNS.items() if _title(country) in titles}
    return {(code, severity) for code, severity in EXPECTED if code in told}


def articles(count: int) -> Iterator[Article]:
    """So many articles: the summaries spread among the incidents, always in the same order."""
    summaries = [_summary(country) for country in TOWNS]
    every = max(1, count // len(summaries))
    incidents = _incidents()
    for number in range(count):
        yield summaries.pop(0) if summaries and number % every == every // 2 else next(incidents)


def sendings(found: Iterator[Article]) -> Iterator[Sending]:
    """Articles as they are written to their topic."""
    for article in found:
        yield Sending(ARTICLES.name, article.id.encode(), article.to_bytes(), None)


def _incidents() -> Iterator[Article]:
    first = date(2024, 1, 8)
    number = 0
    while True:
        for country, (_, towns) in TOWNS.items():
            for town in towns:
                day = first + timedelta(days=3 * (number // 40))
                killed = 2 + number % 17
                wounded = 1 + number % 11
                text = (
                    f"At least {killed} civilians were killed and {wounded} others wounded when militants attacked a market in {town}, {country}, "
                    f"on {day:%A}, the health ministry said. The ministry gave no further details of incident {number}."
                )
                yield _article(f"Attack in {town} kills {killed}", text, f"https://wire.example/incidents/{number}", day)
                number += 1


def _summary(country: str) -> Article:
    text = (
        f"Government forces carried out {OPERATIONS[country]} operations against militants in {country} in the first quarter of 2024, "
        f"the defence ministry said on Monday."
    )
    return _article(
        _title(country),
        text,
        f"https://wire.example/summaries/{country.replace(' ', '-').lower()}",
        date(2024, 4, 8),
    )


def _title(country: str) -> str:
    return f"{OPERATIONS[country]} operations in {country}"


def _article(title: str, text: str, url: str, day: date) -> Article:
    return article(title, text, url, datetime(day.year, day.month, day.day, 15, tzinfo=UTC), COLLECTED)


def article(title: str, text: str, url: str, published: datetime, collected: datetime, source: str = "Example Wire") -> Article:
    """An article of the wire that tests and the bench read."""
    return Article(
        id=Article.identify(url, source, text),
        revision=Article.revise(published, ArticleStatus.PUBLISHED, title, text),
        url=url,
        title=title,
        text=text,
        source=source,
        language="en",
        published_at=published,
        collected_at=collected,
        via=Via.INTAKE,
    )
