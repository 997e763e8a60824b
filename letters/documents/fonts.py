"""Which characters the shipped typefaces have, and what is printed for one that none has."""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "fonts"
# Characters that are not drawn: spaces and breaks, joiners, marks of direction, selectors of a variant, tags.
UNDRAWN = {
    *range(0x21),
    0x7F,
    0xA0,
    0xAD,
    0x34F,
    0x61C,
    0x180E,
    *range(0x2000, 0x2010),
    *range(0x2028, 0x2030),
}
UNDRAWN |= {*range(0x205F, 0x2070), 0x3000, *range(0xFE00, 0xFE10), 0xFEFF, *range(0xE0000, 0xE0200)}


@lru_cache(maxsize=1)
def covered() -> frozenset[int]:
    """Every code point that a typeface has, as ``tools/coverage.py`` wrote them down."""
    points: set[int] = set(UNDRAWN)
    for line in (FOLDER / "coverage.txt").read_text().split():
        first, _, last = line.partition("-")
        points.update(range(int(first, 16), int(last or first, 16) + 1))
    return frozenset(points)


def missing(text: str) -> list[str]:
    """The characters of the text that no typeface has, in order, each once."""
    if text.isascii():
        return []
    have = covered()
    composed = unicodedata.normalize("NFC", text)
    return list(dict.fromkeys(character for character in composed if ord(character) not in have))


def named(character: str) -> str:
    """A character in words that every machine can print: "[U+1F6A2 SHIP]"."""
    name = unicodedata.name(character, "")
    return f"[U+{ord(character):04X}{' ' if name else ''}{name}]"


def honest(text: str) -> str:
    """The text with every character that no typeface has written out, so that nothing is printed as an empty box."""
    if text.isascii() or not missing(text):
        return text
    have = covered()
    return "".join(
        character if ord(character) in have else named(character)
        for character in unicodedata.normalize("NFC", text)
    )


def missing_in(texts: Iterable[str]) -> list[str]:
    """The same for many texts at once."""
    return list(dict.fromkeys(character for text in texts for character in missing(text)))
