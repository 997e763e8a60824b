"""The cells of the public list as CSV: which columns it has, and what keeps a spreadsheet from running a name."""

import re

COLUMNS = (
    "position",
    "name",
    "acronym",
    "country",
    "kind",
    "organisation",
    "signed_on",
    "text_version",
    "affiliation",
    "note",
)
# What makes a spreadsheet take a cell for a formula, in the half-width and full-width forms (OWASP, "CSV Injection").
STARTERS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%")


# Where the list separator is a semicolon (most of Europe), a spreadsheet begins a new cell behind one, quoted or not.
_BEGIN = "".join(map(re.escape, (*STARTERS, "'")))
WITHIN, GUARDED = re.compile(rf";(\s*)(?=[{_BEGIN}])"), re.compile(rf";(\s*)'(?=[{_BEGIN}])")


def guard(cell: str) -> str:
    """The cell with an apostrophe before it when a spreadsheet might run it (or when it already begins with one), and
    behind a semicolon before what it might run there."""
    cell = WITHIN.sub(r";\1'", cell)
    return f"'{cell}" if cell.startswith((*STARTERS, "'")) or cell[:1].isspace() else cell


def unguard(cell: str) -> str:
    """The exact words of a guarded cell."""
    return GUARDED.sub(r";\1", cell[1:] if cell.startswith("'") else cell)
