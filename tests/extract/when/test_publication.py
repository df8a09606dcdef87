import pytest

from services.extract.when.publication import published_at

LEAD = "\n\nGovernment troops fought for a third day with gunmen in the hills, officials said, as hundreds of families left their homes for the town."


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("KABUL, Afghanistan (Jan. 27, 2012) — Troops went in." + LEAD, "2012-01-27T00:00"),
        ("BAGHDAD, April 6, 2024 (Wire) - Troops went in." + LEAD, "2024-04-06T00:00"),
        ("Hill Post April 6, 2024 News" + LEAD, "2024-04-06T00:00"),
        ("Troops take the hills\nPublished: 3 May 2021" + LEAD, "2021-05-03T00:00"),
        ("Updated 5 May 2021\nPosted on 4 May 2021 at 14:05 GMT" + LEAD, "2021-05-04T14:05"),
        ("By A. Writer | 06-Apr-2024 | 12:30 UTC" + LEAD, "2024-04-06T12:30"),
        ("2024-04-06T14:30:00+03:00" + LEAD, "2024-04-06T11:30"),
        ("31.12.2023\nTroops take the hills again" + LEAD, "2023-12-31T00:00"),
        (LEAD + "\nPublished on 1 June 2023", "2023-06-01T00:00"),
        ("• Monday, 22 July 2024" + LEAD, "2024-07-22T00:00"),
        ("Ministry of Defence, Ankara, 17 November 2021. Troops went in." + LEAD, "2021-11-17T00:00"),
        ("New York, March 11, 2013 - The committee is relieved." + LEAD, "2013-03-11T00:00"),
        ("Inter Services Public Relations (ISPR), Rawalpindi, 3 November 2022: Troops went in." + LEAD, "2022-11-03T00:00"),
    ],
)
def test_the_article_says_when_it_was_published(text: str, moment: str) -> None:
    found = published_at("", text)
    assert found is not None
    assert found.strftime("%Y-%m-%dT%H:%M") == moment


def test_the_pages_own_clock_gives_way_to_the_byline() -> None:
    page = (
        "• Friday, 9 August 2019\n\nTroops take the hills near the town\n\nHill Post 3 February 2019 World\nTroops take the hills near the town"
        + LEAD
    )
    assert str(published_at("", page))[:10] == "2019-02-03"


@pytest.mark.parametrize(
    "text",
    [
        "KABUL, Afghanistan (Apr. 25)" + LEAD,
        "On April 6, 2024, troops killed 3.",
        LEAD + " It began on 5 May 2020, when the road was cut by gunmen and the market burned for two days, people who fled said.",
        "30 Feb 2024" + LEAD,
        "9999-12-31" + LEAD,
        "",
        "\0" * 1_000,
    ],
)
def test_nothing_is_made_of_dates_without_a_year_in_prose_or_of_nonsense(text: str) -> None:
    assert published_at("", text) is None


def test_hostile_heads_take_little_time() -> None:
    assert published_at("x" * 100_000, ("1 " * 50_000) + "\n" * 50_000 + "(" * 50_000) is None
