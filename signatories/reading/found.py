"""What the search for the list gathers: the text of each signatory, and the lines that are none."""

import re
from dataclasses import dataclass, field

from .lines import Line, is_closing, is_list_heading
from .model import Ignored, Kind
from .words import GROUP_KIND

BEFORE, AFTER = "text before the list", "text after the list"
HEADING_REASON, FURNITURE = "heading", "page text or credit"
REST, PAGE = "the rest of the sentence", "page number"
LONGEST_NAME = 500  # characters; nothing is joined to what is longer, so that hostile text costs no more
LAST_BUT_ONE = re.compile(
    r"\s*[,;]\s*(?:and|et|y|e|und|i|en|og|och|&)$", re.IGNORECASE
)  # before the last line


@dataclass(slots=True)
class Item:
    """The text of one signatory, with what its place in the list says about it."""

    text: str
    line: int
    group: str | None = None
    kind: Kind | None = None
    sure: bool = True
    note: str | None = None


@dataclass(slots=True)
class Found:
    """What the search has gathered so far."""

    items: list[Item]
    ignored: list[Ignored]
    rests: list[Ignored] = field(default_factory=list)  # parts of lines that have entries
    group: str | None = None
    kind: Kind | None = None
    one_heading: bool = True
    breaks: frozenset[int] = frozenset()  # lines that are sentences, though short
    closed: bool = False  # a letter's closing formula stands above the list
    wrapped: dict[int, list[tuple[int, int]]] = field(default_factory=dict)  # see `unwrapped`
    places: bool = False  # a line that is only a country or a region heads those below it

    def drop(self, line: Line, reason: str) -> None:
        self.ignored.append(Ignored(line.raw, line.number, reason))

    def add(self, line: Line, text: str | None = None, sure: bool = True) -> None:
        text = LAST_BUT_ONE.sub("", text or line.text) or line.text
        self.items.append(Item(text, line.number, self.group, self.kind, sure))

    def open_group(self, line: Line) -> None:
        # "Signatories:" alone heads the list and is no group; "Cosignatories:" beside another one is.
        self.closed = self.closed or is_closing(line)
        own = is_closing(line) or (self.one_heading and is_list_heading(line))
        self.group = None if own else line.text.strip(" :：,") or None
        self.kind = group_kind(line.folded)
        self.drop(line, HEADING_REASON)


def group_kind(folded: str) -> Kind | None:
    """What a heading says of those below it; None when it names both or neither."""
    kinds = [kind for kind, pattern in GROUP_KIND if pattern.search(folded)]
    return kinds[0] if len(kinds) == 1 else None
