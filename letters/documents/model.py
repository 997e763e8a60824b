"""The one value that the three formats are made from."""

import base64
import dataclasses
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from letters.documents import body as bodies
from letters.documents import fonts
from letters.markup import Node


@dataclass(frozen=True)
class Party:
    """An addressee, or who gets a copy."""

    name: str = ""
    function: str = ""
    body: str = ""


@dataclass(frozen=True)
class Words:
    """Words with the language tag (or "") and the direction that they are set in."""

    text: str
    language: str = ""
    direction: str = "ltr"


@dataclass(frozen=True)
class Entry:
    """One signatory: its number in the list, its name, what stands beside the name, its country in words."""

    number: int
    name: Words
    acronym: Words | None = None
    notes: tuple[Words, ...] = ()
    country: str = ""

    @property
    def whole(self) -> Words:
        """Name and acronym in one piece of the name's direction, else a Latin acronym stands before an Arabic name."""
        if self.acronym is None:
            return self.name
        return dataclasses.replace(self.name, text=f"{self.name.text} ({self.acronym.text})")


@dataclass(frozen=True)
class Section:
    """A heading of the list and who stands under it."""

    heading: str
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class Logo:
    """A picture of the publisher's: ``kind`` is png, jpg, gif, webp or svg."""

    kind: str
    data: bytes


@dataclass(frozen=True)
class LetterDocument:
    """A letter with its signatories, in words: nothing is left to look up, to count or to translate.

    ``language`` and ``direction`` are those of the letter's text, ``said_in`` and ``said_direction`` those of the
    sentences that the site adds (a letter may be in a language that the interface does not have). ``as_of`` is the
    moment (ISO 8601) of the list, from which the files take their dates; ``as_of_words`` says it with its zone.
    ``comma`` and ``semicolon`` are those of the language, with the space behind them where it has one.
    Empty strings and tuples are left out on paper; without ``verify_address`` there is no code.
    """

    language: str
    direction: str
    said_in: str
    said_direction: str
    publisher: str
    title: str
    as_of: str
    version: int
    digest: str
    address: str
    accent: str = "#0b4f6c"
    logo: Logo | None = None
    place: str = ""
    date: str = ""
    comma: str = ", "
    semicolon: str = "; "
    addressees: tuple[Party, ...] = ()
    copies: tuple[Party, ...] = ()
    copy_word: str = ""
    subject: str = ""
    salutation: str = ""
    body: tuple[Node, ...] = ()
    closing: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    list_heading: str = ""
    as_of_words: str = ""
    sections: tuple[Section, ...] = ()
    withheld: str = ""
    nobody: str = ""
    earlier_heading: str = ""
    earlier_words: str = ""
    earlier: tuple[Section, ...] = ()
    earlier_withheld: str = ""
    version_words: str = ""
    address_words: str = ""
    digest_words: str = ""
    verify_code: str = ""
    verify_address: str = ""
    verify_words: str = ""
    notes_heading: str = ""
    signature_count: int = 0
    withheld_count: int = 0
    earlier_count: int = 0
    form: int = field(default=1)

    @property
    def names(self) -> int:
        """How many names are printed."""
        return sum(len(section.entries) for section in (*self.sections, *self.earlier))

    def to_json(self) -> str:
        """The whole value as JSON; the same value gives the same text."""
        return json.dumps(_plain(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "LetterDocument":
        """The value that ``to_json`` wrote. Raises ``TypeError`` or ``ValueError`` for anything else."""
        data = json.loads(text)
        data["body"] = tuple(bodies.from_json(data["body"]))
        data["logo"] = (
            Logo(data["logo"]["kind"], base64.b64decode(data["logo"]["data"])) if data["logo"] else None
        )
        for key in ("addressees", "copies"):
            data[key] = tuple(Party(**party) for party in data[key])
        for key in ("closing", "notices"):
            data[key] = tuple(data[key])
        for key in ("sections", "earlier"):
            data[key] = tuple(_section(section) for section in data[key])
        return cls(**data)


def missing_in(document: LetterDocument) -> list[str]:
    """The characters of the document that no typeface has; on paper they are written out."""
    return fonts.missing_in(_strings(document))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Node):
        yield from bodies.texts_in([value])
    elif isinstance(value, tuple):
        for item in value:
            yield from _strings(item)
    elif dataclasses.is_dataclass(value):
        for one in dataclasses.fields(value):
            yield from _strings(getattr(value, one.name))


def _plain(value: Any) -> Any:
    """Dataclasses, tuples, nodes and bytes as what JSON has."""
    if isinstance(value, Node):
        return bodies.as_json([value])[0]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if dataclasses.is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in dataclasses.fields(value)}
    return value


def _section(data: dict[str, Any]) -> Section:
    return Section(data["heading"], tuple(_entry(entry) for entry in data["entries"]))


def _entry(data: dict[str, Any]) -> Entry:
    acronym = Words(**data["acronym"]) if data["acronym"] else None
    return Entry(
        data["number"],
        Words(**data["name"]),
        acronym,
        tuple(Words(**words) for words in data["notes"]),
        data["country"],
    )
