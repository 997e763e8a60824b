"""The keys by which the directory looks for what a name may be."""

from collections.abc import Iterable

from letters.rows import insert, insert_many
from signatories.matching import index_keys, short_keys
from signatories.models import MatchKey, Organisation, OrganisationName

LARGEST = 32_000


def _rows(organisation: Organisation, names: Iterable[str], acronyms: Iterable[str]) -> list[MatchKey]:
    """One row for each key and number of keys, in an order that is always the same."""
    sets = [index_keys(name) for name in names] + [short_keys(acronym) for acronym in acronyms]
    wanted = sorted({(key, min(len(keys), LARGEST)) for keys in sets for key in keys})
    return [MatchKey(organisation=organisation, key=key, size=size) for key, size in wanted]


def add(organisation: Organisation, names: Iterable[str], acronyms: Iterable[str]) -> None:
    """Writes the keys of an organisation that has none."""
    for row in _rows(organisation, names, acronyms):
        insert(row)


def add_many(found: Iterable[tuple[Organisation, Iterable[str]]]) -> None:
    """The same for many, each with its names and the acronym that it has."""
    rows = [
        row
        for organisation, names in found
        for row in _rows(organisation, names, [organisation.acronym] if organisation.acronym else [])
    ]
    insert_many(rows)


def renew(organisation: Organisation) -> None:
    """Writes the keys of an organisation anew, from the names that stand: for whoever changed its name or moved names to it."""
    names, acronyms = [organisation.name], [organisation.acronym] if organisation.acronym else []
    for row in OrganisationName.objects.filter(organisation=organisation):
        (acronyms if row.kind == OrganisationName.Kind.ACRONYM else names).append(row.name)
    MatchKey.objects.filter(organisation=organisation).delete()
    insert_many(_rows(organisation, names, acronyms))
