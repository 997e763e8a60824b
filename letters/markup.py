"""The markup that a letter may use, as a small tree in one normal form.

Blocks: p, h2, h3, ul, ol (of li), blockquote. Inline: em, strong, sup, a, br. ``parse`` takes any HTML, sanitises
it with nh3 and puts what is left into the normal form: no empty elements, no stray text between blocks, white space
folded, neighbours of the same kind joined. So two inputs that read the same are stored the same, and
``parse(to_html(parse(x))) == parse(x)``.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

import nh3

BLOCKS = {"p", "h2", "h3", "ul", "ol", "li", "blockquote"}
INLINE = {"em", "strong", "sup", "a"}
# What other editors and word processors write for the same thing.
SAME = {
    "b": "strong",
    "i": "em",
    "h1": "h2",
    "h4": "h3",
    "h5": "h3",
    "h6": "h3",
    "div": "p",
    "section": "p",
    "article": "p",
    "tr": "p",
}
# A table becomes a paragraph a row: its cells stand beside each other with this between them.
CELLS, BETWEEN_CELLS = {"td", "th"}, " | "
ALLOWED = BLOCKS | INLINE | {"br"} | set(SAME) | CELLS
SCHEMES = {"http", "https", "mailto"}
DEEPEST = 40  # elements within elements
NESTING, NESTED = {"ul", "ol", "blockquote"}, 8
SPACES = "".join(map(chr, range(0x21)))
SPACE = re.compile(r"[ \t\r\n\f]+")
# Zero-width and control characters that a paste leaves behind; joiners (U+200C, U+200D) and direction marks
# carry meaning in Arabic, Persian and Indic scripts and stay.
INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b\u2060\ufeff]")


@dataclass
class Node:
    """An element; ``children`` are nodes and strings."""

    tag: str
    href: str = ""
    children: list["Node | str"] = field(default_factory=list)


def parse(html: str) -> list[Node]:
    """Any HTML as a list of blocks in normal form. Never raises; what is not allowed is dropped, its text kept."""
    safe = nh3.clean(
        INVISIBLE.sub("", html),
        tags=ALLOWED,
        attributes={"a": {"href"}},
        url_schemes=SCHEMES,
        link_rel=None,
        clean_content_tags={"script", "style", "head", "title"},
    )
    builder = _Builder()
    builder.feed(safe)
    builder.close()
    return _blocks(builder.root.children)


def to_html(blocks: Iterable[Node | str]) -> str:
    """The tree as HTML, nothing between blocks."""
    return "".join(_html(node) for node in blocks)


def plain(nodes: Iterable[Node | str]) -> str:
    """The words alone, blocks and line breaks parted by a space."""
    parts = []
    for node in nodes:
        if isinstance(node, str):
            parts.append(node)
        else:
            gap = " " if node.tag in BLOCKS or node.tag == "br" else ""
            parts.append(gap + plain(node.children) + gap)
    return SPACE.sub(" ", "".join(parts)).strip() if parts else ""


def _html(node: Node | str) -> str:
    if isinstance(node, str):
        return escape(node, quote=False)
    if node.tag == "br":
        return "<br>"
    attribute = f' href="{escape(node.href)}"' if node.tag == "a" else ""
    return f"<{node.tag}{attribute}>{to_html(node.children)}</{node.tag}>"


def _address(href: str) -> str:
    """An address as a browser reads it: without white space around it and line breaks in it, other spaces and brackets
    written out (WHATWG URL standard). So it stays on one line of the exact text, and two spellings are one."""
    one = re.sub(r"[\t\r\n]", "", href).strip(SPACES)
    return one.replace(" ", "%20").replace("<", "%3C").replace(">", "%3E")


class _Builder(HTMLParser):
    """Builds the raw tree from nh3's well-formed output."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("root")
        self.stack = [self.root]
        self.rows: list[Node] = []  # those that are open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._in_row(tag):
            return
        node = Node(SAME.get(tag, tag), _address(dict(attrs).get("href") or ""))
        if tag == "br":
            self.stack[-1].children.append(node)
        elif len(self.stack) > DEEPEST or self._too_deep(node.tag):
            self.stack.append(
                self.stack[-1]
            )  # deeper than any letter: the words are kept, the element is not
        else:
            self.stack[-1].children.append(node)
            self.stack.append(node)
        if tag == "tr":
            self.rows.append(self.stack[-1])

    def _too_deep(self, tag: str) -> bool:
        """Whether lists and quotations stand in each other as in no letter: paper has no room for them."""
        return tag in NESTING and sum(one.tag in NESTING for one in self.stack) >= NESTED

    def _in_row(self, tag: str) -> bool:
        """Whether the tag stands in a row of a table, of which only words and inline elements are kept."""
        if not self.rows or tag in INLINE or SAME.get(tag) in INLINE or tag == "tr":
            return False
        first = not self.rows[-1].children
        self.stack[-1].children.append(BETWEEN_CELLS if tag in CELLS and not first else " ")
        return True

    def handle_endtag(self, tag: str) -> None:
        if tag == "tr" and self.rows:
            self.rows.pop()
        elif self.rows and not (tag in INLINE or SAME.get(tag) in INLINE):
            return
        if tag not in CELLS and tag != "br" and len(self.stack) > 1:
            self.stack.pop()

    def handle_data(self, data: str) -> None:
        self.stack[-1].children.append(data)


def _is_block(node: Node | str) -> bool:
    return isinstance(node, Node) and (node.tag in BLOCKS or any(_is_block(child) for child in node.children))


def _blocks(children: list[Node | str]) -> list[Node]:
    """Blocks in normal form; loose words between them become paragraphs."""
    out: list[Node] = []
    loose: list[Node | str] = []

    def settle() -> None:
        inline = _inline(loose)
        if inline:
            out.append(Node("p", children=inline))
        loose.clear()

    for child in children:
        if not _is_block(child):
            loose.append(child)
            continue
        settle()
        assert isinstance(child, Node)
        out.extend(_block(child))
    settle()
    return out


def _block(node: Node) -> list[Node]:
    """One raw block as normal blocks: itself, what is inside it, or nothing."""
    if node.tag in ("ul", "ol"):
        items = [item for child in node.children if isinstance(child, Node) for item in _items(child)]
        return [Node(node.tag, children=list(items))] if items else []
    if node.tag == "blockquote":
        inner = _blocks(node.children)
        return [Node("blockquote", children=list(inner))] if inner else []
    if any(_is_block(child) for child in node.children):
        return _blocks(node.children)
    if node.tag in ("p", "h2", "h3"):
        inline = _inline(node.children)
        return [Node(node.tag, children=inline)] if inline else []
    return _blocks(node.children)


def _items(node: Node) -> list[Node]:
    """The list items that a child of a list stands for. An item of one paragraph holds its words directly."""
    inner = _blocks(node.children if node.tag == "li" else [node])
    if not inner:
        return []
    if inner[0].tag == "p":
        return (
            [Node("li", children=[*inner[0].children, *inner[1:]])]
            if _simple(inner[1:])
            else [Node("li", children=list(inner))]
        )
    return [Node("li", children=list(inner))]


def _simple(rest: list[Node]) -> bool:
    """Whether what follows an item's first paragraph is at most one list, so that the paragraph needs no mark."""
    return not rest or (len(rest) == 1 and rest[0].tag in ("ul", "ol"))


def _inline(children: Iterable[Node | str]) -> list[Node | str]:
    """Inline content in normal form: folded white space, no empty or doubled elements, neighbours joined."""
    joined = _trim(_join(_fold(children, frozenset())))
    return joined


def _fold(children: Iterable[Node | str], inside: frozenset[str]) -> list[Node | str]:
    out: list[Node | str] = []
    for child in children:
        if isinstance(child, str):
            out.append(SPACE.sub(" ", child))
        elif child.tag == "br":
            out.append(Node("br"))
        elif child.tag in INLINE and child.tag not in inside and not (child.tag == "a" and not child.href):
            inner = _join(_fold(child.children, inside | {child.tag}))
            lead, inner, trail = _edges(inner)
            out.extend([lead, *([Node(child.tag, child.href, inner)] if plain(inner) else []), trail])
        else:
            out.extend(_fold(child.children, inside))
    return [item for item in out if item != ""]


def _edges(inner: list[Node | str]) -> tuple[str, list[Node | str], str]:
    """White space at the edges of an element, moved outside it."""
    lead = trail = ""
    if inner and isinstance(inner[0], str) and inner[0].startswith(" "):
        lead, inner[0] = " ", inner[0][1:]
    if inner and isinstance(inner[-1], str) and inner[-1].endswith(" "):
        trail, inner[-1] = " ", inner[-1][:-1]
    return lead, [item for item in inner if item != ""], trail


def _join(items: list[Node | str]) -> list[Node | str]:
    """Joins neighbouring texts, and neighbouring elements of the same kind; each run at once, so that a long one takes
    time that grows with its length alone."""
    runs: list[list[Node | str]] = []
    for item in items:
        if runs and _joins(runs[-1][-1], item):
            runs[-1].append(item)
        else:
            runs.append([item])
    return [_joined(run) if len(run) > 1 else run[0] for run in runs]


def _joins(last: Node | str, item: Node | str) -> bool:
    if isinstance(last, str) or isinstance(item, str):
        return isinstance(last, str) and isinstance(item, str)
    return item.tag == last.tag and item.tag in INLINE and item.href == last.href


def _joined(run: list[Node | str]) -> Node | str:
    first = run[0]
    if isinstance(first, str):
        return SPACE.sub(" ", "".join(item for item in run if isinstance(item, str)))
    children = [child for item in run if isinstance(item, Node) for child in item.children]
    return Node(first.tag, first.href, _join(children))


def _trim(items: list[Node | str]) -> list[Node | str]:
    """Without white space and line breaks at either end, and without white space around line breaks."""
    out = list(items)
    for index, item in enumerate(out):
        if isinstance(item, str):
            after_break = index > 0 and _is_break(out[index - 1])
            before_break = index + 1 < len(out) and _is_break(out[index + 1])
            item = item.lstrip(" ") if after_break or index == 0 else item
            out[index] = item.rstrip(" ") if before_break or index == len(out) - 1 else item
    out = [item for item in out if item != ""]
    while out and _is_break(out[0]):
        out.pop(0)
    while out and _is_break(out[-1]):
        out.pop()
    return out if out == items else _trim(out)


def _is_break(item: Node | str) -> bool:
    return isinstance(item, Node) and item.tag == "br"
