"""Reading tables: one entry a row, by what each column is."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import replace

from signatories.cells import unguard
from signatories.matching import fold

from .columns import Columns, columns_of, exact, plain
from .countries import by_code, is_place
from .groups import BARE_GROUP
from .headings import field_of
from .model import Entry, Ignored, Kind, Reading
from .organisations import read_organisation
from .people import could_be_person, is_person, read_person

INDIVIDUAL = re.compile(r"individual|person|individu|частн|физ|فرد|einzel")
# Answers to "do you consent?" and to "withhold your name?", folded.
NO = frozenset(
    map(fold, ("no", "non", "nein", "não", "нет", "لا", "否", "不", "不同意", "n", "false", "0", "withheld"))
)
YES = frozenset(
    map(fold, ("yes", "oui", "sí", "ja", "sim", "sì", "да", "نعم", "是", "同意", "y", "true", "1", "x", "✓"))
)
NOT = re.compile(r"\b(?:not|pas|nicht|не)\b")
ANSWER = "answer"  # columns that are no field: answers, yes or no, under a heading that we do not know
BROKEN = re.compile(r"^#(?:REF!|N/A|NAME\?|VALUE!|DIV/0!|NULL!|NUM!)$")


Places = dict[str, list[int]]  # the columns of each field


def _cell(row: Sequence[str], places: Places, field: str) -> str | None:
    for index in places.get(field, ()):
        if index < len(row) and (found := plain(row[index])):
            return found
    return None


def _kind(row: Sequence[str], places: Places, organisation: str | None, person: str | None) -> Kind:
    said = _cell(row, places, "kind")
    if said:
        return "individual" if INDIVIDUAL.search(fold(said)) else "organisation"
    if "affiliation" in places or not organisation:
        return "individual" if person else "organisation"
    return "individual" if person is None and is_person(organisation) else "organisation"


def _row_entry(row: Sequence[str], places: Places, number: int) -> Entry | str:
    name = (
        _cell(row, places, "organisation") or _cell(row, places, "name") or _cell(row, places, "affiliation")
    )
    if BROKEN.match(name or ""):
        return "a spreadsheet's error in place of the name"
    names = [_cell(row, places, field) for field in ("person", "given", "surname")]
    person, role = " ".join(filter(None, names)) or None, _cell(row, places, "role")
    if not any(c.isalnum() for c in (person or "") + (name or "")):
        return "row without a name"
    kind = _kind(row, places, name, person)
    country, acronym = _cell(row, places, "country"), _cell(row, places, "acronym")
    notes = [note] if (note := _cell(row, places, "note")) else []
    sure = True
    if kind == "individual" and person is None and name:
        read = read_person(name)
        person, name, role = read.person, read.name, role or read.role
        acronym, country = acronym or read.acronym, country or read.country
        notes += read.notes
    elif name:
        if person and not role and "role" not in places and "," in person:
            read = read_person(person)  # "Name and title of the representative"
            person, role = (read.person, read.role) if read.role and not read.name else (person, None)
        org = read_organisation(name)
        name, acronym, country, sure = org.name, acronym or org.acronym, country or org.country, org.sure
        notes += org.notes
    code = by_code(country) if country else None
    group = _cell(row, places, "group")
    return Entry(
        name, acronym, country, code, person, role, kind, group, "; ".join(notes) or None, number, sure,
        _cell(row, places, "email"),
    )  # fmt: skip


def _exact_entry(row: Sequence[str], places: Places, number: int) -> Entry | str:
    """A row of the public list: the name whole, an individual's affiliation as it was printed."""

    def value(field: str) -> str | None:
        cells = (exact(unguard(row[index])) for index in places.get(field, ()) if index < len(row))
        return next(filter(None, cells), None)

    name, country = value("name"), value("country")
    individual = value("kind") == "individual"
    if not any(c.isalnum() for c in name or ""):
        return "row without a name"
    return Entry(
        name=value("affiliation") if individual else name,
        acronym=value("acronym"),
        country=country,
        country_code=by_code(country) if country else None,
        person=name if individual else None,
        role=None,
        kind="individual" if individual else "organisation",
        group=None,
        note=value("note"),
        line=number,
        sure=True,
    )


def read_table(rows: Sequence[Sequence[str]], columns: Columns | None = None) -> Reading:
    """The signatories of a table, by `columns` where a person has set them, else by `columns_of(rows)`.

    `line` is the 1-based number of the row. Every filled row is an entry or is ignored. Raises nothing.
    """
    columns = columns or columns_of(rows)
    places = _places(columns, rows)
    headings = rows[columns.heading - 1] if columns.heading else None
    signatories: list[Entry] = []
    ignored: list[Ignored] = []
    group: str | None = None
    for number, row in enumerate(rows, start=1):
        if not any(cell.strip() for cell in row):
            continue
        if number < (columns.heading or 0):
            read: Entry | str = "above the headings"
        elif row == headings:
            read = "heading"
        elif not columns.exact and (heads := _group_heading(row, rows)):
            group, read = heads, "heading"
        else:
            entry_of = _exact_entry if columns.exact else _row_entry
            read = _refused(row, places) or entry_of(row, places, number)
        if isinstance(read, Entry):
            read = read if read.group else replace(read, group=group)
            doubtful = not columns.exact and _is_doubtful(read, row, places, told=columns.sure)
            signatories.append(replace(read, sure=False) if doubtful else read)
        else:
            ignored.append(Ignored(_joined(row), number, read))
    return Reading(signatories, ignored)


def _group_heading(row: Sequence[str], rows: Sequence[Sequence[str]]) -> str | None:
    """The words of a row that stand alone over those below it ("Europe" in a table of several columns)."""
    filled = [plain(cell) for cell in row if cell.strip()]
    if len(filled) != 1 or max(map(len, rows[:100])) < 2 or filled[0][:1].isdigit():
        return None
    words = filled[0].strip(" :")
    return words if is_place(words) or BARE_GROUP.match(fold(words)) else None


def read_row(rows: Sequence[Sequence[str]], columns: Columns, number: int) -> Entry | None:
    """What the row of that 1-based number says by the columns, also where `read_table` leaves it out for a refused consent;
    None where it names nobody. It is never sure."""
    if not 0 < number <= len(rows):
        return None
    read = _row_entry(rows[number - 1], _places(columns, rows), number)
    return replace(read, sure=False) if isinstance(read, Entry) else None


def _places(columns: Columns, rows: Sequence[Sequence[str]]) -> Places:
    places: Places = {}
    for index, field in enumerate(columns.fields):
        if field:
            places.setdefault(field, []).append(index)
    body = rows[columns.heading or 0 :]
    unknown = [
        index
        for index, field in enumerate(columns.fields)
        if not field and index < len(columns.headings) and columns.headings[index].strip()
    ]
    for index in unknown:
        if columns.heading and field_of(columns.headings[index])[0] is None and _is_answered(body, index):
            places.setdefault(ANSWER, []).append(index)
    if "role" in places and all((_cell(row, places, "role") or "0").isdigit() for row in body):
        del places["role"]  # "Position" may be the place in the list
    return places


def _is_answered(body: Sequence[Sequence[str]], index: int) -> bool:
    """Whether a column holds answers to a question, yes or no."""
    cells = {_first_word(fold(plain(row[index]))) for row in body if index < len(row)} - {""}
    return bool(cells) and cells <= NO | YES and not all(cell.isdigit() for cell in cells)


def _first_word(answer: str) -> str:
    return re.split(r"[\s,.;:!，、،]", answer, maxsplit=1)[0]


def _refused(row: Sequence[str], places: Places) -> str:
    """Why a row with a name must not be listed, or nothing."""
    consent, withhold = (fold(_cell(row, places, field) or "") for field in ("consent", "withhold"))
    if _first_word(consent) in NO or NOT.search(consent):
        return "consent was refused"
    if _first_word(withhold) in YES:
        return "asked not to be named"
    return ""


def _is_doubtful(entry: Entry, row: Sequence[str], places: Places, *, told: bool) -> bool:
    """Doubtful is what stands in a column called only "name" and may be a person, a person in place of an organisation, a
    consent that nobody gave, a "no" to a question that nobody knows, and a person in columns that were told by their
    content."""
    if any(
        _first_word(fold(plain(row[index]))) in NO for index in places.get(ANSWER, ()) if index < len(row)
    ):
        return True
    if not places.keys() & {"organisation", "kind"} and entry.kind == "organisation":
        return could_be_person(entry.name or "")
    if entry.kind == "individual" and "organisation" in places and "kind" not in places:
        return True
    return ("consent" in places and not _cell(row, places, "consent")) or (not told and bool(entry.person))


def _joined(row: Sequence[str]) -> str:
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
        known = [field_of(cell)[0] for cell in cells if cell.strip()]
        filled = sum(bool(cell.strip()) for cell in cells)
        if filled < 2 or columns_of([cells]).heading is None or sum(map(bool, known)) * 5 < len(known):
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
