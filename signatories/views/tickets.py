"""The form as it is first shown: the same for everybody but for its ticket, which says when it was given out. So a
process looks at the letter once in ``PAGE_CACHE_SECONDS``, draws the form anew when the letter has changed or a minute has
passed, and puts a fresh ticket in for each visitor."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from letters.models import Letter
from letters.pagecache import Shelf
from letters.public import moment
from signatories.tickets import TICKET_PLACE, new_ticket

# Apart from the kept pages: a form goes out only with its ticket, by this door.
forms = Shelf(most_bytes=16 * 1024 * 1024)
sheets = Shelf(most_bytes=16 * 1024 * 1024)  # as they were drawn, by what they show of the letter
NOT_SHOWN = {
    "signature_count",
    "withheld_count",
    "earlier_count",
    "earlier_withheld_count",
    "list_revision",
    "digest_sent_at",
}
DRAWN_FOR = 60.0  # seconds; the names that stand in the form to be chosen may be others by then


def drawn(request: HttpRequest, letter: Letter, draw: Callable[[], HttpResponse]) -> HttpResponse:
    """The unsent form of ``letter`` in its present state: as it was drawn a moment ago, or by ``draw``."""
    shown = (field.attname for field in Letter._meta.concrete_fields if field.name not in NOT_SHOWN)
    state = tuple(getattr(letter, name) for name in shown)
    key = (request.get_host(), f"{request.get_full_path()} {hash(state)}")
    entry = sheets.get(key) if settings.PAGE_CACHE_SECONDS else None
    if entry is not None:
        return HttpResponse(entry[3])
    response = draw()
    if settings.PAGE_CACHE_SECONDS:
        sheets.put(key, (time.monotonic() + DRAWN_FOR, letter.pk, (), response.content))
    return response


def to_be_ticketed(response: HttpResponse, letter: Letter) -> HttpResponse:
    """Marks an answer with an unsent form of ``letter``, in which ``TICKET_PLACE`` stands for the ticket."""
    response._form_of = letter.pk  # type: ignore[attr-defined]
    return response


def privately_ticketed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Puts tickets into the view's unsent forms; nothing is kept, so that a key that was revoked opens nothing any more."""

    @wraps(view)
    def wrapper(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        response = view(request, **kwargs)
        letter_id = getattr(response, "_form_of", None)
        if letter_id is None or request.method == "POST":
            return response
        ticket = new_ticket(letter_id, moment(request))
        return HttpResponse(response.content.replace(TICKET_PLACE.encode(), ticket.encode()))

    return wrapper


def ticketed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Puts tickets into the view's unsent forms and keeps those forms for a moment; other answers pass. For public letters
    alone: what a key opens is not kept."""

    @wraps(view)
    def wrapper(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            return view(request, **kwargs)
        key = (request.get_host(), request.get_full_path())
        entry = forms.get(key)
        if entry is None:
            try:
                response = view(request, **kwargs)
            except BaseException:
                forms.forget(key)
                raise
            letter_id = getattr(response, "_form_of", None)
            if letter_id is None:
                forms.forget(key)
                return response
            entry = (time.monotonic() + settings.PAGE_CACHE_SECONDS, letter_id, (), response.content)
            if settings.PAGE_CACHE_SECONDS:
                forms.put(key, entry)
        ticket = new_ticket(entry[1], moment(request))
        return HttpResponse(entry[3].replace(TICKET_PLACE.encode(), ticket.encode()))

    return wrapper
