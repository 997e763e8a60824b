"""Stopping mail, by the link that each message carries which does not answer an act of the reader's own."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from letters.public import key_page, moment
from letters.services.errors import Refused
from signatories.models import Key
from signatories.services import by_link, digests
from signatories.views.signing import dead_link


@key_page
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, key: str) -> HttpResponse:
    """A page with one button that stops mail about a letter. A mail program may press it by itself, as the message offers
    (RFC 8058)."""
    found = by_link.find_by_key(key, Key.Purpose.STOP)
    if found is None:
        return dead_link(request)
    on = by_link.gets_mail(found)
    if request.method == "POST":
        try:
            by_link.stop_mail(found, at=moment(request))
        except Refused:  # erased meanwhile, and with it all mail
            return dead_link(request)
        on = False
    context = {"signature": found.signature, "letter": found.signature.letter, "on": on}
    return render(request, "signatories/stop_news.html", context)


@key_page
@require_http_methods(["GET", "HEAD", "POST"])
def stop_digests(request: HttpRequest, key: str) -> HttpResponse:
    """The same for what an editor is told of signatures that wait."""
    found = digests.find_by_key(key)
    if found is None:
        return dead_link(request)
    if request.method == "POST":
        digests.stop(found, at=moment(request))
    on = found.stopped_at is None and request.method != "POST"
    return render(request, "signatories/stop_digests.html", {"on": on})
