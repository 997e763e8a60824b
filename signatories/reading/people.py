"""One person as printed: name, role, affiliation, country; and telling a person from an organisation."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from signatories.matching import fold

from .cities import is_city
from .countries import is_place
from .givennames import GIVEN_NAMES
from .offices import (
    CONNECTOR,
    LOWER_CASE_START,
    has_role,
    is_organisation,
    is_role,
    roles_and_organisation,
    split_role,
    without_departments,
    without_towns,
    words_of,
)
from .organisations import read_organisation, tidy
from .words import HEAD_OFFICES, ORGANISATION_WORDS, PARTICLES, TITLES

MARK = re.compile(r"[,،，(（\[)）\]]")
DASH = re.compile(r"\s+[-–—]\s*|\s*[–—]\s+")
SUFFIX = re.compile(
    r"(?:Esq|Jr|Sr|II|III|Ph\.?\s?D|M\.?D|J\.?D|LL\.?[BMD]|M\.?A|M\.?Sc|M\.?P\.?H|R\.?N|QC|KC|SC|[OMC]BE|A[OM]|OAM|S\.?J|O\.?P"
    r"|O\.?S\.?B|OFM|MP|MEP|MSP)\.?"
)
BRACKETED = re.compile(r"\s*[(（].*")
LAST_IN_BRACKETS = re.compile(r"[(（]([^()]*)[)）]\s*$")
NEVER_IN_NAMES = re.compile(r"[\d:/+@&|\"“«]")
INITIALS = re.compile(r"(?:[A-Z]\.\s?){2,}")
# Words with which the name of an employer begins, right after a person's: "Dr Ada Pell University of Quays".
HOSTS = frozenset(
    "university universite universidad universita universidade universitat universiteit uniwersytet institute institut"
    " instituto istituto college school association federation union council".split()
)
NAMELESS = re.compile(r"^(?:of|de|del|della|du|des|der|von|di|do|da|à|at|in)$")
ON_BEHALF = re.compile(r"(?:on\s+behalf|under|au\s+nom|en\s+nombre|im\s+namen|a\s+nome)\b", re.IGNORECASE)


@dataclass(slots=True)
class Person:
    """The parts of a printed person."""

    person: str | None
    role: str | None
    name: str | None
    acronym: str | None
    country: str | None
    notes: list[str]


def has_title(text: str) -> bool:
    """Whether `text` begins with a personal title (Dr, Prof., Senator …)."""
    return bool(TITLES.match(text))


def without_title(text: str) -> str:
    """`text` without a personal title that begins it."""
    return TITLES.sub("", text)


def could_be_person(text: str, surnames: bool = False) -> bool:
    """Two to six capitalised words, none of them an organisation's: a shape that a person's name has.

    `surnames` allows the words of organisations, for a place where only a person can stand ("Archie Law").
    """
    before, comma, after = text.partition(", ")
    text = before if comma and SUFFIX.fullmatch(after) else text
    bare = without_title(text.strip(" .")).strip()
    words = bare.split()
    if not 2 <= len(words) <= 6 or NEVER_IN_NAMES.search(bare):
        return False
    if bare != text.strip(" .") and "of" in words[1:-1]:
        words.remove("of")  # "Lady Pell of Quay"
    folded = [fold(word).strip(".,") for word in words]
    if (not surnames and any(word in ORGANISATION_WORDS for word in folded)) or folded[0] in (
        "the",
        "les",
        "los",
        "las",
    ):
        return False
    names = [
        word for word, low in zip(words, folded, strict=True) if low not in PARTICLES or word[:1].isupper()
    ]
    caseless = not any(c.upper() != c.lower() for c in bare)
    if caseless or len(names) < 2 or not all(word[:1].isupper() for word in names):
        return False
    return not (names[0].isupper() and len(names[0]) > 2) and not re.search(r"[a-z][A-Z]{2}", bare)


def _at_commas(text: str) -> list[str]:
    """`text` cut at commas outside brackets."""
    fields, start, depth = [], 0, 0
    for mark in MARK.finditer(text):
        if mark[0] in ",،，":
            if depth <= 0:
                fields.append(text[start : mark.start()])
                start = mark.end()
        else:
            depth += 1 if mark[0] in "(（[" else -1
    return [field.strip() for field in [*fields, text[start:]] if field.strip(" .;")]


@lru_cache(maxsize=256)  # asked several times of one entry
def split_fields(text: str) -> tuple[str, ...]:
    """`text` cut at commas outside brackets; after a person's name also at the first spaced dash."""
    fields = _at_commas(text)
    if not fields:
        return ()
    while len(fields) > 1 and SUFFIX.fullmatch(fields[1]):
        fields[:2] = [", ".join(fields[:2])]
    if (dash := DASH.search(fields[0])) and could_be_person(fields[0][: dash.start()]):
        fields[:1] = [fields[0][: dash.start()].strip(), fields[0][dash.end() :].strip()]
    elif end := _end_of_name(fields[0]):
        after = CONNECTOR.match(fields[0], end)
        fields[:1] = [fields[0][:end].strip(), fields[0][after.end() if after else end :].strip()]
    return tuple(fields)


def _end_of_name(field: str) -> int:
    """Where a name passes without a comma into an office ("Ada Pell Director of Quays") or, after a usual given
    name, into an organisation ("Ada Pell of the Quay Committee"); 0 where it does not."""
    words = field.split()
    if not 5 <= len(words) <= 40 or not (words[0][:1].isupper() and words[0].replace("-", "").isalpha()):
        return 0
    for count in range(2, min(5, len(words) - 1)):
        name = " ".join(words[:count])
        if len(fold(words[count])) > 3 and is_role(words[count]) and could_be_person(name):
            return field.index(words[count], len(name) + 1)
    titled = has_title(field)
    for count in range(3 if titled else 2, min(6, len(words) - 1)):
        name = " ".join(words[:count])
        if fold(words[count]) in HOSTS and (could_be_person(name) if titled else is_named(name)):
            return len(name)
    for connector in islice(CONNECTOR.finditer(field), 3):
        after = field[connector.end() :].split()[:1]
        if after and fold(after[0]) in ORGANISATION_WORDS and is_named(field[: connector.start()]):
            return connector.start()
    return 0


def is_named(text: str) -> bool:
    """Two to four words shaped like a person's name, of which the first is a usual given name."""
    words = text.split()
    return 2 <= len(words) <= 4 and fold(words[0]) in GIVEN_NAMES and could_be_person(text)


def is_nameless(text: str) -> bool:
    """An office that stands where a name should: "President of the Quay Society", "Avocat à la Cour"."""
    words = text.split()
    if len(words) < 2 or fold(words[0]) not in HEAD_OFFICES:
        return False
    return bool(NAMELESS.match(words[1])) or (
        words[0][:1].isupper() and fold(words[1]) in ORGANISATION_WORDS and len(words) > 2
    )


def is_person(text: str) -> bool:
    """Surely a person: a title before a name, or a name followed by an occupation."""
    fields = split_fields(text)
    if not fields:
        return False
    name = BRACKETED.sub("", fields[0])
    office = len(fields) > 1 and has_role(fields[1]) and not is_organisation(fields[1])
    office = office and not ON_BEHALF.match(fields[1])
    bracket = LAST_IN_BRACKETS.search(fields[0])
    described = bracket is not None and has_role(bracket[1]) and bool(LOWER_CASE_START.match(bracket[1]))
    shown = has_title(fields[0]) or office or described
    return shown and could_be_person(name, surnames=office and name.count(" ") == 1)


def is_only_role(text: str) -> bool:
    """An office without a name: it begins with a role word and has nothing of a person's name."""
    words = words_of(text)
    return bool(words) and is_role(words[0]) and not could_be_person(split_fields(text)[0])


def read_nameless(text: str) -> Person:
    """The office and the organisation of an entry for which `is_nameless` holds."""
    text, country = tidy(text), None
    before, comma, tail = text.rpartition(",")
    if comma and is_place(tidy(tail)):
        text, country = tidy(before), tidy(tail)
    role, organisation = split_role(text)
    if not organisation:
        return Person(None, text, None, None, country, [])
    parts = read_organisation(organisation)
    return Person(None, role, parts.name, parts.acronym, country or parts.country, parts.notes)


def read_person(text: str) -> Person:
    """The parts of one printed person. Never raises."""
    text, notes = tidy(text), []
    closing = re.match(r"^(?P<before>.*\S)\s*[(（](?P<inside>[^()]*)[)）]$", text)
    extra = None
    if closing and (LOWER_CASE_START.match(closing["inside"]) or is_place(closing["inside"])):
        text, extra = closing["before"], closing["inside"].strip()
    elif closing and has_title(text) and "," not in closing["before"]:
        text = f"{closing['before']}, {closing['inside']}"
    fields = list(split_fields(text))
    country = None
    described = None
    beside = LAST_IN_BRACKETS.search(fields[0]) if len(fields) > 1 and extra is None else None
    if beside and (is_place(beside[1]) or is_city(beside[1])):
        fields[0], extra = fields[0][: beside.start()].strip(), beside[1].strip()
    if extra and is_place(extra):
        country = extra
    elif extra and len(fields) == 1:
        described = extra
    elif extra:
        notes.append(extra)
    if len(fields) > 1 and country is None and is_place(tidy(fields[-1])):
        country = tidy(fields.pop())
    if len(fields) > 2 and INITIALS.fullmatch(fields[-1]):
        fields[-2:] = [", ".join(fields[-2:])]  # "…, W.A.": the part of a country where it is
    if len(fields) > 2 and is_city(tidy(fields[-1])):
        notes.append(tidy(fields.pop()))
    rest, towns = without_towns([tidy(field) for field in fields[1:]])
    rest, parts_of = without_departments(rest)
    notes += towns + parts_of
    role, organisation = roles_and_organisation(rest)
    role = role or described
    name = acronym = None
    if organisation:
        parts = read_organisation(organisation)
        name, acronym, country = parts.name, parts.acronym, country or parts.country
        notes += parts.notes
    return Person(tidy(fields[0]) if fields else None, role, name, acronym, country, notes)
