"""Organisations to suggest while a representative types: only what the public directory shows."""

from datetime import datetime

from signatories import matching
from signatories.models import Organisation, Signature

AT_FIRST, WHILE_TYPING, SHORTEST = 50, 8, 2


def names_for_form(*, at: datetime) -> list[str]:
    """Names that stand in the form itself, for browsers without scripts: those of the latest public signatures."""
    signed = Signature.objects.public(at).filter(kind=Signature.Kind.ORGANISATION).order_by("-id")
    return list(dict.fromkeys(signed.values_list("organisation__name", flat=True)[:AT_FIRST]))


def suggest(typed: str, *, at: datetime) -> list[dict[str, str]]:
    """At most eight organisations whose name or acronym holds the words typed; those that begin so come first."""
    words = matching.fold(typed.replace("\x00", ""))[:100]
    if len(words) < SHORTEST:
        return []
    found = Organisation.objects.public(at)
    for word in words.split()[:6]:
        found = found.filter(search_text__contains=word)
    rows = found[: WHILE_TYPING * 4]
    ranked = sorted(rows, key=lambda o: (not matching.fold(o.name).startswith(words), o.sort_key))
    return [
        {
            "name": o.name,
            "acronym": o.acronym,
            "country": str(o.country),
            "website": o.website if o.is_known else "",
        }
        for o in ranked[:WHILE_TYPING]
    ]
