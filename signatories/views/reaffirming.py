"""The page on which a signatory answers an amendment: re-affirm, or withdraw. GET changes nothing."""

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from letters.changes import between
from letters.pages import words_of
from letters.public import key_page, moment
from letters.services.errors import Refused
from letters.services.revising import may_revise
from signatories.models import Key, Signature
from signatories.services import amending, by_link
from signatories.services.review import is_of_current_text
from signatories.views.signing import dead_link, person_of

NUMBER = re.compile(r"[0-9]{1,9}")


@key_page
@require_http_methods(["GET", "HEAD", "POST"])
def reaffirm(request: HttpRequest, key: str) -> HttpResponse:
    """What changed, the text as it is now, and a button for each answer."""
    found = by_link.find_by_key(key, Key.Purpose.REAFFIRM)
    if found is None:
        return dead_link(request)
    at, refusal = moment(request), ""
    if request.method == "POST":
        try:
            if request.POST.get("act") == "withdraw":
                context = {"signature": found.signature, "letter": found.signature.letter}
                by_link.withdraw(found, at=at)
                return render(request, "signatories/withdrawn.html", context)
            version = NUMBER.fullmatch(request.POST.get("version", ""))
            amending.reaffirm(found, version=int(version[0]) if version else 0, at=at)
        except Refused as said:
            refusal = str(said)
        found = by_link.find_by_key(key, Key.Purpose.REAFFIRM)
        if found is None:  # it ended in this very moment
            return dead_link(request)
    signature = found.signature
    if not signature.is_standing or not may_revise(signature.letter):
        return dead_link(request, letter=signature.letter)
    if is_of_current_text(signature):
        return render(request, "signatories/reaffirmed.html", _context(signature))
    if found.used_at is not None:  # it answered an amendment before this one, which has a link of its own
        return dead_link(request)
    context = _context(signature) | answer(signature) | {"refusal": refusal}
    return render(request, "signatories/reaffirm.html", context, status=422 if refusal else 200)


def _context(signature: Signature) -> dict[str, Any]:
    return {"signature": signature, "letter": signature.letter, "person": person_of(signature)}


def answer(signature: Signature) -> dict[str, Any]:
    """What the page of an outdated signature shows: what changed since it was signed, and the text as it is now."""
    letter = signature.letter
    current = letter.current_version
    assert current is not None
    comparisons = between(signature.version, current)
    since = letter.versions.filter(number__gt=signature.version.number, kind="amendment").order_by("number")
    return {
        "comparisons": comparisons,
        "many": len(current.content["texts"]) > 1,
        "amendments": list(since.defer("content", "canonical")),
        "words": words_of(letter, signature.language),
        "current": current,
    }
