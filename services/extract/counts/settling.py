"""What remains of the tallies of an article when all of it is read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise, takewhile

from schemas import EventType, Measure, Period, PeriodPrecision, PlacePrecision
from schemas.vocabulary import OF_STATES

from ..text.reasons import Reason
from .fates import put_under_whom
from .likeness import elsewhere
from .months import of_months
from .referents import near
from .tallies import Tally
from .timing import ENTERED, RECALLED
from .updates import Update, drop_former, retire
from .wholes import LONG_AGO, counted_for_years, set_totals_back, settle_wholes

LATE = {
    PeriodPrecision.DAY: 14,
    PeriodPrecision.DAYS: 14,
    PeriodPrecision.WEEK: 21,
    PeriodPrecision.MONTH: 28,
    PeriodPrecision.QUARTER: 92,
    PeriodPrecision.HALF: 92,
    PeriodPrecision.YEAR: 28,
    PeriodPrecision.RANGE: 92,
}
"""Days behind publication at which a dated event is an earlier one, mentioned for context beside the news. Summaries come later: those of a
quarter in the next one. A year is as often told for context as it is summed up, so that it counts as soon as a month does; what leads its
text is never set back for its age alone."""

SUMMED = 550
"""Days behind publication up to which a text that begins with a year or quarter sums it up: annual reports come out in the next year."""

ENTRIES = 3
"""Days that follow on each other in a chronology, at least."""

FEW = 4
"""Days of what is told as one event."""

_OTHER_MATTER = re.compile(r"(?:in (?:an)?other\b|in (?:a )?separate\b|elsewhere\b|separately\b|meanwhile\b)")
"""How a sentence turns to something else."""
_THAT = re.compile(r"\b(?:that|the same) (?:attack|assault|bombing|raid|incident|blast|shooting|massacre|strike|ambush|operation)\b")
"""What points at the deed of the sentence before."""
_WHERE = frozenset({"in", "near", "at", "outside"})

_PEACEFUL = frozenset({EventType.DISASTER, EventType.ACCIDENT})
"""Types of what nobody did to anybody."""

LARGE = 50
"""From here on it is no chance that the next figures add up to a total; more may follow them."""

MANY = 40
"""Counts behind a total that are added up; longer lists are tables."""

_LONG = frozenset({PeriodPrecision.QUARTER, PeriodPrecision.HALF, PeriodPrecision.YEAR, PeriodPrecision.RANGE})
"""Precisions of what is summed up."""


def settle(tallies: list[Tally], published: date | None, updates: Sequence[Update] = ()) -> list[Tally]:
    """What remains when all is read: no injury of those who died of it, earlier events and reports set back, parts under their total."""
    kept = [tally for tally in tallies if tally.status.told and not (_overtaken(tally, tallies) or _said_of_taken(tally, tallies))]
    for tally in kept:
        _climb(tally)
        _as_its_whole(tally)
    of_months(kept)
    put_under_whom(kept)
    retire(kept, updates)
    drop_former(kept)
    if published is not None:
        _set_back(kept, published)
    _raised(kept, published)
    if published is not None:
        set_totals_back(kept, published)
    _complete(kept)
    _sums(kept)
    settled = settle_wholes(kept)
    for tally in settled:
        _within_its_whole(tally, settled)
    _follow(settled)
    return settled


def _climb(part: Tally) -> None:
    """Put a part under the whole of its whole where it is larger, or where "of the dead" speaks of all of whom a breakdown tells."""
    whole = part.parent
    while whole is not None and whole.measure is part.measure and whole.parent is not None:
        of_all = part.noun.whole is not None and part.noun.whole.sort == "state" and part.noun.whole.quantity is None
        broken_down = of_all and whole.told.mention.total is not None and whole.sentence != part.sentence
        if part.value <= whole.value and not broken_down:
            return
        part.put_under(whole.parent, part.why.get("parent", Reason("a part of the whole of all")))
        whole = part.parent


def _as_its_whole(part: Tally) -> None:
    """Let those of whom another sentence tells have been there and then, where their own says neither."""
    whole, mention = part.parent, part.told.mention
    adds_up = mention.part_of is not None and mention.part_of.total is not None
    of_state = whole is not None and part.noun.whole is not None and part.noun.whole.sort == "state" and part.sentence != whole.sentence
    if whole is None or not (mention.shares or adds_up or of_state):
        return
    if part.dated is None and whole.dated is not None:
        part.period, part.why["period"] = whole.period, whole.why["period"]._replace(because="as its whole")
    if not part.told.places and whole.places:
        part.places, part.sights, part.why["places"] = whole.places, whole.sights, whole.why["places"]._replace(because="as its whole")
    if part.event_type != whole.event_type:
        part.event_type = whole.event_type


def _within_its_whole(part: Tally, tallies: Sequence[Tally]) -> None:
    """Put a part under the whole in whose time it lies, or give it its whole's time: no part lies outside it."""
    whole = part.parent
    if whole is None or whole.measure is not part.measure or whole.dated is None or whole.includes or whole.cumulative:
        return  # a toll that later deaths have raised has the day of its event
    if part.dated is None:
        part.period, part.why["period"] = whole.period, whole.why["period"]._replace(because="as its whole")
    elif part.dated.end < whole.dated.start or whole.dated.end < part.dated.start:
        others = (t for t in tallies if t.measure is part.measure and t.counts and t.value > part.value and t.sentence < part.sentence)
        around = next((t for t in others if t.dated is not None and t.dated == part.dated), None)
        if around is not None:
            part.put_under(around, part.why["parent"])
            return
        mention, those = part.told.mention, part.noun.whole
        of_them = those is not None and those.sort in ("pronoun", "state", "none")
        if not (mention.shares or mention.part_of is not None or mention.via == "part" or of_them):
            part.put_under(None, Reason("of another time"))  # no words make it a part
            return
        part.period, part.why["period"] = whole.period, whole.why["period"]._replace(because="as its whole")


def _follow(tallies: list[Tally]) -> None:
    """Set back the parts of what was set back, and what is told of "that attack" right behind it."""
    for tally in tallies:
        whole = tally.parent
        if whole is not None and whole.status.background and whole.measure is tally.measure and not tally.status.background:
            tally.set_back(whole.why["background"] if "background" in whole.why else Reason("as its whole"))
        if tally.counts and (that := _THAT.search(tally.told.said)) is not None and any(_right_before(t, tally) for t in tallies):
            tally.set_back(Reason(f"{that.group()} is an earlier one"))


def _right_before(one: Tally, other: Tally) -> bool:
    return one.status.background and not one.in_title and other.sentence - one.sentence == 1


def _complete(tallies: list[Tally]) -> None:
    """Put parts of those who are only told of later under them ("Five of the injured are ... The blast wounded 33")."""
    for place, part in enumerate(tallies):
        if part.partial and part.parent is None:
            later = (t for t in tallies[place + 1 :] if t.measure is part.measure and t.real and t.parent is None and t.value > part.value)
            part.put_under(next(later, None), Reason("a part of people who are told of only later"))


def _raised(tallies: list[Tally], published: date | None) -> None:
    """What a toll was raised by is a part of it: all that is told up to its sentence."""
    for toll in tallies:
        if not toll.includes or not toll.real:
            continue
        if _of_a_war(toll, published) and any(t.measure is toll.measure and t.real and t is not toll and t.value for t in tallies):
            toll.set_back(Reason("what a whole war has cost, beside the news of one event"))
            continue
        for part in tallies:
            smaller = part.measure is toll.measure and part.value < toll.value and part.sentence <= toll.last_sentence
            if smaller and part.real and part.parent is None and part is not toll and not part.status.background:
                trigger = toll.told.mention.trigger
                part.put_under(toll, toll.told.reason("a total that is raised by what is told", (trigger.first, trigger.last)))


def _of_a_war(toll: Tally, published: date | None) -> bool:
    """Whether a total that something is brought to has been counted for longer than a year."""
    if toll.measure not in (Measure.KILLED, Measure.INJURED) or published is None:
        return False
    period = toll.dated
    long_since = period is not None and period.precision is PeriodPrecision.RANGE and (published - period.start).days > LONG_AGO
    return long_since or counted_for_years(toll)


def _set_back(tallies: list[Tally], published: date) -> None:
    """Mark what happened long before, where the article has news besides."""
    told = [t for t in tallies if t.real and not t.status.background and t.value]
    lead = next((t for t in told if not t.in_title and t.measure not in OF_STATES), None)
    late = [t for t in tallies if _is_late(t, published, lead)]
    if lead is not None and any(t is lead for t in late) and _is_chronicle(told):
        late = [t for t in late if not (_is_short(t) and _starts(t) >= _starts(lead))]  # its entries are its news, however late it came out
    news = [t for t in told if all(t is not o for o in late) and t.measure not in OF_STATES]
    for tally in late:
        goes_on = lead is not None and tally.sentence == lead.sentence and any(t.parent is lead for t in news)
        entered = tally is lead and tally.why["period"].because == ENTERED  # what came of it later is no newer matter of its entry
        if not (goes_on or entered) and any(_newer(t, tally, lead, published) for t in news):
            tally.set_back(tally.why["period"]._replace(because="it was long before the publication, and there is news besides"))


def _is_chronicle(told: list[Tally]) -> bool:
    """Whether a text goes on from day to day, beginning with the first: a register or a chronology, whose entries are what it tells."""
    days = [_starts(t) for t in told if not t.in_title and _is_short(t)]
    rising = sum(1 for one, other in pairwise(days) if one <= other)
    return len(set(days)) >= ENTRIES and days[0] == min(days) and rising >= len(days) * 3 // 4


def _is_short(tally: Tally) -> bool:
    """Whether a count has a day of its own, or a few."""
    period = tally.dated
    return period is not None and (period.end - period.start).days <= FEW


def _starts(tally: Tally) -> date:
    return tally.period.start if tally.period is not None else date.min


def _is_late(tally: Tally, published: date, lead: Tally | None) -> bool:
    period = tally.dated
    if period is None or tally.measure in OF_STATES or tally.told.mention.total is not None:
        return False  # what adds up to another count is as old as that
    covered = lead.period if lead is not None else None
    # What happened within the time that a summary is of is its matter.
    if (
        covered is not None
        and (covered.precision in _LONG or _is_of_late(covered, published))
        and tally is not lead
        and covered.start <= period.start
        and period.end <= covered.end
    ):
        return False
    return (published - period.end).days > LATE[period.precision]


def _is_of_late(covered: Period, published: date) -> bool:
    """Whether a month has just ended, so that a text that begins with it sums it up."""
    return covered.precision is PeriodPrecision.MONTH and (published - covered.end).days <= LATE[PeriodPrecision.MONTH]


def _newer(news: Tally, late: Tally, lead: Tally | None, published: date) -> bool:
    """Whether what is told is the news beside which an earlier figure only gives the context."""
    if late.period is None or late.period.precision not in _LONG or late.why["period"].because == RECALLED:
        return True
    period = news.dated
    if late is lead and (published - late.period.end).days <= SUMMED:
        # A summary stays one whatever else it tells, except of a newer stretch of the same kind.
        return period is not None and period.precision in _LONG and period.end > late.period.end
    return period is not None or news.sentence < late.sentence


def _overtaken(tally: Tally, tallies: list[Tally]) -> bool:
    """Whether an injury is told more exactly, or as a death, elsewhere."""
    if tally.measure is not Measure.INJURED or not tally.value:
        return False
    referent = tally.referent
    if referent is not None:
        death = referent.tallies.get(Measure.KILLED)
        if death is not None and death.real and death.value >= tally.value:
            return True
        if tally.harm and any(m in referent.tallies and referent.tallies[m].real for m in (Measure.ABDUCTED, Measure.DETAINED)):
            return True
    if not tally.harm:
        return False
    if tally.value == 1 and any(_same_office(tally, other) for other in tallies):
        return True
    return any(
        other is not tally
        and other.real
        and other.measure in (Measure.KILLED, Measure.INJURED)
        and other.value
        and 0 <= other.sentence - tally.sentence <= 1
        and other.noun.lemma in ("", "other")
        and other.noun.sort != "name"
        and tally.value > 1
        and not other.noun.additive
        for other in tallies
    )


def _same_office(hurt: Tally, other: Tally) -> bool:
    """Whether whoever was shot is the one that was killed, by his office ("killed the mayor", then "Mayor Luna was shot in the square")."""
    if hurt.noun.lemma != other.noun.lemma or not hurt.noun.lemma or not (other.measure is Measure.KILLED and other.real):
        return False
    if elsewhere(hurt.told.places, other.told.places) or (
        hurt.period and other.period and hurt.period.end != other.period.end and hurt.told.places
    ):
        return False
    return other.value == 1 and all(n.quantity is None and (n.named or n.definite == "definite") for n in (hurt.noun, other.noun))


def _said_of_taken(tally: Tally, tallies: list[Tally]) -> bool:
    """Whether a headline says of so many that they disappeared whom the text tells to have been taken."""
    if tally.measure is not Measure.MISSING or not tally.in_title or any(t.measure is Measure.MISSING and not t.in_title for t in tallies):
        return False
    taken = (t for t in tallies if t.measure in (Measure.ABDUCTED, Measure.DETAINED) and t.real and not t.in_title)
    return any(t.value == tally.value and (t.noun.lemma == tally.noun.lemma or not (t.noun.lemma and tally.noun.lemma)) for t in taken)


def _sums(tallies: list[Tally]) -> None:
    """Exact counts told after a total, which add up to it, are its parts."""
    for measure in {t.measure for t in tallies}:
        told = [t for t in tallies if t.counts and (t.measure is measure or (measure is Measure.KILLED and _neutralised_rest(t)))]
        for place, whole in enumerate(told):
            rest = [t for t in _same_matter(told[place + 1 :]) if _apart(t, whole) and not t.noun.additive and near(t.group, whole.group)]
            rest = [t for t in rest if not _by_others(t, whole) and not _of_another_kind(t, whole)]
            if rest and (whole.summary or _spread(whole, rest)) and sum(t.value for t in rest) <= whole.value:
                for part in rest:
                    part.put_under(whole, Reason("told after a summary, within its figure"))
                break
            if whole.measure is not measure:
                continue
            after = [t for t in told[place + 1 :] if _apart(t, whole) and near(t.group, whole.group)]
            if (
                whole.value > 2
                and not any(t.vague for t in after)
                and (parts := _adding_up(whole, after, _taken(whole, tallies))) is not None
            ):
                for above, part in parts:
                    part.put_under(above, Reason("told after a total, and adds up to it with others"))
                break


def _same_matter(told: list[Tally]) -> list[Tally]:
    """The counts up to the sentence that turns to something else ("In other violence, ...")."""
    return list(takewhile(lambda t: _OTHER_MATTER.match(t.told.said) is None, told))


def _by_others(part: Tally, whole: Tally) -> bool:
    """Whether somebody else did it than the deeds that a whole sums up ("Four strikes killed 19. Police shot dead two gunmen")."""
    one, other = whole.told.mention.agent, part.told.mention.agent
    return one is not None and other is not None and one.sort == "deed" and other.sort in ("person", "body")


def _of_another_kind(part: Tally, whole: Tally) -> bool:
    """Whether a flood or a crash did it, and an attack the whole, or the other way round."""
    return (part.event_type in _PEACEFUL) != (whole.event_type in _PEACEFUL)


def _neutralised_rest(tally: Tally) -> bool:
    """Whether those who are left of the killed are said to have been neutralised ("the remaining five were neutralised")."""
    words = (t.low for t in tally.told.tokens[tally.noun.first : tally.noun.last + 1])
    return tally.measure is Measure.NEUTRALIZED and "remaining" in words


def _names_somewhere(tally: Tally) -> bool:
    """Whether a name stands behind a preposition of place in its sentence."""
    return any(one.low in _WHERE and other.capital for one, other in pairwise(tally.told.tokens))


def _apart(part: Tally, whole: Tally) -> bool:
    """Whether no sentence tells both: those joined in one are different people."""
    return part.sentence != whole.sentence and part.last_sentence != whole.last_sentence


def _taken(whole: Tally, tallies: list[Tally]) -> int:
    """What parts that are known already come to."""
    return sum(t.value for t in tallies if t.parent is whole and t.measure is whole.measure)


def _adding_up(whole: Tally, after: list[Tally], taken: int) -> list[tuple[Tally, Tally]] | None:
    """Wholes with their parts where all that is told after a total adds up to it, parts of parts included; None where it does not.

    "17 strikes: 12 in Syria, nine of them near Abu Kamal and three near Shadaddi, and five in Iraq".
    """
    if not after or len(after) > MANY or (len(after) == 1 and not taken):
        return None
    need, at = whole.value - taken, 0
    parts: list[tuple[Tally, Tally]] = []
    while at < len(after) and not (need == 0 and len(parts) > 1 and whole.value >= LARGE):
        part = after[at]
        need -= part.value
        if need < 0:
            return None
        parts.append((whole, part))
        inner = _run(part, after, at + 1)
        parts += [(part, after[i]) for i in range(at + 1, inner)]
        at = inner
    return parts if need == 0 else None


def _run(whole: Tally, after: list[Tally], first: int) -> int:
    """Where the counts end that stand behind a part and add up to it; `first` where none do."""
    need, at = whole.value, first
    while at < len(after) and need > 0:
        need -= after[at].value
        at += 1
    return at if need == 0 and at - first > 1 else first


def _spread(whole: Tally, parts: list[Tally]) -> bool:
    """Whether what is told after a figure for a country, or for no place, is spread over places within it."""
    if not whole.places and _names_somewhere(whole):
        return False  # a town that is in no table
    wide = all(p.precision in (PlacePrecision.COUNTRY, PlacePrecision.REGION) for p in whole.places)
    towns = {p.name for t in parts for p in t.places if p.precision in (PlacePrecision.SITE, PlacePrecision.ADMIN1)}
    placed = sum(1 for t in parts if t.places and not any(p in whole.places for p in t.places))
    return wide and len(towns) > 1 and placed == len(parts) and whole.noun.quantity is not None
