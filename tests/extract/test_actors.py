import pytest

from services.extract.actors import KINDS, find, known


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("fighters of the Islamic State (ISIS)", ["isis", "isis"]),
        ("ISIS-K is not Daesh", ["isis-khorasan", "isis"]),
        ("The IS claimed it; it is so.", ["isis"]),
        ("12 KILLED AS TOWN IS SHELLED", []),
        ("US Central Command said US forces struck", ["centcom", "us-military"]),
        ("the U.S. military told us", ["us-military"]),
        ("the Kurdish-led Syrian Democratic Forces (SDF)", ["sdf", "sdf"]),
        ("al-Shabab and Al Shabaab", ["al-shabaab", "al-shabaab"]),
        ("Houthi rebels", ["houthis"]),
        ("Turkey's Defence Ministry; the Turkish Ministry of Defense", ["turkey-defence-ministry", "turkey-defence-ministry"]),
        ("Iraq's interior ministry", ["iraq-interior-ministry"]),
        ("Kenyan police and the Iraqi army", ["kenyan-police", "iraqi-army"]),
        ("Congolese soldiers", ["fardc"]),
        ("officials of the Ministry of Health in Gaza", ["gaza-health-ministry"]),
        ("Ukraine said so; in Ukraine they said so", ["ukraine-government"]),
        ("the wagner of an opera, a white army of ants", []),
    ],
)
def test_names_in_all_their_spellings(text: str, slugs: list[str]) -> None:
    mentions = find(text)
    assert [m.slug for m in mentions] == slugs
    assert all(text[m.start : m.end].strip() == text[m.start : m.end] for m in mentions)


def test_a_short_name_means_the_one_that_the_article_speaks_of() -> None:
    assert [m.slug for m in find("In Sudan the RSF shelled a camp")] == ["rsf"]
    assert [m.slug for m in find("Reporters Without Borders (RSF) counted")] == ["reporters-without-borders"] * 2
    assert [m.slug for m in find("The SNA entered Somalia's south")] == ["somali-army"]
    assert [m.slug for m in find("The SNA entered Syria's north")] == ["syrian-national-army"]
    assert find("The RSF met") == []


def test_a_command_stands_on_its_countrys_side() -> None:
    (mention,) = find("CENTCOM said")
    assert (mention.kind, mention.side) == ("state_force", "us-military")


@pytest.mark.parametrize(
    "slug",
    [
        "isis",
        "centcom",
        "us-military",
        "sdf",
        "iraqi-army",
        "peshmerga",
        "taliban",
        "haqqani",
        "isaf",
        "al-shabaab",
        "jnim",
        "boko-haram",
        "iswap",
        "hamas",
        "hezbollah",
        "idf",
        "houthis",
        "rsf",
        "saf",
        "m23",
        "wagner",
        "pkk",
        "turkish-army",
        "russian-army",
        "ukrainian-army",
        "amisom",
        "atmis",
        "iraq-defence-ministry",
        "iraqi-police",
        "sohr",
        "united-nations",
    ],
)
def test_the_lexicon_knows_those_who_fill_the_news(slug: str) -> None:
    actor = known(slug)
    assert actor is not None
    assert actor.kind in KINDS
