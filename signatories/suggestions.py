"""Organisations to suggest to who signs: only what the public directory shows."""

from collections.abc import Iterable
from datetime import datetime

from signatories import matching
from signatories.models import Organisation, Signature
from signatories.services import directory
from signatories.services.likely import Finder, known_of

AT_FIRST, WHILE_TYPING, SHORTEST, ASKED_ABOUT = 50, 8, 2, 3


def names_for_form(*, at: datetime) -> list[str]:
    """Names that stand in the form itself, for browsers without scripts: those of the latest public signatures."""
    signed = Signature.objects.public(at).filter(kind=Signature.Kind.ORGANISATION).order_by("-id")
    return list(dict.fromkeys(signed.values_list("organisation__name", flat=True)[:AT_FIRST]))


def suggest(typed: str, *, at: datetime) -> list[dict[str, str]]:
    """At most eight organisations whose name or acronym holds the words typed, those that begin so first; then those that
    are spelled nearly so, or in another script."""
    typed = typed.replace("\x00", "")[:100]
    words = matching.fold(typed)
    if len(words) < SHORTEST:
        return []
    found = Organisation.objects.public(at)
    for word in words.split()[:6]:
        found = found.filter(search_text__contains=word)
    rows = found[: WHILE_TYPING * 4]
    ranked = sorted(rows, key=lambda o: (not matching.fold(o.name).startswith(words), o.sort_key))
    if len(ranked) < WHILE_TYPING:
        near = Finder(public_at=at).candidates(matching.Known((typed,)), limit=WHILE_TYPING)
        ranked = list(dict.fromkeys([*ranked, *(item.organisation for item in near)]))
    return [
        {
            "name": o.name,
            "acronym": o.acronym,
            "country": str(o.country),
            "website": o.website if o.is_known else "",
        }
        for o in ranked[:WHILE_TYPING]
    ]


def meant(*, name: str, acronym: str, country: str, at: datetime) -> list[Organisation]:
    """The organisations, at most three and the likeliest first, that who signs as ``name`` may mean, and that the directory
    would not take it for by itself. Decided by public ones alone: neither a question nor its absence tells of others."""
    # Not by the domain of an e-mail: which ones an organisation has is not public.
    wanted = matching.Known((name,), (acronym,) if acronym else (), country)
    found = [item.organisation for item in Finder(public_at=at).candidates(wanted, limit=ASKED_ABOUT)]
    return [] if _is_named(found, name, country) else found


def _is_named(found: Iterable[Organisation], name: str, country: str) -> bool:
    """Whether one of them is known by ``name``, so that signing takes it for that one."""
    key = matching.normalise(name)
    return any(
        directory.agree(row, country) and key in map(matching.normalise, known_of(row, public=True).names)
        for row in found
    )
