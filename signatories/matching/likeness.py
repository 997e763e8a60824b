"""Whether two names are of the same organisation: the same, maybe, or different. Pure functions, no database."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from .alignment import Fit, fit
from .keys import acronym_key, normalise
from .lexicon import small_words
from .printed import beside, pieces
from .words import Name, initials, take_apart


class Verdict(StrEnum):
    """``SAME`` needs nobody; ``MAYBE`` always goes to a person."""

    SAME = "same"
    MAYBE = "maybe"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one organisation: its names (the first is the one it is printed with), its acronyms, its country
    (ISO 3166 alpha-2, empty where unknown), the domains of its site and its mail, and the words that stand ``beside`` its
    name in print, which may be another name of it or not."""

    names: tuple[str, ...]
    acronyms: tuple[str, ...] = ()
    country: str = ""
    domains: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Likeness:
    """The answer for two organisations: ``score`` from 0 to 100 puts candidates in order, ``why`` is the code of the reason
    that weighed most: "name", "spelling", "order", "words" (one leaves some out), "translation", "script", "acronym",
    "country", "domain"; empty where they are different."""

    verdict: Verdict
    score: int
    why: str


DIFFERENT = Likeness(Verdict.DIFFERENT, 0, "")
SHORTEST_INITIALS = 3
LEAST_OF_INITIALS = 0.5  # of the words of a name, that an acronym which skips some has
LONGEST_INSIDE = 6
LETTERS = re.compile(r"\b\w(?: \w)+\b")
SHORTEST_SHOWN = 6  # letters of a name that is written as an acronym and made of words: "Piers-Now"


@dataclass(frozen=True, slots=True)
class _Side:
    """One organisation, ready to be compared: long names, ``pieces`` of them that may be names too, and every acronym, also
    where it stands as a name. ``shown`` are all names as acronyms are written, however long."""

    names: tuple[Name, ...]
    pieces: tuple[Name, ...]
    shown: frozenset[str]
    stated: frozenset[str]
    acronyms: frozenset[str]
    country: str
    domains: frozenset[str]


@lru_cache(maxsize=20_000)
def _side(known: Known) -> _Side:
    names = [take_apart(name) for name in dict.fromkeys(known.names)]
    stated = frozenset(filter(None, map(_acronym, known.acronyms)))
    as_names = {name.letters for name in names if name.short}
    long = tuple(name for name in names if name.items and not (name.short and name.letters in stated))
    domains = frozenset(domain.casefold().removeprefix("www.") for domain in known.domains if domain)
    parts = [piece for name in known.names for piece in pieces(name)] + [
        piece for note in known.beside for piece in beside(note)
    ]
    shown = frozenset(name.letters for name in names if len(name.letters) >= SHORTEST_SHOWN)
    return _Side(
        long, tuple(dict.fromkeys(parts)), shown, stated, stated | as_names, known.country.upper(), domains
    )


def _acronym(text: str) -> str:
    """Without signs, and in one alphabet where letters of several were mixed."""
    return acronym_key(normalise(text)) or acronym_key(text)


def compare(one: Known, other: Known) -> Likeness:
    """Whether the two are the same organisation. Symmetric; never raises. Names in different scripts and languages, or in
    another order of words, and whatever rests on an acronym, are ``MAYBE`` at most; so is everything where the countries
    differ."""
    mine, theirs = _side(one), _side(other)
    found = _by_names(mine, theirs)
    if mine.country and theirs.country and mine.country != theirs.country:
        return _abroad(found)
    return _at_one_domain(found) if mine.domains & theirs.domains else found.likeness


@dataclass(frozen=True, slots=True)
class _Found:
    """An answer, and what it rests on: ``whole`` when both names say the same throughout, ``part`` when one is of a piece or
    a chapter of what the other is of."""

    likeness: Likeness
    whole: bool = False
    part: bool = False


def _abroad(found: _Found) -> Likeness:
    """In two countries: nothing is sure, and only what says the same throughout is worth a look."""
    if not found.whole:
        return DIFFERENT
    return Likeness(Verdict.MAYBE, min(found.likeness.score, 60), "country")


def _at_one_domain(found: _Found) -> Likeness:
    """At the same domain: a chapter may share it with its network, everything else is stronger for it."""
    likeness = found.likeness
    if likeness.verdict == Verdict.SAME or found.part:
        return likeness
    if found.whole:
        return Likeness(Verdict.SAME, max(likeness.score, 95), "domain")
    return Likeness(Verdict.MAYBE, max(likeness.score, 75), "domain")


def _by_names(mine: _Side, theirs: _Side) -> _Found:
    places = _places(mine, theirs)
    fits = [
        fit(a, b, places)
        for name in mine.names
        for another in theirs.names
        for a in _with_and_without(name, mine.stated | theirs.stated)
        for b in _with_and_without(another, mine.stated | theirs.stated)
    ]
    best = max(fits, key=lambda item: (item.score, item.why), default=None)
    apart = bool(mine.stated and theirs.stated and not mine.stated & theirs.stated)
    if best is not None and best.score:
        return _from_fit(best, apart)
    if any(_abbreviates(a, b) or _abbreviates(b, a) for a in mine.names for b in theirs.names):
        return _Found(Likeness(Verdict.MAYBE, 64, "acronym"), whole=True)
    if _by_piece(mine, theirs, places) or _by_piece(theirs, mine, places):
        return _Found(Likeness(Verdict.MAYBE, 66, "words"))
    if (found := _by_acronym(mine, theirs, fits)) is not None:
        return _Found(found)
    return _Found(DIFFERENT, part=any(item.part for item in fits))


def _with_and_without(name: Name, acronyms: frozenset[str]) -> list[Name]:
    """The name, and what is left of it without an acronym that stands before or after it unmarked: one that is stated
    elsewhere, or that the rest has as its initials."""
    if not name.ends:
        return [name]
    words, found = name.key.split(), [name]
    for acronym, own, rest in zip((words[0], words[-1]), name.ends, (words[1:], words[:-1]), strict=True):
        if own or acronym in acronyms:
            bare = take_apart(" ".join(rest))
            found += [bare] if len(bare.items) > 1 else []
    return found


def _places(mine: _Side, theirs: _Side) -> frozenset[str]:
    """The countries that either is known to be in, as parts of names."""
    return frozenset(f"@{country}" for country in (mine.country, theirs.country) if country)


def _from_fit(best: Fit, apart: bool) -> _Found:
    """What a fit of the names is worth; with acronyms that contradict each other (``apart``) less."""
    if best.sure and not apart:
        return _Found(Likeness(Verdict.SAME, best.score, best.why), whole=True)
    if apart and not best.whole:
        return _Found(DIFFERENT)
    return _Found(Likeness(Verdict.MAYBE, min(best.score, 92), best.why), whole=best.whole)


def _joined(found: re.Match[str]) -> str:
    """Single letters written together."""
    return found[0].replace(" ", "")


def _abbreviates(short: Name, long: Name) -> bool:
    """Whether one name has, for some words of the other, their initials: "FC Guild" for "Ferry Crew Guild"."""
    if short.key[:1] != long.key[:1] or " " not in short.key:
        return False
    mine, theirs = LETTERS.sub(_joined, short.key).split(), long.key.split()
    front = next((i for i, (a, b) in enumerate(zip(mine, theirs, strict=False)) if a != b), 0)
    front = front if mine[:front] == theirs[:front] else 0
    if len(mine) < 2 or front >= len(mine) or not 2 <= len(mine[front]) <= LONGEST_INSIDE:
        return False
    after = len(mine) - front - 1
    if len(theirs) - front - after < 2 or (after and mine[-after:] != theirs[-after:]):
        return False
    run = theirs[front : len(theirs) - after]
    return mine[front] in initials(run) or mine[front] in initials([word for word in run if word != "the"])


def _by_piece(mine: _Side, theirs: _Side, places: frozenset[str]) -> bool:
    """Whether what stands in one's names or beside them is the other's name throughout, or its acronym."""
    for piece in mine.pieces:
        if piece.short and piece.letters in theirs.acronyms:
            return True
        if not piece.short and any(fit(piece, name, places).whole for name in theirs.names):
            return True
    return False


def _by_acronym(mine: _Side, theirs: _Side, fits: Iterable[Fit]) -> Likeness | None:
    """What an acronym says where the names themselves do not fit."""
    if not (mine.acronyms or theirs.acronyms):
        return None
    shared = mine.acronyms & theirs.acronyms
    only = _only_short(mine) or _only_short(theirs)
    shortens = _shortens(mine, theirs, only) or _shortens(theirs, mine, only)
    if only and (shared or shortens):
        return Likeness(Verdict.MAYBE, 75 if shared else 70, "acronym")
    if (mine.stated & theirs.shown) or (theirs.stated & mine.shown):
        return Likeness(Verdict.MAYBE, 72, "acronym")
    unclear = any(item.unclear for item in fits)
    if unclear and (shared or shortens):
        return Likeness(Verdict.MAYBE, 55, "acronym")
    return None


def _only_short(side: _Side) -> bool:
    return not any(not name.short for name in side.names) and bool(side.acronyms)


def _shortens(short: _Side, long: _Side, only: bool) -> bool:
    """Whether an acronym of one is made of the initials of the other's name."""
    wanted = {letters for letters in short.acronyms if len(letters) >= SHORTEST_INITIALS or only}
    names = [name for name in long.names if not name.short and len(name.items) > 1]
    if any(name.initials & wanted for name in names):
        return True
    return only and any(
        _syllables(letters, name.key.split()) or any(_skips(letters, first) for first in name.initials)
        for name in names
        for letters in wanted
        if len(letters) >= SHORTEST_INITIALS
    )


def _syllables(letters: str, words: list[str]) -> bool:
    """Whether ``letters`` are the beginnings of all the words in turn: "FERCREG" for "Ferry Crew Guild". Small words may be
    left out."""
    if not words:
        return not letters
    first, rest = words[0], words[1:]
    longest = next((i for i, (a, b) in enumerate(zip(letters, first, strict=False)) if a != b), len(first))
    return any(_syllables(letters[n:], rest) for n in range(min(longest, len(letters)), 0, -1)) or (
        first in small_words() and _syllables(letters, rest)
    )


def _skips(letters: str, initials: str) -> bool:
    """Whether ``letters`` are some of the initials in their order, with the first one and most of the others."""
    if letters[0] != initials[0] or len(letters) < LEAST_OF_INITIALS * len(initials):
        return False
    rest = iter(initials)
    return all(letter in rest for letter in letters)
