"""The public list as data. No cell can run as a formula in a spreadsheet, and every name reads back exactly."""

import csv
import json
from collections.abc import Iterable, Iterator
from typing import Any

from letters.models import Letter
from signatories.cells import COLUMNS, guard, unguard
from signatories.models import Signature
from signatories.services import directory

__all__ = ["COLUMNS", "as_csv", "as_json", "guard", "row", "rows", "unguard"]


def row(letter: Letter, signature: Signature, position: int, versions: dict[int, int]) -> dict[str, Any]:
    """One signatory as the public may have it. ``versions`` maps a version's primary key to its number;
    ``signed_on`` is the day of confirming in the letter's time zone, None for one taken from a list, which does not
    say when it signed."""
    own = signature.confirmed_at if signature.source == "form" else None
    return {
        "position": position,
        "name": signature.name,
        "acronym": signature.acronym or None,
        "country": str(signature.country) or None,
        "kind": signature.kind,
        "organisation": _address(signature),
        "signed_on": own.astimezone(letter.zone).date().isoformat() if own else None,
        "text_version": versions[signature.version_id],
        "affiliation": signature.affiliation or None,
        "note": signature.note or None,
    }


def _address(signature: Signature) -> str | None:
    """The organisation's place in the directory, once it has a public one."""
    slug = signature.organisation.slug if signature.organisation else ""
    return slug if slug and not slug.startswith(directory.HIDDEN) else None


def rows(letter: Letter) -> Iterator[dict[str, Any]]:
    """Every listed signatory in order, read in portions: the memory does not grow with the list."""
    versions = dict(letter.versions.values_list("pk", "number"))
    signatures = letter.signatures.listed().of_text(letter).for_list().in_order(letter.order)
    for position, signature in enumerate(signatures.iterator(chunk_size=2000), 1):
        yield row(letter, signature, position, versions)


class _Line:
    """What the csv module writes to: it gives each line back."""

    def write(self, line: str) -> str:
        return line


def csv_lines(columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """CSV lines (RFC 4180, UTF-8 with a byte order mark, without which some spreadsheets mangle names). None is an empty cell;
    no cell can run as a formula."""
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow(columns)
    for row in rows:
        yield writer.writerow([guard(str(cell)) if cell is not None else "" for cell in row])


def as_csv(found: Iterable[dict[str, Any]]) -> Iterator[str]:
    """The public list as CSV."""
    return csv_lines(COLUMNS, ([item[column] for column in COLUMNS] for item in found))


def as_json(letter: Letter, found: Iterable[dict[str, Any]]) -> Iterator[str]:
    """One JSON object, written piece by piece."""
    head = {
        "letter": letter.slug,
        "signature_count": letter.signature_count,
        "withheld_count": letter.withheld_count,
    }
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "signatories": ['
    for n, item in enumerate(found):
        yield (",\n" if n else "\n") + json.dumps(item, ensure_ascii=False)
    yield "\n]}\n"
