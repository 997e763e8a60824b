"""A list of signatories as it was read, for the desk: counts, what to look at, and what is left out."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from signatories.reading import Entry, Ignored, read_list

MOST_SHOWN = 200


@dataclass(frozen=True)
class ShownList:
    """``counts`` in words; the entries a person should look at; the first entries; how many more there are."""

    counts: str
    unsure: list[Entry]
    entries: list[Entry]
    more: int
    ignored: list[Ignored]


def shown_list(text: str) -> ShownList | None:
    """The reading of a list; None for one without a word."""
    if not text.strip():
        return None
    found = read_list(text)
    entries = found.signatories
    people = sum(entry.kind == "individual" for entry in entries)
    bodies = len(entries) - people
    parts = [
        ngettext("%(n)s organisation", "%(n)s organisations", bodies) % {"n": bodies} if bodies else "",
        ngettext("%(n)s individual", "%(n)s individuals", people) % {"n": people} if people else "",
    ]
    counts = ", ".join(part for part in parts if part) or _("No signatory was read")
    unsure = [entry for entry in entries if not entry.sure]
    # A line that is a heading of the list is part of it.
    ignored = [item for item in found.ignored if item.reason != "heading"]
    return ShownList(
        counts, unsure[:MOST_SHOWN], entries[:MOST_SHOWN], max(0, len(entries) - MOST_SHOWN), ignored
    )
