"""Documents as a row of blocks: plain text, Markdown and HTML alike."""

import html
import re
from dataclasses import dataclass, field
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

from signatories.reading.encoding import bounded
from signatories.reading.lines import cut, is_list_heading

from .model import LeftOut

LIST_LINE = re.compile(r"^\s*(?:(?P<bullet>[-*•·‣▪–])|\(?(?P<number>\d{1,5})[.)])\s+(?P<text>\S.*)$")
FOOTNOTE = re.compile(r"^\[\^(?P<id>[^\]\s]+)\]:[ \t]*(?P<text>.*(?:\n(?:[ \t]{2,}\S.*))*)", re.MULTILINE)
FOOTNOTE_MARK = re.compile(r"\[\^(?P<id>[^\]\s]+)\]")
ANY_TAG = re.compile(r"<[^<>]*>")
# What holds a name in its direction within another line; a name alone needs none.
UNTURNED = dict.fromkeys((0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
SHORT_LINE = 60
WRAPPED = re.compile(r"\s*[a-zà-ÿа-я][\w’-]*(?![\w’-]|\s*:)")  # a line that goes on in lower case; not "cc:"

_MARKDOWN = MarkdownIt("commonmark").enable("table")
# Text copied from a page: only links and line breaks of Markdown count, everything else is as typed.
_LINKS_ONLY = MarkdownIt("zero").enable(["link", "autolink"])


@dataclass(slots=True)
class Block:
    """A block: `kind` is p, h1 to h6, ul, ol or other; `lines` its text line by line; `line` is 1-based. `role` is what a
    document says that the block is (the part's name, as in PARTS), where it says so. `source` has the lines of a paragraph
    of plain text as they were typed, where they are wrapped into one: in a list each is a name."""

    kind: str
    html: str
    lines: list[str]
    line: int
    role: str = ""
    source: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The block's text in one line."""
        return " ".join(" ".join(self.lines).split())


@dataclass(slots=True)
class Page:
    """A document's blocks, what its head says, and what of it is in no block."""

    blocks: list[Block]
    title: str = ""
    date: str = ""
    language: str = ""
    left_out: list[LeftOut] = field(default_factory=list)
    unit: Literal["line", "paragraph"] = "line"


def plain(markup: str) -> str:
    """The text of a piece of HTML, its line breaks as new lines."""
    broken = re.sub(r"<br\s*/?>", "\n", markup)
    return html.unescape(bounded(ANY_TAG.sub("", broken))).replace("\u00a0", " ")


def inline_footnotes(text: str) -> str:
    """`[^1]` with `[^1]: words` elsewhere as `^[words]` in place; the definitions become blank lines."""
    notes = {found["id"]: " ".join(found["text"].split()) for found in FOOTNOTE.finditer(text)}
    if not notes:
        return text
    rest = FOOTNOTE.sub(lambda found: "\n" * found.group().count("\n"), text)
    return FOOTNOTE_MARK.sub(lambda m: f"^[{notes[m['id']]}]" if m["id"] in notes else m.group(), rest)


def _text_block(lines: list[str], number: int) -> Block:
    """A paragraph of plain text; short lines (an address) keep their breaks."""
    wrapped = any(WRAPPED.match(line) for line in lines[1:])
    keep = len(lines) > 1 and not wrapped and all(len(line) < SHORT_LINE for line in lines)
    markup = [_LINKS_ONLY.renderInline(line.strip()) for line in lines]
    if not keep:  # a link may be wrapped over two lines
        markup = [_LINKS_ONLY.renderInline(" ".join(line.strip() for line in lines))]
    joined = "<br>".join(markup)
    source = [] if keep else [line.strip() for line in lines]
    return Block("p", f"<p>{joined}</p>", [plain(part) for part in markup], number, source=source)


def _list_block(lines: list[str], number: int) -> Block:
    kind, items = "ul", []
    for line in lines:
        if found := LIST_LINE.match(line):
            kind = "ol" if found["number"] else kind
            items.append(found["text"].strip())
        else:
            items[-1] += " " + line.strip()
    markup = [_LINKS_ONLY.renderInline(item) for item in items]
    outer = "".join(f"<li>{item}</li>" for item in markup)
    return Block(kind, f"<{kind}>{outer}</{kind}>", [plain(item) for item in markup], number)


def _announces_list(line: str, below: str) -> bool:
    """Whether a line of text is the heading of the list of signatories, with the list directly below it."""
    found = cut(line)
    ends = line.rstrip().endswith((":", "：")) or bool(LIST_LINE.match(below))
    return ends and bool(found) and is_list_heading(found[0])


def _chunk(lines: list[str], number: int) -> list[Block]:
    """The blocks of lines without a blank one between: headings, text, a list, the heading of the signatories."""
    blocks: list[Block] = []
    start = 0
    while start < len(lines):
        if heading := re.match(r"^(#{1,6})\s+(.*)$", lines[start]):
            level, text = len(heading[1]), _LINKS_ONLY.renderInline(heading[2].strip("# "))
            blocks.append(Block(f"h{level}", f"<h{level}>{text}</h{level}>", [plain(text)], number + start))
            start += 1
            continue
        later = range(start, len(lines) - 1)
        at = next((i for i in later if _announces_list(lines[i], lines[i + 1])), len(lines))
        end = at if at > start else start + 1
        blocks += _text_and_list(lines[start:end], number + start)
        start = end
    return blocks


def _text_and_list(lines: list[str], number: int) -> list[Block]:
    marked = next((i for i, line in enumerate(lines) if LIST_LINE.match(line)), len(lines))
    blocks = [_text_block(lines[:marked], number)] if marked else []
    if marked < len(lines):
        blocks.append(_list_block(lines[marked:], number + marked))
    return blocks


def _merged_lists(blocks: list[Block]) -> list[Block]:
    """One list where blank lines stood between its items."""
    merged: list[Block] = []
    for block in blocks:
        last = merged[-1] if merged else None
        if last and block.kind == last.kind and block.kind in ("ul", "ol"):
            inner = last.html[4:-5] + block.html[4:-5]
            merged[-1] = Block(
                last.kind, f"<{last.kind}>{inner}</{last.kind}>", last.lines + block.lines, last.line
            )
        else:
            merged.append(block)
    return merged


def from_text(text: str) -> Page:
    """Plain text: paragraphs between blank lines, list marks, `#` headings and Markdown links."""
    blocks: list[Block] = []
    chunk: list[str] = []
    for number, line in enumerate([*inline_footnotes(text).splitlines(), ""], start=1):
        if line.strip():
            chunk.append(line)
        elif chunk:
            blocks += _chunk(chunk, number - len(chunk))
            chunk = []
    return Page(_merged_lists(blocks))


def _top_level(tokens: list[Token]) -> list[list[Token]]:
    groups: list[list[Token]] = []
    depth = 0
    for token in tokens:
        if depth == 0:
            groups.append([])
        groups[-1].append(token)
        depth += token.nesting
    return groups


def from_markdown(text: str) -> Page:
    """CommonMark with tables; footnotes become `^[words]` in place."""
    blocks = []
    for group in _top_level(_MARKDOWN.parse(inline_footnotes(text))):
        first = group[0]
        markup = _MARKDOWN.renderer.render(group, _MARKDOWN.options, {}).strip()
        if not plain(markup).strip():
            continue
        kind = first.tag if first.tag in ("p", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6") else "other"
        line = (first.map or [0])[0] + 1
        if kind in ("ul", "ol"):
            lines = [
                " ".join(plain(item).split())
                for item in re.findall(r"<li>(.*?)(?=<li>|</[uo]l>)", markup, re.S)
            ]
        else:
            lines = [part.strip() for part in plain(markup).splitlines() if part.strip()]
        blocks.append(Block(kind, markup, lines, line))
    return Page(blocks)
