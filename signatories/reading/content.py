"""What a file holds before it is read as a list: rows of a table, or lines."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from .columns import KINDS, columns_of, plain
from .model import Ignored
from .tables import read_table
from .text import read_list


@dataclass(slots=True)
class Content:
    """`rows` where the file is a table, else None; `text` its lines otherwise.

    `asides` are what stands beside that and is left out (another sheet, a sentence above the table); their line is 0.
    `sure` is False where the letters of the file had to be guessed.
    """

    rows: list[list[str]] | None
    text: str = ""
    asides: list[Ignored] = field(default_factory=list)
    sure: bool = True


def _is_grid(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a name stands in every column, as where a list is laid out in columns to save paper."""
    width = max(map(len, rows), default=0)
    lengths: list[float] = []
    for index in range(width):
        cells = [cell for row in rows if index < len(row) and (cell := plain(row[index]))]
        if not cells and not lengths:
            continue
        several = [cell for cell in cells if " " in cell or len(cell) > 20]
        other = any(sum(bool(holds(c)) for c in cells) > least * len(cells) for _, holds, least in KINDS)
        if (
            len(cells) * 3 < len(rows)
            or len(several) * 3 < len(cells) * 2
            or len(set(cells)) < len(cells)
            or other
        ):
            return False
        lengths.append(sum(map(len, cells)) / len(cells))
    return len(lengths) >= 2 and max(lengths) <= 2 * min(lengths) and columns_of(rows).heading is None


def of_page(rows: list[list[str]], text: str, outside: str) -> Content:
    """What a page or a document is: its tables, where most rows have several cells and they hold no fewer signatories
    than what stands `outside` of them, else all its lines, `text`."""
    wide = [row for row in rows if sum(bool(cell.strip()) for cell in row) >= 2]
    if len(wide) < 2 or len(wide) * 2 < len(rows) or _is_grid(rows):
        return Content(None, text)
    if len(read_list(outside).signatories) > len(read_table(rows).signatories):
        return Content(None, text)
    lines = (" ".join(line.split()) for line in outside.splitlines())
    return Content(rows, text, [Ignored(line, 0, "outside the table") for line in lines if line])
