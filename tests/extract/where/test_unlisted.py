"""Villages that no table holds."""

from __future__ import annotations

import pytest

from services.extract.where.places import find
from tests.support.growing import grows_linearly


def found(text: str) -> list[tuple[str, str | None, str | None]]:
    return [(m.place.name, m.place.country, m.place.admin1) for m in find(text) if m.place.geonames is None and m.place.lat is None]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Rebels killed 19 farmers in Tombolire, in the Irumu territory of Ituri province.", ("Tombolire", "CD", "CD-IT")),
        ("The convoy was hit near Dulwa, Gwoza Local Government Area of Borno State.", ("Dulwa", "NG", "NG-BO")),
        ("Bandits attacked Garin Kudu village in Zamfara state on Sunday.", ("Garin Kudu", "NG", "NG-ZA")),
        ("They stormed the fishing village of Quissungo in Mozambique.", ("Quissungo", "MZ", None)),
        ("In Sri Lanka, 24 men died in fighting near Mankulampuram on Wednesday.", ("Mankulampuram", "LK", None)),
        ("In Mali, nine men were killed at Tinabaw on Friday.", ("Tinabaw", "ML", None)),
        ("Rwanda said nobody had died in the Congolese village of Kashebele.", ("Kashebele", "CD", None)),
        ("In Thailand, a bomb went off in Ban Lubo Kalo, a village of 90 houses.", ("Ban Lubo Kalo", "TH", None)),
        ("In Peru, seven peasants died in the Andean hamlet of Ccarhua Alta.", ("Ccarhua Alta", "PE", None)),
        ("They clashed in the municipality of Buenos Aires (Cauca) in Colombia.", ("Buenos Aires", "CO", "CO-CAU")),
        ("2021-11-03. Dagnekoira, hamlet, Tillabéri region (Niger). Six men were shot.", ("Dagnekoira", "NE", None)),
        ("30 July 2019, Bayt al-Ghaziya (Hodeidah, Yemen). Two boys died.", ("Bayt al-Ghaziya", "YE", "YE-HU")),
        ("In the vicinity of Shebeliyo, Hiran region, Somalia, a strike killed two.", ("Shebeliyo", "SO", "SO-HI")),
        ("In Angola, 17 rebels were killed at Calundonga and 30 peasants freed.", ("Calundonga", "AO", None)),
        ("In Kunduz province, four soldiers died outside Gor Teppa.", ("Gor Teppa", "AF", "AF-KDZ")),
    ],
)
def test_a_village_is_kept_by_its_own_words_within_what_contains_it(text: str, place: tuple[str, str, str | None]) -> None:
    assert found(text) == [place]


@pytest.mark.parametrize(
    "text",
    [
        "Nine men were killed near Tinabaw on Friday.",
        "In Mali and Niger, nine men were killed near Tinabaw on Friday.",
        "In Mali, an analyst at Risk Control, a company, spoke on Friday.",
        "3 May 2024. Police, acting on a tip, shot two men in Mali.",
        "In Iraq, a bomb went off near Al-Noor Hospital on Friday.",
        "In Iraq, shells fell near Turkish positions on Friday.",
        "In Iraq, nine men died in Operation Falcon, in the north.",
        "In Mali, the army spoke in Parliament on Friday.",
        "In Iran, he stood near President Karimi, in the front row.",
        "In Mali, nine men were killed near Gao on Friday.",
        "In Mali, nine men were killed NEAR TINABAW ON FRIDAY.",
    ],
)
def test_what_is_no_village_or_could_be_in_several_countries_is_none(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text", ["In Mali, near " + "Abcde " * 4_000 + ", in Mali", "In Mali, near Tin, " + "Ab, " * 6_000 + "in Mali.", "near A" * 4_000]
)
def test_many_names_in_a_row_take_no_longer_than_their_length(text: str) -> None:
    assert grows_linearly(found, text)
