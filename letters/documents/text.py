"""A letter as plain text: UTF-8, lines of at most 72 columns where words can be parted."""

import textwrap
from collections.abc import Iterable, Iterator

from letters.documents import faces
from letters.documents.body import NOTE, address, shows_address
from letters.documents.marks import Marks
from letters.documents.model import Entry, LetterDocument, Party, Section
from letters.markup import BLOCKS, Node, plain

WIDTH = 72


def render(document: LetterDocument) -> bytes:
    """The letter as UTF-8 text; notes and the addresses of links stand after the closing, by their marks."""
    return (_clean("\n\n".join(part for part in _parts(document) if part)) + "\n").encode()


def _clean(text: str) -> str:
    """Without control characters, which a text file has no use for, and without spaces at the ends of lines."""
    kept = "".join(c for c in text if c == "\n" or (c >= " " and c != "\x7f"))
    return "\n".join(line.rstrip() for line in kept.split("\n"))


def _parts(d: LetterDocument) -> Iterator[str]:
    notes = _Notes()
    yield _wrapped(d.publisher)
    yield _wrapped(d.comma.join(part for part in (d.place, d.date) if part))
    for party in d.addressees:
        yield "\n".join(_wrapped(row) for row in _rows(party))
    if d.copies:
        yield _wrapped(f"{d.copy_word} " + d.semicolon.join(d.comma.join(_rows(party)) for party in d.copies))
    yield _underlined(d.title, "=")
    if d.subject != d.title:
        yield _wrapped(d.subject)
    yield _wrapped(d.salutation)
    yield from _blocks(d.body, notes)
    yield "\n".join(_wrapped(line) for line in d.closing)
    if notes.said:
        yield _underlined(d.notes_heading, "-")
        yield "\n".join(_wrapped(f"[{mark}] {words}", hang=len(mark) + 3) for mark, words in notes.said)
    yield _underlined(d.list_heading, "-")
    yield _wrapped(d.as_of_words)
    yield from _sections(d.sections, d)
    yield from (_wrapped(d.nobody), _wrapped(d.withheld))
    if d.earlier_heading:
        yield _underlined(d.earlier_heading, "-")
        yield _wrapped(d.earlier_words)
        yield from _sections(d.earlier, d)
        yield _wrapped(d.earlier_withheld)
    yield "-" * WIDTH
    yield "\n".join(_wrapped(line) for line in _proof(d))


def _proof(d: LetterDocument) -> Iterator[str]:
    yield from d.notices
    yield d.version_words
    yield f"{d.digest_words}\n{d.digest}" if d.digest else ""
    yield f"{d.address_words}\n{d.address}"
    if d.verify_address:
        yield f"{d.verify_words} {d.verify_code}\n{d.verify_address}"


def _rows(party: Party) -> list[str]:
    return [part for part in (party.name, party.function, party.body) if part]


def _wrapped(words: str, *, hang: int = 0, lead: str = "") -> str:
    """Words in lines; an address or a word that is longer than a line stays whole."""
    lines = []
    for line in words.split("\n"):
        wrapped = textwrap.wrap(
            line,
            WIDTH,
            initial_indent=lead,
            subsequent_indent=" " * hang,
            break_long_words=False,
            break_on_hyphens=False,
        )
        lines.append("\n".join(wrapped))
    return "\n".join(lines)


def _underlined(words: str, mark: str) -> str:
    wrapped = _wrapped(words)
    return f"{wrapped}\n{mark * min(WIDTH, max(map(len, wrapped.split(chr(10)))))}" if words else ""


class _Notes(Marks):
    """The marks with what stands behind each."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[tuple[str, str]] = []


def _blocks(blocks: Iterable[Node | str], notes: _Notes) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, str) or block.tag == "p":
            yield _wrapped(_inline([block] if isinstance(block, str) else block.children, notes))
        elif block.tag in ("h2", "h3"):
            yield _underlined(_inline(block.children, notes), "-" if block.tag == "h2" else ".")
        elif block.tag == "blockquote":
            yield textwrap.indent("\n\n".join(_blocks(block.children, notes)), "> ", lambda _line: True)
        else:
            yield "\n".join(_items(block, notes))


def _items(block: Node, notes: _Notes) -> Iterator[str]:
    for n, item in enumerate((child for child in block.children if isinstance(child, Node)), 1):
        mark = f"{n}. " if block.tag == "ol" else "- "
        inline = [child for child in item.children if isinstance(child, str) or child.tag not in BLOCKS]
        inner = [child for child in item.children if isinstance(child, Node) and child.tag in BLOCKS]
        pieces = [_wrapped(_inline(inline, notes))] if inline else []
        pieces += _blocks(inner, notes)
        yield mark + textwrap.indent("\n".join(pieces), " " * len(mark))[len(mark) :]


def _inline(children: Iterable[Node | str], notes: _Notes, *, within: bool = False) -> str:
    out: list[str] = []
    for child in children:
        if isinstance(child, str):
            out.append(child)
        elif child.tag == "br":
            out.append("\n")
        elif child.tag == NOTE:
            mark = notes.note()
            place = len(notes.said)
            notes.said.append((mark, ""))
            notes.said[place] = (mark, _inline(child.children, notes, within=True).replace("\n", " "))
            out.append(f"[{mark}]")
        else:
            out.append(_inline(child.children, notes, within=within))
            if child.tag == "a" and child.href and plain(child.children) and not shows_address(child):
                out.append(
                    f" <{address(child.href)}>" if within else f"[{_noted(notes, address(child.href))}]"
                )
    return "".join(out)


def _noted(notes: _Notes, words: str) -> str:
    mark = notes.link()
    notes.said.append((mark, words))
    return mark


def _sections(sections: Iterable[Section], d: LetterDocument) -> Iterator[str]:
    last = max((entry.number for section in sections for entry in section.entries), default=1)
    for section in sections:
        yield _wrapped(section.heading)
        yield "\n".join(_entry(entry, len(str(last)), d) for entry in section.entries)


def _entry(entry: Entry, digits: int, d: LetterDocument) -> str:
    hang = digits + 2
    name = faces.isolated(entry.whole.text, entry.whole.direction, d.direction)
    lines = [
        _wrapped(
            f"{name}{d.comma}{entry.country}" if entry.country else name,
            hang=hang,
            lead=f"{entry.number:>{digits}}. ",
        )
    ]
    for note in entry.notes:
        words = faces.isolated(note.text, note.direction, d.direction)
        lines.append(_wrapped(words, hang=hang, lead=" " * hang))
    return "\n".join(lines)
