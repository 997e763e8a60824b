"""The body of a letter as a tree in which notes stand as nodes of their own, and as plain JSON and back."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import Any

from letters import texts
from letters.markup import BLOCKS, Node, parse, plain

NOTE = "note"


def body_of(html: str) -> list[Node]:
    """The blocks of a stored body; each ``^[…]`` is a ``note`` node whose children are the note's inline words."""
    cleaned = texts.clean(html)
    # No text can hold its own digest: the token stands for a note and for nothing else.
    token = f"note:{hashlib.sha256(cleaned.encode()).hexdigest()}:"
    marked, notes = texts.notes_apart(cleaned, lambda n: f"{token}{n};")
    inner = [list(_inline(parse(note))) for note in notes]
    return [
        block
        for block in _placed(parse(marked), re.compile(rf"{token}(\d+);"), inner)
        if isinstance(block, Node)
    ]


def _placed(
    children: Iterable[Node | str], token: re.Pattern[str], notes: list[list[Node | str]]
) -> list[Node | str]:
    out: list[Node | str] = []
    for child in children:
        if isinstance(child, Node):
            out.append(Node(child.tag, child.href, _placed(child.children, token, notes)))
            continue
        for index, piece in enumerate(token.split(child)):
            if index % 2:
                out.append(Node(NOTE, children=notes[int(piece) - 1]))
            elif piece:
                out.append(piece)
    return out


def _inline(blocks: list[Node]) -> Iterator[Node | str]:
    """The words of blocks in one run, blocks parted by a line break."""
    for index, block in enumerate(blocks):
        if index:
            yield Node("br")
        for child in block.children:
            if isinstance(child, Node) and child.tag in BLOCKS:
                yield from _inline([child])
            else:
                yield child


def shows_address(node: Node) -> bool:
    """Whether the words of a link are its address already, so that paper need not repeat it."""
    return _bare(plain(node.children)) == _bare(node.href)


def address(href: str) -> str:
    """A link's address as it is printed: without the ``mailto:`` that nobody types."""
    return href.removeprefix("mailto:")


def _bare(words: str) -> str:
    for start in ("https://", "http://", "mailto:", "www."):
        words = words.removeprefix(start)
    return words.rstrip("/").casefold()


def texts_in(children: Iterable[Node | str]) -> Iterator[str]:
    """Every piece of text in the tree, the addresses of links too."""
    for child in children:
        if isinstance(child, str):
            yield child
        else:
            yield child.href
            yield from texts_in(child.children)


def as_json(children: Iterable[Node | str]) -> list[Any]:
    """The tree as lists and strings: an element is ``[tag, href, children]``."""
    return [
        child if isinstance(child, str) else [child.tag, child.href, as_json(child.children)]
        for child in children
    ]


def from_json(data: Iterable[Any]) -> list[Any]:
    """What ``as_json`` made, back as nodes and strings."""
    return [item if isinstance(item, str) else Node(item[0], item[1], from_json(item[2])) for item in data]
