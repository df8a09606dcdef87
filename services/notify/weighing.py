"""What a group holds, held against its rule's line: figures, incidents of a window, or when it was told of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from schemas import Indicator, Reckoned, Total
from schemas.rule import OF_CHANGE, OF_PRESENCE, OF_RECORDS

from . import presence as presences
from . import windows
from .hearing import stale
from .history import before
from .memory import InForce, Memory
from .moments import later, read_back
from .presence import FEED
from .presence import amount as hours_of
from .reckoning import of_figure as reckon_figure
from .reckoning import of_windows, reach
from .verdict import Verdict, nothing, of_figure, of_moved_figure, of_presence, of_window, unheard, worst_of

CITED = 20
"""Incidents of a window whose words are looked up for an alert."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A group's figures, judged."""

    verdict: Verdict
    days: tuple[date, ...]
    """Of a sum, the days in it that hold incidents, the newest first."""
    empty: bool
    """Whether the group holds nothing."""
    wake: datetime | None = None
    """When a sum changes by itself."""


def weigh(memory: Memory, known: InForce, text: str, members: tuple[str, ...], now: datetime, cause: Indicator | None) -> Weighed:
    """Judge what a group holds as of a moment; `cause` is the indicator that moved it."""
    line = known.rule.condition.line
    if line.of in OF_PRESENCE:
        return _presence(memory, known, text, now, cause)
    if line.window is not None:
        return _window(memory, known, line.window, text, now, cause)
    return _figures(memory, known, text, members, now, cause)


def _figures(memory: Memory, known: InForce, text: str, members: tuple[str, ...], now: datetime, cause: Indicator | None) -> Weighed:
    condition = known.rule.condition
    held = (memory.figure(known.id, known.generation, text, name) for name in members)
    seen = [figure.seen for figure in held if figure is not None and figure.seen is not None]
    figures = [figure for figure in seen if not figure.retracted]
    if figures:
        return Weighed(worst_of([_figure(memory, known, text, figure, now) for figure in figures]), (), empty=False)
    told = memory.told(known.id, known.generation, text)
    last = next((figure for figure in seen if told is not None and figure.id == told.indicator.id), told.indicator if told else None)
    return Weighed(nothing(condition, cause or last), (), empty=True)


def _figure(memory: Memory, known: InForce, text: str, figure: Indicator, now: datetime) -> Verdict:
    condition = known.rule.condition
    reckoning = condition.line.reckoning
    if reckoning is None or reckoning.of not in OF_CHANGE | OF_RECORDS:
        return of_figure(condition, figure, now)
    history = memory.history(known.id, known.generation, text, figure.id)
    within = reckoning.within or condition.max_age
    amounts = [reckon_figure(reckoning, said[-1].bounds, before(said, within, now)) for said in history.values()]
    return of_moved_figure(condition, figure, amounts, now)


def _window(memory: Memory, known: InForce, window: timedelta, text: str, now: datetime, cause: Indicator | None) -> Weighed:
    condition, place = known.rule.condition, (known.id, known.generation, text)
    line, looks_back = condition.line, reach(condition.line)
    total = line.reckoning.total if line.reckoning is not None else Total.SUM
    days = memory.days(*place)
    for day in [day for day in days if day < windows.forgotten(looks_back, now)]:
        del days[day]
        for indicator in memory.day(*place, day):
            memory.forget_figure(*place, indicator)
        memory.keep_day(*place, day, {}, total)
    inside = windows.within(days, *windows.covered(window, now))
    subject, published_at = None, None
    if inside:
        newest = windows.together(inside.values(), total)
        kept = memory.figure(*place, newest.indicator)
        subject, published_at = kept.seen if kept else None, read_back(newest.published_at)
    aside = sum(share.aside for share in inside.values())
    verdict = of_window(condition, of_windows(line, window, days, now, memory.began), aside, subject, published_at, now)
    if cause is not None and cause.retracted:
        verdict = replace(verdict, taken_back=True)
    wake = windows.changes_at(window, days, now, looks_back if looks_back > window else None)
    return Weighed(verdict, tuple(sorted(inside, reverse=True)), empty=not days, wake=wake)


def _presence(memory: Memory, known: InForce, text: str, now: datetime, cause: Indicator | None) -> Weighed:
    condition, place = known.rule.condition, (known.id, known.generation, text)
    line, presence = condition.line, memory.presence(known.id, known.generation, text)
    if presence is None or (line.of is Reckoned.SILENCE and stale(condition, presence.newest, now)):
        return Weighed(nothing(condition, cause), (), empty=True)
    silence = line.of is Reckoned.SILENCE
    kept = memory.figure(*place, presence.indicator if silence else presence.opener)
    subject = kept.seen if kept else None
    amount, wake = hours_of(presence, line, now), presences.changes_at(presence, line, now)
    heard = memory.heard
    if silence and heard is not None and presences.feed_silent(heard, now):
        return Weighed(unheard(condition, amount, subject, heard), (), empty=False, wake=later(now, FEED))
    verdict = of_presence(condition, amount, subject, presence.newest if silence else presence.began, now)
    empty = not silence and now >= presences.forgotten_at(presence)
    return Weighed(verdict, (), empty=empty, wake=wake)


def behind(memory: Memory, known: InForce, text: str, weighed: Weighed, cause: Indicator | None) -> list[Indicator]:
    """The indicators behind a verdict: the one it is about first, then, of a sum, the others in it, by day, the newest first."""
    names: list[str] = []
    for day in weighed.days:
        shares = memory.day(known.id, known.generation, text, day)
        names += sorted(shares, key=lambda name: (not shares[name].aside, shares[name].published_at, name), reverse=True)
        if len(names) >= CITED:
            break
    if (
        cause is not None
        and (day := windows.day_of(cause)) in weighed.days
        and cause.id in memory.day(known.id, known.generation, text, day)
    ):
        names = [cause.id, *(name for name in names if name != cause.id)]
    figures = (memory.figure(known.id, known.generation, text, name) for name in names[:CITED])
    held = [figure.seen for figure in figures if figure is not None and figure.seen is not None]
    if held:
        return held
    told = memory.told(known.id, known.generation, text)
    subject = weighed.verdict.subject or cause or (told.indicator if told else None)
    return [subject] if subject is not None else _newest_of_all(memory, known, text)


def _newest_of_all(memory: Memory, known: InForce, text: str) -> list[Indicator]:
    """The newest incident that a sum remembers, be it out of the window: a line that is crossed by less and less has no other."""
    days = memory.days(known.id, known.generation, text)
    last = memory.figure(known.id, known.generation, text, days[max(days)].indicator) if days else None
    return [last.seen] if last is not None and last.seen is not None else []
