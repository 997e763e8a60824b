"""Reading lists of signatories: pasted text, tables and files. Pure functions; nothing is stored."""

from .files import read_file
from .model import Entry, Ignored, Reading, Unreadable
from .tables import read_table
from .text import read_list

__all__ = ["Entry", "Ignored", "Reading", "Unreadable", "read_file", "read_list", "read_table"]
