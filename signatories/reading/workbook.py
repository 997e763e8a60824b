"""Reading a workbook (.xlsx): its sheets as rows of text.

A reader of its own, and not openpyxl's, which makes rows as wide as a cell's address claims, gives the same for an empty
cell and for a formula without a value, and stops at styling that spreadsheet programs pass over. Formats and dates are
told by openpyxl's functions.
"""

import re
from dataclasses import dataclass, field

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import from_excel
from openpyxl.utils.escape import unescape

from .archive import MOST_LETTERS, Archive, Attributes
from .model import Unreadable

MOST_ROWS, MOST_COLUMNS, MOST_SHEETS = 50_000, 256, 100
MOST_CELLS, MOST_STRINGS, MOST_MERGED = 1_000_000, 500_000, 20_000
LONGEST_ROW = 60_000  # characters, as a line of a text
ADDRESS = re.compile(r"([A-Z]{1,3})(\d{1,7})")
BLANK: list[str] = []  # every blank row is this one: a single cell at the bottom costs no 50,000 lists


@dataclass(slots=True)
class Sheet:
    """A sheet's rows from its first; `unsaved` is the address of its first formula without a value, or ""."""

    name: str
    hidden: bool
    rows: list[list[str]] = field(default_factory=list)
    unsaved: str = ""

    @property
    def filled(self) -> int:
        """How many rows hold something."""
        return sum(map(bool, self.rows))


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _texts(archive: Archive, name: str) -> list[str]:
    """The strings that cells share, without the readings above them."""
    found: list[str] = []
    parts: list[str] = []
    inside = reading = False

    def begin(tag: str, _: Attributes) -> None:
        nonlocal inside, reading
        if tag == "si":
            parts.clear()
        reading = reading or tag == "rPh"
        inside = tag == "t" and not reading

    def end(tag: str) -> None:
        nonlocal inside, reading
        inside = False
        if tag == "rPh":
            reading = False
        elif tag == "si":
            found.append(unescape("".join(parts)))
            if len(found) > MOST_STRINGS:
                raise archive.too_large()

    archive.parse(name, begin, end, lambda text: parts.append(text) if inside else None)
    return found


def _date_styles(archive: Archive, name: str) -> set[str]:
    """The numbers of the cell styles that show a date."""
    own: dict[str, str] = {}
    dates: set[str] = set()
    count, inside = 0, False

    def begin(tag: str, attributes: Attributes) -> None:
        nonlocal count, inside
        if tag == "numFmt":
            own[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")[:200]
        elif tag == "cellXfs":
            inside = True
        elif tag == "xf" and inside:
            number = attributes.get("numFmtId", "0")
            shown = own.get(number) or (
                BUILTIN_FORMATS.get(int(number)) if number.isdecimal() and len(number) < 9 else None
            )
            if shown and is_date_format(shown):
                dates.add(str(count))
            count += 1

    def end(tag: str) -> None:
        nonlocal inside
        inside = inside and tag != "cellXfs"

    archive.parse(name, begin, end)
    return dates


def _number(text: str, *, is_date: bool) -> str:
    """A number as the person saw it: a day for a date, no decimals for a whole one."""
    try:
        value = float(text)
        if is_date:
            return str(from_excel(value))
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else text
    except (ValueError, OverflowError, TypeError):
        return text


class _SheetReader:
    """Takes the XML of one sheet."""

    def __init__(self, book: "_Book", sheet: Sheet) -> None:
        self.book, self.sheet = book, sheet
        self.row = self.column = 0
        self.cell: Attributes = {}
        self.parts: list[str] = []
        self.formula = self.inside = self.reading = False
        self.merged: list[str] = []

    def begin(self, tag: str, attributes: Attributes) -> None:
        if tag == "row":
            number = attributes.get("r", "")
            self.row = max(int(number), 1) if number.isdecimal() and len(number) < 9 else self.row + 1
            self.column = 0
        elif tag == "c":
            self.cell, self.formula = attributes, False
            self.parts.clear()
            place = ADDRESS.fullmatch(attributes.get("r", ""))
            self.column = _column(place[1]) if place else self.column + 1
        elif tag == "f":
            self.formula = True
        elif tag == "rPh":
            self.reading = True
        elif tag == "mergeCell" and len(self.merged) < MOST_MERGED:
            self.merged.append(attributes.get("ref", ""))
        self.inside = tag in ("v", "t") and not self.reading

    def text(self, text: str) -> None:
        if self.inside:
            self.parts.append(text)

    def end(self, tag: str) -> None:
        self.inside = False
        if tag == "rPh":
            self.reading = False
        elif tag == "c":
            self._take(self._value("".join(self.parts)))

    def _value(self, text: str) -> str:
        kind = self.cell.get("t", "n")
        if self.formula and not text and kind != "str":
            self.sheet.unsaved = self.sheet.unsaved or f"{self.cell.get('r', '?')[:10]}"
        if kind == "s":
            return self.book.string(text)
        if kind == "b":
            return {"1": "TRUE", "0": "FALSE"}.get(text, text)
        if kind == "n":
            return _number(text, is_date=self.cell.get("s", "0") in self.book.dates)
        return unescape(text)

    def _take(self, value: str) -> None:
        value = value.replace("\0", "")
        if not value.strip():
            return
        rows, name = self.sheet.rows, self.sheet.name
        if self.row > MOST_ROWS or self.column > MOST_COLUMNS:
            raise Unreadable(
                f"The sheet “{name}” has something below row {MOST_ROWS:,} or right of column {MOST_COLUMNS}:"
                " copy the list alone into a new workbook."
            )
        self.book.count(value)
        rows.extend([BLANK] * (self.row - len(rows)))
        row = rows[self.row - 1] or []
        row.extend([""] * (self.column - len(row)))
        row[self.column - 1] = value
        rows[self.row - 1] = row

    def fill_merged(self) -> None:
        """What stands once beside several rows (a country, mostly) stands in each of them that has something."""
        left = MOST_CELLS
        for area in self.merged:
            first, _, last = area.partition(":")
            begin, end = ADDRESS.fullmatch(first), ADDRESS.fullmatch(last)
            if not begin or not end:
                continue
            column, top = _column(begin[1]) - 1, int(begin[2]) - 1
            value = self._at(top, column)
            rows = self.sheet.rows[top + 1 : int(end[2])] if value else []
            left -= len(rows)
            if left < 0:
                raise self.book.archive.too_large()
            for row in filter(None, rows):
                row.extend([""] * (column + 1 - len(row)))
                if not row[column]:
                    self.book.count(value)
                    row[column] = value

    def _at(self, row: int, column: int) -> str:
        rows = self.sheet.rows
        return rows[row][column] if 0 <= row < len(rows) and column < len(rows[row]) else ""


class _Book:
    """What the sheets of a workbook share."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.part = archive.main_part()
        self.relations = archive.relations(self.part)
        kinds = dict(self.relations.values())
        self.strings = _texts(archive, kinds["sharedStrings"]) if "sharedStrings" in kinds else []
        self.dates = _date_styles(archive, kinds["styles"]) if "styles" in kinds else set()
        self.cells = self.letters = 0

    def string(self, index: str) -> str:
        """A shared string by its number. Raises Unreadable where there is none."""
        if not index.isdecimal() or len(index) > 9 or int(index) >= len(self.strings):
            if not index:
                return ""
            raise self.archive.damaged()
        return self.strings[int(index)]

    def count(self, value: str) -> None:
        """Raises Unreadable once the cells are more than a list has, since many can share one long string."""
        self.cells += 1
        self.letters += len(value)
        if self.cells > MOST_CELLS or self.letters > MOST_LETTERS:
            raise self.archive.too_large()

    def sheets(self) -> list[tuple[Sheet, str]]:
        """Each sheet of cells and its part."""
        found: list[tuple[Sheet, str]] = []

        def begin(tag: str, attributes: Attributes) -> None:
            if tag != "sheet":
                return
            kind, part = self.relations.get(
                next((v for k, v in attributes.items() if k.endswith(":id")), ""), ("", "")
            )
            if kind == "worksheet":
                hidden = attributes.get("state", "visible") != "visible"
                found.append((Sheet(attributes.get("name", "")[:100], hidden), part))
                if len(found) > MOST_SHEETS:
                    raise Unreadable(
                        f"The workbook has more than {MOST_SHEETS} sheets: keep the one with the list."
                    )

        self.archive.parse(self.part, begin)
        return found


def read_workbook(data: bytes) -> list[Sheet]:
    """The sheets of a workbook that hold something, in order. Raises Unreadable, whose text is a sentence."""
    book = _Book(Archive(data, ".xlsx"))
    found = book.sheets()
    if not found:
        raise Unreadable(
            "The file ends in .xlsx but has no sheet of cells: it is no workbook, or is damaged."
        )
    for sheet, part in found:
        reader = _SheetReader(book, sheet)
        book.archive.parse(part, reader.begin, reader.end, reader.text)
        reader.fill_merged()
        if any(sum(map(len, row)) > LONGEST_ROW for row in sheet.rows):
            raise Unreadable(f"The sheet “{sheet.name}” has a row of more than {LONGEST_ROW:,} characters.")
    return [sheet for sheet, _ in found if sheet.rows]
