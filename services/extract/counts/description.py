"""Filling in what a tally does not know yet: sides, actors, claimant, when, where, and what sort of thing it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from schemas import Group, Measure
from schemas.vocabulary import OF_DEEDS, OF_STATES

from ..frames.mentions import Mention
from ..text.reasons import Reason
from ..when.pointing import LONG
from ..where.places import PlaceMention
from ..who import actors
from ..who.attribution import Attribution, claimant_of
from ..who.roles import Chosen, actor_of, are_aid_workers, are_militants, are_soldiers, force_of, is_of_force, side_of
from .context import Context
from .kinds import Signs, type_of
from .parts import Part
from .tallies import Tally
from .timing import Dates
from .whereabouts import Places

FIGHTING = frozenset({"armed_group", "state_force", "coalition"})
"""Kinds of speakers whose "its men" are a side."""

_OURS = frozenset({"its", "their", "our"})


@dataclass(frozen=True, slots=True)
class Scene:
    """What surrounds the mentions of one sentence."""

    part: Part
    told_by: Sequence[Attribution]
    context: Context
    places: Places
    dates: Dates
    before: Signs
    """What the sentence before it is about."""


def describe(tally: Tally, mention: Mention, scene: Scene, told: Sequence[Tally]) -> None:
    """Fill in a tally from a mention that tells it; what an earlier sentence said holds. `told` is all that was told so far."""
    part = scene.part
    if tally.measure is Measure.FIGHTERS_REMAINING:
        _describe_force(tally, mention, scene)
    _describe_people(tally, mention, scene, told)
    if tally.claimant is None and (speaks := claimant_of(mention.trigger.first, scene.told_by)) is not None:
        because = "who is cited" if speaks.cited else "who says so"
        tally.claimant, tally.why["claimant"] = speaks.slug, Reason(because, speaks.start, speaks.end, part.field)
    if tally.actor is None and tally.measure is not Measure.FIGHTERS_REMAINING:
        actor = actor_of(mention, part.parsed, part.actors, tally.side, tally.claimant)
        if actor is not None:
            tally.actor, tally.why["actor"] = actor
    if tally.dated is None and (dated := scene.dates.of(mention, part.parsed, tally.measure, tally.status.realis)) is not None:
        tally.period, tally.why["period"] = dated
    if not tally.places:
        tally.sights, tally.why["places"] = _seen(tally, mention, scene)
        tally.places = tuple(sight.place for sight in tally.sights)
    if tally.event_type == "other":
        tally.event_type = type_of(tally.measure, part.signs, scene.before, scene.context.about)


def _describe_people(tally: Tally, mention: Mention, scene: Scene, told: Sequence[Tally]) -> None:
    """Whose people they are, and of which group that makes them."""
    if tally.side is not None:
        return
    part = scene.part
    side = (
        _of_speaker(mention, scene) or side_of(mention, part.parsed, part.actors, scene.context.topic) or _inherited(tally, mention, told)
    )
    if side is not None:
        tally.side, tally.why["side"] = side
    if are_aid_workers(mention, part.parsed, part.actors):
        tally.group, tally.why["group"] = Group.AID_WORKERS, Reason("people of an aid organisation, by their job")
    if are_soldiers(mention, part.parsed, part.actors):
        tally.group, tally.why["group"] = Group.SOLDIERS, tally.why["side"]._replace(because="as people of a force")
    if are_militants(mention, part.parsed, part.actors):
        tally.group, tally.why["group"] = Group.MILITANTS, tally.why["side"]._replace(because="as people of an armed group")


def _of_speaker(mention: Mention, scene: Scene) -> tuple[str, Reason] | None:
    """The speaker's own people ("the SDF said 11 of its fighters were killed")."""
    noun, parsed = mention.noun, scene.part.parsed
    words = [t.low for t in parsed.tokens[noun.first : noun.last + 1]]
    if _OURS.isdisjoint(words) or noun.group not in (Group.SOLDIERS, Group.MILITANTS, Group.POLICE, Group.CIVILIANS):
        return None
    speaks = claimant_of(mention.trigger.first, scene.told_by)
    known = actors.known(speaks.slug) if speaks is not None else None
    if speaks is None or known is None or known.kind not in FIGHTING:
        return None
    return known.side, Reason("people of who speaks", speaks.start, speaks.end, scene.part.field)


def _describe_force(tally: Tally, mention: Mention, scene: Scene) -> None:
    """A stock of fighters: of whose force, if any; members of a union are none."""
    force = force_of(mention, scene.part.parsed, scene.part.actors, scene.context.topic)
    if force is None and not is_of_force(mention, scene.part.parsed):
        tally.status = replace(tally.status, told=False, reason="of no armed group")
        return
    if force is not None and not tally.side:
        field = "text" if force is scene.context.topic else scene.part.field
        tally.side, tally.why["side"] = force.side or force.slug, Reason("whose force they are", force.start, force.end, field)
    if tally.group is not Group.LEADERS:
        tally.group, tally.why["group"] = Group.MILITANTS, Reason("a stock of fighters")


def _seen(tally: Tally, mention: Mention, scene: Scene) -> tuple[tuple[PlaceMention, ...], Reason]:
    """Where it was: where its own sentence says, else where the story is at."""
    here = scene.places.of(scene.part, mention)
    if here:
        return here, Reason("named in its sentence")
    long = tally.dated is not None and tally.dated.precision in LONG
    return scene.places.around(scene.part, sums=long or tally.cumulative or tally.measure in OF_STATES)


def _inherited(tally: Tally, mention: Mention, told: Sequence[Tally]) -> Chosen | None:
    """The side of the people told of before in the same sentence, where a bare number or "others" points at them."""
    if mention.noun.lemma not in ("", "other") or mention.measure in OF_DEEDS:
        return None
    before = (
        t
        for t in reversed(told)
        if t is not tally and t.sentence == tally.sentence and t.group is tally.group and t.measure not in OF_DEEDS
    )
    return next(((t.side, t.why["side"]._replace(because="as those told before it in its sentence")) for t in before if t.side), None)
