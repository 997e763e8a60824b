"""Reading a file by its ending."""

import json
from html.parser import HTMLParser
from pathlib import PurePath
from typing import Any

from .countries import by_code
from .lines import INVISIBLE
from .model import Entry, Ignored, Kind, Reading, Unreadable
from .tables import best_delimiter, pasted_table, read_table, split_rows
from .text import read_list

LARGEST, LONGEST_LINE = 5 * 1024 * 1024, 60_000
TEXT_ENDINGS = (".txt", ".md", ".markdown", ".text")
ENDINGS = (*TEXT_ENDINGS, ".html", ".htm", ".csv", ".tsv", ".json")
BLOCKS = frozenset(
    "p div br tr h1 h2 h3 h4 h5 h6 ul ol table section article header footer td th dt dd blockquote"
    " main".split()
)


def decode(data: bytes) -> str:
    """Bytes as text: by byte order mark, else as UTF-8, else as Windows-1252."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


class _Flattener(HTMLParser):
    """HTML as plain lines, list items and headings marked as in Markdown; tables also as rows of cells."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.rows: list[list[str]] = []
        self.hidden = 0
        self.counters: list[int] = []
        self.in_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style", "template", "nav", "title"):
            self.hidden += 1
        elif tag in ("ul", "ol"):
            self.counters.append(0 if tag == "ol" else -1)
        elif tag == "li":
            self._open_item()
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.in_cell = True
            if self.rows:
                self.rows[-1].append("")
        if tag in BLOCKS:
            self.parts.append("\n" if tag == "br" else "\n\n")
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self.parts.append("# ")

    def _open_item(self) -> None:
        ordered = bool(self.counters) and self.counters[-1] >= 0
        if ordered:
            self.counters[-1] += 1
        self.parts.append(f"\n{self.counters[-1]}. " if ordered else "\n- ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style", "template", "nav", "title"):
            self.hidden = max(0, self.hidden - 1)
        elif tag in ("ul", "ol") and self.counters:
            self.counters.pop()
        elif tag in ("td", "th"):
            self.in_cell = False
        if tag in BLOCKS:
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        if self.hidden:
            return
        text = " ".join(data.split())
        space = " " if data[:1].isspace() else ""
        after = " " if data[-1:].isspace() and text else ""
        self.parts.append(space + text + after)
        if self.in_cell and self.rows and self.rows[-1]:
            self.rows[-1][-1] += space + text + after


def _flat(text: str) -> tuple[list[list[str]] | None, str]:
    """A page's rows where it is a table, and its lines."""
    page = _Flattener()
    page.feed(text)
    page.close()
    wide = [row for row in page.rows if len(row) >= 2]
    is_table = len(wide) >= 2 and len(wide) * 2 >= len(page.rows)
    return page.rows if is_table else None, "".join(page.parts)


def _json_entry(record: dict[str, Any], number: int) -> Entry | None:
    def value(key: str) -> str | None:
        found = record.get(key)
        return (" ".join(str(found).translate(INVISIBLE).split()) or None) if found is not None else None

    name, person, country = value("name"), value("person"), value("country")
    kind: Kind = "individual" if value("kind") == "individual" else "organisation"
    if not name and not person:
        return None
    if kind == "individual" and person is None:  # the public list prints an individual's name as `name`
        name, person = value("affiliation"), name
    code = value("country_code")
    code = by_code(code) if code else (by_code(country) if country else None)
    sure = record.get("sure") is not False
    return Entry(
        name,
        value("acronym"),
        country,
        code,
        person,
        value("role"),
        kind,
        value("group"),
        value("note"),
        number,
        sure,
    )


def _read_json(text: str) -> Reading:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable("The file ends in .json but does not hold valid JSON.") from error
    records = content
    if isinstance(content, dict):
        records = content.get("signatories", content.get("results", content.get("items")))
    if not isinstance(records, list):
        raise Unreadable("The JSON file has no list called “signatories”.")
    signatories: list[Entry] = []
    ignored: list[Ignored] = []
    for number, record in enumerate(records, start=1):
        entry = _json_entry(record, number) if isinstance(record, dict) else None
        if entry is None:
            ignored.append(Ignored(json.dumps(record, ensure_ascii=False)[:200], number, "no name"))
        else:
            signatories.append(entry)
    return Reading(signatories, ignored)


def check_size(data: bytes) -> None:
    """Raises Unreadable for what no list or letter is: more than 5 MB, or a line of more than 60,000 bytes."""
    if len(data) > LARGEST:
        raise Unreadable("The file is larger than 5 MB.")
    if max(map(len, data.splitlines()), default=0) > LONGEST_LINE:
        raise Unreadable(
            "The file has a line of more than 60,000 characters; put each signatory on a line of its own."
        )


def _checked(filename: str, data: bytes) -> str:
    """The file's ending. Raises Unreadable for one that is not read, and for a file that is too large."""
    ending = PurePath(filename).suffix.lower()
    if ending not in ENDINGS:
        name, endings = PurePath(filename).name, ", ".join(ENDINGS)
        raise Unreadable(f"“{name}” cannot be read as a list: use a file ending in {endings}.")
    check_size(data)
    return ending


def rows_of(filename: str, data: bytes) -> list[list[str]] | None:
    """The rows of a file that is a table, for `columns_of` and `read_table`; None for any other file that is read.

    Raises Unreadable as `read_file` does.
    """
    ending = _checked(filename, data)
    text = decode(data)
    if ending in TEXT_ENDINGS:
        return pasted_table(text)
    if ending in (".html", ".htm"):
        return _flat(text)[0]
    if ending == ".json":
        return None
    return split_rows(text, "\t" if ending == ".tsv" else best_delimiter(text))


def read_file(filename: str, data: bytes) -> Reading:
    """The signatories in a file, read by its ending: .txt .md .html .htm .csv .tsv .json.

    For .json, the format of the public list and of `import_signatories --json`. Raises Unreadable, whose text
    is a sentence for the person who chose the file, for any other ending and for JSON of another shape.
    """
    ending = _checked(filename, data)
    rows = rows_of(filename, data)
    if rows is not None:
        return read_table(rows)
    text = decode(data)
    if ending == ".json":
        return _read_json(text)
    return read_list(_flat(text)[1] if ending in (".html", ".htm") else text)
