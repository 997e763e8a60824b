"""Reading a file by its ending and by what it is."""

from dataclasses import replace
from pathlib import PurePath

from .columns import columns_of
from .content import Content, of_page
from .countries import is_place
from .encoding import decode, decoded
from .model import Ignored, Reading, Unreadable
from .pages import read_page
from .records import read_records
from .tables import best_delimiter, pasted_table, read_table, split_rows
from .text import read_list
from .word import read_document
from .workbook import MOST_ROWS, Sheet, read_workbook

__all__ = ["ENDINGS", "LARGEST", "check_size", "content_of", "decode", "read_file", "rows_of"]

LARGEST, LONGEST_LINE = 5 * 1024 * 1024, 60_000
TEXT_ENDINGS = (".txt", ".md", ".markdown", ".text")
TABLE_ENDINGS = (".csv", ".tsv")
PAGE_ENDINGS = (".html", ".htm")
ENDINGS = (*TEXT_ENDINGS, *PAGE_ENDINGS, *TABLE_ENDINGS, ".xlsx", ".docx", ".json")
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".tif", ".tiff", ".bmp", ".heic")
INSTEAD = {
    ".xls": "save it as .xlsx",
    ".xlsb": "save it as .xlsx",
    ".xlsm": "it may hold macros; save it as .xlsx",
    ".xltm": "it may hold macros; save it as .xlsx",
    ".docm": "it may hold macros; save it as .docx",
    ".dotm": "it may hold macros; save it as .docx",
    ".ods": "save it as .xlsx or .csv",
    ".numbers": "export it as .xlsx or .csv",
    ".doc": "save it as .docx",
    ".odt": "save it as .docx",
    ".rtf": "save it as .docx",
    ".pages": "export it as .docx",
    ".pdf": "copy its text, and paste that or save it as .txt",
    ".zip": "unpack it, and choose the file inside",
}
INSTEAD |= dict.fromkeys(PICTURES, "it is a picture; type the names into a text")
# The first bytes of files that are not what their ending says.
STARTS = {b"%PDF-": "a PDF", b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture", b"GIF8": "a picture"}
STARTS |= {
    b"PK\x03\x04": "a workbook or another packed file",
    b"\xd0\xcf\x11\xe0": "an old or protected office file",
}


def check_size(data: bytes) -> None:
    """Raises Unreadable for what no list or letter is: more than 5 MB, or a line of more than 60,000 bytes."""
    _check_whole(data)
    if max(map(len, data.splitlines()), default=0) > LONGEST_LINE:
        raise Unreadable(
            "The file has a line of more than 60,000 characters; put each signatory on a line of its own."
        )


def _check_whole(data: bytes) -> None:
    if len(data) > LARGEST:
        raise Unreadable("The file is larger than 5 MB.")


def _check_lines(text: str) -> None:
    lines = text.splitlines()
    if max(map(len, lines), default=0) > LONGEST_LINE:
        raise Unreadable(
            "The file has a line of more than 60,000 characters; put each signatory on a line of its own."
        )
    if sum(map(bool, lines)) > MOST_ROWS:
        raise Unreadable(f"The file has more than {MOST_ROWS:,} lines: no list is that long.")


def _ending(filename: str, data: bytes) -> str:
    """The file's ending. Raises Unreadable for one that is not read, and for content that is of another."""
    name = PurePath(filename).name
    ending = PurePath(filename).suffix.lower()
    if ending in INSTEAD:
        raise Unreadable(f"“{name}” cannot be read as a list: {INSTEAD[ending]}.")
    if ending not in ENDINGS:
        raise Unreadable(f"“{name}” cannot be read as a list: use a file ending in {', '.join(ENDINGS)}.")
    if ending not in (".xlsx", ".docx"):
        for start, what in STARTS.items():
            if data.startswith(start):
                raise Unreadable(f"“{name}” is {what}, whatever its ending says: give it the right one.")
    return ending


def _best(sheets: list[Sheet]) -> Sheet:
    """The sheet with the most rows that read as signatories, a sheet that is shown and has headings before others."""

    def weight(sheet: Sheet) -> tuple[bool, bool, float]:
        columns = columns_of(sheet.rows)
        read = read_table(sheet.rows[:200], columns).signatories
        names = sum(not is_place(entry.name or entry.person or "") for entry in read)
        share = names / max(1, sum(map(bool, sheet.rows[:200])))
        return not sheet.hidden, columns.sure and names > 0, sheet.filled * share

    return max(sheets, key=weight)


def _workbook(data: bytes) -> Content:
    sheets = read_workbook(data)
    if not sheets:
        raise Unreadable("The workbook has nothing in its cells; a picture or a box of text is not read.")
    best = _best(sheets)
    if best.unsaved:
        raise Unreadable(
            f"The cell {best.unsaved} of the sheet “{best.name}” has a formula whose value was not saved: open the workbook"
            " in a spreadsheet program, save it, and upload it again."
        )
    others = [
        Ignored(f"“{sheet.name}”: {sheet.filled}", 0, "a hidden sheet" if sheet.hidden else "another sheet")
        for sheet in sheets
        if sheet is not best
    ]
    return Content(best.rows, asides=others)


def content_of(filename: str, data: bytes) -> Content:
    """What a file holds, by its ending: rows or lines. For .json, its text.

    Raises Unreadable, whose text is one sentence for the person who chose the file.
    """
    _check_whole(data)
    ending = _ending(filename, data)
    if ending == ".xlsx":
        return _workbook(data)
    if ending == ".docx":
        document = read_document(data)
        _check_lines("\n".join(document.lines))
        content = of_page(document.rows, "\n".join(document.lines), "\n".join(document.outside))
    else:
        if ending in TABLE_ENDINGS:
            check_size(data)
        found = decoded(data)
        content = _of_text(ending, found.text.replace("\0", ""))
        if not found.sure:
            content.sure = False
            content.asides.append(Ignored(found.encoding, 0, "the encoding had to be guessed"))
    if content.rows is not None and len(content.rows) > MOST_ROWS:
        raise Unreadable(f"The table has more than {MOST_ROWS:,} rows: no list is that long.")
    return content


def _of_text(ending: str, text: str) -> Content:
    if ending in PAGE_ENDINGS:
        page = read_page(text)
        _check_lines("".join(page.parts))
        return of_page(page.rows, "".join(page.parts), "".join(page.outside))
    if ending in TABLE_ENDINGS:
        return Content(split_rows(text, "\t" if ending == ".tsv" else best_delimiter(text)))
    if ending != ".json":
        _check_lines(text)
    return Content(None if ending == ".json" else pasted_table(text), text)


def rows_of(filename: str, data: bytes) -> list[list[str]] | None:
    """The rows of a file that is a table, for `columns_of` and `read_table`; None for any other file that is read.

    Raises Unreadable as `read_file` does.
    """
    return content_of(filename, data).rows


def read_content(content: Content) -> Reading:
    """The signatories of what a file holds, and what was left out beside them, first (line 0)."""
    reading = read_list(content.text) if content.rows is None else read_table(content.rows)
    signatories = reading.signatories
    if not content.sure:
        signatories = [replace(entry, sure=False) for entry in signatories]
    return Reading(signatories, [*content.asides, *reading.ignored])


def read_file(filename: str, data: bytes) -> Reading:
    """The signatories in a file, read by its ending: .txt .md .html .htm .csv .tsv .xlsx .docx .json.

    For .json, the format of the public list and of `import_signatories --json`. Of a workbook, the sheet that is most
    like a list. Raises Unreadable, whose text is a sentence for the person who chose the file, for any other ending
    and for content that is not what the ending says.
    """
    content = content_of(filename, data)
    if PurePath(filename).suffix.lower() == ".json":
        return read_records(content.text)
    return read_content(content)
