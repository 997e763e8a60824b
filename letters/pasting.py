"""What comes from a word processor, made into what a letter is made of. For the ways in alone. No database."""

import re
from collections.abc import Iterator, Mapping

from letters.markup import Node, parse, plain, to_html
from letters.texts import CLOSE, OPEN, clean

# A bullet or number and several no-break spaces: how word processors write the mark of a list item into its words.
DRAWN_ITEM = re.compile(r"(?:[·•▪◦‣§o]|(?P<number>\d{1,3}[.)]))\u00a0[\u00a0 ]+")


def tidy(html: str | None) -> str:
    """What an editor typed or pasted, cleaned, without paragraphs that show nothing, with the paragraphs that word
    processors draw as list items made into lists, and their footnotes into notes. For the ways in alone: a text once
    frozen is never read anew."""
    blocks: list[Node] = []
    growing: Node | None = None
    for block in _with_notes(parse(html or "")):
        if block.tag == "p" and not plain([block]).strip():
            continue
        tag = _item_of(block)
        if not tag:
            growing = None
            blocks.append(block)
            continue
        if growing is None or growing.tag != tag:
            growing = Node(tag)
            blocks.append(growing)
        growing.children.append(Node("li", children=block.children))
    return clean(to_html(blocks))


def _with_notes(blocks: list[Node]) -> list[Node]:
    """The footnotes of a word processor (a link within the page, and at the end a paragraph that begins with the link
    back) as notes ``^[…]`` where their marks stand. Any other link within the page leads nowhere in a letter: its
    words stay. A bare ``#`` is left, as a place that somebody means to fill."""
    notes: dict[str, tuple[str, list[Node | str]]] = {}
    rest: list[Node] = []
    marks: dict[str, set[str]] = {}
    for link in (link for block in blocks for link in _links(block)):
        marks.setdefault(_local(link), set()).add(link.href)
    for block in blocks:
        first = block.children[0] if block.tag == "p" and block.children else None
        number = _local(first)
        if number and isinstance(first, Node) and marks[number] - {first.href}:
            notes[number] = (first.href, block.children[1:])
        else:
            rest.append(block)
    for block in rest:
        block.children = _noted(block.children, notes)
    return rest


def _local(item: Node | str | None) -> str:
    """The number by which a link within the page and its counterpart are a pair; empty for anything else."""
    if not isinstance(item, Node) or item.tag != "a" or not item.href.startswith("#") or item.href == "#":
        return ""
    found = re.search(r"\d+", item.href)
    return found[0] if found else item.href


def _links(node: Node) -> Iterator[Node]:
    for child in node.children:
        if isinstance(child, Node):
            if child.tag == "a":
                yield child
            yield from _links(child)


def _noted(children: list[Node | str], notes: Mapping[str, tuple[str, list[Node | str]]]) -> list[Node | str]:
    out: list[Node | str] = []
    for child in children:
        if isinstance(child, str):
            out.append(child)
            continue
        number = _local(child)
        if not number:
            # A mark is often raised; a note stands on the line, and gets its own raised number when it is laid out.
            raised = child.tag == "sup" and any(_local(item) in notes for item in child.children)
            inner = _noted(child.children, notes)
            out.extend(inner if raised else [Node(child.tag, child.href, inner)])
        elif number in notes and child.href != notes[number][0]:
            words = notes[number][1]
            out.extend([OPEN, *_trimmed(words), CLOSE])
        else:
            out.extend(child.children)
    return out


def _trimmed(words: list[Node | str]) -> list[Node | str]:
    first = words[0].lstrip(" .\u00a0") if words and isinstance(words[0], str) else None
    return [first, *words[1:]] if first is not None else list(words)


def _item_of(block: Node) -> str:
    """The list that a paragraph with a drawn mark is an item of, its mark taken off; empty for any other block."""
    first = block.children[0] if block.tag == "p" and block.children else None
    mark = DRAWN_ITEM.match(first) if isinstance(first, str) else None
    if mark is None or not plain(block.children)[mark.end() :].strip():
        return ""
    block.children[0] = first[mark.end() :]  # type: ignore[index]
    return "ol" if mark["number"] else "ul"
