"""Reading a pasted text: the whole way from text to entries."""

import re
import unicodedata
from dataclasses import replace

from .countries import country_code, is_place, nearest_country, split_flag
from .found import Item
from .lines import cut
from .model import Entry, Reading
from .offices import is_head
from .organisations import read_organisation
from .people import (
    BRACKETED,
    could_be_person,
    has_title,
    is_named,
    is_nameless,
    is_only_role,
    is_person,
    read_nameless,
    read_person,
    split_fields,
)
from .segments import find_items
from .tables import pasted_table, read_table

# From this share of plain persons on, a list is one of persons, and a bare name in it is a person.
PERSONS_SHARE = 0.35
DASHED = re.compile(r"^(?P<name>.*\S)\s+[-–—]\s+(?P<place>[^-–—]+)$")
LAST_PLACE = re.compile(r"[,(\[]([^,()\[\]]{2,60})[)\]]?$")
REPRESENTED = re.compile(
    r"^(?P<name>.{3,}?)(?:\s+[-–—]\s+|\s?:\s+|,?\s+(?:represented\s+by|représentée?\s+par|representad[oa]\s+por|vertreten\s+durch"
    r"|rappresentat[oa]\s+da)\s+|\s+(?=\([^()]*\)$))(?P<person>.*\S)$"
)
LONGEST_SIGNATURE = 300  # characters


def _individual(text: str, line: int, group: str | None, sure: bool) -> Entry:
    found = read_nameless(text) if is_nameless(text) else read_person(text)
    code = country_code(found.country) if found.country else None
    return Entry(
        name=found.name,
        acronym=found.acronym,
        country=found.country,
        country_code=code,
        person=found.person,
        role=found.role,
        kind="individual",
        group=group,
        note="; ".join(found.notes) or None,
        line=line,
        sure=sure,
    )


def _organisation(text: str, line: int, group: str | None, sure: bool) -> Entry:
    found = read_organisation(text)
    code = country_code(found.country) if found.country else None
    return Entry(
        name=found.name,
        acronym=found.acronym,
        country=found.country,
        country_code=code,
        person=None,
        role=None,
        kind="organisation",
        group=group,
        note="; ".join(found.notes) or None,
        line=line,
        sure=sure and found.sure,
    )


def _with_representative(item: Item, text: str) -> Entry:
    person = read_person(text)
    entry = _organisation(item.text, item.line, item.group, sure=False)
    role = ", ".join(filter(None, (person.role, person.name))) or None
    return replace(entry, person=person.person, role=role)


def _is_individual(item: Item, persons: bool) -> tuple[bool, bool]:
    """Whether an item is a person, and whether that is sure."""
    first = split_fields(item.text)[:1]
    shaped = bool(first) and could_be_person(first[0].split("(")[0])
    surely = is_person(item.text)
    if is_nameless(item.text):
        return True, False
    if item.kind == "individual":
        return shaped or surely or bool(first and has_title(first[0])), shaped
    named = bool(first) and is_named(BRACKETED.sub("", first[0]))
    if item.kind == "organisation":
        return surely or named, not surely and not named
    if persons:
        return shaped or surely, surely or "," in item.text
    return surely or named, not surely and not named


def _is_of_persons(items: list[Item]) -> bool:
    """Whether the items that no heading decides are mostly persons, so that a bare name is one too."""
    plain = sum(is_person(item.text) for item in items)
    if plain >= 2 and plain >= PERSONS_SHARE * len(items):
        return True
    # Bare names alone prove little (many organisations have two words), except in a sentence of them.
    in_sentence = [item for item in items if not item.sure and could_be_person(item.text)]
    return len(items) >= 5 and len(in_sentence) * 100 >= 85 * len(items)


def _with_roles_below(items: list[Item]) -> list[Item]:
    """A line that is only an office belongs to the person on the line before it."""
    kept: list[Item] = []
    for item in items:
        if kept and is_only_role(item.text) and could_be_person(kept[-1].text):
            kept[-1] = replace(kept[-1], text=kept[-1].text.rstrip(" .,;") + ", " + item.text)
        else:
            kept.append(item)
    return kept


def _misspelt_countries(items: list[Item]) -> dict[int, tuple[str, str]]:
    """By index: the last field and the country it nearly is, in a list whose entries mostly end with one."""
    tails = [item.text.rpartition(",")[2].strip(" .;") if "," in item.text else "" for item in items]
    if sum(map(is_place, tails)) * 10 < 6 * len(items):
        return {}
    near = {i: nearest_country(tail) for i, tail in enumerate(tails) if tail and not is_place(tail)}
    return {i: (tails[i], country) for i, country in near.items() if country}


def _dashed_place(text: str) -> re.Match[str] | None:
    found = DASHED.match(text)
    return found if found and is_place(found["place"]) else None


def _says_place(text: str) -> bool:
    """Whether an item ends with a country or region behind a comma, in brackets or behind a dash."""
    last = LAST_PLACE.search(text)
    return bool(last and is_place(last[1].strip())) or _dashed_place(text) is not None


def _with_places(items: list[Item]) -> list[Item]:
    """Where the entries mostly say their country, one behind a dash is a country too, and no chapter's name."""
    if len(items) < 3 or sum(_says_place(item.text) for item in items) * 2 < len(items):
        return items
    kept = []
    for item in items:
        found = _dashed_place(item.text)
        kept.append(replace(item, text=f"{found['name']}, {found['place']}") if found else item)
    return kept


def _represented_by(item: Item) -> tuple[Item, str] | None:
    """An organisation with who signs for it ("Open Quays – Ada Pell, Director"), as the organisation and the person."""
    found = REPRESENTED.match(item.text) if len(item.text) < LONGEST_SIGNATURE else None
    if not found or is_named(found["name"]) or has_title(found["name"]) or is_person(item.text):
        return None
    person = found["person"].strip(" ()")
    return (replace(item, text=found["name"]), person) if is_person(person) else None


def _entries(items: list[Item]) -> list[Entry]:
    persons = _is_of_persons([item for item in items if item.kind is None])
    items = _with_roles_below(items) if persons else items
    items = _with_places(items)
    misspelt = _misspelt_countries(items)
    entries = []
    for i, item in enumerate(items):
        if represented := _represented_by(item):
            organisation, person = represented
            entries.append(_with_representative(organisation, person))
            continue
        individual, sure = _is_individual(item, persons)
        printed, country = misspelt.get(i, ("", ""))
        text = item.text.rpartition(",")[0] + ", " + country if printed else item.text
        text, flag = split_flag(text)
        read = _individual if individual else _organisation
        entry = read(text, item.line, item.group, item.sure and sure and not printed)
        if flag and not entry.country:
            entry = replace(entry, country=flag, country_code=country_code(flag))
        if printed:
            entry = replace(entry, country=printed)
        entries.append(replace(entry, note=item.note) if item.note and not entry.note else entry)
    return entries


def _represented(entries: list[Entry]) -> list[Entry]:
    """After a letter's closing formula, mostly heads of organisations: the organisations sign, through them."""
    signing = [e.kind == "individual" and e.person and e.name and e.role for e in entries]
    heads = sum(is_head(entry.role) for entry in entries)
    if len(entries) < 2 or not all(signing) or heads * 3 < 2 * len(entries):
        return entries
    return [replace(entry, kind="organisation", sure=False) for entry in entries]


def _placed(entry: Entry) -> Entry:
    """With the country of the heading it stands under, where none is printed beside it."""
    place = split_flag(entry.group or "")
    country = place[0] if country_code(place[0]) else place[1]
    if entry.country or not country or not is_place(place[0] or country):
        return entry
    return replace(entry, country=country, country_code=country_code(country))


def read_list(text: str) -> Reading:
    """The signatories in any pasted text. Raises nothing; every filled line is an entry's or is ignored."""
    text = unicodedata.normalize("NFC", text)
    if rows := pasted_table(text):
        return read_table(rows)
    found = find_items(cut(text))
    used = {item.line for item in found.items}
    ignored = [entry for entry in found.ignored if entry.line not in used]
    ignored += found.rests
    entries = [_placed(entry) for entry in _entries(found.items)]
    entries = _represented(entries) if found.closed else entries
    return Reading(entries, sorted(ignored, key=lambda entry: entry.line))
