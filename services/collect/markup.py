"""HTML -> text: a fragment as feeds carry it, or the article out of a whole page."""

from __future__ import annotations

import re
from dataclasses import dataclass

import trafilatura
from lxml import etree, html

from .cleaning import line, plain

MAX_PAGE = 5 * 1024 * 1024
"""Bytes of a page or fragment; an article's page has a tenth of it."""

MAX_TAGS = 20_000
"""Tags of a page: articles' pages have some thousand, and the time to find the article grows with the square of a hostile page's."""

SILENT = frozenset(
    {"script", "style", "template", "noscript", "iframe", "object", "svg", "math", "head", "title", "select", "textarea", "button"}
)
"""Elements whose text is not for readers."""

BLOCKS = frozenset(
    {
        "address",
        "article",
        "aside",
        "blockquote",
        "caption",
        "dd",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    }
)
"""Elements that begin and end a paragraph."""

_TAG_OR_ENTITY = re.compile(r"<[a-zA-Z/!?]|&[#a-zA-Z]")
_SPACES = re.compile(r"[^\S\n]+")
_GAPS = re.compile(r"\n{2,}")


class Unreadable(ValueError):
    """No text can be had from this markup; the message says why."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says of the article in it."""

    title: str
    text: str
    url: str | None
    """Where the page says that it lives."""
    source: str
    language: str | None
    published_at: str | None
    """As the page's metadata gives it: a moment, or a day."""


def fragment_text(markup: str) -> str:
    """The text of a fragment: paragraphs with an empty line between. What holds neither tags nor entities is plain text, and stays as it is.

    Raises:
        Unreadable: it is too large, or no HTML.

    """
    if not _TAG_OR_ENTITY.search(markup):
        return plain(markup).strip()
    root = _tree(plain(markup))
    if root is None:
        return ""
    pieces: list[str] = []
    silent: etree._Element | None = None
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        name = element.tag if isinstance(element.tag, str) else ""
        if event == "start" and silent is None:
            silent = element if name in SILENT else None
            pieces.append(_break(name))
            pieces.append(_SPACES.sub(" ", (element.text or "").replace("\n", " ")) if silent is None else "")
        elif event != "start":
            silent = None if silent is element else silent
            pieces.append(_break(name) if silent is None and event == "end" and name != "br" else "")
            pieces.append(_SPACES.sub(" ", (element.tail or "").replace("\n", " ")) if silent is None else "")
    lines = (" ".join(each.split()) for each in _GAPS.sub("\n\n", "".join(pieces)).split("\n"))
    return plain(_GAPS.sub("\n\n", "\n".join(lines))).strip()


def fragment_line(markup: str) -> str:
    """The text of a fragment as one line, for titles and names."""
    return line(fragment_text(markup))


def page(data: bytes, url: str | None = None) -> Page:
    """The article in a page of HTML, in whatever encoding the page says that it is.

    Raises:
        Unreadable: it is too large, or holds no article.

    """
    if len(data) > MAX_PAGE:
        raise Unreadable(f"the page has {len(data):,} bytes; the limit is {MAX_PAGE:,}")
    if data.count(b"<") > MAX_TAGS:
        raise Unreadable(f"the page has more than {MAX_TAGS:,} tags")
    try:
        found = trafilatura.bare_extraction(data, url=url, include_comments=False, include_tables=True, with_metadata=True)
        said = _said(data)
    except (ValueError, RecursionError, etree.LxmlError) as error:
        raise Unreadable(f"the page cannot be taken apart ({type(error).__name__})") from error
    if found is None or isinstance(found, dict) or not (found.text or "").strip():
        raise Unreadable("no article was found in the page; give its text instead")
    title = line(found.title or "")
    first, _, rest = plain(found.text or "").strip().partition("\n")
    return Page(
        title=title,
        text=rest.strip() if line(first) == title and rest else f"{first}\n{rest}".strip(),
        url=found.url if (found.url or "").startswith(("http://", "https://")) else None,
        source=line(found.sitename or ""),
        language=found.language or said.get("lang"),
        published_at=said.get("published") or found.date,
    )


def _said(data: bytes) -> dict[str, str]:
    """Language and moment of publication out of a page's own tags: finer than a day, where it gives them."""
    root = html.document_fromstring(data)
    moments = root.xpath("//meta[@property='article:published_time' or @itemprop='datePublished']/@content")
    given = {"lang": root.get("lang"), "published": next(iter(moments), None) if isinstance(moments, list) else None}
    return {name: str(value) for name, value in given.items() if value}


def _tree(markup: str) -> etree._Element | None:
    """The parsed fragment; None where nothing in it is for readers, as in a comment."""
    data = markup.encode()
    if len(data) > MAX_PAGE:
        raise Unreadable(f"the markup has {len(data):,} bytes; the limit is {MAX_PAGE:,}")
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(data, parser=parser)
    except etree.ParserError:
        return None
    except (etree.LxmlError, ValueError) as error:
        raise Unreadable("the markup cannot be read") from error
    if any("depth" in entry.message for entry in parser.error_log):  # what lies deeper is dropped by the parser
        raise Unreadable("the markup is nested too deep")
    return root


def _break(name: str) -> str:
    if name == "br":
        return "\n"
    return "\n\n" if name in BLOCKS else ""
