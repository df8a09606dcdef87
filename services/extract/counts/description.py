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
from ..who.actors import ActorMention
from ..who.attribution import Attribution, claimant_of
from ..who.doers import LOSES, MEMBERED, Chosen, Known, actor_of
from ..who.roles import are_aid_workers, are_militants, are_soldiers, force_of, is_of_force, side_of
from ..who.story import END, Story, subject_of
from .carrying import attacker_before, doer_of_deeds
from .context import Context
from .kinds import NO_SIGNS, type_of
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
    before: Part | None
    """The sentence before it, where that is read."""
    story: Story


def describe(tally: Tally, mention: Mention, scene: Scene, told: Sequence[Tally]) -> None:
    """Fill in a tally from a mention that tells it; what an earlier sentence said holds. `told` is all that was told so far."""
    part = scene.part
    if tally.measure is Measure.FIGHTERS_REMAINING:
        _describe_force(tally, mention, scene)
    _describe_people(tally, mention, scene, told)
    if tally.claimant is None and (speaks := claimant_of(mention.trigger.first, scene.told_by)) is not None:
        because = "who is cited" if speaks.cited else "who says so"
        tally.claimant, tally.why["claimant"] = speaks.slug, Reason(because, speaks.start, speaks.end, part.field)
    if tally.claimant is None and (source := _source_behind(part)) is not None:
        tally.claimant, tally.why["claimant"] = source
    if tally.actor is None and tally.measure is not Measure.FIGHTERS_REMAINING:
        actor = (
            doer_of_deeds(mention, part, told)
            or actor_of(mention, part.parsed, part.actors, tally.side, tally.claimant, _known(mention, scene))
            or _attacker(tally, mention, scene)
        )
        if actor is not None:
            tally.actor, tally.why["actor"] = actor
    if tally.dated is None and (dated := scene.dates.of(mention, part.parsed, tally.measure, tally.status.realis)) is not None:
        tally.period, tally.why["period"] = dated
    if not tally.places:
        tally.sights, tally.why["places"] = _seen(tally, mention, scene)
        tally.places = tuple(sight.place for sight in tally.sights)
    if tally.event_type == "other":
        tally.event_type = type_of(
            tally.measure, part.signs, scene.before.signs if scene.before is not None else NO_SIGNS, scene.context.about
        )


_SOURCES = frozenset({"monitor", "agency", "aid_agency", "government", "state_force"})


def _source_behind(part: Part) -> Chosen | None:
    """The source that a register gives in brackets at the end of a sentence ("... 14 strikes on hideouts (SOHR).")."""
    text = part.sentence.text.rstrip(" .")
    if not text.endswith(")") or part.aside:
        return None
    opens = part.sentence.start + text.rfind("(") + 1
    named = next((a for a in part.actors if a.start == opens and a.end == part.sentence.start + len(text) - 1), None)
    if (
        named is None
        or named.kind not in _SOURCES
        or any(a.slug == named.slug and a.end >= opens - len(" (") for a in part.actors if a is not named)
    ):
        return None
    return named.slug, Reason("the source in brackets", named.start, named.end, part.field)


def _attacker(tally: Tally, mention: Mention, scene: Scene) -> Chosen | None:
    """Who attacked in the sentence before, unless this one has a time or a place of its own."""
    found = attacker_before(tally, mention, scene.part, scene.before)
    return None if found is None or scene.places.of(scene.part, mention) else found


def _known(mention: Mention, scene: Scene) -> Known:
    """What is known of who did it before the words that tell it."""
    part, before = scene.part, scene.before
    place = END if part.in_title else part.sentence.start
    begins = part.parsed.tokens[(mention.agent or mention.noun).first].start
    speaks = claimant_of(mention.trigger.first, scene.told_by)
    speaks = speaks if speaks is not None and speaks.start <= begins else None
    pointed = subject_of(before.parsed, before.actors) if before is not None else None
    return Known(
        _as_actor(speaks),
        speaks.end if speaks is not None else None,
        pointed or scene.story.topic,
        scene.story.army(place),
        scene.story.police(place),
    )


def _as_actor(speaks: Attribution | None) -> ActorMention | None:
    """Who speaks, where that is a known actor."""
    known = actors.known(speaks.slug) if speaks is not None else None
    return ActorMention(speaks.start, speaks.end, known.slug, known.kind, known.side) if speaks is not None and known is not None else None


def _describe_people(tally: Tally, mention: Mention, scene: Scene, told: Sequence[Tally]) -> None:
    """Whose people they are, and of which group that makes them."""
    if tally.side is not None:
        return
    part = scene.part
    side = (
        _of_speaker(mention, scene)
        or _of_loser(mention, scene)
        or _in_brackets(mention, part)
        or side_of(mention, part.parsed, part.actors, scene.context.topic)
        or _inherited(tally, mention, told)
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


def _of_loser(mention: Mention, scene: Scene) -> tuple[str, Reason] | None:
    """Whose people they are who "it" or "the military" lost: the speaker's, or those of the only army named so far."""
    agent, part = mention.agent, scene.part
    if mention.verb is None or mention.verb.lemma not in LOSES or agent is None:
        return None
    known = _known(mention, scene)
    words = [t.low for t in part.parsed.tokens[agent.first : agent.last + 1] if t.low != "the"]
    loser = known.speaker if words in (["it"], ["they"]) else known.army if words in (["army"], ["military"]) else None
    if loser is None or loser.kind not in FIGHTING:
        return None
    return loser.side or loser.slug, Reason("who lost them", loser.start, loser.end, part.field)


def _in_brackets(mention: Mention, part: Part) -> tuple[str, Reason] | None:
    """Whose people they are by the name in brackets right behind them ("33 volunteer fighters (VDP)")."""
    text, base = part.sentence.text, part.sentence.start
    end = part.parsed.tokens[mention.noun.last].end
    if not text.startswith(" (", end - base) or mention.measure in OF_DEEDS:
        return None
    named = next((a for a in part.actors if a.start == end + 2 and a.kind in MEMBERED and text.startswith(")", a.end - base)), None)
    if named is None:
        return None
    return named.side or named.slug, Reason("named in brackets behind these people", named.start, named.end, part.field)


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
