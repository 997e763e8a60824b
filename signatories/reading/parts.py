"""A printed organisation as it is compared: its names, acronyms and country."""

import re

from signatories.matching import Known

from .countries import country_code
from .organisations import is_acronym, read_organisation

OTHER_NAME = re.compile(r"\s+/\s*|\s*/\s+|\s+\|\s+")


def known_from(text: str) -> Known:
    """What a printed line says of one organisation: "Name (ACR)", "Name, Country", "ACR – Name", "Name / other name". Never
    raises."""
    parts = [read_organisation(part) for part in OTHER_NAME.split(text.strip()) if part.strip()]
    if any(" " not in part.name and is_acronym(part.name) and len(parts) > 1 for part in parts):
        parts = sorted(parts, key=lambda part: " " not in part.name and is_acronym(part.name))
    names = [part.name for part in parts] or [text]
    acronyms = [part.acronym for part in parts if part.acronym]
    codes = [code for part in parts if part.country and (code := country_code(part.country))]
    noted = tuple(note for part in parts for note in part.notes if _alias(note, text))
    return Known(
        tuple(dict.fromkeys(names)),
        tuple(dict.fromkeys(acronyms)),
        codes[-1] if codes else "",
        beside=tuple(dict.fromkeys(noted)),
    )


def _alias(note: str, text: str) -> bool:
    """Whether a note stood in brackets or after a dash, where other names do, not after a comma, where hosts and towns do."""
    return any(f"{mark}{note}" in text for mark in ("(", "[", "- ", "– ", "— "))
