"""A web page as lines, and as the rows of its tables."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from .encoding import bounded

BLOCKS = frozenset(
    "p div br tr h1 h2 h3 h4 h5 h6 ul ol table section article header footer td th dt dd blockquote"
    " main".split()
)

TAG = re.compile(r"(/?[a-zA-Z][a-zA-Z0-9]*)(?:[^\"'>]|\"[^\"]*\"|'[^']*')*>")
DECLARATION = re.compile(r"[!?/][^>]*>")


class Page(HTMLParser):
    """HTML as plain lines, list items and headings marked as in Markdown; tables also as rows of cells."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.outside: list[str] = []  # what stands in no table
        self.tables = 0
        self.rows: list[list[str]] = []
        self.hidden = 0
        self.counters: list[int] = []
        self.in_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style", "template", "nav", "title"):
            self.hidden += 1
        elif tag in ("ul", "ol"):
            self.counters.append(0 if tag == "ol" else -1)
        elif tag == "li":
            self._open_item()
        elif tag == "table":
            self.tables += 1
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.in_cell = True
            if self.rows:
                self.rows[-1].append("")
        if tag in BLOCKS:
            self._say("\n" if tag == "br" else "\n\n")
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self._say("# ")

    def _say(self, words: str) -> None:
        self.parts.append(words)
        if not self.tables:
            self.outside.append(words)

    def _open_item(self) -> None:
        ordered = bool(self.counters) and self.counters[-1] >= 0
        if ordered:
            self.counters[-1] += 1
        self._say(f"\n{self.counters[-1]}. " if ordered else "\n- ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style", "template", "nav", "title"):
            self.hidden = max(0, self.hidden - 1)
        elif tag in ("ul", "ol") and self.counters:
            self.counters.pop()
        elif tag in ("td", "th"):
            self.in_cell = False
        elif tag == "table":
            self.tables = max(0, self.tables - 1)
        if tag in BLOCKS:
            self._say("\n\n")

    def handle_data(self, data: str) -> None:
        if self.hidden:
            return
        text = " ".join(data.split())
        space = " " if data[:1].isspace() else ""
        after = " " if data[-1:].isspace() and text else ""
        self._say(space + text + after)
        if self.in_cell and self.rows and self.rows[-1]:
            self.rows[-1][-1] += space + text + after


def _without_comments(text: str) -> str:
    parts, at = [], 0
    while (begin := text.find("<!--", at)) >= 0:
        end = text.find("-->", begin + 4)
        if end < 0:
            break
        parts.append(text[at:begin])
        at = end + 3
    return "".join([*parts, text[at:]])


def _bare_tags(text: str) -> Iterator[str]:
    """The page with tags of names alone, and any other "<" written out: the parser looks for the end of an open tag
    again at each, which takes a page of them for hours."""
    first, *pieces = text.split("<")
    yield first
    for piece in pieces:
        if tag := TAG.match(piece):
            yield f"<{tag[1]}>{piece[tag.end() :]}"
        elif other := DECLARATION.match(piece):
            yield piece[other.end() :]
        elif piece[:1].isalpha() and ">" in piece:
            name = re.split(r"[^a-zA-Z0-9]", piece, maxsplit=1)[0]
            yield f"<{name}>{piece.partition('>')[2]}" if name else f"&lt;{piece}"
        else:
            yield f"&lt;{piece}"


def read_page(text: str) -> Page:
    """The page, read to its end. Raises nothing."""
    page = Page()
    page.feed("".join(_bare_tags(_without_comments(bounded(text)))))
    page.close()
    return page
