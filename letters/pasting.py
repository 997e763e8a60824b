"""What comes from a word processor, made into what a letter is made of. For the ways in alone. No database."""

import re
from collections.abc import Iterator

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


# How word processors name a footnote's mark and the way back from it: Word's footnotes and endnotes, LibreOffice's, Google's,
# Pandoc's. The two of a pair have the same first and last part.
MARKS = re.compile(r"#_?(ftn|edn|sdfootnote|sdendnote|ftnt|fn)[-:]?(\d+)(?:sym)?")
BACKS = re.compile(r"#_?(?:(ftn|edn|fn)ref[-:]?|(ftnt)_ref|(sdfootnote|sdendnote))(\d+)(?:anc)?")
Words = list[Node | str]


def _with_notes(blocks: list[Node]) -> list[Node]:
    """The footnotes of a word processor (a mark, and at the end a paragraph that begins with the way back to it) as notes
    ``^[…]`` where their marks stand. Only what is surely such a pair moves. Any other link within the page leads nowhere
    in a letter: its words stay. A bare ``#`` is left, as a place that somebody means to fill."""
    notes: dict[str, Node] = {}
    for block in blocks:
        name = _name(BACKS, block.children[0]) if block.tag == "p" and block.children else ""
        if name:
            notes.setdefault(name, block)
    taken = {id(block) for block in notes.values()}
    marked = {_name(MARKS, link) for block in blocks if id(block) not in taken for link in _links(block)}
    notes = {name: block for name, block in notes.items() if name in marked}
    taken = {id(block) for block in notes.values()}
    words = {name: _noted(block.children[1:], {}) for name, block in notes.items()}
    rest = [block for block in blocks if id(block) not in taken]
    for block in rest:
        block.children = _noted(block.children, words)
    return rest


def _name(pattern: re.Pattern[str], item: Node | str) -> str:
    """The kind and number that a mark and the way back have in common; empty for what is neither."""
    found = pattern.fullmatch(item.href) if isinstance(item, Node) and item.tag == "a" else None
    return ":".join(part for part in found.groups() if part) if found else ""


def _links(node: Node) -> Iterator[Node]:
    for child in node.children:
        if isinstance(child, Node):
            if child.tag == "a":
                yield child
            yield from _links(child)


def _noted(children: Words, notes: dict[str, Words]) -> Words:
    """The words with their notes in the place of marks. A note stands once: a mark that comes again keeps its own words."""
    out: Words = []
    for child in children:
        if isinstance(child, str):
            out.append(child)
        elif (name := _name(MARKS, child)) in notes:
            out.extend([OPEN, *_trimmed(notes.pop(name)), CLOSE])
        elif child.tag == "a" and child.href.startswith("#") and child.href != "#":
            out.extend(child.children)
        else:
            # A mark is often raised; a note stands on the line, and gets its own raised number when it is laid out.
            raised = child.tag == "sup" and any(_name(MARKS, item) in notes for item in child.children)
            inner = _noted(child.children, notes)
            out.extend(inner if raised else [Node(child.tag, child.href, inner)])
    return out


def _trimmed(words: Words) -> Words:
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
