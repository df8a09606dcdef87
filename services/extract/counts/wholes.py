"""Wholes and their parts over several sentences: totals of a war beside the news, totals told again, places within a country's figure."""

from __future__ import annotations

import re
from datetime import date

from schemas import Group, Measure, PeriodPrecision, PlacePrecision, Qualifier, Realis
from schemas.vocabulary import OF_DEEDS, OF_STATES

from ..text.reasons import Reason
from ..when.pointing import LONG
from ..words.groups import NARROW
from .likeness import elsewhere
from .referents import GENERIC, near
from .tallies import Tally

LONG_AGO = 365
"""Days since the beginning of a total beyond which it only tells how long a war has gone on, where the news is one event."""

MONTH = 30
"""The same of a total that nobody else is named for than for the news."""

LATER = 10
"""The same of a summary of a month or more, which is broken down at length."""

NEARBY = 3
"""Sentences between parts and the total that is told behind them."""

OPENING = 6
"""Words before a count among which it says that it is of those told of before."""

FAR_LONGER = 3
"""How many times as long as a summary's time a total's is that only tells its background."""

_INCIDENT = frozenset({PeriodPrecision.DAY, PeriodPrecision.DAYS})
_WAR = re.compile(
    r"(?:'s|\b(?:the|\d+ - year|\d+-year|\d+-year-old|long|civil|its|their)) (?:[\w-]+ ){0,3}(?:war|conflict|insurgency|uprising|rebellion|crisis)\b"
    r"(?: (?:has|have|had)\b| in [\w-]+(?: [\w-]+)? (?:has|have|had)\b|(?=[^,;]*$))"
    r"|\b(?:war|conflict|insurgency|uprising|rebellion|crisis) (?:has|have|had) (?:killed|left|claimed|displaced|uprooted|driven)\b"
)
_SINCE_YEAR = re.compile(r"\bsince\b[^;]{0,80}\b((?:19|20)\d\d)\b")
_YEARS_OF = re.compile(
    r"\b(?:in|over|during) (?:[\w-]+ ){1,3}(?:years?|months?) of (?:[\w-]+ ){0,2}"
    r"(?:violence|unrest|war|warfare|fighting|conflict|protests?|insurgency|strife|terror|terrorism|rebellion|crisis|bloodshed)\b"
)
_TOTAL = re.compile(r"\b(?:in all|in total|total|totall?ing|altogether|all told|overall|combined|coded|fatalit(?:y|ies))\b")
_OF_THESE = re.compile(
    r"\bof (?:these|those(?: who (?:died|were killed|were wounded)| (?:detained|arrested|abducted|killed|wounded|injured|freed|released))?|them|whom|the (?:dead|killed|total|fatalities|victims)),?(?: ,)?(?: \w+)?$"
)
_OPENS = re.compile(r"of (?:these|those|them|the (?:total|\d))\b")
_ALONE = re.compile(r"^in [\w-]+(?: [\w-]+){0,3} alone\b")
"""How one place of several is singled out at the beginning of a sentence."""
_FATES = frozenset({Measure.KILLED, Measure.SURRENDERED, Measure.DETAINED, Measure.INJURED})
"""What neutralising comes to."""
_CAUSES = re.compile(
    r"\b(?:engagements?|operations?|attacks?|devices|ieds?|bombs?|airstrikes?|strikes?|shelling|crossfire|mines|killings|shootings|incidents)\b"
)
_OF_NARROW = re.compile(r"\b(?:women|girls?|boys?|child|children) casualt|\bcasualties among (?:women|children)\b|\b(?:women|children)\b")
"""Words before a bracket that gives the figures of a narrower group."""
_EVERYWHERE = re.compile(
    r"\b(?:worldwide|world-wide|globally|around the world|nationwide|nation-wide|countrywide|across the country|around the country)\b"
)
_DIVIDES = re.compile(r"\b(?:caus(?:ed|ing)|account(?:ed|s|ing) for|responsible for|attribut(?:ed|able)|remaining|the rest)\b")
_EARLIER = re.compile(
    r"\b(?:an?|one|two|three|four|five|six|ten|several|few|\d+) (?:months?|years?) (?:earlier|before|previously)\b"
    r"|^(?:days|weeks|months) earlier\b|^the (?:day|week|month) before\b|\b(?:one|a) (?:week|month) ago\b"
)
_THESE = re.compile(r"^(?:of (?:those|the) (?:killed|dead|victims|wounded|injured|fatalities|deceased|detained|arrested|abducted))\b")
_AMONG = re.compile(r"\bamong (?:the|those) (?:dead|killed|victims|wounded|injured|fatalities|casualties)\b")
_OF_ITS_TIME = re.compile(
    r"of (?:the|this|last) (?:year|half|quarter|month|week) ['’]s (?:victims|dead|deaths|killed|wounded|injured|casualties|fatalities|detainees)\b"
)
"""Words behind a count that is of those of the time that is summed up ("Guns killed 1,302 of last year's victims")."""
_NOT_OF_THEM = re.compile(
    r"\bnot (?:(?:counted|included|contained|reflected) )?(?:in|among|part of) (?:the|this|that|these|those)(?: \w+)? (?:totals?|tolls?|figures?|counts?|numbers?|dead|sum)\b"
)
"""How a count is said to be no part of what was told before ("not in the above total")."""
_BROUGHT = re.compile(r"\b(?:brought|taken|received|delivered|arrived|transferred|counted)\b")
_RECORDED = re.compile(r"\b(?:documented|recorded|verified|registered|counted|logged|tallied|across|throughout|nationwide)\b")
_APART = re.compile(r"\b(?:separate|separately|another|elsewhere|meanwhile|also|other|second|later|different|further)\b")
_IN_ALL = re.compile(r"\b(?:in all|in total|altogether|all told|overall)\b")
_WORST = re.compile(
    r"\b(?:worst|hardest)[ -]hit\b|\b(?:deadliest|worst|bloodiest|biggest|largest|heaviest|single) (?:[\w-]+ ){0,2}(?:attack|bombing|blast|strike|incident|clash|explosion|raid|assault|day)s?\b"
    r"|\bhighest number of\b|\b(?:deadliest|worst|bloodiest) (?:country|countries|province|provinces|region|state|city|area|district|governorate|month|week)\b"
    r"|\bthe (?:deadliest|worst|bloodiest) (?:of|took|occurred|happened|came|was)\b"
)


def settle_wholes(tallies: list[Tally]) -> list[Tally]:
    """The tallies without what is only told again, with parts under their wholes."""
    kept = [tally for place, tally in enumerate(tallies) if not _restates(tally, tallies[:place])]
    for tally in kept:
        _contain(tally, kept)
    return kept


def _words(tally: Tally) -> str:
    return tally.told.said


def set_totals_back(tallies: list[Tally], published: date) -> None:
    """Put into the background what a whole war has cost, and what an earlier month did, where the news is an incident."""
    lead = next((t for t in tallies if t.counts and not t.in_title and t.measure not in OF_STATES), None)
    if lead is None:
        return
    judge = _only_context if _is_incident(lead) else _only_longer
    for tally in tallies:
        if tally.sentence > lead.sentence and tally.counts and tally.measure not in OF_STATES and not tally.includes:
            because = judge(tally, lead, published)
            if because is not None:
                tally.set_back(Reason(because))


def _is_incident(lead: Tally) -> bool:
    return lead.dated is None or lead.dated.precision in _INCIDENT


def _only_context(tally: Tally, lead: Tally, published: date) -> str | None:
    if _EARLIER.search(_words(tally)):
        return "earlier than the news"
    if _words_of_war(tally, published):
        return "what a whole war has cost, beside the news of one event"
    if _is_incident(tally):
        return None
    period = tally.period
    if period is None or period.precision not in LONG:
        return None
    if period.precision is not PeriodPrecision.RANGE and tally.claimant is None and period.start <= published <= period.end:
        return "a total of the time that the news is in"
    if period.precision is PeriodPrecision.RANGE:
        days = LONG_AGO if tally.claimant not in (None, lead.claimant) else MONTH
        return "a total since long ago, beside the news of one event" if (published - period.start).days > days else None
    first = lead.period.start if lead.period is not None else published
    return "of an earlier time than the news" if period.end < first else None


def _only_longer(tally: Tally, lead: Tally, published: date) -> str | None:
    """Why a total beside a summary is no news: it has been counted for years, and the summary is of a shorter time."""
    if counted_for_years(tally):
        return "what years have cost, beside a summary of a shorter time"
    period, covered = tally.dated, lead.dated
    if period is None or covered is None or period.precision is not PeriodPrecision.RANGE:
        return None
    enough = LONG_AGO if tally.claimant not in (None, lead.claimant) else MONTH
    longer = period.start < covered.start and (published - period.start).days > max(enough, FAR_LONGER * (covered.end - covered.start).days)
    return "a total since long ago, beside a summary of a shorter time" if longer else None


def counted_for_years(total: Tally) -> bool:
    """Whether the words say that a total is of years ("in nine years of violence")."""
    return _YEARS_OF.search(_words(total)) is not None


def _words_of_war(tally: Tally, published: date) -> bool:
    words = _words(tally)
    since = _SINCE_YEAR.search(words)
    long_since = since is not None and int(since.group(1)) < published.year - 1
    return long_since or _WAR.search(words) is not None or counted_for_years(tally)


def _restates(tally: Tally, before: list[Tally]) -> bool:
    """Whether a count only tells again who was counted; a total of several counts is made their whole."""
    if not tally.counts or tally.vague or tally.in_title or tally.measure in OF_STATES or tally.qualifier is Qualifier.VAGUE:
        return False
    noun = tally.noun
    generic = noun.sort == "counted" or noun.lemma in GENERIC
    summed = [
        t
        for t in before
        if t.measure is tally.measure
        and t.counts
        and not t.in_title
        and (t.status.realis is not Realis.CLAIMED or tally.status.realis is Realis.CLAIMED)  # a total is not of what somebody boasts
        and 0 <= tally.sentence - t.sentence <= NEARBY
        and not elsewhere(tally.told.places, t.places)
    ]
    if not summed or not generic or noun.additive:
        return False
    behind = " ".join(t.low for t in tally.told.tokens[noun.last + 1 : noun.last + 5])
    if _IN_ALL.search(behind) and all(t.value < tally.value for t in summed):
        for part in summed:
            part.put_under(tally, Reason("a total that the words say is of all"))
        return False
    if "coded" in behind or (noun.first > 1 and "coded" in _opening(tally)):
        for part in (t for t in summed if t.vague or t.qualifier is Qualifier.VAGUE):
            part.put_under(tally, Reason("the number that a coder put for a vague word"))
    says_so = _TOTAL.search(_words(tally)) is not None
    if sum(t.value for t in summed) == tally.value and (len(summed) > 1 or noun.sort == "counted") and (says_so or noun.sort != "person"):
        if len(summed) == 1:
            summed[0].repeats += 1
            return True
        for part in summed:
            part.put_under(tally, Reason("told together again as a total"))
    return False


def _contain(part: Tally, tallies: list[Tally]) -> None:
    """Put a count under one told before it that its place or its time lies within."""
    if not part.counts or part.in_title or part.includes or part.measure in OF_STATES:
        return
    if _NOT_OF_THEM.search(_words(part)) is not None:
        return
    if _sums_its_parts(part, tallies):
        return
    if (neutralised := _of_neutralised(part, tallies)) is not None:
        part.put_under(neutralised, Reason("what became of those who were neutralised"))
        return
    of_these = _says_of_these(part)
    wholes = [
        t
        for t in tallies
        if t is not part
        and t.measure is part.measure
        and t.counts
        and (0 < part.sentence - t.sentence <= (LATER if _is_long(t) else NEARBY) or (t.sentence == part.sentence and of_these))
        and part.value < t.value
        and (near(part.group, t.group) or of_these)
        and not part.noun.additive
    ]
    worst = _WORST.search(_words(part)) is not None
    for whole in reversed(wholes):
        if None not in (part.claimant, whole.claimant) and part.claimant != whole.claimant:
            continue  # what one side says of its own is no part of what the other says
        # A total is divided by who they were and again by where it was: only what divides it alike shares it.
        taken = sum(t.value for t in tallies if t.parent is whole and _divides_alike(t, part, whole))
        if taken + part.value > whole.value:
            continue
        countries = {place.country for place in (*part.told.places, *whole.told.places)}
        if worst and len(countries) < 2:
            part.put_under(whole, Reason("the worst of what was summed up before"))
            return
        if of_these:
            part.put_under(whole, Reason("of those told of before"))
            return
        if _narrower(part, whole):
            part.put_under(whole, Reason("a narrower group within a summary's figure, or by what caused it"))
            return
        if _within(part, whole):
            part.put_under(whole, Reason("within the place and the time of what was summed up before"))
            return


def _divides_alike(one: Tally, other: Tally, whole: Tally) -> bool:
    """Whether two parts divide a whole alike: both by where it was, or neither. What is shared out in another sentence adds up by itself."""
    if one.told.mention.shares:
        return False
    placed = bool(one.told.places) and (one.sentence != whole.sentence or one.places != whole.places)
    return placed == bool(other.told.places)


def _of_neutralised(part: Tally, tallies: list[Tally]) -> Tally | None:
    """Those who were neutralised, of whom a sentence that begins with "of these" says what became of them."""
    if part.measure not in _FATES or not _OPENS.match(part.told.said):
        return None
    wholes = (t for t in reversed(tallies) if t.measure is Measure.NEUTRALIZED and t.counts and t.value >= part.value)
    return next((t for t in wholes if 0 < part.sentence - t.sentence <= NEARBY), None)


def _says_of_these(part: Tally) -> bool:
    """Whether a count says itself that it is of those told of before ("of these, 40", "five of those killed", "19 bodies were brought in")."""
    words = _words(part)
    if _OF_THESE.search(_opening(part)) or _THESE.match(
        " ".join(t.low for t in part.told.tokens[part.noun.first + 1 : part.noun.last + 5])
    ):
        return True
    numbered = part.noun.quantity
    behind = " ".join(t.low for t in part.told.tokens[numbered.last + (not numbered.of) : numbered.last + OPENING + 1]) if numbered else ""
    if _OF_ITS_TIME.match(behind):
        return True
    if part.noun.sort == "none" and _OPENS.match(words):
        return True  # "of them, 22 died in Swat and 14 in Buner"
    return (part.told.mention.via == "state" and _AMONG.search(words) is not None) or (
        part.noun.lemma == "body" and _BROUGHT.search(words) is not None
    )


def _sums_its_parts(whole: Tally, tallies: list[Tally]) -> bool:
    """Put what is told behind the colon of a count, or by its places, under it where it adds up ("313 raids: 191 joint ones and 122 others")."""
    parts = [
        t
        for t in tallies
        if t is not whole and t.measure is whole.measure and t.sentence == whole.sentence and t.counts and t.noun.first > whole.noun.last
    ]
    if whole.told.mention.placed or len(parts) < 2 or sum(t.value for t in parts) != whole.value:
        return False
    between = {token.low for token in whole.told.tokens[whole.noun.last + 1 : parts[0].noun.first]}
    if between.isdisjoint({":", ";", "–", "—", ","}):
        return False
    for part in parts:
        part.put_under(whole, Reason("they add up to what is told before them"))
    return True


def _opening(tally: Tally) -> str:
    """The words right before a count."""
    first = tally.noun.first
    return " ".join(token.low for token in tally.told.tokens[max(0, first - OPENING) : first])


def _within(part: Tally, whole: Tally) -> bool:
    inner, outer = part.told.places, whole.places
    long = _is_long(whole)
    if long and (part.noun.sort == "none" or " alone " in _words(part)) and _during(part, whole):
        return True
    if long and _ALONE.search(_words(part)) and _same_time(part, whole):
        return True
    if part.measure in OF_DEEDS and inner and not whole.told.places and _same_time(part, whole):
        return True
    everywhere = (long and _same_time(part, whole)) or _EVERYWHERE.search(_words(whole))
    if inner and not outer and everywhere and not _APART.search(_words(part)):
        return True
    if _some_days(whole) and _during(part, whole) and not elsewhere(inner, outer):
        return True
    if not inner or not outer or not _same_time(part, whole):
        return False
    names = {place.name for place in outer}
    if len(names) > 1 and {place.name for place in inner} < names:
        return True
    if _APART.search(_words(part)):
        return False
    province = outer[0].admin1 if len(outer) == 1 and long and outer[0].precision == PlacePrecision.ADMIN1 else None
    if province is not None and all(place.admin1 == province and place.name != outer[0].name for place in inner):
        return True
    country = len(outer) == 1 and outer[0].precision == "country"
    return (
        country
        and (long or _RECORDED.search(_words(whole)) is not None)
        and all(place.country == outer[0].country and place.name != outer[0].name for place in inner)
    )


def _is_long(whole: Tally) -> bool:
    """Whether a count sums up a month or more."""
    return whole.dated is not None and whole.dated.precision in LONG


def _some_days(whole: Tally) -> bool:
    """Whether a count is of a stretch of three days or more that its words give."""
    return whole.dated is not None and (whole.dated.end - whole.dated.start).days > 1


def _narrower(part: Tally, whole: Tally) -> bool:
    """Whether a count divides a summary's figure by who they were or who did it, without a place or a time of its own."""
    long = _is_long(whole)
    recorded = _RECORDED.search(_words(whole)) is not None and not _APART.search(_words(part))
    if not (long or recorded) or part.told.places or not _same_time(part, whole):
        return False
    alike = whole.group in (Group.PEOPLE, Group.CIVILIANS, part.group)
    if alike and (long or part.sentence - whole.sentence == 1) and part.actor is None and _CAUSES.search(_words(part)):
        return True
    if part.told.aside and (whole.told.aside or _OF_NARROW.search(_words(part))):
        return True  # "441 casualties (98 killed and 343 injured)" of "1,564 casualties (556 killed ...)"
    return (part.group in NARROW and whole.group in (Group.PEOPLE, Group.CIVILIANS)) or _DIVIDES.search(_words(part)) is not None


def _during(part: Tally, whole: Tally) -> bool:
    """Whether the time of a count is a part of that of the whole."""
    inner, outer = part.dated, whole.period
    if inner is None or outer is None or inner == outer:
        return False
    return outer.start <= inner.start and inner.end <= outer.end


def _same_time(part: Tally, whole: Tally) -> bool:
    """Whether a count gives no time of its own beside that of the whole."""
    return part.dated is None or part.dated == whole.period
