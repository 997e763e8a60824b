"""Reading lists of signatories: pasted text, tables and files. Pure functions; nothing is stored."""

from .columns import Columns, columns_of
from .files import read_file, rows_of
from .headings import FIELDS
from .model import Entry, Ignored, Reading, Unreadable
from .tables import read_table
from .text import read_list

__all__ = [
    "FIELDS",
    "Columns",
    "Entry",
    "Ignored",
    "Reading",
    "Unreadable",
    "columns_of",
    "read_file",
    "read_list",
    "read_table",
    "rows_of",
]
