"""Article -> Reading: what an article says happened, in numbers, with the words that say it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache

from schemas import Article, ArticleReference, ArticleStatus, Extractor, Reading

from .counts import breakdowns, claims, compared, itemized, months, updates
from .counts.carrying import carry
from .counts.context import Context, context_of, group_in_context, is_aid
from .counts.description import Scene, describe
from .counts.kinds import signs_of
from .counts.ledger import MAX_MENTIONS, Ledger
from .counts.parts import Part
from .counts.records import records_of
from .counts.settling import settle
from .counts.standing import standing
from .counts.tallies import Evidence, Tally, Told
from .counts.timing import Dates
from .counts.whereabouts import Places
from .explanation import Explanations, explain
from .frames import fugitives, repeated
from .frames.frames import Frames
from .frames.mentions import Mention
from .numbers import ages
from .syntax import light_verbs
from .syntax.chunks import parse
from .text import definitions, lists
from .text.sentences import MAX_SENTENCE, Sentence, split
from .text.simhash import simhash
from .when import publication
from .when.comparisons import without_changes
from .when.datelines import Datelines
from .when.headings import Headings
from .who import actors, issuers, short_names, strangers
from .who.actors import ActorMention
from .who.attribution import Claimants, speaks
from .who.story import Story
from .words.lexicon import lexicon
from .words.profiles import profile_of

EXTRACTOR = Extractor(name="tallywire", version="1.6")
"""Stands on every reading; the version is raised with every change of what is read."""

MAX_ANALYSED = 100_000
"""Characters of a text that are analysed, so that no article holds a worker for long; news is far shorter."""

MAX_READ = 20_000
"""Characters of telling sentences that are taken apart, for the same reason: several times a long report of incidents."""

ABOUT = 600
"""Characters at the beginning of a text that tell what all of it is about."""

BEHIND = 2
"""Sentences before a telling one that are read as well: its pronouns point there."""


class Extraction:
    """The extractor, with one reading of vague words. Pure: the same article gives the same reading."""

    def __init__(self, profile: str = "conservative") -> None:
        self._profile = profile_of(profile)
        self._lexicon = lexicon()
        self._telling = self._lexicon.triggers | light_verbs.TELLING | repeated.TELLING | fugitives.TELLING | _STANDING

    def read(self, article: Article) -> Reading:
        """What the article says; a withdrawn one says nothing."""
        return self._read(article)[0]

    def explain(self, article: Article) -> tuple[Reading, Explanations]:
        """The same, and of each count which words decided each of its fields."""
        reading, tallies = self._read(article)
        return reading, explain(reading, tallies, {"title": article.title, "text": article.text[:MAX_ANALYSED]})

    def _read(self, article: Article) -> tuple[Reading, Sequence[Tally]]:
        text = article.text[:MAX_ANALYSED]
        published = article.published_at or publication.published_at(article.title, text)
        reference = ArticleReference.of(article, simhash(text), published)
        left_out = f"the text beyond {MAX_ANALYSED:,} characters" if len(article.text) > MAX_ANALYSED else None
        if article.status is ArticleStatus.WITHDRAWN:
            return Reading(article=reference, extractor=EXTRACTOR, profile=self._profile.name), ()
        tallies, sentences, unread = self._tally(article.title, text, published)
        events, beyond = records_of(article.id, tallies, sentences, {"title": article.title, "text": text})
        reading = Reading(
            article=reference, extractor=EXTRACTOR, profile=self._profile.name, events=events, left_out=left_out or unread or beyond
        )
        return reading, tallies

    def _tally(self, title: str, text: str, published: datetime | None) -> tuple[list[Tally], dict[int, Sentence], str | None]:
        sentences = split(text)
        named = _named(text)
        day = published.date() if published is not None else None
        where = Places(title, text, named, Datelines(text, day), sentences, cache(lambda said: self._tells(said) or bool(signs_of(said))))
        parts = list(self._parts(title, sentences, named, where.datelines))
        aid = frozenset(p.sentence.paragraph for p in parts if is_aid(p.parsed.tokens, self._lexicon))
        context = context_of(named, signs_of(text[:ABOUT]), aid)
        ledger = Ledger(self._profile)
        story = Story(text, named, context.topic)
        claimants = Claimants(self._lexicon, story)
        read_before = {p.number: p for p in parts if not p.aside}
        dates: Dates | None = None
        beside: list[Tally] = []
        headings = Headings(title, sentences, day, where.datelines.known())
        for part in sorted(parts, key=lambda p: p.in_title):
            if not ledger.full:
                dates = Dates(part, day, where.datelines, headings, dates)
                self._read_part(part, ledger, context, claimants, where, dates, story, read_before.get(part.number - 1))
                beside += compared.find(part, ledger.tallies, dates, self._profile)
        known = {p.number: p.sentence for p in parts}
        read = sum(len(p.sentence.text) for p in parts if not p.aside)
        unread = f"more than {MAX_MENTIONS} numbers" if ledger.full else None
        if read > MAX_READ - MAX_SENTENCE:
            unread = f"telling sentences beyond {MAX_READ:,} characters"
        claims.settle(ledger.tallies, claims.find(sentences, named))
        itemized.put_under_leads(ledger.tallies, {p.number: p.lead for p in parts if p.lead is not None and not p.aside})
        settled = settle(ledger.tallies, day, updates.find(sentences)) + beside
        carry(settled, self._issuer(title, text, named, sentences, parts, story))
        return settled, known, unread

    def _issuer(
        self, title: str, text: str, named: Sequence[ActorMention], sentences: Sequence[Sentence], parts: Sequence[Part], story: Story
    ) -> issuers.Issuer | None:
        """The body whose report a text is."""
        found = issuers.above(text, named, self._lexicon) or issuers.of_title(title)
        number = issuers.opening(sentences)
        opens = next((p for p in parts if p.number == number and not p.aside), None)
        if found is not None or opens is None:
            return found
        said, words = opens.sentence.text, [t.low for t in opens.parsed.tokens]
        if not issuers.may_open(said, words):
            return None
        told_by = Claimants(self._lexicon, story).of(opens.parsed, opens.actors, heading=False)
        return issuers.of_opening(said, told_by, words, opens.actors, wire=issuers.is_wire(text))

    def _parts(self, title: str, sentences: Sequence[Sentence], named: list[ActorMention], datelines: Datelines) -> Iterator[Part]:
        if title.strip():
            heading = Sentence(0, len(title), title, -1, heading=True)
            yield Part(
                -1,
                "title",
                heading,
                parse(ages.without(_without_asides(title)[0]), 0, self._lexicon, self._profile, title=True, part="title"),
                _named(title),
                signs=signs_of(title),
            )
        telling = {i for i, s in enumerate(sentences) if self._tells(s.text)}
        leads = lists.leads(sentences, telling)
        telling |= lists.sharing(sentences, telling) | set(leads)
        runs = breakdowns.find(sentences, telling, self._profile)
        telling |= set(runs)
        wanted = sorted({j for i in telling for j in range(max(0, i - BEHIND), i + 1)})
        read = 0
        at = 0
        for number in wanted:
            sentence = sentences[number]
            read += len(sentence.text)
            if read > MAX_READ:
                return
            while at < len(named) and named[at].end <= sentence.start:
                at += 1
            here = []
            for mention in named[at:]:
                if mention.start >= sentence.end:
                    break
                here.append(mention)
            if number in leads or number in runs:
                sentence = replace(sentence, heading=False)  # an item of a list is no headline, nor a row of a breakdown
            signs = signs_of(sentence.text)
            added_up = runs.get(number, ())
            said = datelines.without(sentence.text, sentence.start)
            if added_up:
                said = breakdowns.unbracketed(said, sentence.start, added_up)
            main, asides = _without_asides(without_changes(definitions.without(said)))
            words = self._joined(ages.without(main), sentence.start, here)
            parsed = parse(words, sentence.start, self._lexicon, self._profile, title=sentence.heading)
            parsed.item = number in leads
            yield Part(number, "text", sentence, parsed, here, signs=signs, lead=leads.get(number), runs=added_up)
            for start, aside in asides:
                divides = lists.DIVIDES.match(aside) is not None and number in telling
                if (divides or self._tells(aside)) and not _COMPARED.search(sentence.text[:start]):
                    inner = parse(aside, sentence.start + start, self._lexicon, self._profile)
                    inner.said = parsed.said
                    inner.item = divides
                    yield Part(
                        number,
                        "text",
                        sentence,
                        inner,
                        here,
                        aside=True,
                        share=_SHARE.search(sentence.text[:start]) is not None,
                        signs=signs,
                        lead=number if divides else None,
                    )

    def _joined(self, sentence: str, base: int, here: Sequence[ActorMention]) -> str:
        """The sentence, as long as before, with names of organisations that hold a word for people made one word ("Save the Children")."""
        for named in here:
            name = sentence[named.start - base : named.end - base]
            if (
                named.kind in ("agency", "aid_agency", "monitor")
                and " " in name
                and any(self._lexicon[word.lower()].noun for word in name.split())
            ):
                sentence = sentence[: named.start - base] + name.replace(" ", "&") + sentence[named.end - base :]
        return sentence

    def _tells(self, sentence: str) -> bool:
        return not self._telling.isdisjoint(_WORD.findall(sentence.lower()))

    def _read_part(
        self,
        part: Part,
        ledger: Ledger,
        context: Context,
        claimants: Claimants,
        where: Places,
        dates: Dates,
        story: Story,
        before: Part | None,
    ) -> None:
        parsed = part.parsed
        told_by = claimants.of(parsed, part.actors, heading=part.in_title)
        mentions = [m for m in Frames(parsed, self._lexicon).find() if not speaks(m, told_by, parsed)]
        for run in part.runs:
            mentions = breakdowns.complete(mentions, parsed, run, ledger.tallies, part.number)
        counted = {id(m.noun) for m in mentions}
        waiting = sorted((c.noun for c in parsed.chunks if c.noun is not None and id(c.noun) not in counted), key=lambda n: n.first)
        aid = context.is_near_aid(part.sentence.paragraph)
        scene = Scene(part, told_by, context, where, dates, before, story)
        earlier: list[Mention] = []
        for mention in mentions:
            while waiting and waiting[0].first < mention.noun.first:
                ledger.hear(waiting.pop(0), part.number)
            if not ledger.take_up(mention, part.number, part.lead, parsed.tokens[0].start if part.aside else None):
                continue
            if not (mention.via == "counted" and mention.noun.sort == "none") and not mention.shares:
                mention.noun.regroup(
                    *group_in_context(mention.noun, ledger, part.number, parsed.tokens, self._lexicon, mention.agent, aid=aid)
                )
            tally = ledger.enter(self._told(mention, part, where, earlier))
            earlier.append(mention)
            if tally is not None:
                describe(tally, mention, scene, ledger.tallies)
                months.date_by_month(tally, mention)
        for noun in waiting:
            noun.regroup(*group_in_context(noun, ledger, part.number, parsed.tokens, self._lexicon, aid=aid))
            ledger.hear(noun, part.number)

    def _told(self, mention: Mention, part: Part, where: Places, before: Sequence[Mention]) -> Told:
        tokens = part.parsed.tokens
        noun = mention.noun
        source = part.sentence.text
        base = part.sentence.start
        first, last = noun.first, noun.last
        if noun.quantity is not None:
            start, end = tokens[noun.quantity.first].start, tokens[noun.quantity.last].end
        else:
            start, end = tokens[first].start, tokens[last].end
        who_from = noun.quantity.last + 1 if noun.quantity is not None and noun.quantity.last < last else first
        who = source[tokens[who_from].start - base : tokens[last].end - base] if noun.quantity is None or noun.quantity.last < last else ""
        who_at = (tokens[who_from].start if who else start) + 3 * who.startswith("of ")
        who = who.removeprefix("of ")
        evidence = Evidence(part.field, start, end, part.number)
        status = standing(mention, part, before, self._lexicon)
        beside = any(m.measure is not mention.measure for m in before) and all(m.measure is not mention.measure for m in before)
        places = tuple(sight.place for sight in where.of(part, mention))
        return Told(
            mention,
            status,
            tokens,
            part.number,
            evidence,
            who[:200],
            who_at,
            part.in_title,
            part.aside,
            part.share,
            beside,
            places,
            part.parsed.said,
        )


_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_STANDING = frozenset(
    "toll number total tally whereabouts figure remain remained active hiding holed lurking numbering numbers hold left fighters members strength ranks membership manpower strong body bodies corpse corpses kia wia mia loss".split()
)
"""Nouns of figures, and words of how things stand."""
_COMPARED = re.compile(
    r"\b(?:compared (?:with|to)|down from|up from|against|than|from)\b[^(),;]{0,60}\($|\b(?:previous|preceding|last|prior) (?:week|month|quarter|year|half|period|report)[^(),;]{0,20}\($",
    re.IGNORECASE,
)
"""Before a bracket whose figures are those of another time."""
_SHARE = re.compile(r"\b(?:majority|most|these|which|whom|including|of them)\b[^();]{0,60}\($", re.IGNORECASE)
"""Before a bracket whose figures are those of a share."""
_ASIDE = re.compile(
    r"(?<!families )(?<!households )\([^()]{0,300}\)|\((?!\D{0,20}\d[\d,. ]* (?:people|persons|individuals)\))[^()]{0,300}\)|\[[^\[\]]{0,300}\]",
    re.IGNORECASE,
)
"""What stands in brackets, but for the people of so many families."""


_INSERTED = re.compile(r"[(\[](?=[^()\[\]]{1,200}[)\]])((incl\.|including|incl|among (?:them|whom)|of (?:them|whom)) [^()\[\]]+)[)\]]")
"""A bracket that goes on with its sentence."""


def _without_asides(sentence: str) -> tuple[str, list[tuple[int, str]]]:
    """The sentence with what stands in brackets blanked out, and each bracket's inside with its offset.

    What a bracket only inserts ("(including 12 women)") stays in it, between commas.
    """
    if "(" not in sentence and "[" not in sentence:
        return sentence, []
    sentence = _INSERTED.sub(lambda m: f",{m[1].replace('.', ' ', 1) if m[2] == 'incl.' else m[1]},", sentence)
    asides = [(m.start() + 1, m.group()[1:-1]) for m in _ASIDE.finditer(sentence)]
    return _ASIDE.sub(lambda m: " " * len(m.group()), sentence), asides


def _named(text: str) -> list[ActorMention]:
    known = sorted(actors.find(text), key=lambda a: (a.start, -a.end))
    named = sorted([*known, *strangers.find(text, known)], key=lambda a: (a.start, -a.end))
    return sorted([*named, *short_names.find(text, named)], key=lambda a: (a.start, -a.end))
