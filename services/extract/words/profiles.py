"""What a vague word is worth: three named readings of "several", "dozens" and a bare plural."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

CONSERVATIVE = {
    "couple": 2,
    "pair": 2,
    "plural": 2,
    "few": 3,
    "several": 3,
    "some": 3,
    "group": 3,
    "number": 3,
    "multiple": 3,
    "trio": 3,
    "many": 3,
    "various": 3,
    "numerous": 4,
    "handful": 4,
    "large number": 5,
    "tens": 10,
    "dozens": 12,
    "scores": 20,
    "hundreds": 100,
    "thousands": 1_000,
    "tens of thousands": 10_000,
    "hundreds of thousands": 100_000,
    "millions": 1_000_000,
}
"""The least that each word can mean in careful prose."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A reading of vague words."""

    name: str
    least: Mapping[str, int]
    """Vague word to the number that stands for it."""
    most: Mapping[str, int]
    """Vague word to the most that it can mean, where the profile says so."""
    more_than_adds_one: bool = False
    """Whether "more than N" is written down as N + 1."""

    def low(self, word: str) -> int:
        """The number for a vague word."""
        return self.least[word]


PROFILES: Mapping[str, Profile] = MappingProxyType(
    {
        "conservative": Profile("conservative", MappingProxyType(CONSERVATIVE), MappingProxyType({})),
        "isaf": Profile("isaf", MappingProxyType(CONSERVATIVE), MappingProxyType({}), more_than_adds_one=True),
        "newsquant": Profile(
            "newsquant",
            MappingProxyType(CONSERVATIVE),
            MappingProxyType({"dozens": 120, "tens": 100, "scores": 200, "hundreds": 999, "thousands": 9_999}),
        ),
    }
)
"""Every profile by its name."""


def profile_of(name: str) -> Profile:
    """The profile of this name.

    Raises:
        ValueError: there is none.

    """
    if name not in PROFILES:
        raise ValueError(f"no profile is called '{name}': choose one of {', '.join(PROFILES)}")
    return PROFILES[name]
