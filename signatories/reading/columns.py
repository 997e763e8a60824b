"""Which column of a table is what: found by the headings, else by what stands in the cells, and open to change."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from signatories.cells import COLUMNS

from .countries import is_place
from .headings import FIELDS, field_of
from .lines import INVISIBLE
from .organisations import is_acronym
from .people import could_be_person, has_role

# Looked through for the headings (a title and an explanation may stand above them), and for what a column holds.
ROWS_TO_HEADINGS, SAMPLE, SHOWN = 10, 200, 3
# A table is a list when one of these is known.
NAMED = frozenset(["organisation", "name", "person", "surname"])
EMAIL, LINK = re.compile(r"^\S+@\S+\.\S+$"), re.compile(r"^(?:https?://|www\.)\S+$", re.IGNORECASE)
UNSEEN = {code: seen for code, seen in INVISIBLE.items() if code not in (0x200C, 0x200D)} | {10: " ", 13: " "}
NUMBER = re.compile(r"^[\d\s.,:/#+TZ()-]+$")


@dataclass(frozen=True, slots=True)
class Columns:
    """What each column of a table is, for a person to look at and change.

    `fields` has one of `FIELDS` for each column, or "" for a column that is left out; where two columns are the same,
    the first that is filled counts. `heading` is the 1-based number of the row of headings, None for a table without;
    rows above it are left out. `headings` and `samples` (up to three filled cells each) are what a person needs to
    tell the columns apart. `sure` is False where the columns were told by their content. `exact` is True for the table of
    the public list (`signatories.cells`), whose cells are read as they are, and not taken apart.
    """

    fields: tuple[str, ...]
    heading: int | None
    headings: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]
    sure: bool
    exact: bool = False

    def changed(self, fields: Sequence[str], *, heading: int | None) -> "Columns":
        """These columns as a person set them. Raises ValueError for a field that is none of `FIELDS` or ""."""
        for field in fields:
            if field and field not in FIELDS:
                raise ValueError(f"“{field}” is no field of a list.")
        return replace(self, fields=tuple(fields), heading=heading, sure=True)

    def of(self, field: str) -> list[int]:
        """The 0-based numbers of the columns that are `field`."""
        return [index for index, each in enumerate(self.fields) if each == field]


def plain(cell: str) -> str:
    """A cell's words in one line, without invisible characters."""
    return " ".join(cell.translate(INVISIBLE).split())


def exact(cell: str) -> str:
    """A cell's words in one line as they are, with the joiners that Persian and Indic scripts write."""
    return " ".join(cell.translate(UNSEEN).split())


def _is_public_list(row: Sequence[str]) -> bool:
    """Whether a row is the headings of the public list, some columns of which may have been taken out since."""
    return {"position", "name", "kind", "text_version"} <= set(map(plain, row)) <= {*COLUMNS, ""}


def _by_heading(row: Sequence[str]) -> list[str] | None:
    """The field of each column, or None when the row is no row of headings."""
    if _is_public_list(row):
        known = ("name", "acronym", "country", "kind", "affiliation", "note")
        return [name if (name := plain(cell)) in known else "" for cell in row]
    found = [field_of(cell) if cell.strip() else (None, False) for cell in row]
    fields: list[str] = []
    for field, _ in found:
        fields.append(field if field in FIELDS and field not in fields else "")
    if not any(sure for _, sure in found) or not NAMED & set(fields):
        return None
    return _settled(fields)


def _settled(fields: list[str]) -> list[str]:
    """A column called only "name" holds surnames beside one of given names, and persons beside one of organisations."""
    if "name" in fields:
        if "given" in fields and "surname" not in fields:
            fields[fields.index("name")] = "surname"
        elif "person" not in fields and ("organisation" in fields or "affiliation" in fields):
            fields[fields.index("name")] = "person"
    if "person" in fields and ("given" in fields or "surname" in fields):
        fields[fields.index("person")] = ""
    return fields


def _heading(filled: Sequence[tuple[int, Sequence[str]]]) -> tuple[int, list[str]] | None:
    """The number of the row of headings and the fields. Below the first row, it has to name two at least, and what
    stands above it is narrower, as a title is."""
    for number, row in filled[:ROWS_TO_HEADINGS]:
        fields = _by_heading(row)
        if fields is None:
            continue
        above = [sum(bool(cell.strip()) for cell in other) for before, other in filled if before < number]
        if not above or (sum(map(bool, fields)) >= 2 and max(above) < sum(bool(c.strip()) for c in row)):
            return number, fields
    return None


def _share(cells: list[str], holds: Callable[[str], object]) -> float:
    return sum(bool(holds(cell)) for cell in cells) / len(cells)


def _is_short_form(cell: str) -> bool:
    return " " not in cell and len(cell) <= 12 and is_acronym(cell)


# What a column of most cells of a kind is, the first that fits.
KINDS: tuple[tuple[str, Callable[[str], object], float], ...] = (
    ("email", EMAIL.match, 0.5),
    ("website", LINK.match, 0.5),
    ("", NUMBER.match, 0.5),
    ("country", is_place, 0.5),
    ("acronym", _is_short_form, 0.6),
    ("role", lambda cell: has_role(cell) and len(cell.split()) <= 6 and not could_be_person(cell), 0.6),
    ("person", could_be_person, 0.7),
)


def _by_content(rows: Sequence[Sequence[str]]) -> list[str]:
    """The name's column is the longest text of those that are nothing else; without one, the one most like it."""
    width = max(map(len, rows))
    sample = rows[:SAMPLE]
    fields, names = [""] * width, []
    for index in range(width):
        cells = [cell for row in sample if index < len(row) and (cell := plain(row[index]))]
        if not cells:
            continue
        field = next((field for field, holds, least in KINDS if _share(cells, holds) > least), "name")
        if field == "name":
            # A long text of many rows wins; the first of equals, since people put the name first.
            names.append((sum(map(len, cells)) / len(sample) - index * 4, index))
        elif field not in fields:
            fields[index] = field
    if names:
        fields[max(names)[1]] = "organisation" if "person" in fields else "name"
        return fields
    for instead in ("person", "role", "acronym", "country"):
        if instead in fields:
            fields[fields.index(instead)] = "person" if instead == "person" else "name"
            return fields
    return fields


def columns_of(rows: Sequence[Sequence[str]]) -> Columns:
    """What the columns of a table are, as far as can be told. Raises nothing."""
    filled = [(number, row) for number, row in enumerate(rows, start=1) if any(cell.strip() for cell in row)]
    if not filled:
        return Columns((), None, (), (), False)
    found = _heading(filled)
    number, fields = found if found else (None, _by_content([row for _, row in filled]))
    width = max(len(row) for _, row in filled)
    body = [row for at, row in filled if number is None or at > number]
    heading = rows[number - 1] if number else ()
    return Columns(
        fields=tuple(fields) + ("",) * (width - len(fields)),
        heading=number,
        headings=tuple(plain(cell) for cell in heading) + ("",) * (width - len(heading)),
        samples=tuple(_shown(body, index) for index in range(width)),
        sure=number is not None,
        exact=_is_public_list(heading),
    )


def _shown(body: Sequence[Sequence[str]], index: int) -> tuple[str, ...]:
    cells = (plain(row[index])[:80] for row in body[:SAMPLE] if index < len(row))
    return tuple([cell for cell in cells if cell][:SHOWN])
