"""Addresses to invite, out of pasted text or a table: who is written to, for which organisation, in which language.

Pure functions; nothing is stored.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from signatories.matching import fold

from .columns import columns_of, plain
from .countries import country_code
from .files import content_of
from .people import could_be_person, is_named
from .tables import pasted_table

# An address within a line of text; whether it is one is decided where it is used.
ADDRESS = re.compile(r"[^\s<>()\[\];,\"'|]+@[^\s<>()\[\];,\"'|]+")
PARTS = re.compile(r"\s*[<>;؛،|\t]\s*|\s+[-–—]\s+|\s*,\s*(?=\S*$)|\s*\(\s*|\s*\)\s*")
# "Foss, Mira" in the quotes that a mail program puts around a name with a comma.
SURNAME_FIRST = re.compile(r"[\"“”]([^\"“”,<>@]{1,60}),\s*([^\"“”,<>@]{1,60})[\"“”](?=\s*<)")
LANGUAGE_HEADINGS = frozenset(
    fold(word)
    for word in ("language", "langue", "idioma", "lingua", "sprache", "язык", "اللغة", "语言", "語言", "lang")
)


@dataclass(frozen=True, slots=True)
class Address:
    """One line: the address as it was written, the names beside it, the country's ISO 3166 code, and the language as it was
    written; ``line`` counts from 1."""

    email: str
    organisation: str = ""
    person: str = ""
    country: str = ""
    language: str = ""
    line: int = 0


@dataclass(slots=True)
class Addresses:
    """What a text or a file holds; ``without`` are lines in which no address stands: (line, words)."""

    found: list[Address] = field(default_factory=list)
    without: list[tuple[int, str]] = field(default_factory=list)


def read_addresses(text: str) -> Addresses:
    """Addresses in pasted text: a table, or one line for each person, with names beside the address in any order."""
    rows = pasted_table(text)
    if rows is not None and _column(rows) is not None:
        return _from_rows(rows)
    return _from_lines(text.splitlines())


def read_address_file(filename: str, data: bytes) -> Addresses:
    """The same of a file. Raises ``Unreadable`` as ``read_file`` does."""
    content = content_of(filename, data)
    if content.rows is not None and _column(content.rows) is not None:
        return _from_rows(content.rows)
    if content.rows is not None:
        return _from_lines(["\t".join(row) for row in content.rows])
    return _from_lines(content.text.splitlines())


def _column(rows: Sequence[Sequence[str]]) -> int | None:
    """The column that holds addresses in most of its cells, if there is one."""
    counts: dict[int, int] = {}
    for row in rows[:200]:
        for index, cell in enumerate(row):
            counts[index] = counts.get(index, 0) + bool(ADDRESS.fullmatch(cell.strip()))
    best = max(counts, key=lambda index: counts[index], default=None)
    filled = sum(any(cell.strip() for cell in row) for row in rows[:200])
    return best if best is not None and counts[best] * 2 >= max(filled - 1, 1) else None


def _from_rows(rows: Sequence[Sequence[str]]) -> Addresses:
    columns, out = columns_of(rows), Addresses()
    email, language = _column(rows), _language_column(rows)
    assert email is not None

    def cell(row: Sequence[str], *fields: str) -> str:
        cells = (plain(row[index]) for name in fields for index in columns.of(name) if index < len(row))
        return " ".join(each for each in cells if each and not ADDRESS.fullmatch(each))

    for number, row in enumerate(rows, 1):
        if number <= (columns.heading or 0) or not any(each.strip() for each in row):
            continue
        written = row[email].strip() if email < len(row) else ""
        if not ADDRESS.fullmatch(written):
            out.without.append((number, " ".join(plain(each) for each in row if each.strip())))
            continue
        organisation, person = cell(row, "organisation"), cell(row, "person", "given", "surname")
        name = cell(row, "name")
        if name and not organisation and not (could_be_person(name) and not person):
            organisation = name
        elif name and not person:
            person = name
        own = plain(row[language]) if language is not None and language < len(row) else ""
        country = country_code(cell(row, "country")) or ""
        out.found.append(Address(written, organisation, person, country, own, number))
    return out


def _language_column(rows: Sequence[Sequence[str]]) -> int | None:
    for row in rows[:10]:
        for index, cell in enumerate(row):
            words = set(fold(plain(cell)).split())
            if words & LANGUAGE_HEADINGS and len(words) <= 3:
                return index
    return None


def _from_lines(lines: Sequence[str]) -> Addresses:
    out = Addresses()
    for number, line in enumerate(lines, 1):
        written = ADDRESS.findall(line)
        if not written and line.strip():
            out.without.append((number, plain(line)))
        elif len(written) == 1:
            out.found.append(_of_line(line, written[0], number))
        else:
            out.found += _of_many(line, number)
    return out


def _of_line(line: str, email: str, number: int) -> Address:
    """The names beside one address: the first that is no person's is the organisation. A mail program writes the person's
    before the address in angle brackets; anywhere else a name is a person's when its first word is a usual given name."""
    line = SURNAME_FIRST.sub(r"\2 \1", line)
    names = [part.strip(" ,:\"'“”«»") for part in PARTS.split(line.replace(email, "<"))]
    names = [plain(name) for name in names if any(c.isalpha() for c in name)]
    is_person = could_be_person if f"<{email}>" in line and len(names) == 1 else is_named
    organisation = next((name for name in names if not is_person(name)), "")
    person = next((name for name in names if name != organisation), "")
    return Address(email.removeprefix("mailto:"), organisation, person, line=number)


def _of_many(line: str, number: int) -> Iterator[Address]:
    """Several addresses in one line, as a mail program writes them: each with the name before it."""
    start, line = 0, SURNAME_FIRST.sub(r"\2 \1", line)
    for match in ADDRESS.finditer(line):
        before = line[start : match.start()].strip(" ,;<>\"'")
        start = match.end()
        names = [plain(before)] if any(c.isalpha() for c in before) else []
        person = next((name for name in names if could_be_person(name)), "")
        organisation = next((name for name in names if name != person), "")
        yield Address(match[0].removeprefix("mailto:"), organisation, person, line=number)
