"""What only looks like a count: dates, money, units, names with numbers, shares, differences and averages."""

from __future__ import annotations

from collections.abc import Sequence

from ..text.tokens import Token
from .number_words import MONEY, MONTHS, NAMES_NUMBERS, OF_A_YEAR, UNITS_AFTER, YEAR_BEFORE, below_hundred
from .quantity import Quantity

MOST_OF_A_RATIO = 100
"""A share is given of no larger number."""
_SHARED = frozenset("dead people children women civilians victims palestinians killed deaths casualties is are were was".split())

_CUT_SHORT = frozenset({"no", "rs"})
"""What stands before a name's number or a sum of money, cut short by a full stop ("No. 4", "Rs. 5 crore")."""


def is_no_count(tokens: Sequence[Token], quantity: Quantity) -> bool:
    """Whether the words around a number say that it counts nobody."""
    if quantity.vague:
        return False
    before = tokens[quantity.first - 1] if quantity.first else None
    after = tokens[quantity.last + 1] if quantity.last + 1 < len(tokens) else None
    digits = tokens[quantity.core].kind == "number"
    if _is_ratio(tokens, quantity) or _is_difference(tokens, quantity):
        return True
    if before is not None and (
        before.low in MONEY or (before.low in NAMES_NUMBERS and (before.capital or before.low in ("no", "aged", "age", "route")) and digits)
    ):
        return True
    if before is not None and before.low in ("#", "/", ".") and digits and before.end == tokens[quantity.first].start:
        return before.low != "/" or (quantity.first > 1 and tokens[quantity.first - 2].kind == "number")
    if before is not None and before.low == "." and quantity.first > 1 and tokens[quantity.first - 2].low in _CUT_SHORT:
        return True
    if after is not None and (after.low in UNITS_AFTER or after.low in MONEY):
        return True
    if after is not None and after.low == "per" and quantity.last + 2 < len(tokens) and tokens[quantity.last + 2].low == "cent":
        return True
    if (
        after is not None
        and after.low in (":", "/")
        and digits
        and after.start == tokens[quantity.last].end
        and quantity.last + 2 < len(tokens)
        and tokens[quantity.last + 2].text[:1].isdigit()
        and tokens[quantity.last + 2].start == after.end
    ):
        return True
    if (
        before is not None
        and before.low == ":"
        and digits
        and quantity.first > 1
        and tokens[quantity.first - 2].text[-1:].isdigit()
        and before.end == tokens[quantity.core].start
    ):
        return True
    return digits and _is_date(tokens, quantity, before, after)


def _is_date(tokens: Sequence[Token], quantity: Quantity, before: Token | None, after: Token | None) -> bool:
    value = quantity.value
    if (
        value <= 31
        and before is not None
        and (
            (before.low in MONTHS and before.capital)
            or (before.low == "." and quantity.first > 1 and tokens[quantity.first - 2].low in MONTHS)
        )
    ):
        return True
    if value <= 31 and after is not None and after.low in MONTHS and after.capital:
        return True
    if value <= 31 and before is not None and before.low in ("and", "to", "-", "–", "through", "until", "till") and quantity.first > 2:
        day, month = tokens[quantity.first - 2], tokens[quantity.first - 3]
        if day.kind == "number" and month.low in MONTHS and month.capital:
            return True  # "between March 23 and 31"
    plain = tokens[quantity.core].text.isdigit() and len(tokens[quantity.core].text) == 4
    if not (plain and 1900 <= value <= 2100):
        return False
    if before is None or after is None or before.low in YEAR_BEFORE or before.low in (",", "-", "/", "(") or before.kind == "number":
        return True
    return after.kind == "mark" or after.low in OF_A_YEAR or (after.capital and not after.low.endswith("s"))


def _is_ratio(tokens: Sequence[Token], quantity: Quantity) -> bool:
    """Whether two numbers only give a share ("one in five of the dead", "2 out of 3 of those hurt")."""
    lows = [t.low for t in tokens[quantity.last + 1 : quantity.last + 6]]
    first = quantity.first - (2 if [t.low for t in tokens[max(0, quantity.first - 2) : quantity.first]] == ["out", "of"] else 1)
    if first > 0 and tokens[first].low in ("in", "out") and _small_number(tokens[first - 1]):
        return quantity.value <= MOST_OF_A_RATIO and (lows[:1] in (["of"], []) or lows[0] in _SHARED)
    size = 2 if lows[:2] == ["out", "of"] else 1 if lows[:1] == ["in"] else 0
    if not size or quantity.last + 1 + size >= len(tokens) or not _small_number(tokens[quantity.last + 1 + size]):
        return False
    whole = _core_number(tokens, quantity.last + 1 + size)
    behind = lows[size + 1 : size + 2]
    return quantity.value < whole <= MOST_OF_A_RATIO and (behind in (["of"], []) or behind[0] in _SHARED)


def _small_number(token: Token) -> bool:
    return (token.kind == "number" and token.low.isdigit()) or below_hundred(token.low) is not None


def _core_number(tokens: Sequence[Token], at: int) -> int:
    return int(tokens[at].low) if tokens[at].low.isdigit() else below_hundred(tokens[at].low) or 0


def _is_difference(tokens: Sequence[Token], quantity: Quantity) -> bool:
    """Whether a number only says by how many one figure differs from another ("12 more deaths than in February"), or is an average."""
    lows = [t.low for t in tokens[quantity.last + 1 : quantity.last + 6]]
    if [t.low for t in tokens[max(0, quantity.first - 2) : quantity.first]] == ["average", "of"]:
        return True
    return lows[:1] in (["more"], ["fewer"], ["less"]) and "than" in lows[1:]
