"""What the reading of a letter document gives."""

import datetime
from dataclasses import dataclass, field
from typing import Literal

Sureness = Literal["sure", "guess", "absent"]
PARTS = (
    "title", "date", "place", "language", "addressees", "subject", "salutation", "standfirst", "body", "closing",
    "signatories", "credit",
)  # fmt: skip


class Unreadable(ValueError):
    """The file cannot be read as a letter. Its text is one sentence for the person who chose the file."""


@dataclass(frozen=True, slots=True)
class ReadAddressee:
    """Whom the letter is to, or who gets a copy; function and body are empty when not printed."""

    name: str
    function: str
    body: str
    is_copy: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """How sure a part is, by which sign it was known (a code, see `signatories.documents.wording`), and where it stands:
    the 1-based line (of a Word document: paragraph) and its first words. 0 and empty where it stands nowhere."""

    sure: Sureness
    how: str
    line: int = 0
    words: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What is in the document and not in the letter: the kind (a code), where, and the words, whole."""

    kind: str
    line: int
    words: str


@dataclass(frozen=True, slots=True)
class ReadLetter:
    """A letter as read from a document. Absent texts are empty, an absent date is None.

    `standfirst`, `body` and `closing` are HTML that nobody has cleaned; the other texts are plain. `language` is a
    BCP 47 tag, guessed. `signatories` is the text of the list, one entry a line, for
    `signatories.reading.read_list`; `first_list_line` is the 1-based line of the document where it starts, 0
    without a list. `marks` has one for each of PARTS. Every word of the document stands in a part or in `left_out`.
    `unit` says what is counted: "line" or "paragraph".
    """

    title: str
    topic: str
    date: datetime.date | None
    place: str
    language: str
    standfirst: str
    addressees: list[ReadAddressee]
    subject: str
    salutation: str
    body: str
    closing: str
    signatories: str
    picture_credit: str
    first_list_line: int
    marks: dict[str, Mark] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)
    unit: Literal["line", "paragraph"] = "line"
