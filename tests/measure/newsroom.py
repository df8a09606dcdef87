"""A newsroom in a few words: articles told as one-line dictionaries go through split and fold, and leave a belief."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from schemas import (
    ArticleReference,
    ArticleStatus,
    Count,
    EventRecord,
    EventType,
    Extractor,
    Indicator,
    Kind,
    Measure,
    Period,
    PeriodPrecision,
    Place,
    PlacePrecision,
    Qualifier,
    Reading,
    Realis,
    Revision,
    Scope,
    Span,
    SpanField,
    Tick,
    digest,
)
from schemas.topics import CLAIMS, EVENTS
from services.measure.stream import Fold, Split
from services.stage import Output, Record
from tests.support.state import MemoryState

COUNTRIES = {"Syria": "SY", "Iraq": "IQ", "Somalia": "SO", "Mali": "ML"}
PROVINCES = {"Deir ez-Zor": "SY-DY", "Hama province": "SY-HM", "Kirkuk province": "IQ-KI"}
REGIONS = {"eastern Syria": "SY", "northern Mali": "ML", "the Sahel": None}
TOWNS = {
    "Hajin": ("SY-DY", 34.69, 40.83, 173_590),
    "Shafah": ("SY-DY", 34.57, 40.93, 173_591),
    "Hama": ("SY-HM", 35.13, 36.75, 170_017),
    "Hama city": ("SY-HM", 35.14, 36.76, 170_999),
    "Kirkuk": ("IQ-KI", 35.47, 44.39, 94_787),
    "Kismayo": ("SO-JH", -0.36, 42.55, 55_671),
    "Gao": ("ML-7", 16.27, -0.04, 2_457_161),
}
AREAS = {"near Hajin": ("SY-DY", 34.70, 40.85, None)}

LATE = datetime(9_000, 1, 1, tzinfo=UTC)
"""Broker time of records: so late that no date of a scenario lies ahead of it."""

MEASURES = {str(measure): measure for measure in Measure}


def place(name: str) -> Place:
    """A place of the little gazetteer above."""
    if name in COUNTRIES:
        return Place(name=name, country=COUNTRIES[name], precision=PlacePrecision.COUNTRY)
    if name in PROVINCES:
        return Place(name=name, country=PROVINCES[name][:2], admin1=PROVINCES[name], precision=PlacePrecision.ADMIN1)
    if name in REGIONS:
        return Place(name=name, country=REGIONS[name], precision=PlacePrecision.REGION)
    admin1, lat, lon, number = (TOWNS | AREAS)[name]
    precision = PlacePrecision.SITE if name in TOWNS else PlacePrecision.AREA
    return Place(name=name, country=admin1[:2], admin1=admin1, lat=lat, lon=lon, precision=precision, geonames=number)


def period(told: str | date | None) -> Period | None:
    """`2024-03-01`, `2024-03-01..2024-03-31`, `... range`, `... quarter`; a leading `~` is inferred."""
    if told is None:
        return None
    text = str(told)
    stretch, _, word = text.removeprefix("~").partition(" ")
    start, _, end = stretch.partition("..")
    first, last = date.fromisoformat(start), date.fromisoformat(end or start)
    precision = PeriodPrecision(word) if word else PeriodPrecision.DAY if first == last else PeriodPrecision.RANGE
    return Period(start=first, end=last, precision=precision, inferred=text.startswith("~"))


def at(told: str | datetime) -> datetime:
    """A moment of a scenario; without an offset it is UTC."""
    moment = told if isinstance(told, datetime) else datetime.fromisoformat(str(told))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


_BOUNDS: dict[str, Any] = {
    "exact": lambda n: (n, n),
    "at_least": lambda n: (n, None),
    "more_than": lambda n: (n + 1, None),
    "at_most": lambda n: (None, n),
    "fewer_than": lambda n: (None, n - 1),
    "vague": lambda n: (n, None),
}


def count(article: str, told: Mapping[str, Any], ordinal: int) -> Count:
    """A count: `{killed: 12, of: isis, group: militants, says: centcom, when: ..., in: ...}`."""
    measure = next(MEASURES[word] for word in told if word in MEASURES)
    value = told[measure]
    qualifier = Qualifier(told.get("qualifier", "exact"))
    low, high = _BOUNDS.get(qualifier, lambda _: (None, None))(value)
    words = told.get("words", f"{value} {measure}")
    return Count(
        id=told.get("id", Count.identify(article, measure, words, ordinal)),
        measure=measure,
        value=value,
        qualifier=qualifier,
        low=told.get("low", low),
        high=told.get("high", high),
        kind=Kind(told.get("kind", "flow")),
        scope=Scope(told.get("scope", "incident")),
        realis=Realis(told.get("realis", "asserted")),
        group=told.get("group", "people"),
        side=told.get("of"),
        actor=told.get("actor"),
        claimant=told.get("says"),
        period=period(told.get("when")),
        places=tuple(place(name) for name in _listed(told.get("in"))),
        parent=told.get("part_of"),
        evidence=(Span(field=SpanField.TEXT, start=0, end=len(words), words=words, sentence=words),),
        confidence=told.get("confidence", 0.8),
    )


def _listed(told: str | list[str] | None) -> list[str]:
    return [] if told is None else [told] if isinstance(told, str) else told


def reading(told: Mapping[str, Any]) -> Reading:
    """An article as it was read: `{at, by, article, text, status, version, type, background, counts: [...]}`, or one count's words."""
    by = told.get("by", "Example Wire")
    published = at(told["at"])
    counts = told.get("counts", [told] if any(word in MEASURES for word in told) else [])
    name = told.get("article", digest(by, told["at"], [{k: str(v) for k, v in each.items()} for each in counts]))
    read = [count(name, each, i) for i, each in enumerate(counts)]
    events: dict[str, list[Count]] = {}
    for each, one in zip(counts, read, strict=True):
        events.setdefault(str(each.get("event", 1)), []).append(one)
    updated = at(told.get("updated", told["at"]))
    text: str | None = told.get("text")
    status = ArticleStatus(told.get("status", "published"))
    return Reading(
        article=ArticleReference(
            id=name,
            revision=Revision(
                updated_at=updated, content=digest(status, name, told.get("content") or text or [c.model_dump(mode="json") for c in read])
            ),
            status=status,
            url=f"https://{by.lower().replace(' ', '-')}.example/{name}",
            title=told.get("title", ""),
            source=by,
            published_at=None if told.get("unpublished") else published,
            collected_at=max(published, updated) + timedelta(minutes=5),
            simhash=hashlib.blake2b(text.encode(), digest_size=8).hexdigest() if text else "0" * 16,
        ),
        extractor=Extractor(name="test", version=told.get("version", "1")),
        events=tuple(
            EventRecord(
                id=EventRecord.identify(name, tuple(one.id for one in members)),
                type=EventType(told.get("type", "attack")),
                background=told.get("background", False),
                counts=tuple(members),
            )
            for members in events.values()
        ),
    )


def expanded(timeline: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """`repeat: 50` is the same told by fifty outlets, a minute apart; `daily: 30` the same on so many days, each of its own."""
    told: list[Mapping[str, Any]] = []
    for item in timeline:
        for number in range(item.get("repeat", 1)):
            one = dict(item)
            if "repeat" in item:
                one |= {"by": f"{item.get('by', 'Outlet')} {number}", "at": at(item["at"]) + timedelta(minutes=number)}
            told.append(one)
            for day in range(1, item.get("daily", 1)):
                later = one | {"at": at(one["at"]) + timedelta(days=day)}
                if "when" in one:
                    later["when"] = date.fromisoformat(str(one["when"])) + timedelta(days=day)
                told.append(later)
    return told


class Newsroom:
    """Split and fold with their states; what has been told stands in `indicators`."""

    def __init__(self) -> None:
        self.split, self.fold = Split(), Fold(partitions=1)
        self.split_state, self.fold_state = MemoryState(), MemoryState()
        self.offset = 0
        self.indicators: dict[str, Indicator] = {}
        self.outputs: list[Output] = []

    def hear(self, *told: Mapping[str, Any]) -> Newsroom:
        """Let articles come in."""
        for one in told:
            self.enter(self.claims(reading(one)))
        return self

    def claims(self, read: Reading) -> list[Output]:
        """What the split makes of a reading."""
        record = Record(EVENTS.name, 0, 0, read.article.id.encode(), read.to_bytes(), LATE)
        return list(self.split.handle(record, self.split_state))

    def enter(self, claims: Iterable[Output]) -> None:
        """Bring claims to the books."""
        for output in claims:
            assert output.value is not None
            self.fold_record(output.key.encode(), output.value.to_bytes())

    def tick(self, moment: str | datetime) -> None:
        """Let time pass."""
        self.fold_record(b"tick", Tick(at=at(moment)).to_bytes())

    def fold_record(self, key: bytes, value: bytes) -> list[Output]:
        """One record of the claims topic."""
        outputs = list(self.fold.handle(Record(CLAIMS.name, 0, self.offset, key, value, LATE), self.fold_state))
        self.offset += 1
        for output in outputs:
            if output.value is None:
                del self.indicators[output.key]
            else:
                assert isinstance(output.value, Indicator)
                self.indicators[output.key] = output.value
        self.outputs += outputs
        return outputs

    @property
    def believed(self) -> list[Indicator]:
        """What is believed now, ordered by book and fact."""
        return [self.indicators[key] for key in sorted(self.indicators) if not self.indicators[key].retracted]

    def belief(self) -> list[Indicator]:
        """The same without what depends on the moments in between."""
        return [indicator.model_copy(update={"revision": 0, "previous": None}) for indicator in self.believed]


def shown(indicator: Indicator, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Of an indicator, what a scenario asks for."""
    names = ", ".join(sorted(p.name for p in indicator.places))
    told: dict[str, Any] = {
        str(indicator.measure): indicator.value,
        "in": names,
        "when": str(indicator.period.start) if indicator.period and indicator.period.start == indicator.period.end else None,
        "as_of": str(indicator.period.end) if indicator.period else None,
        "period": f"{indicator.period.start}..{indicator.period.end}" if indicator.period else None,
        "of": indicator.side,
        "actor": indicator.actor,
        "group": str(indicator.group),
        "scope": str(indicator.scope),
        "kind": str(indicator.kind),
        "qualifier": str(indicator.qualifier),
        "low": indicator.low,
        "high": indicator.high,
        "tellers": indicator.teller_count,
        "publishers": indicator.publisher_count,
        "conflict": indicator.conflict,
        "aside": indicator.set_aside,
        "part": indicator.part_of is not None,
        "told": {teller.who.split(":", 1)[1]: teller.value for teller in indicator.tellers},
    }
    return {name: told.get(name) for name in wanted}
