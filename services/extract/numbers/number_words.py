"""The words of quantities: numbers, vague words, qualifiers, and what tells that a number is no count."""

from __future__ import annotations

import re

from schemas import Qualifier

NUMBER = re.compile(
    r"\d[\d,.]*|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
    r"|(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-\w+)?)\b",
    re.IGNORECASE,
)
"""A number from two up as it stands in a text, in digits or in words."""
UNITS = {
    w: n
    for n, w in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
    )
}
TENS = {w: 10 * n for n, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)} | {"fourty": 40}
POWERS = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000, "lakh": 100_000, "crore": 10_000_000}
COLLECTIVES = {"dozen": 12, "score": 20}
SUFFIXES = {"k": 1_000, "m": 1_000_000, "mn": 1_000_000, "bn": 1_000_000_000, "million": 1_000_000, "billion": 1_000_000_000}
VAGUE_OF = {"tens", "dozens", "scores", "hundreds", "thousands", "millions", "couple", "handful", "pair", "trio"}
"""Vague words that stand before "of" or alone."""
VAGUE = {"several", "few", "some", "multiple", "numerous", "various", "many"}
"""Vague words that stand before a noun."""
PLURALS = {"dozen": "dozens", "hundred": "hundreds", "thousand": "thousands", "million": "millions"}
LEADS_IN = {
    "at",
    "least",
    "about",
    "around",
    "some",
    "over",
    "more",
    "than",
    "up",
    "to",
    "approximately",
    "roughly",
    "approx",
    ".",
    "nearly",
    "almost",
}
"""Words that may stand between "a group of" and its number."""
GROUPS = {"group", "number", "series", "cell", "gang", "team", "band"}
"""Nouns that make a vague number of what their "of" names."""

BEFORE: dict[tuple[str, ...], Qualifier] = {
    ("at", "least"): Qualifier.AT_LEAST,
    ("no", "fewer", "than"): Qualifier.AT_LEAST,
    ("no", "less", "than"): Qualifier.AT_LEAST,
    ("not", "less", "than"): Qualifier.AT_LEAST,
    ("not", "fewer", "than"): Qualifier.AT_LEAST,
    ("a", "minimum", "of"): Qualifier.AT_LEAST,
    ("minimum",): Qualifier.AT_LEAST,
    ("more", "than"): Qualifier.MORE_THAN,
    ("greater", "than"): Qualifier.MORE_THAN,
    ("over",): Qualifier.MORE_THAN,
    ("above",): Qualifier.MORE_THAN,
    ("upwards", "of"): Qualifier.MORE_THAN,
    ("upward", "of"): Qualifier.MORE_THAN,
    ("in", "excess", "of"): Qualifier.MORE_THAN,
    ("well", "over"): Qualifier.MORE_THAN,
    ("up", "to"): Qualifier.AT_MOST,
    ("as", "many", "as"): Qualifier.AT_MOST,
    ("at", "most"): Qualifier.AT_MOST,
    ("no", "more", "than"): Qualifier.AT_MOST,
    ("not", "more", "than"): Qualifier.AT_MOST,
    ("a", "maximum", "of"): Qualifier.AT_MOST,
    ("maximum",): Qualifier.AT_MOST,
    ("fewer", "than"): Qualifier.FEWER_THAN,
    ("less", "than"): Qualifier.FEWER_THAN,
    ("under",): Qualifier.FEWER_THAN,
    ("below",): Qualifier.FEWER_THAN,
    ("about",): Qualifier.APPROXIMATELY,
    ("around",): Qualifier.APPROXIMATELY,
    ("roughly",): Qualifier.APPROXIMATELY,
    ("approximately",): Qualifier.APPROXIMATELY,
    ("approx",): Qualifier.APPROXIMATELY,
    ("approx", "."): Qualifier.APPROXIMATELY,
    ("some",): Qualifier.APPROXIMATELY,
    ("circa",): Qualifier.APPROXIMATELY,
    ("an", "estimated"): Qualifier.APPROXIMATELY,
    ("estimated",): Qualifier.APPROXIMATELY,
    ("close", "to"): Qualifier.APPROXIMATELY,
    ("in", "the", "region", "of"): Qualifier.APPROXIMATELY,
    ("~",): Qualifier.APPROXIMATELY,
    ("nearly",): Qualifier.APPROXIMATELY,
    ("almost",): Qualifier.APPROXIMATELY,
    ("just", "under"): Qualifier.APPROXIMATELY,
}
HAND_OVER = frozenset("hand hands handed handing turn turns turned turning give gives gave given giving took taken".split())
"""Verbs of which "over" is a part."""
NEARLY = {"nearly", "almost", "under"}
"""Words for "about" that the number is not reached: the number itself is the most."""
AFTER: dict[tuple[str, ...], Qualifier] = {
    ("or", "more"): Qualifier.AT_LEAST,
    ("or", "so"): Qualifier.APPROXIMATELY,
    ("or", "fewer"): Qualifier.AT_MOST,
    ("or", "less"): Qualifier.AT_MOST,
    ("+",): Qualifier.AT_LEAST,
    ("-", "plus"): Qualifier.AT_LEAST,
    ("plus",): Qualifier.AT_LEAST,
}
OF_A_YEAR = frozenset(
    "assassination bombing attack massacre killing murder war coup invasion earthquake shooting genocide siege raid ambush election elections revolution uprising ceasefire agreement offensive conflict invasions hijacking kidnapping crash disaster tsunami".split()
)
"""Nouns before which four digits are a year ("the 2015 assassination")."""
WEEKDAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
FULL_MONTHS = frozenset("january february march april may june july august september october november december".split())
MONTHS = FULL_MONTHS | frozenset("jan feb mar apr jun jul aug sep sept oct nov dec".split())
YEAR_BEFORE = FULL_MONTHS | frozenset("in since during by until from of to through late early mid year before after".split())
NAMES_NUMBERS = frozenset(
    "brigade battalion division regiment company unit route highway road no number nr article resolution chapter section page room gate line zone sector area district ward kilometre km camp building flight type class model mark level phase day aged age corps channel station group tower hill point block".split()
)
"""Nouns whose number behind them is a name, not a count ("Brigade 93", "Route 7")."""
UNITS_AFTER = frozenset(
    "% percent per-cent pc km kilometers kilometres miles mile metres meters kg kgs kilograms kilos pounds tons tonnes mm cm caliber calibre am pm a.m. p.m. hrs o'clock th st nd rd ft feet lb lbs".split()
)
MONEY = frozenset(
    "$ € £ ¥ ₹ usd eur gbp rs inr pkr npr lkr bdt ngn php ugx kes dollar dollars euro euros peso pesos rupee rupees rupiah lira liras won yen yuan riyal riyals rial rials dinar dinars dirham dirhams shekel shekels naira shilling shillings cedi cedis franc francs cfa colones cordobas soles bolivars bolivares baht kyat dong taka hryvnia hryvnias rouble roubles ruble rubles lempiras quetzales afghani afghanis birr kwacha rand reais crowns kroner levs zloty".split()
)


def below_hundred(word: str) -> int | None:
    """The number below a hundred that a word names ("twelve", "forty-one"), or None."""
    if word in UNITS:
        return UNITS[word]
    if word in TENS:
        return TENS[word]
    tens, dash, unit = word.partition("-")
    if dash and tens in TENS and 0 < UNITS.get(unit, 0) < 10:
        return TENS[tens] + UNITS[unit]
    return None
