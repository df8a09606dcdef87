"""News without end: short articles, most of which say nothing, of ever new places, days, names and publishers."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib import resources

from schemas import Article, Indicator, Place, PlacePrecision, key_of
from schemas.topics import ARTICLES, EVENTS, INDICATORS
from services.extract.extraction import Extraction
from services.runtime.encoding import Sending, encode
from services.stage import Output
from tests.notify.wire import incident, indicator
from tests.support.workload import article

from . import tide

A_DAY = 1_000
"""Articles of one day: in a million the data's clock passes the retention twice over."""

WIRES = 300
"""Publishers, each of which tells of each country: more than ever spoke of one figure within a year."""

COUNTRIES = {"SY": "Syria", "IQ": "Iraq", "SO": "Somalia", "NG": "Nigeria", "ML": "Mali", "YE": "Yemen", "SD": "Sudan"}

RULES = f"""\
{tide.RULES}\
  - id: killed-in-a-week
    summary: Forty or more are killed in a week
    measure: killed
    group_by: [country]
    window: 7d
    line: {{at_least: 40}}
"""

_FIRST = datetime(2022, 1, 1, 6, tzinfo=UTC)
_SYLLABLES = ("qa", "ru", "mel", "sha", "dor", "ti", "ban", "zu", "ker", "lo", "fan", "wi", "gha", "pe", "nis", "mar")


@cache
def towns() -> tuple[tuple[str, str], ...]:
    """Towns of the gazetteer with their countries' codes, always in the same order."""
    packed = resources.files("services.extract").joinpath("data", "places.tsv.gz").read_bytes()
    cells = (line.split("\t") for line in gzip.decompress(packed).decode().splitlines())
    return tuple(sorted({(cell[1], cell[2]) for cell in cells if cell[7] == "P" and cell[2] in COUNTRIES and cell[1].isascii()}))


def invented(number: int) -> str:
    """A name that nobody has heard, another for each number."""
    parts: list[str] = []
    while number or not parts:
        number, part = divmod(number, len(_SYLLABLES))
        parts.append(_SYLLABLES[part])
    return "".join(parts).capitalize()


def news(number: int) -> Article:
    """One article: seven of ten say nothing, two tell of an incident, one of how many are left."""
    published = _FIRST + timedelta(days=number // A_DAY, seconds=60 * (number % A_DAY))
    name = invented(number)
    match number % 10:
        case 3 | 7:
            title, text = _incident(number, published.date(), name)
        case 9:
            title, text = _left(number, published.date(), name)
        case _:
            title = f"{name} council meets"
            text = f"The council of {name} met on {published:%A} to speak of the harvest. Mayor {invented(number * 7 + 1)} thanked all who came."
    wire = number // 10 % WIRES
    return article(
        title, text, f"https://wire-{wire}.example/{number}", published, published + timedelta(minutes=5), f"{invented(wire)} Wire"
    )


def _incident(number: int, day: date, name: str) -> tuple[str, str]:
    town, code = towns()[number * 31 % len(towns())]
    killed = 2 + number % 13
    text = (
        f"At least {killed} civilians were killed and {1 + number % 7} others wounded when militants attacked a market in {town}, "
        f"{COUNTRIES[code]}, on {day:%A}, {name} said."
    )
    return f"Attack in {town} kills {killed}", text


def _left(number: int, day: date, name: str) -> tuple[str, str]:
    code = list(COUNTRIES)[number // 10 % len(COUNTRIES)]
    left = 2_000 + 137 * (number // 10) % 4_000
    text = f"Exactly {left:,} ISIS fighters remain at large in {COUNTRIES[code]} as of {day:%B} {day.day}, {day.year}, {name} said."
    return f"{left:,} fighters remain in {COUNTRIES[code]}", text


def articles(count: int) -> Iterator[Sending]:
    """What extract reads."""
    for number in range(count):
        each = news(number)
        yield Sending(ARTICLES.name, each.id.encode(), each.to_bytes(), None)


def readings(count: int) -> Iterator[Sending]:
    """What measure reads."""
    extraction = Extraction()
    for number in range(count):
        each = news(number)
        yield from encode([Output(EVENTS, each.id, extraction.read(each))])


def indicators(count: int) -> Iterator[Sending]:
    """What notify reads."""
    for number in range(count):
        each = _figure(number)
        yield from encode([Output(INDICATORS, key_of(each.book, each.fact), each)])


def _figure(number: int) -> Indicator:
    day = number / A_DAY
    if number % 3:
        town, code = towns()[number * 31 % len(towns())]
        return incident(
            2 + number % 13, f"incident-{number}", day, place=Place(name=town, country=code, precision=PlacePrecision.SITE), revision=number
        )
    code = list(COUNTRIES)[number // 3 % len(COUNTRIES)]
    place = Place(name=COUNTRIES[code], country=code, precision=PlacePrecision.COUNTRY)
    return indicator(2_000 + 137 * number % 4_000, day=day, places=(place,), revision=number)
