"""The grammar of quantities: number words and digits, their qualifiers and ranges, and what only looks like a count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from schemas import Qualifier
from schemas.event import MAX_VALUE

from ..text.tokens import Token
from ..words.profiles import Profile
from .no_counts import is_no_count
from .number_words import (
    AFTER,
    BEFORE,
    COLLECTIVES,
    GROUPS,
    HAND_OVER,
    LEADS_IN,
    NEARLY,
    PLURALS,
    POWERS,
    SUFFIXES,
    TENS,
    UNITS,
    VAGUE,
    VAGUE_OF,
    below_hundred,
)
from .quantity import Quantity

AS_MANY = 5
"""Words of the noun phrase before "and as many", and of one behind it that would make it a comparison ("as many ... as")."""


def find(tokens: Sequence[Token], profile: Profile) -> list[Quantity]:
    """All quantities of a sentence in their order, without what is no count."""
    found: list[Quantity] = []
    at = 0
    while at < len(tokens):
        if not _may_begin(tokens[at]):
            at += 1
            continue
        core = _as_many(tokens, at, found) or _core(tokens, at, profile)
        if core is None:
            at += 1
            continue
        if not core.vague and is_no_count(tokens, core):
            at = core.last + 1  # "since 2004 to 6,921": a year begins no range
            continue
        ranged = _range(tokens, core, profile)
        if is_no_count(tokens, ranged):
            at = ranged.last + 1
            continue
        full = _qualify(tokens, ranged)
        found.append(_bounded(full, profile))
        at = full.last + 1
    return _joined(tokens, found)


def _may_begin(token: Token) -> bool:
    """Whether a quantity may begin with a token: most words begin none, and need no further look."""
    return token.low in _BEGINNINGS or token.kind == "number" or "-" in token.low


def _as_many(tokens: Sequence[Token], at: int, found: Sequence[Quantity]) -> Quantity | None:
    """The number before, said again: "five soldiers and as many rebels"."""
    words = [t.low for t in tokens[at : at + 3]]
    if words[:2] != ["as", "many"] or words[2:] == ["as"] or not at or tokens[at - 1].low not in ("and", "while") or not found:
        return None
    last = found[-1]
    near = at - last.last <= AS_MANY and "as" not in [t.low for t in tokens[at + 3 : at + 3 + AS_MANY]]
    return replace(last, first=at, last=at + 1, core=at, said=None, of=False) if near else None


def _core(tokens: Sequence[Token], at: int, profile: Profile) -> Quantity | None:
    token = tokens[at]
    if token.kind == "number":
        return _digits(tokens, at)
    if token.kind != "word":
        return None
    return _vague(tokens, at, profile) or _words(tokens, at) or _collective(tokens, at) or _rounded(tokens, at)


def _rounded(tokens: Sequence[Token], at: int) -> Quantity | None:
    """A number with its qualifier in one word ("20-plus", "50-odd")."""
    digits, dash, said = tokens[at].low.partition("-")
    if not dash or said not in ("plus", "odd") or not digits.isdigit() or len(digits) > 6:
        return None
    return Quantity(at, at, int(digits), Qualifier.AT_LEAST if said == "plus" else Qualifier.APPROXIMATELY, core=at)


def _digits(tokens: Sequence[Token], at: int) -> Quantity | None:
    text = tokens[at].low
    digits = text.rstrip("kmbnilo")
    number = _number_of(digits)
    if number is None:
        return None
    number *= SUFFIXES.get(text[len(digits) :], 1)
    last = at
    if last + 1 < len(tokens) and tokens[last + 1].low in POWERS:
        number *= POWERS[tokens[last + 1].low]
        last += 1
    elif last + 1 < len(tokens) and tokens[last + 1].low in COLLECTIVES:
        number *= COLLECTIVES[tokens[last + 1].low]
        last += 1
    if number != int(number) or not 0 <= number <= MAX_VALUE:
        return None
    return Quantity(at, last, int(number), core=at)


def _number_of(digits: str) -> float | None:
    plain = digits.replace(",", "").replace(" ", "").replace("\u00a0", "").replace("\u202f", "").replace("\u2009", "")
    if len(plain) > 12 or not plain:
        return None
    head, dot, tail = plain.partition(".")
    if dot and (len(tail) == 3 or "." in tail):
        return float(plain.replace(".", ""))
    return round(float(f"{head}.{tail}" if dot else head), 6)


def _words(tokens: Sequence[Token], at: int) -> Quantity | None:
    low = tokens[at].low
    total = group = 0
    place, started, last = at, False, at - 1
    if low in ("a", "an") and at + 1 < len(tokens) and tokens[at + 1].low in POWERS:
        group, started, place, last = 1, True, at + 1, at
    while place < len(tokens):
        word = tokens[place].low
        small = below_hundred(word)
        tens = started and last >= at and tokens[last].low in TENS and small is not None and 0 < small < 10
        if small is not None and (tens or not started or (group % 100 == 0 and last >= at and _may_follow(tokens[last].low))):
            group, started = group + small, True
        elif started and word in POWERS and group:
            if word == "hundred":
                group *= 100
            else:
                total, group = total + group * POWERS[word], 0
        elif (
            started
            and word == "and"
            and place + 1 < len(tokens)
            and last >= at
            and tokens[last].low in POWERS
            and below_hundred(tokens[place + 1].low) is not None
        ):
            place += 1
            continue
        elif (
            started
            and word == "and"
            and [t.low for t in tokens[place + 1 : place + 3]] == ["a", "half"]
            and place + 3 < len(tokens)
            and tokens[place + 3].low in POWERS
        ):
            return Quantity(at, place + 3, int((total + group + 0.5) * POWERS[tokens[place + 3].low]), core=at)
        else:
            break
        last = place
        place += 1
    if not started or total + group > MAX_VALUE or (last == at and low in ("a", "an")):
        return None
    if place < len(tokens) and tokens[place].low in COLLECTIVES and not total:
        return Quantity(at, place, group * COLLECTIVES[tokens[place].low], core=at)
    return Quantity(at, last, total + group, core=at)


def _may_follow(word: str) -> bool:
    """Whether a small number goes on behind a word: "three hundred five", "twenty one"."""
    return word in POWERS or word in TENS


def _collective(tokens: Sequence[Token], at: int) -> Quantity | None:
    lows = [t.low for t in tokens[at : at + 4]]
    if lows[:1] == ["half"] and len(lows) > 2 and lows[1] in ("a", "an"):
        if lows[2] == "dozen":
            return Quantity(at, at + 2, 6, core=at)
        if lows[2] in POWERS:
            return Quantity(at, at + 2, POWERS[lows[2]] // 2, core=at)
    if "couple" in lows[2:] and lows[0] in ("a", "an", "another") and (pair := _couple(tokens, at)) is not None:
        return pair
    if lows[:1] == ["a"] and lows[1:2] == ["dozen"]:
        return Quantity(at, at + 1, 12, core=at)
    if lows[:1] == ["dozen"] or (lows[:1] == ["score"] and lows[1:2] == ["of"]):
        return Quantity(at, at, COLLECTIVES[lows[0]], core=at)
    return None


def _couple(tokens: Sequence[Token], at: int) -> Quantity | None:
    """The two people of "an elderly couple"; "a couple of ..." is a vague number, and "a great couple of days" are no people."""
    end = next(i for i in range(at + 2, at + 4) if tokens[i].low == "couple")
    of = end + 1 < len(tokens) and tokens[end + 1].low == "of"
    plain = all(t.kind == "word" for t in tokens[at + 1 : end]) and tokens[at + 1].low not in ("whole", "good", "last", "next", "first")
    return Quantity(at, end, 2, core=at) if plain and not of else None


def _vague(tokens: Sequence[Token], at: int, profile: Profile) -> Quantity | None:
    lows = [t.low for t in tokens[at : at + 6]]
    start = 1 if lows[0] in ("a", "an") else 0
    adjective = lows[start : start + 1]
    if adjective and (adjective[0] in _UNTOLD or adjective[0] in ("small", "large", "great", "high")):
        start += 1
    if start and lows[start : start + 1] and lows[start] in GROUPS and lows[start + 1 : start + 2] == ["of"]:
        if _number_follows(tokens, at + start + 2):
            return None
        word = "large number" if adjective in (["large"], ["great"], ["high"]) else ("group" if lows[start] != "number" else "number")
        return _vague_quantity(at, at + start + 1, word, profile, of=True)
    if start == 2 and adjective[0] in _UNTOLD and lows[2:3] == ["number"]:
        return _vague_quantity(at, at + 2, "number", profile, of=False)
    word = lows[start] if start < len(lows) and (not start or (lows[0] in ("a", "an") and start == 1)) else ""
    if word in ("hundreds", "tens") and lows[start + 1 : start + 3] == ["of", "thousands"]:
        of = lows[start + 3 : start + 4] == ["of"]
        return _vague_quantity(at, at + start + (3 if of else 2), f"{word} of thousands", profile, of=of)
    if word in VAGUE_OF:
        of = lows[start + 1 : start + 2] == ["of"]
        return _vague_quantity(at, at + start + (1 if of else 0), word, profile, of=of)
    if word in VAGUE and tokens[at + start + 1 : at + start + 2] and tokens[at + start + 1].low in PLURALS:
        return _vague_quantity(at, at + start + 1, PLURALS[tokens[at + start + 1].low], profile, of=False)
    if word == "many" and at and tokens[at - 1].low in ("as", "so", "how", "too"):
        return None
    if word in VAGUE and not (word == "some" and _core_follows(tokens, at + 1)):
        of = lows[start + 1 : start + 2] == ["of"]
        if word == "many" and of:
            return None
        return _vague_quantity(at, at + start + (1 if of else 0), word, profile, of=of)
    return None


_UNTOLD = frozenset({"unknown", "undisclosed", "unspecified", "undetermined", "unconfirmed"})
"""Adjectives of numbers that nobody tells."""
_BEGINNINGS = frozenset(
    {"as", "a", "an", "another", "half", "small", "large", "great", "high", *UNITS, *TENS, *COLLECTIVES, *VAGUE, *VAGUE_OF, *_UNTOLD}
)
"""Every word that a quantity may begin with, compounds apart."""


def _number_follows(tokens: Sequence[Token], at: int) -> bool:
    while at < len(tokens) and tokens[at].low in LEADS_IN:
        at += 1
    return _core_follows(tokens, at)


def _core_follows(tokens: Sequence[Token], at: int) -> bool:
    return at < len(tokens) and (tokens[at].kind == "number" or _words(tokens, at) is not None or _collective(tokens, at) is not None)


def _vague_quantity(first: int, last: int, word: str, profile: Profile, *, of: bool) -> Quantity:
    return Quantity(
        first, last, profile.low(word), Qualifier.VAGUE, profile.low(word), profile.most.get(word), vague=word, core=first, of=of
    )


def _range(tokens: Sequence[Token], low: Quantity, profile: Profile) -> Quantity:
    """`low`, or low and high together where the words give both."""
    if low.vague:
        return low
    at = low.last + 1
    joint = tokens[at].low if at < len(tokens) else ""
    between = low.first > 0 and tokens[low.first - 1].low == "between"
    if joint not in ("-", "–", "—", "to", "or", "and") or at + 1 >= len(tokens):
        return low
    if joint == "and" and not between:
        return low
    high = _core(tokens, at + 1, profile)
    if high is not None and not high.vague and high.value >= 1000 > low.value and tokens[high.last].low in POWERS and low.last == low.first:
        scaled = low.value * POWERS[tokens[high.last].low]
        low = replace(low, value=scaled if scaled < high.value else low.value)
    if high is None or high.vague or high.value <= low.value or (joint != "and" and is_no_count(tokens, high)):
        return low
    if joint == "to" and high.value > 20 * max(1, low.value):
        return low
    return Quantity(low.first - (1 if between else 0), high.last, low.value, Qualifier.BETWEEN, low.value, high.value, core=low.first)


def _qualify(tokens: Sequence[Token], quantity: Quantity) -> Quantity:
    if quantity.vague:
        return quantity
    first, last = quantity.first, quantity.last
    qualifier: Qualifier = quantity.qualifier
    nearly = False
    said = (first, last) if qualifier is not Qualifier.EXACT else None
    for length in (4, 3, 2, 1) if first and tokens[first - 1].low in _LAST_BEFORE else ():
        words = tuple(t.low for t in tokens[max(0, first - length) : first])
        if len(words) == length and words in BEFORE and not (words == ("over",) and first > 1 and tokens[first - 2].low in HAND_OVER):
            if qualifier is Qualifier.EXACT:
                qualifier, said = BEFORE[words], (first - length, first - 1)
            nearly = words[-1] in NEARLY and qualifier is Qualifier.APPROXIMATELY
            first -= length
            break
    for length in (2, 1) if last + 1 < len(tokens) and tokens[last + 1].low in _FIRST_AFTER else ():
        words = tuple(t.low for t in tokens[last + 1 : last + 1 + length])
        if len(words) == length and words in AFTER:
            if qualifier is Qualifier.EXACT:
                qualifier, said = AFTER[words], (last + 1, last + length)
            last += length
            break
    if first and tokens[first - 1].low in ("the", "a", "an") and first != quantity.first and tokens[first].low == "estimated":
        first -= 1
    return replace(quantity, first=first, last=last, qualifier=qualifier, high=quantity.value if nearly else quantity.high, said=said)


_LAST_BEFORE = frozenset(words[-1] for words in BEFORE)
_FIRST_AFTER = frozenset(words[0] for words in AFTER)
"""The words of qualifiers that touch their number: most numbers have none."""


def _bounded(quantity: Quantity, profile: Profile) -> Quantity:
    """The quantity with what its words exclude."""
    value = quantity.value
    match quantity.qualifier:
        case Qualifier.EXACT:
            return replace(quantity, low=value, high=value)
        case Qualifier.AT_LEAST:
            return replace(quantity, low=value)
        case Qualifier.MORE_THAN:
            return replace(quantity, value=value + 1 if profile.more_than_adds_one else value, low=value + 1)
        case Qualifier.AT_MOST:
            return replace(quantity, high=value)
        case Qualifier.FEWER_THAN:
            return replace(quantity, high=max(0, value - 1))
        case _:
            return quantity


def _possibly(tokens: Sequence[Token], low: Quantity, high: Quantity) -> bool:
    """Whether the second number is how many there may be ("at least three, possibly four, militants")."""
    between = [t.low for t in tokens[low.last + 1 : high.first]]
    maybe = len(between) == 2 and between[0] == "," and between[1] in _MAYBE
    return maybe and not low.vague and not high.vague and high.qualifier is Qualifier.EXACT and high.value > low.value


_MAYBE = frozenset({"possibly", "perhaps", "maybe"})
_BRIDGE = _MAYBE | {"and", "but"}
"""Words between two bounds of one number."""


def _joined(tokens: Sequence[Token], found: list[Quantity]) -> list[Quantity]:
    """Bounds said apart made one: "at least 12 and possibly as many as 20", "no fewer than 7 and no more than 9"."""
    joined: list[Quantity] = []
    for quantity in found:
        last = joined[-1] if joined else None
        if last is not None and _possibly(tokens, last, quantity):
            ends = quantity.last + (quantity.last + 1 < len(tokens) and tokens[quantity.last + 1].low == ",")
            joined[-1] = replace(last, last=ends, high=quantity.value, said=(last.first, quantity.last))
        elif (
            last is not None
            and last.qualifier in (Qualifier.AT_LEAST, Qualifier.MORE_THAN)
            and quantity.qualifier in (Qualifier.AT_MOST, Qualifier.FEWER_THAN)
            and 0 < quantity.first - last.last - 1 <= 3
            and all(t.low in _BRIDGE for t in tokens[last.last + 1 : quantity.first])
            and (quantity.high or 0) >= (last.low or 0)
        ):
            possibly = any(t.low in _MAYBE for t in tokens[last.last + 1 : quantity.first])
            qualifier = last.qualifier if possibly else Qualifier.BETWEEN
            said = last.said if possibly else (last.first, quantity.last)
            joined[-1] = replace(last, last=quantity.last, high=quantity.high, qualifier=qualifier, said=said)
        else:
            joined.append(quantity)
    return joined
