"""What the reading of a letter document gives."""

import datetime
from dataclasses import dataclass


class Unreadable(ValueError):
    """The file cannot be read as a letter. Its text is one sentence for the person who chose the file."""


@dataclass(frozen=True, slots=True)
class ReadAddressee:
    """Whom the letter is to; function and body are empty when not printed."""

    name: str
    function: str
    body: str


@dataclass(frozen=True, slots=True)
class ReadLetter:
    """A letter as read from a document. Absent texts are empty, an absent date is None.

    `standfirst`, `body` and `closing` are HTML that nobody has cleaned; the other texts are plain. "cc:"
    lines stand at the end of `closing`. `language` is a BCP 47 tag, guessed. `signatories` is the text of the
    list, one entry a line, for `signatories.reading.read_list`; `first_list_line` is the 1-based line of the
    document where it starts, 0 without a list.
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
