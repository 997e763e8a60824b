"""What a reading consists of."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["organisation", "individual"]


class Unreadable(ValueError):
    """The file cannot be read as a list. Its text is one sentence for the person who chose the file."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One signatory as printed.

    For an individual `person` is the name and `name` the affiliation; for an organisation `name` is its name
    and `person`/`role` its representative. Where an office is printed without a name ("President of X"), `role`
    stands without `person`. `country` is as printed, `country_code` ISO 3166 alpha-2. Absent values are None. `line`
    is the 1-based line of the input where it starts; `sure` is False where a person should look at it. `email` is what
    stands in a column of e-mail addresses: personal data, for whoever keeps the list, never for a page.
    """

    name: str | None
    acronym: str | None
    country: str | None
    country_code: str | None
    person: str | None
    role: str | None
    kind: Kind
    group: str | None
    note: str | None
    line: int
    sure: bool
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Ignored:
    """A line (1-based) that is no signatory, and why."""

    text: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """Every non-blank line of the input is in one of the two, in the input's order, or goes on from the line above.

    A part of a line with entries that was read as none of them is in `ignored` too.
    """

    signatories: list[Entry]
    ignored: list[Ignored]
