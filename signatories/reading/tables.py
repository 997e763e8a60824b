"""Reading tables: which column is what, then one entry a row."""

import csv
import io
import re
from dataclasses import replace

from signatories.matching import fold

from .countries import by_code, is_place
from .headings import HEADINGS
from .lines import INVISIBLE
from .model import Entry, Ignored, Kind, Reading
from .organisations import read_organisation
from .people import could_be_person, is_person, read_person

_FOLDED = {field: tuple(fold(heading) for heading in headings) for field, headings in HEADINGS.items()}
INDIVIDUAL = re.compile(r"individual|person|individu|частн|физ|فرد|einzel")


def _field_of(heading: str) -> str | None:
    text = re.sub(r"\s*[(:*?].*$", "", fold(heading).replace("_", " ")).strip()
    for field, headings in _FOLDED.items():
        if text in headings:
            return field
    for field in ("organisation", "person", "country", "acronym", "affiliation", "role"):
        if any(text.startswith(heading + " ") or text.endswith(" " + heading) for heading in _FOLDED[field]):
            return field
    return None


def _columns_by_heading(row: list[str]) -> dict[str, int] | None:
    """Column number by meaning, or None when the row is no heading row."""
    columns: dict[str, int] = {}
    for index, cell in enumerate(row):
        field = _field_of(cell) if len(cell) < 80 else None
        if field and field not in columns:
            columns[field] = index
    if "organisation" in columns and "name" in columns:
        columns.setdefault("person", columns.pop("name"))
    elif "name" in columns and "person" not in columns and "affiliation" in columns:
        columns["person"] = columns.pop("name")
    if "given" in columns or "surname" in columns:
        columns.pop("person", None)
    return columns if columns.keys() & {"organisation", "name", "person", "surname"} else None


def _columns_by_content(rows: list[list[str]]) -> dict[str, int]:
    """The country's column is where most cells are countries; the name's the longest text of the others."""
    width = max(map(len, rows))
    sample = rows[:200]
    columns: dict[str, int] = {}
    scores: list[tuple[float, int]] = []
    for index in range(width):
        cells = [row[index].strip() for row in sample if index < len(row) and row[index].strip()]
        if not cells:
            continue
        if sum(is_place(cell) for cell in cells) * 2 > len(cells) and "country" not in columns:
            columns["country"] = index
            continue
        texts = [
            cell for cell in cells if any(c.isalpha() for c in cell) and "@" not in cell and "://" not in cell
        ]
        if len(texts) * 2 > len(cells):
            # A long text of many rows wins; the first of equals, since people put the name first.
            scores.append((sum(map(len, texts)) / len(sample) - index * 4, index))
    columns["name"] = max(scores)[1] if scores else 0
    return columns


def _cell(row: list[str], columns: dict[str, int], field: str) -> str | None:
    index = columns.get(field)
    if index is None or index >= len(row):
        return None
    return " ".join(row[index].translate(INVISIBLE).split()) or None


def _kind(row: list[str], columns: dict[str, int], organisation: str | None, person: str | None) -> Kind:
    said = _cell(row, columns, "kind")
    if said:
        return "individual" if INDIVIDUAL.search(fold(said)) else "organisation"
    if "affiliation" in columns or not organisation:
        return "individual" if person else "organisation"
    return "individual" if person is None and is_person(organisation) else "organisation"


def _row_entry(row: list[str], columns: dict[str, int], number: int) -> Entry | None:
    name = (
        _cell(row, columns, "organisation")
        or _cell(row, columns, "name")
        or _cell(row, columns, "affiliation")
    )
    names = [_cell(row, columns, field) for field in ("person", "given", "surname")]
    person, role = " ".join(filter(None, names)) or None, _cell(row, columns, "role")
    if not name and not person:
        return None
    kind = _kind(row, columns, name, person)
    country, acronym = _cell(row, columns, "country"), _cell(row, columns, "acronym")
    notes = [note] if (note := _cell(row, columns, "note")) else []
    sure = True
    if kind == "individual" and person is None and name:
        read = read_person(name)
        person, name, role = read.person, read.name, role or read.role
        acronym, country = acronym or read.acronym, country or read.country
        notes += read.notes
    elif name:
        org = read_organisation(name)
        name, acronym, country, sure = org.name, acronym or org.acronym, country or org.country, org.sure
        notes += org.notes
    code = by_code(country) if country else None
    group = _cell(row, columns, "group")
    return Entry(
        name, acronym, country, code, person, role, kind, group, "; ".join(notes) or None, number, sure
    )


def read_table(rows: list[list[str]]) -> Reading:
    """The signatories of a table, its columns known by their headings or else by what stands in them.

    `line` is the 1-based number of the row. Raises nothing.
    """
    filled = [(number, row) for number, row in enumerate(rows, start=1) if any(cell.strip() for cell in row)]
    signatories: list[Entry] = []
    ignored: list[Ignored] = []
    if not filled:
        return Reading(signatories, ignored)
    columns = _columns_by_heading(filled[0][1])
    if columns is not None:
        ignored.append(Ignored(_joined(filled[0][1]), filled[0][0], "heading"))
        filled = filled[1:]
        if "role" in columns and all((_cell(row, columns, "role") or "0").isdigit() for _, row in filled):
            del columns["role"]  # "Position" may be the place in the list
    else:
        columns = _columns_by_content([row for _, row in filled])
    for number, row in filled:
        entry = _row_entry(row, columns, number)
        if entry is None or not any(c.isalnum() for c in (entry.person or "") + (entry.name or "")):
            ignored.append(Ignored(_joined(row), number, "row without a name"))
        else:
            signatories.append(_settled(entry, columns))
    return Reading(signatories, ignored)


def _settled(entry: Entry, columns: dict[str, int]) -> Entry:
    """A column called only "name" may hold persons: unsure where the shape says so."""
    doubtful = (
        not columns.keys() & {"organisation", "kind"}
        and entry.kind == "organisation"
        and could_be_person(entry.name or "")
    )
    return replace(entry, sure=False) if doubtful else entry


def _joined(row: list[str]) -> str:
    return " | ".join(cell.strip() for cell in row if cell.strip())


def split_rows(text: str, delimiter: str) -> list[list[str]]:
    """`text` as rows of cells; a broken quotation mark makes odd cells, never an error."""
    limit = csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    try:
        return list(csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter))
    except csv.Error:
        return [line.split(delimiter) for line in text.splitlines()]
    finally:
        csv.field_size_limit(limit)


def best_delimiter(text: str) -> str:
    """The delimiter that most of the first lines agree on."""
    lines = [line for line in text.splitlines()[:20] if line.strip()]
    counts = {mark: sorted(line.count(mark) for line in lines) for mark in "\t;,|"}
    return max(counts, key=lambda mark: (counts[mark][len(lines) // 2] if lines else 0, mark == ","))


def pasted_table(text: str) -> list[list[str]] | None:
    """The rows of a text that is a table pasted as it stands: delimited, with a heading row that we know."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    for delimiter in "\t;,|":
        if first.count(delimiter) < 1 or len(first) > 400:
            continue
        heading = split_rows(first, delimiter)
        cells = heading[0] if heading else []
        known = [_field_of(cell) for cell in cells if cell.strip()]
        if _columns_by_heading(cells) is None or sum(map(bool, known)) * 5 < len(known):
            continue
        body = [line for line in text.splitlines() if line.strip()][1:]
        if (
            body
            and sum(delimiter in line for line in body) * 3 >= 2 * len(body)
            and all(len(cell.split()) < 8 for cell in cells)
        ):
            return split_rows(text, delimiter)
    tabbed = [line for line in text.splitlines() if line.strip()]
    cells_of = [[cell for cell in line.split("\t") if cell.strip(" .)\r")] for line in tabbed]
    wide = [cells for cells in cells_of if len([c for c in cells if any(x.isalpha() for x in c)]) >= 2]
    if len(tabbed) >= 2 and len(wide) * 5 >= 4 * len(tabbed):
        return split_rows(text, "\t")
    return None
