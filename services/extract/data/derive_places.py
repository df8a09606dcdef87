"""Derives the table of places from GeoNames; run by hand: python derive_places.py CITIES500.json COUNTRIES.json ADMIN1.csv.

Needs what the service itself does not: pycountry, and the data named in README.md beside this file.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import pycountry
import yaml

from services.extract.words.names import key_of_name

HERE = Path(__file__).parent

CLOSE = frozenset(
    "AF SY IQ YE SO SD SS LY ML BF NE NG TD CM CF CD UA PS IL LB ET ER MZ MM PK HT BI UG KE RW AZ AM JO DJ TN MR EG LK SN GN CI BJ TG".split()
)
"""Countries that conflict reporting tells of village by village: every place that GeoNames' table has."""

FAR = 5_000
"""Least population elsewhere."""

MANY_NAMES = 100_000
"""From this population on, places elsewhere keep their other names as well."""

SEAT = 20_000
"""Least population of a town that is called by its province's English name, where it has that name."""

MAX_NAMES = 24
"""Most names of one place."""

DISTRICT_WORDS = (
    "Wuluswali",
    "Wulêswālī",
    "Woluswalī",
    "Markaz-e",
    "Markaz-e Woluswalī-ye",
    "Alāqahdārī",
    "‘Alāqahdārī",
    "Nāḩiyat",
    "Qaryat",
    "Madīnat",
    "Mīnā",
    "Kelay",
    "Bāzār-e",
)
"""Words for the sort of place that news leave out of its name."""


def latin(name: str) -> bool:
    """Whether a name is written in Latin letters, as a name is."""
    if not 3 <= len(name) <= 40 or (name.isupper() and len(name) <= 4) or any(c.isdigit() for c in name):
        return False
    letters = [c for c in name if c.isalpha()]
    if not letters or not any(c.isupper() for c in letters[:4]):
        return False
    return all(unicodedata.name(c, "").startswith(("LATIN", "MODIFIER LETTER")) for c in letters)


SAME_SPOT = 0.4
"""Degrees within which a site of our own list and a place of GeoNames with one of its names are the same."""

MAP = yaml.safe_load((HERE / "admin1.yaml").read_text("utf-8"))
REGIONS = yaml.safe_load((HERE / "regions.yaml").read_text("utf-8"))


def names_of(city: dict[str, Any]) -> Iterator[str]:
    """The names by which news may call a place, the one that is shown first."""
    yield city["name"]
    every = city["countrycode"] in CLOSE or city["population"] >= MANY_NAMES
    for name in city["alternatenames"] if every else ():
        if latin(name):
            yield name
    for word in DISTRICT_WORDS:
        for name in [city["name"], *city["alternatenames"]]:
            if latin(name) and name.startswith(word + " "):
                yield name.removeprefix(word + " ")
            elif latin(name) and name.endswith(" " + word):
                yield name.removesuffix(" " + word)


def keys_of(names: Iterable[str]) -> list[str]:
    """Names as they are looked up, each once, with and without the Arabic article."""
    keys: dict[str, None] = {}
    for name in names:
        key = key_of_name(name)
        if len(key) < 3:
            continue
        keys[key] = None
        first, _, rest = key.partition(" ")
        if first in ("al", "ad", "an", "ar", "as", "ash", "at", "az", "el") and len(rest) >= 4:
            keys["al " + rest] = None
            keys[rest] = None
    return list(keys)[:MAX_NAMES]


def admin1_names(path: str, cities: list[dict[str, Any]]) -> dict[tuple[str, str], str]:
    """The name of each first-level division, by country and GeoNames code: places of both tables at the same spot tell."""
    spots: dict[tuple[str, int, int], list[dict[str, Any]]] = defaultdict(list)
    for city in cities:
        spots[city["countrycode"], round(city["latitude"] * 20), round(city["longitude"] * 20)].append(city)
    votes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    with Path(path).open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            key = row["cc"], round(float(row["lat"]) * 20), round(float(row["lon"]) * 20)
            for city in spots.get(key, ()):
                if key_of_name(city["name"]) == key_of_name(row["name"]):
                    votes[city["countrycode"], city["admin1code"]][row["admin1"]] += 1
    return {code: names.most_common(1)[0][0] for code, names in votes.items()}


def iso_codes(names: dict[tuple[str, str], str], cities: list[dict[str, Any]]) -> dict[tuple[str, str], str]:
    """ISO 3166-2 code of each first-level division, by country and GeoNames code."""
    spelled = spellings()
    found: dict[tuple[str, str], str] = {}
    for (country, code), name in names.items():
        table = spelled[country]
        key = plain(name)
        if key in table:
            found[country, code] = table[key]
        elif close := get_close_matches(key, table, 1, 0.78):
            found[country, code] = table[close[0]]
    taken = set(found.values())
    for iso, town in MAP["seats"].items():
        seat = town_of(cities, iso[:2], town)
        if seat is not None and iso not in taken:
            found.setdefault((iso[:2], seat["admin1code"]), iso)
    for city in sorted(cities, key=lambda c: -c["population"]):
        spot = city["countrycode"], city["admin1code"]
        iso = spelled[spot[0]].get(plain(city["name"]), "")
        if spot not in found and iso and iso not in taken:
            found[spot] = iso
            taken.add(iso)
    return found


def spellings() -> dict[str, dict[str, str]]:
    """The ISO code of each first-level division by country and plain name; our own names win."""
    spelled: dict[str, dict[str, str]] = defaultdict(dict)
    for division in pycountry.subdivisions:
        if division.parent_code is None:
            for name in division.name.replace("[", ",").replace("]", "").split(","):
                spelled[division.country_code].setdefault(plain(name), division.code)
    for code, given in MAP["names"].items():
        for name in given:
            spelled[code[:2]][plain(name)] = code
    return spelled


def town_of(cities: list[dict[str, Any]], country: str, name: str) -> dict[str, Any] | None:
    """The largest place of a country with this name."""
    named = [c for c in cities if c["countrycode"] == country and (c["name"] == name or name in c["alternatenames"])]
    return max(named, key=lambda c: c["population"], default=None)


def plain(name: str) -> str:
    """A division's name without the word for its sort."""
    drop = {
        "province",
        "governorate",
        "state",
        "region",
        "oblast",
        "muhafazat",
        "wilayat",
        "wilaya",
        "al",
        "ad",
        "an",
        "ar",
        "as",
        "ash",
        "at",
        "az",
        "ska",
        "department",
        "prefecture",
        "county",
        "district",
        "of",
        "city",
        "shi",
        "sheng",
    }
    return " ".join(w for w in key_of_name(name).split() if w not in drop) or key_of_name(name)


def rows(cities: list[dict[str, Any]], countries: dict[str, Any], iso: dict[tuple[str, str], str]) -> Iterator[list[str]]:
    """Lines of the table: GeoNames id, name, country, division, latitude, longitude, population, level, names to look up."""
    nations = REGIONS["countries"]
    seats = seats_of(cities, iso)
    capitals = {c["countrycode"]: c for c in cities if c["name"] == countries.get(c["countrycode"], {}).get("capital")}
    for code, nation in nations.items():
        capital = capitals.get(code) or max((c for c in cities if c["countrycode"] == code), key=lambda c: c["population"])
        about = countries.get(code, {})
        yield line(
            about.get("geonameid", 0),
            nation["name"],
            code,
            "",
            capital,
            about.get("population", 0),
            "C",
            [nation["name"], *nation.get("also", ())],
        )
    shown: dict[tuple[str, str], str] = {}
    for division in pycountry.subdivisions:
        own = MAP["names"].get(division.code, [])
        if (division.parent_code is None or own) and division.code in seats and division.country_code in nations:
            official = division.name.split(",")[0].split("[")[0].strip()
            name = own[0] if own else official
            if division.country_code in CLOSE:
                shown |= {(division.country_code, key): name for key in keys_of(own)}
            yield line(0, name, division.country_code, division.code, seats[division.code], 0, "A", [*own, name, official])
    ours: set[int] = set()
    for site in REGIONS["sites"]:
        same, near = twin_of(site, cities)
        code = iso.get((near["countrycode"], near["admin1code"]), "")
        spot = same or {"latitude": site["at"][0], "longitude": site["at"][1]}
        if same:
            ours.add(same["geonameid"])
        names = [site["name"], *site.get("also", ()), *(names_of(same) if same else ())]
        yield line(same["geonameid"] if same else 0, site["name"], site["of"], code, spot, same["population"] if same else 0, "S", names)
    for city in cities:
        if (
            city["geonameid"] in ours
            or city["countrycode"] not in nations
            or not (city["countrycode"] in CLOSE or city["population"] >= FAR)
        ):
            continue
        names = list(names_of(city))
        seat = next((shown[city["countrycode"], key] for key in keys_of(names) if (city["countrycode"], key) in shown), None)
        name = (
            seat
            if seat is not None and city["population"] >= SEAT
            else readable(city["name"])
            if city["countrycode"] in CLOSE
            else city["name"]
        )
        yield line(
            city["geonameid"],
            name,
            city["countrycode"],
            iso.get((city["countrycode"], city["admin1code"]), ""),
            city,
            city["population"],
            "P",
            [name, *names],
        )


def seats_of(cities: list[dict[str, Any]], iso: dict[tuple[str, str], str]) -> dict[str, dict[str, Any]]:
    """The chief place of each first-level division: the largest in it, or the one that the list names."""
    seats: dict[str, dict[str, Any]] = {}
    for city in sorted(cities, key=lambda c: -c["population"]):
        if code := iso.get((city["countrycode"], city["admin1code"])):
            seats.setdefault(code, city)
    for code, town in MAP["seats"].items():
        if seat := town_of(cities, code[:2], town):
            seats[code] = seat
    return seats


def twin_of(site: dict[str, Any], cities: list[dict[str, Any]]) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    """The place of GeoNames that a site of our list is, if it has one, and the one nearest to it."""
    keys = set(keys_of([site["name"], *site.get("also", ())]))

    def distance(city: dict[str, Any]) -> float:
        return float(max(abs(city["latitude"] - site["at"][0]), abs(city["longitude"] - site["at"][1])))

    near = [c for c in cities if c["countrycode"] == site["of"]]
    named = [c for c in near if distance(c) < SAME_SPOT and keys & set(keys_of(names_of(c)))]
    return min(named, key=distance, default=None), min(near, key=distance)


def readable(name: str) -> str:
    """A transliterated name without the marks that news leave out."""
    plain_letters = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return re.sub("[ʿʾ‘’ʻʼ]", "'", plain_letters)


def line(
    number: int, name: str, country: str, division: str, spot: dict[str, Any], population: int, level: str, names: Iterable[str]
) -> list[str]:
    """One line's cells."""
    return [
        str(number or ""),
        name,
        country,
        division,
        f"{spot['latitude']:.3f}",
        f"{spot['longitude']:.3f}",
        str(population),
        level,
        "|".join(keys_of(names)),
    ]


def main(cities_path: str, countries_path: str, admin1_path: str) -> None:
    """Write places.tsv.gz beside this file; the same input gives the same bytes."""
    cities = list(json.loads(Path(cities_path).read_text("utf-8")).values())
    countries = json.loads(Path(countries_path).read_text("utf-8"))
    iso = iso_codes(admin1_names(admin1_path, cities), cities)
    table = "\n".join("\t".join(cells) for cells in rows(cities, countries, iso)) + "\n"
    with (
        (HERE / "places.tsv.gz").open("wb") as file,
        gzip.GzipFile(fileobj=file, mode="wb", compresslevel=9, mtime=0, filename="") as packed,
    ):
        packed.write(table.encode("utf-8"))


if __name__ == "__main__":
    main(*sys.argv[1:4])
