"""What a printed name is made of: a name and what stands beside it, after a dash, a colon or in brackets."""

import re
from functools import lru_cache

from .alignment import PEOPLE
from .words import Name, take_apart

APART = re.compile(r"\s[-–—|]\s|\s?:\s|\s*[()\[\]]\s*|,\s")
# What introduces a name that the organisation had, or has as well.
ALSO = re.compile(
    r"^(?:formerly(?:\s+known\s+as)?|previously|former|ex|now|also\s+known\s+as|aka|a\.k\.a\.|f\.?k\.?a\.?|anciennement|ancien|"
    r"antes|anteriormente|ex[- ]|früher|ehemals|vormals|già|voorheen|dawniej|bivši|bivša|ранее|бывш\w*|eski\s+adıyla|سابقا)"
    r"[\s:-]+(?P<name>\S.*)$",
    re.IGNORECASE,
)
SHORTEST_ACRONYM, LONGEST_ACRONYM = 3, 6
FEWEST_WITH_A_PLACE = 3  # parts of a description that may name a place; with fewer it is a chapter


@lru_cache(maxsize=20_000)
def pieces(text: str) -> tuple[Name, ...]:
    """The names that stand in a printed one, each by itself: those beside which the rest only describes the organisation,
    and what it was called before. Empty for a name in one piece, and where the rest tells of a chapter or a part."""
    parts = [part.strip(" .,-–—") for part in APART.split(text)]
    parts = [part for part in parts if any(c.isalnum() for c in part)]
    if len(parts) < 2:
        return ()
    before = [former["name"] for part in parts if (former := ALSO.match(part))]
    now = [part for part in parts if not ALSO.match(part)]
    found = [take_apart(name) for name in before]
    if len(now) == 1 or not now:
        return (*found, *map(take_apart, now))
    for at, part in enumerate(now):
        rest = [take_apart(other) for other in now[:at] + now[at + 1 :]]
        if not part[0].islower() and _beside(take_apart(part), rest):
            found.append(take_apart(part))
    return tuple(name for name in found if name.items)


def beside(note: str) -> tuple[Name, ...]:
    """The names that a note beside a name gives."""
    former = ALSO.match(note.strip())
    name = take_apart(former["name"] if former else note)
    return (name,) if name.items and not any(item.kind == "part" for item in name.items) else ()


def _beside(name: Name, rest: list[Name]) -> bool:
    """Whether words beside a name are its acronym, say it in another language, or say what the organisation is, not which
    chapter of it."""
    if len(rest) == 1 and rest[0].short and SHORTEST_ACRONYM <= len(rest[0].letters) <= LONGEST_ACRONYM:
        return True
    items = [item for other in rest for item in other.items]
    kinds = {item.kind for item in items}
    if kinds & {"part", "number"} or len(items) < 2:
        return False
    said = name.languages and all(other.languages and not other.languages & name.languages for other in rest)
    if said and len(items) >= len(name.items) > 1:
        return True
    if "place" in kinds or any(item.key in PEOPLE for item in items):
        return "form" in kinds and len(items) >= FEWEST_WITH_A_PLACE
    return "form" in kinds or ("field" in kinds and "word" not in kinds)
