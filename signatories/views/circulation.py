"""A letter in circulation: read and signed by whoever has its private link."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from letters.models import Letter
from letters.pages import words_of
from letters.public import key_page, moment, with_circulation
from signatories.views.private import Door, private_page
from signatories.views.signing import (
    empty_form,
    form_class,
    form_context,
    read_in,
    sign_page,
    ways,
)
from signatories.views.tickets import privately_ticketed, to_be_ticketed


@key_page
@require_safe
@privately_ticketed
@with_circulation
def circulation_page(request: HttpRequest, letter: Letter, *, key: str) -> HttpResponse:
    """The letter before its release, with the form below it while signing is open."""
    door = Door("circulation", key)
    if not letter.is_signing_open(moment(request)):
        return private_page(request, letter, door)
    wanted = form_class(letter, request)
    words = words_of(letter, read_in(request))
    form = empty_form(request, letter, wanted, words)
    own = form_context(form, request, letter, words) | ways(request, wanted, door.to("sign"))
    for shown in ("words", "missing", "version"):
        own.pop(shown)
    return to_be_ticketed(private_page(request, letter, door, sign="#sign", kind=wanted.kind, **own), letter)


@key_page
@require_http_methods(["GET", "HEAD", "POST"])
@privately_ticketed
@with_circulation
def circulation_sign(request: HttpRequest, letter: Letter, *, key: str) -> HttpResponse:
    """The form of a letter in circulation."""
    door = Door("circulation", key)
    return sign_page(request, letter, back=door.to(), action=door.to("sign"), received=door.to("received"))


@key_page
@require_safe
@with_circulation
def circulation_received(request: HttpRequest, letter: Letter, *, key: str) -> HttpResponse:
    """What happens next, for a letter in circulation."""
    return render(
        request, "signatories/received.html", {"letter": letter, "back": Door("circulation", key).to()}
    )
