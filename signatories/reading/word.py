"""Reading a word processor's document (.docx): its lines, and the rows of its tables.

The XML is read as a stream: a document from a stranger is never held as a tree, which takes twenty times its size.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from .archive import MOST_LETTERS, Archive, Attributes
from .model import Unreadable

# Deleted and moved words, the second form of a drawing, the instructions of fields.
HIDDEN = frozenset(["del", "moveFrom", "Fallback", "instrText", "delText", "rPrChange", "pPrChange"])
WIDEST = 64  # columns of a table that a cell may span


def _value(attributes: Attributes, name: str = "val") -> str:
    return next((value for key, value in attributes.items() if key.rpartition(":")[2] == name), "")


@dataclass(slots=True)
class _Paragraph:
    """One that is being read: its words, its list (number, level) and whether it is a heading."""

    parts: list[str] = field(default_factory=list)
    number: str = ""
    level: int = 0
    heading: bool = False


@dataclass(slots=True)
class Document:
    """Lines with their marks; the rows of the tables; and the lines that stand in no table."""

    lines: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    pictures: bool = False


class _Styles:
    """Which styles are headings, which are items of a list."""

    def __init__(self) -> None:
        self.headings: set[str] = set()
        self.numbers: dict[str, str] = {}
        self.style = ""

    def begin(self, tag: str, attributes: Attributes) -> None:
        if tag == "style":
            self.style = _value(attributes, "styleId")
        elif (
            tag == "outlineLvl"
            or (tag == "name" and _value(attributes).lower() in ("title", "subtitle"))
            or (tag == "name" and _value(attributes).lower().startswith("heading"))
        ):
            self.headings.add(self.style)
        elif tag == "numId":
            self.numbers[self.style] = _value(attributes)


class _Numbers:
    """The marks of lists: which are numbered, and how far they have counted."""

    def __init__(self) -> None:
        self.formats: dict[tuple[str, int], str] = {}
        self.abstract: dict[str, str] = {}
        self.counted: dict[tuple[str, int], int] = defaultdict(int)
        self.current, self.level, self.num = "", 0, ""

    def begin(self, tag: str, attributes: Attributes) -> None:
        if tag == "abstractNum":
            self.current, self.num = _value(attributes, "abstractNumId"), ""
        elif tag == "lvl":
            self.level = _whole(_value(attributes, "ilvl"))
        elif tag == "numFmt" and not self.num:
            self.formats[self.current, self.level] = _value(attributes)
        elif tag == "num":
            self.num = _value(attributes, "numId")
        elif tag == "abstractNumId" and self.num:
            self.abstract[self.num] = _value(attributes)

    def mark(self, number: str, level: int) -> str:
        """The mark before the next item of a list."""
        if number in ("", "0"):
            return ""
        abstract = self.abstract.get(number, "")
        shown = self.formats.get((abstract, level), "bullet")
        if shown in ("bullet", "none"):
            return "- " if shown == "bullet" else ""
        self.counted[number, level] += 1
        for deeper in [key for key in self.counted if key[0] == number and key[1] > level]:
            del self.counted[deeper]
        return f"{self.counted[number, level]}. "


def _whole(text: str) -> int:
    return min(int(text), WIDEST) if text.isdecimal() and len(text) < 6 else 0


class _Body:
    """Takes the XML of the document's main part."""

    def __init__(self, archive: Archive, styles: _Styles, numbers: _Numbers) -> None:
        self.archive, self.styles, self.numbers = archive, styles, numbers
        self.found = Document()
        self.paragraphs: list[_Paragraph] = []
        self.hidden = self.tables = self.letters = 0
        self.inside = False
        self.cell: list[str] = []
        self.span, self.continued = 1, False

    def begin(self, tag: str, attributes: Attributes) -> None:
        if tag in HIDDEN:
            self.hidden += 1
        if self.hidden:
            return
        self.inside = tag == "t"
        if tag == "p":
            self.paragraphs.append(_Paragraph())
        elif tag in ("drawing", "pict"):
            self.found.pictures = True
        elif tag in ("tbl", "tr", "tc", "gridSpan", "vMerge"):
            self._begin_table(tag, attributes)
        elif self.paragraphs:
            self._begin_within(tag, attributes, self.paragraphs[-1])

    def _begin_within(self, tag: str, attributes: Attributes, paragraph: _Paragraph) -> None:
        if tag == "pStyle":
            style = _value(attributes)
            paragraph.heading = style in self.styles.headings
            paragraph.number = paragraph.number or self.styles.numbers.get(style, "")
        elif tag == "numId":
            paragraph.number = _value(attributes)
        elif tag == "ilvl":
            paragraph.level = _whole(_value(attributes))
        elif tag in ("br", "cr"):
            paragraph.parts.append("\n")
        elif tag in ("tab", "noBreakHyphen"):
            # A tab between words, not one of the stops in a paragraph's properties, which have a position.
            paragraph.parts.append("-" if tag == "noBreakHyphen" else "" if attributes else "\t")

    def _begin_table(self, tag: str, attributes: Attributes) -> None:
        self.tables += tag == "tbl"
        if self.tables != 1:
            return
        if tag == "tr":
            self.found.rows.append([])
        elif tag == "tc":
            self.cell, self.span, self.continued = [], 1, False
        elif tag == "gridSpan":
            self.span = max(1, _whole(_value(attributes)))
        elif tag == "vMerge":
            self.continued = _value(attributes) != "restart"

    def text(self, text: str) -> None:
        if self.inside and not self.hidden and self.paragraphs:
            self.letters += len(text)
            if self.letters > MOST_LETTERS:
                raise self.archive.too_large()
            self.paragraphs[-1].parts.append(text.replace("\n", " ").replace("\0", ""))

    def end(self, tag: str) -> None:
        self.inside = False
        if tag in HIDDEN:
            self.hidden -= 1
        if self.hidden:
            return
        if tag == "p" and self.paragraphs:
            self._end_paragraph(self.paragraphs.pop())
        elif tag == "tc" and self.tables == 1:
            self._end_cell()
        elif tag == "tbl":
            self.tables -= 1

    def _end_paragraph(self, paragraph: _Paragraph) -> None:
        text = "".join(paragraph.parts)
        if self.tables:
            self.cell.append(text)
        mark = "# " if paragraph.heading else self.numbers.mark(paragraph.number, paragraph.level)
        lines = [mark + text.lstrip()] if mark and text.strip() else [text]
        lines = [*"\n".join(lines).split("\n"), *([] if mark and not paragraph.heading else [""])]
        self.found.lines += lines
        if not self.tables:
            self.found.outside += lines

    def _end_cell(self) -> None:
        if not self.found.rows:
            return
        row = self.found.rows[-1]
        above = self.found.rows[-2] if len(self.found.rows) > 1 else []
        text = " ".join(" ".join(self.cell).split())
        if self.continued and not text and len(row) < len(above):
            text = above[len(row)]
            self.letters += len(text)
        row += [text, *[""] * (self.span - 1)]


def read_document(data: bytes) -> Document:
    """The lines and rows of a document. Raises Unreadable, whose text is a sentence."""
    archive = Archive(data, ".docx")
    part = archive.main_part()
    kinds = dict(archive.relations(part).values())
    styles, numbers = _Styles(), _Numbers()
    if "styles" in kinds:
        archive.parse(kinds["styles"], styles.begin)
    if "numbering" in kinds:
        archive.parse(kinds["numbering"], numbers.begin)
    body = _Body(archive, styles, numbers)
    archive.parse(part, body.begin, body.end, body.text)
    if not any(line.strip() for line in body.found.lines):
        why = (
            "holds pictures only: type the names, or take a document with the names as text"
            if body.found.pictures
            else "has no text"
        )
        raise Unreadable(f"The document {why}.")
    return body.found
