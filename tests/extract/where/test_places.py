import pytest

from services.extract.where.places import find
from services.extract.words.nations import countries_hinted


def named(text: str) -> list[tuple[str, str | None, str]]:
    return [(m.place.name, m.place.country, str(m.place.precision)) for m in find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # one name, several places: what contains it, then what the article speaks of
        ("fighting in Tripoli, Lebanon", [("Tripoli", "LB", "site"), ("Lebanon", "LB", "country")]),
        ("Libyan forces in Tripoli", [("Tripoli", "LY", "site")]),
        ("Egypt opened the Rafah crossing", [("Egypt", "EG", "country"), ("Rafah", "EG", "site")]),
        ("strikes on Rafah in the Gaza Strip", [("Rafah", "PS", "site"), ("Gaza Strip", "PS", "region")]),
        ("in Atlanta, Georgia", [("Atlanta", "US", "site"), ("Georgia", "US", "admin1")]),
        ("protests in Tbilisi, Georgia", [("Tbilisi", "GE", "site"), ("Georgia", "GE", "country")]),
        # people, peoples, governments and words are no places
        ("Michael Jordan scored", []),
        ("Iraqi army, Syrian rebels, a Georgian court", []),
        ("talks with Washington; Washington said", []),
        ("Iran-backed groups and the Palestine Red Crescent", []),
        ("Of the men, Police hit the Bar in March", []),
        # precision
        ("northern Syria", [("northern Syria", "SY", "region")]),
        ("in the Sahel", [("Sahel", None, "region")]),
        ("near Raqqa, Syria", [("Raqqa", "SY", "area"), ("Syria", "SY", "country")]),
        ("10 km north of Mosul, Iraq", [("Mosul", "IQ", "area"), ("Iraq", "IQ", "country")]),
        ("in Lashkar Gah district, Helmand province", [("Lashkar Gah", "AF", "area"), ("Helmand", "AF", "admin1")]),
        ("Aleppo province of Syria", [("Aleppo", "SY", "admin1"), ("Syria", "SY", "country")]),
        # spellings
        ("in al-Hasakah, Syria", [("Hasakah", "SY", "site"), ("Syria", "SY", "country")]),
        ("KABUL, Afghanistan (Jan. 27)", [("Kabul", "AF", "site"), ("Afghanistan", "AF", "country")]),
        ("near Hajin in Syria", [("Hajin", "SY", "area"), ("Syria", "SY", "country")]),
    ],
)
def test_places_are_told_apart(text: str, expected: list[tuple[str, str | None, str]]) -> None:
    assert named(text) == expected


def test_a_place_has_its_province_and_its_spot() -> None:
    (mention, _) = find("in Deir ez-Zor, Syria")
    place = mention.place
    assert (place.admin1, place.geonames) == ("SY-DY", 170794)
    assert place.lat == pytest.approx(35.336, abs=0.01)
    assert place.lon == pytest.approx(40.141, abs=0.01)


@pytest.mark.parametrize(
    ("text", "admin1"),
    [
        ("Helmand province", "AF-HEL"),
        ("Anbar province", "IQ-AN"),
        ("in West Darfur, Sudan", "SD-DW"),
        ("Ituri province, DRC", "CD-IT"),
        ("Borno State, Nigeria", "NG-BO"),
        ("Donetsk region, Ukraine", "UA-14"),
    ],
)
def test_provinces_have_their_iso_code(text: str, admin1: str) -> None:
    assert find(text)[0].place.admin1 == admin1


def test_spans_hold_the_words() -> None:
    text = "Troops in northern Syria’s Ḩamāh and al‑Hasakah fought."
    assert [text[m.start : m.end] for m in find(text)] == ["northern Syria", "Ḩamāh", "al‑Hasakah"]


def test_peoples_hint_at_countries() -> None:
    assert countries_hinted("Syrian troops, Syria's army, Iraqis and us") == {"SY": 2, "IQ": 1}


def test_hostile_texts_are_survived() -> None:
    assert find("") == []
    assert find("\0" * 10_000) == []
    assert len(find("in Syria, " * 2_000)) == 2_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # a part of a country, and what lies beyond it
        ("in the east of the Democratic Republic of the Congo", [("eastern DR Congo", "CD", "region")]),
        ("across the north-west of Syria", [("north-western Syria", "SY", "region")]),
        ("in the northern part of Mali", [("northern Mali", "ML", "region")]),
        ("in Mali's north, near Libya's South Gate", [("northern Mali", "ML", "region"), ("Libya", "LY", "country")]),
        ("to the north of Mali", [("Mali", "ML", "country")]),
        ("in the southern Helmand province", [("Helmand", "AF", "admin1")]),
        ("in southern Helmand", [("southern Helmand", "AF", "area")]),
        # near and far
        ("at a well 180 km south of Timbuktu, Mali", [("Mali", "ML", "country"), ("Mali", "ML", "country")]),
        ("a post 20 miles (32 km) from Timbuktu, Mali", [("Timbuktu", "ML", "area"), ("Mali", "ML", "country")]),
        # provinces, and the towns that are called like them
        ("in Kunduz, Balkh and Herat provinces", [("Kunduz", "AF", "admin1"), ("Balkh", "AF", "admin1"), ("Herat", "AF", "admin1")]),
        ("in the provinces of Herat and Kunduz", [("Herat", "AF", "admin1"), ("Kunduz", "AF", "admin1")]),
        ("in the state of Durango, Mexico", [("Durango", "MX", "admin1"), ("Mexico", "MX", "country")]),
        ("Mexico: Durango is the quietest state", [("Mexico", "MX", "country"), ("Durango", "MX", "admin1")]),
        ("in Qarakhel, Kunduz, Afghanistan", [("Qarakhel", "AF", "site"), ("Kunduz", "AF", "admin1"), ("Afghanistan", "AF", "country")]),
        ("in Herat, Kunduz and Kabul", [("Herat", "AF", "site"), ("Kunduz", "AF", "site"), ("Kabul", "AF", "site")]),
        ("in Bunia territory, Ituri, DRC", [("Bunia", "CD", "area"), ("Ituri", "CD", "admin1"), ("DR Congo", "CD", "country")]),
        # names that are the end of longer ones, or stand for a government
        (
            "in Vado del San Juan municipality, Chocó, Colombia",
            [("Vado del San Juan", "CO", "area"), ("Chocó", "CO", "admin1"), ("Colombia", "CO", "country")],
        ),
        ("Kyiv withdraws its men from Donetsk", [("Donetsk", "UA", "site")]),
        ("31 killed in Sumy, Kyiv says", [("Sumy", "UA", "site")]),
        # a town known by another spelling only
        ("killed in Galkayo", [("Gaalkacyo", "SO", "site")]),
    ],
)
def test_the_words_around_say_how_much_of_a_place_is_meant(text: str, expected: list[tuple[str, str | None, str]]) -> None:
    assert named(text) == expected
