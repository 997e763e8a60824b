"""A list as JSON: the public list's, and what `import_signatories --json` prints."""

import json
from typing import Any

from .columns import exact
from .countries import by_code
from .model import Entry, Ignored, Kind, Reading, Unreadable


def _json_entry(record: dict[str, Any], number: int) -> Entry | None:
    def value(key: str) -> str | None:
        found = record.get(key)
        return (exact(str(found)) or None) if found is not None else None

    name, person, country = value("name"), value("person"), value("country")
    kind: Kind = "individual" if value("kind") == "individual" else "organisation"
    if not name and not person:
        return None
    if kind == "individual" and person is None:  # the public list prints an individual's name as `name`
        name, person = value("affiliation"), name
    code = value("country_code")
    code = by_code(code or "") or by_code(country or "")
    sure = record.get("sure") is not False
    return Entry(
        name,
        value("acronym"),
        country,
        code,
        person,
        value("role"),
        kind,
        value("group"),
        value("note"),
        number,
        sure,
    )


def read_records(text: str) -> Reading:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable("The file ends in .json but does not hold valid JSON.") from error
    records = content
    if isinstance(content, dict):
        records = content.get("signatories", content.get("results", content.get("items")))
    if not isinstance(records, list):
        raise Unreadable("The JSON file has no list called “signatories”.")
    signatories: list[Entry] = []
    ignored: list[Ignored] = []
    for number, record in enumerate(records, start=1):
        entry = _json_entry(record, number) if isinstance(record, dict) else None
        if entry is None:
            ignored.append(Ignored(json.dumps(record, ensure_ascii=False)[:200], number, "no name"))
        else:
            signatories.append(entry)
    return Reading(signatories, ignored)
