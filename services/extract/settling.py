"""What remains of the tallies of an article when all of it is read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from schemas import Measure, PeriodPrecision

from .tallies import Tally

LATE = {PeriodPrecision.DAY: 14, PeriodPrecision.DAYS: 14, PeriodPrecision.WEEK: 21, PeriodPrecision.MONTH: 28}
"""Days behind publication at which a dated event is an earlier one, mentioned for context beside the news; summaries come later."""


def settle(tallies: list[Tally], published: date | None) -> list[Tally]:
    """What remains when all is read: no injury of those who died of it, earlier events set back, and parts under their total."""
    kept = [tally for tally in tallies if not _overtaken(tally, tallies)]
    if published is not None:
        _set_back(kept, published)
    _sums(kept)
    return kept


def _set_back(tallies: list[Tally], published: date) -> None:
    """Mark what happened long before, where the article has news besides."""
    late = [
        t
        for t in tallies
        if t.period is not None and not t.period.inferred and (published - t.period.end).days > LATE.get(t.period.precision, 10_000)
    ]
    if any(t.real and not t.status.background and t.value and all(t is not o for o in late) for t in tallies):
        for tally in late:
            tally.status = replace(tally.status, background=True)


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


def _sums(tallies: list[Tally]) -> None:
    """Exact counts told after a total, which add up to it, are its parts."""
    for measure in {t.measure for t in tallies}:
        told = [t for t in tallies if t.measure is measure and t.real and t.parent is None and t.value and not t.status.background]
        for place, whole in enumerate(told):
            rest = [t for t in told[place + 1 :] if t.sentence != whole.sentence]
            if rest and whole.summary and sum(t.value for t in rest) <= whole.value:
                for part in rest:
                    part.parent = whole
                break
            if len(rest) >= 2 and not any(t.vague for t in rest) and sum(t.value for t in rest) == whole.value and whole.value > 2:
                for part in rest:
                    part.parent = whole
                break
