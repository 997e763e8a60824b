"""A web page as a row of blocks."""

import html
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from letters.pasting import BACKS, MARKS
from signatories.reading.encoding import bounded

from .blocks import Block, Page, plain
from .model import LeftOut

BLOCK_TAGS = frozenset("p h1 h2 h3 h4 h5 h6 ul ol blockquote pre table figcaption dl address time".split())
HIDDEN_TAGS = frozenset("script style template nav aside form button svg noscript iframe select".split())
DIVIDERS = frozenset("div section article main body header footer figure td tr".split())
SILENT_TAGS = frozenset("script style template".split())  # what they hold are no words
VOID_TAGS = frozenset("area base br col embed hr img input link meta source track wbr".split())


@dataclass(slots=True)
class _Open:
    tag: str
    line: int
    parts: list[str] = field(default_factory=list)


class _HtmlReader(HTMLParser):
    """Collects the blocks inside `scope` (article, main or body) of a page."""

    def __init__(self, scope: str) -> None:
        super().__init__(convert_charrefs=True)
        self.scope, self.inside, self.hidden = scope, 0, 0
        self.page = Page([])
        self.block: _Open | None = None
        self.depth = 0
        self.in_title = False
        self.silent = False
        self.unseen: list[str] = []  # words outside the letter, up to the next element

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._leave()
        if tag in HIDDEN_TAGS or (tag in ("header", "footer") and self.scope == "body"):
            self._close()
            self.hidden += 1
        if tag == "title":
            self.in_title = True
        self.silent = self.silent or tag in SILENT_TAGS
        if tag == self.scope:
            self.inside += 1
        values = dict(attrs)
        if tag == "time" and values.get("datetime") and not self.page.date:
            self.page.date = (values["datetime"] or "")[:10]
        if self.hidden or not self.inside:
            return
        if tag in DIVIDERS and not (self.block and self.block.tag == "table"):
            self._close()
        elif self.block is None and tag in BLOCK_TAGS:
            self.block, self.depth = _Open(tag, self.getpos()[0]), 1
            self.block.parts.append(self._markup(tag, values))
        elif self.block is not None:
            if tag == "p" and self.block.tag == "p":  # an unclosed paragraph
                self._close()
                self.handle_starttag(tag, attrs)
                return
            self.depth += tag == self.block.tag
            self.block.parts.append(self._markup(tag, values))
        elif tag not in DIVIDERS:
            self._loose(self._markup(tag, values))

    def _markup(self, tag: str, values: dict[str, str | None]) -> str:
        kept = {
            k: v for k, v in values.items() if k in ("href", "lang", "dir", "start", "src", "alt", "title")
        }
        return f"<{tag}" + "".join(f' {k}="{html.escape(v or "")}"' for k, v in kept.items()) + ">"

    def _loose(self, markup: str) -> None:
        """Text or inline mark-up outside any block starts a paragraph."""
        if self.block is None:
            self.block, self.depth = _Open("", self.getpos()[0]), 1
        self.block.parts.append(markup)

    def handle_endtag(self, tag: str) -> None:
        self._leave()
        self.silent = self.silent and tag not in SILENT_TAGS
        if tag == "title":
            self.in_title = False
        if tag in HIDDEN_TAGS or (tag in ("header", "footer") and self.scope == "body"):
            self.hidden = max(0, self.hidden - 1)
        elif not self.hidden and self.inside:
            divides = tag in DIVIDERS and not (self.block and self.block.tag == "table")
            if self.block is not None and not divides and tag not in VOID_TAGS:
                self.block.parts.append(f"</{tag}>")
                self.depth -= tag == self.block.tag
            if self.depth <= 0 or divides:
                self._close()
        if tag == self.scope:
            self.inside = max(0, self.inside - 1)

    def handle_data(self, data: str) -> None:
        if self.in_title:
            self.page.title += data
        elif not self.hidden and self.inside and (data.strip() or self.block is not None):
            if self.block is None and not data.strip():
                return
            self._loose(html.escape(data, quote=False))
        elif not self.silent and data.strip():
            self.unseen.append(data)

    def _leave(self) -> None:
        """Words that stand outside the letter: navigation, forms, the page's head and foot."""
        words, self.unseen = " ".join("".join(self.unseen).split()), []
        if words:
            self.page.left_out.append(LeftOut("page", self.getpos()[0], words))

    def _close(self) -> None:
        block, self.block, self.depth = self.block, None, 0
        if block is None:
            return
        markup = "".join(block.parts).strip()
        if not plain(markup).strip():
            return
        if block.tag in ("", "time", "figcaption", "address"):
            inner = re.sub(rf"^<{block.tag}[^>]*>|</{block.tag}>$", "", markup) if block.tag else markup
            markup = f"<p>{inner}</p>"
        kind = (
            block.tag
            if re.match(r"^(?:p|ul|ol|h[1-6])$", block.tag)
            else "p"
            if markup.startswith("<p>")
            else "other"
        )
        if block.tag == "table":
            lines = ["\t".join(cells) for row in _rows(markup) if any(cells := row)]
        elif kind in ("ul", "ol"):
            lines = [" ".join(plain(item).split()) for item in re.split(r"<li[^>]*>", markup)[1:]]
        else:
            flat = re.sub(r"\s+", " ", markup) if block.tag != "pre" else markup
            lines = [" ".join(part.split()) for part in plain(flat).splitlines() if part.strip()]
        self.page.blocks.append(Block(kind, markup, [line for line in lines if line], block.line))


def _rows(markup: str) -> list[list[str]]:
    """The words of each cell of each row."""
    rows = re.split(r"<tr[^>]*>", markup)
    return [[" ".join(plain(cell).split()) for cell in re.split(r"<t[dh][^>]*>", row)[1:]] for row in rows]


def from_html(text: str) -> Page:
    """The blocks of the page's article, or else its main part, or else its body."""
    scope = next((tag for tag in ("article", "main", "body") if re.search(rf"<{tag}[\s>]", text, re.I)), "")
    source = text if scope else f"<body>{text}</body>"
    reader = _HtmlReader(scope or "body")
    reader.feed(bounded(source))
    reader.close()
    reader._close()
    reader._leave()
    reader.page.title = " ".join(reader.page.title.split())
    _place_notes(reader.page)
    return reader.page


# A note's words, with the way back to its mark before or behind them; and a mark, raised or not.
NOTE_BEFORE = re.compile(
    r'^<p[^>]*>(?:<sup>)?<a href="(?P<back>#[^"]+)"[^>]*>.*?</a>(?:</sup>)?(?P<words>.*)</p>$', re.S
)
NOTE_BEHIND = re.compile(
    r'<li[^>]*>(?P<words>(?:(?!<li).)*?)<a href="(?P<back>#[^"]+)"[^>]*>[^<]*</a>\s*(?:</p>)?\s*(?:</li>|$)',
    re.S,
)
MARK = re.compile(r'\s?(?:<sup>)?<a href="(?P<to>#[^"]+)"[^>]*>[^<]*(?:<sup>[^<]*</sup>)?</a>(?:</sup>)?')


def _pair(pattern: re.Pattern[str], href: str) -> str:
    found = pattern.fullmatch(href)
    return ":".join(part for part in found.groups() if part) if found else ""


def _place_notes(page: Page) -> None:
    """Puts the footnotes of a page, known by the names of their marks and ways back, where their marks stand."""
    notes: dict[str, str] = {}
    held: dict[str, Block] = {}
    for block in page.blocks:
        found = NOTE_BEFORE.finditer(block.html) if block.kind == "p" else NOTE_BEHIND.finditer(block.html)
        for note in found if block.kind in ("p", "ol") else ():
            if name := _pair(BACKS, note["back"]):
                notes[name] = re.sub(r"</?p[^>]*>", " ", note["words"]).lstrip(" .\u00a0").strip()
                held[name] = block
    placed: set[str] = set()

    def put(mark: re.Match[str]) -> str:
        name = _pair(MARKS, mark["to"])
        if name not in notes or name in placed:
            return mark.group()
        placed.add(name)
        return f"^[{notes[name]}]"

    sources = {id(block) for block in held.values()}
    for block in page.blocks:
        if id(block) not in sources and (markup := MARK.sub(put, block.html)) != block.html:
            block.html = markup
            if block.kind not in ("ul", "ol", "other"):
                block.lines = [
                    " ".join(line.split()) for line in plain(re.sub(r"\s+", " ", markup)).splitlines()
                ]
    whole = {id(block) for block in held.values() if all(n in placed for n, b in held.items() if b is block)}
    page.blocks = [block for block in page.blocks if id(block) not in whole]
