"""Text from outside -> text that can be kept: readable, composed, without control characters, and not without end."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Sequence

UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
"""Control characters but tab and line ends, halves of characters, byte order marks: no article means them, and terminals obey some."""

OLD_LINE_ENDS = re.compile("[\x0b\x0c\x85]")
"""Line ends of other times: dropped like other control characters, they would join words."""

CHARSETS = ("utf-8", "ascii", "iso8859-1", "iso8859-2", "iso8859-15", "cp1250", "cp1251", "cp1252", "utf-16", "koi8-r")
"""Encodings that are read, by Python's names; others are seldom meant, and some that Python knows are no encodings of text."""

BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


MAX_CHARSET = 40
"""Characters of an encoding's name."""


class Undecodable(ValueError):
    """Bytes that are no text in the encoding they should have; the message says where it breaks and what to do."""


def plain(text: str) -> str:
    """The same text, composed (NFC), without what no article means; spaces and line ends stay as they are."""
    return unicodedata.normalize("NFC", UNWANTED.sub("", OLD_LINE_ENDS.sub("\n", text)))


def line(text: str) -> str:
    """A text of one line: composed, and every run of white space a single space."""
    return " ".join(plain(text).split())


def cut(text: str, limit: int) -> str:
    """The text, or as much of its beginning as the limit in characters allows."""
    return text if len(text) <= limit else text[:limit].rstrip()


def charset_of(name: str) -> str | None:
    """Python's name of an encoding that is read; None for any other."""
    try:
        known = codecs.lookup(name.strip().strip("\"'")).name if len(name) <= MAX_CHARSET and name.isascii() else None
    except (LookupError, ValueError):
        return None
    return known if known in CHARSETS else None


def decode(data: bytes, charset: str = "utf-8") -> str:
    """Bytes -> text, by the byte order mark where there is one.

    Raises:
        Undecodable: they are no text in this encoding, or the encoding is not one of `CHARSETS`.

    """
    marked = next((name for mark, name in BYTE_ORDER_MARKS if data.startswith(mark)), None)
    known = marked or charset_of(charset)
    if known is None:
        raise Undecodable(f"the character set {charset[:MAX_CHARSET]!r} is not read; send UTF-8 (or one of {_listed(CHARSETS)})")
    try:
        return data.decode(known)
    except UnicodeDecodeError as error:
        raise Undecodable(f"byte {error.start} is no {known.upper()}; send UTF-8, or name the character set that it is in") from error


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words[:-1]) + " or " + words[-1]
