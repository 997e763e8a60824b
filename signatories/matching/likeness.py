"""Whether two names are of the same organisation: the same, maybe, or different. Pure functions, no database."""

from dataclasses import dataclass
from enum import StrEnum

from .keys import acronym_key, normalise


class Verdict(StrEnum):
    """``SAME`` needs nobody; ``MAYBE`` always goes to a person."""

    SAME = "same"
    MAYBE = "maybe"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one organisation: its names (the first is the one it is printed with), its acronyms, its country
    (ISO 3166 alpha-2, empty where unknown), the domains of its site and its mail."""

    names: tuple[str, ...]
    acronyms: tuple[str, ...] = ()
    country: str = ""
    domains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Likeness:
    """The answer for two organisations: ``score`` from 0 to 100 puts candidates in order, ``why`` is the code of the reason
    that weighed most ("name", "acronym", "spelling", "words", "translation", "domain", ...)."""

    verdict: Verdict
    score: int
    why: str


def compare(one: Known, other: Known) -> Likeness:
    """Whether the two are the same organisation. Symmetric; never raises."""
    mine, theirs = set(map(normalise, one.names)), set(map(normalise, other.names))
    if mine & theirs:
        return Likeness(Verdict.SAME, 100, "name")
    if set(map(acronym_key, one.acronyms)) & set(map(acronym_key, other.acronyms)):
        return Likeness(Verdict.MAYBE, 70, "acronym")
    return Likeness(Verdict.DIFFERENT, 0, "")
