"""measure in two steps: `Split` brings readings to their books, `Fold` says what each book is believed to hold."""

from __future__ import annotations

from .fold import Fold
from .split import Split

__all__ = ["Fold", "Split"]
