"""What the styles and the numbering of a Word document say of a paragraph or a run. Names by ECMA-376, part 1."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .package import Package

HEADING_NAME = re.compile(r"^heading ([1-9])$")
# What the names of styles say, which Word keeps in English whatever the language of its menus.
ROLES = {
    "title": "title", "date": "date", "date line": "date", "salutation": "salutation", "closing": "closing",
    "closing line": "closing", "inside address": "addressees", "address": "addressees",
    "envelope address": "addressees", "letterhead": "letterhead", "header": "letterhead",
    "subject line": "subject", "reference line": "subject", "copies": "copies", "cc list": "copies",
    "signatory": "signatories", "signatories": "signatories",
}  # fmt: skip
QUOTES = ("quote", "intense quote", "quotation", "block text", "quotations")
GOES_ON = re.compile(r"^list (?:text|continue)")
LONGEST_CHAIN = 12  # of styles based on each other


def local(element: Any) -> str:
    """An element's name without its name space: the strict form of the format has others."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def inner(element: Any, name: str) -> Any:
    """The first child of that name, or None."""
    return next((child for child in element if local(child) == name), None) if element is not None else None


def said(element: Any, name: str = "val") -> str:
    """An attribute's value; empty when it is not there."""
    if element is None:
        return ""
    return next((str(value) for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def toggled(properties: Any, *names: str) -> bool | None:
    """Whether a property such as bold is on; None where nothing is said."""
    for name in names:
        found = inner(properties, name)
        if found is not None:
            return said(found) not in ("0", "false", "off", "none")
    return None


@dataclass(frozen=True, slots=True)
class Item:
    """Which list a paragraph is an item of: its identity, how deep, and whether it is numbered."""

    identity: str
    level: int
    ordered: bool


class Styles:
    """The styles of a document, each with those that it is based on."""

    def __init__(self, package: Package, styles: str | None, numbering: str | None) -> None:
        self.styles: dict[str, Any] = {}
        self.formats: dict[tuple[str, int], str] = {}
        if styles:
            for style in package.tree(styles):
                if local(style) == "style":
                    self.styles[said(style, "styleId")] = style
        if numbering:
            self._read_numbering(package.tree(numbering))

    def _chain(self, identity: str) -> Iterator[Any]:
        for _ in range(LONGEST_CHAIN):
            style = self.styles.get(identity)
            if style is None:
                return
            yield style
            identity = said(inner(style, "basedOn"))

    def _read_numbering(self, root: Any) -> None:
        kinds: dict[str, dict[int, str]] = {}
        for child in root:
            if local(child) == "abstractNum":
                kinds[said(child, "abstractNumId")] = dict(_formats(child))
        for child in root:
            if local(child) != "num":
                continue
            formats = dict(kinds.get(said(inner(child, "abstractNumId")), {}))
            for override in child:
                if local(override) == "lvlOverride":
                    formats.update(_formats(override))
            for level, kind in formats.items():
                self.formats[said(child, "numId"), level] = kind

    def names(self, properties: Any) -> list[str]:
        """The names of a paragraph's or run's style and of those that it is based on, folded."""
        identity = said(inner(properties, "pStyle")) or said(inner(properties, "rStyle"))
        return [said(inner(style, "name")).casefold() for style in self._chain(identity)]

    def role(self, properties: Any) -> str:
        """What the paragraph is, where its own style says so."""
        return ROLES.get((self.names(properties) or [""])[0], "")

    def heading(self, properties: Any) -> int:
        """Of which level a heading the paragraph is; 0 for none."""
        for name in self.names(properties):
            if found := HEADING_NAME.match(name):
                return min(6, int(found[1]))
            if name == "title":
                return 1
        chain = self._chain(said(inner(properties, "pStyle")))
        for one in (properties, *(inner(style, "pPr") for style in chain)):
            level = said(inner(one, "outlineLvl"))
            if level.isdecimal():
                return min(6, int(level) + 1) if len(level) == 1 and int(level) < 9 else 0
        return 0

    def is_quote(self, properties: Any) -> bool:
        return any(name in QUOTES for name in self.names(properties))

    def goes_on(self, properties: Any) -> bool:
        """Whether the paragraph's style is that of further paragraphs of a list's item."""
        return any(GOES_ON.match(name) for name in self.names(properties)[:1])

    def item(self, properties: Any) -> Item | None:
        """The list that the paragraph is an item of, by itself or by its style."""
        chain = self._chain(said(inner(properties, "pStyle")))
        for one in (properties, *(inner(style, "pPr") for style in chain)):
            numbered = inner(one, "numPr")
            identity = said(inner(numbered, "numId"))
            if not identity:
                continue
            written = said(inner(numbered, "ilvl"))
            level = min(8, int(written)) if written.isdecimal() and len(written) < 4 else 0
            kind = self.formats.get((identity, level), "")
            if identity == "0" or kind in ("none", ""):
                return None
            return Item(identity, level, kind != "bullet")
        return None

    def marks(self, properties: Any) -> list[str]:
        """The inline elements that a run's words stand in."""
        found = []
        styles = [inner(style, "rPr") for style in self._chain(said(inner(properties, "rStyle")))]
        way = inner(properties, "rtl") is not None
        for tag, names in (
            ("strong", ("bCs", "b") if way else ("b",)),
            ("em", ("iCs", "i") if way else ("i",)),
        ):
            on = next(
                (value for one in (properties, *styles) if (value := toggled(one, *names)) is not None), False
            )
            found += [tag] if on else []
        if said(inner(properties, "vertAlign")) == "superscript":
            found.append("sup")
        return found


def _formats(parent: Any) -> Iterator[tuple[int, str]]:
    for level in parent:
        if local(level) == "lvl" and said(level, "ilvl").isdecimal():
            yield int(said(level, "ilvl")), said(inner(level, "numFmt"))
