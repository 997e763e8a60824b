"""Stopping news of a letter, by the link that each such message carries."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from letters.public import key_page, moment
from letters.services.errors import Refused
from signatories.models import Key
from signatories.services import by_link
from signatories.views.signing import dead_link


@key_page
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, key: str) -> HttpResponse:
    """A page with one button that stops news. A mail program may press it by itself, as the message offers (RFC 8058)."""
    found = by_link.find_by_key(key, Key.Purpose.STOP)
    if found is None:
        return dead_link(request)
    wanted = by_link.wants_news(found)
    if request.method == "POST":
        try:
            by_link.set_news(found, wanted=False, at=moment(request))
        except Refused:  # erased meanwhile, and with it all mail
            return dead_link(request)
        wanted = False
    context = {"signature": found.signature, "letter": found.signature.letter, "wanted": wanted}
    return render(request, "signatories/stop_news.html", context)
