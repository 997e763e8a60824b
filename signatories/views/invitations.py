"""What a personal invitation opens: the letter, the form filled in, declining, and no more invitations.

GET changes nothing: that the form was opened is noted by the button that leads to it.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import wraps
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from letters import keys
from letters.models import Letter
from letters.public import key_page, machine_key_page, moment
from letters.services.errors import Refused
from letters.views import asked, exact_text, versions_page
from signatories.models import Invitation
from signatories.services import invited
from signatories.services.inviting import STOP
from signatories.views.private import Door, private_page
from signatories.views.signing import dead_link, sign_page
from signatories.views.tickets import privately_ticketed

READS = ["GET", "HEAD", "POST"]


def with_invitation(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Gives the view the invitation that a key opens. One that signs nothing any more answers 410 with what to do; a wrong
    key is a dead link."""
    return _with_invitation(view, Invitation.is_open)


def with_answerable(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The same, also while the letter takes no signatures for a time."""
    return _with_invitation(view, Invitation.may_answer)


def _with_invitation(
    view: Callable[..., HttpResponse], lives: Callable[[Invitation, datetime], bool]
) -> Callable[..., HttpResponse]:
    @wraps(view)
    def wrapper(request: HttpRequest, key: str, **kwargs: Any) -> HttpResponse:
        found = invited.find(key)
        if found is None:
            return dead_link(request)
        if not lives(found, moment(request)):
            return ended(request, found, key)
        return view(request, found, Door("invitation", key), **kwargs)

    return wrapper


def ended(request: HttpRequest, invitation: Invitation, key: str) -> HttpResponse:
    """Why the link signs nothing, and what is still possible; or takes back a form that nobody confirmed."""
    door, at = Door("invitation", key), moment(request)
    if request.method == "POST" and request.POST.get("act") == "again":
        with suppress(Refused):
            invited.fill_in_again(invitation, at=at)
            return HttpResponseRedirect(door.to("sign"), status=303)
    passing = invitation.may_answer(at)  # paused, or not open yet: the link works again later
    context = {
        "invitation": invitation,
        "letter": invitation.letter,
        "told": is_told(invitation, at),
        "at": at,
        "again": invited.may_fill_in_again(invitation, at=at),
        "waits": invitation.waits_for_confirmation(at),
        "used": invitation.is_used(at),
        "here": door.to(),
        "decline": door.to("decline"),
        "public": invitation.letter.is_public(at),
        "passing": passing,
    }
    return render(request, "signatories/invitation_ended.html", context, status=200 if passing else 410)


def is_told(invitation: Invitation, at: datetime) -> bool:
    """Whether a page of the link may say of which letter it was: not after the invitation was revoked, nor of a letter that was
    withdrawn before it was public."""
    letter = invitation.letter
    return invitation.revoked_at is None and (
        letter.stage != Letter.Stage.WITHDRAWN or letter.is_retracted(at)
    )


@key_page
@require_http_methods(READS)
@with_invitation
def invitation(request: HttpRequest, found: Invitation, door: Door) -> HttpResponse:
    """The letter with two buttons: to the form, and to decline."""
    if request.method == "POST":
        try:
            invited.open_form(found, at=moment(request))
        except Refused:
            return HttpResponseRedirect(
                door.to(), status=303
            )  # it ended in this very moment: the page says so
        return HttpResponseRedirect(door.to("sign") + asked(request.POST.get("in", "")[:12]), status=303)
    return private_page(
        request, found.letter, door, sign="#answer", invitation=found, decline=door.to("decline")
    )


@key_page
@require_http_methods(READS)
@privately_ticketed
@with_invitation
def invitation_sign(request: HttpRequest, found: Invitation, door: Door) -> HttpResponse:
    """The form, with what is known of the organisation and the address filled in."""
    return sign_page(
        request,
        found.letter,
        back=door.to(),
        action=door.to("sign"),
        received=door.to("received"),
        invitation=found,
    )


@key_page
@require_safe
def invitation_received(request: HttpRequest, key: str) -> HttpResponse:
    """What happens next."""
    found = invited.find(key)
    if found is None or found.form_sent_at is None or not is_told(found, moment(request)):
        return dead_link(request)
    back = Door("invitation", key).to()
    return render(
        request, "signatories/received.html", {"letter": found.letter, "back": back, "invited": True}
    )


@key_page
@require_http_methods(READS)
@with_answerable
def invitation_decline(request: HttpRequest, found: Invitation, door: Door) -> HttpResponse:
    """A page with one button that declines, and one for no more invitations at all."""
    context = {
        "invitation": found,
        "letter": found.letter,
        "back": door.to(),
        "stop": stop_address(found),
        "word": request.POST.get("word", ""),
        "longest": invited.LONGEST_WORD,
    }
    if request.POST.get("act") != "decline":  # what could not be read declines nothing
        return render(request, "signatories/invitation_decline.html", context)
    if len(request.POST.get("word", "")) > invited.LONGEST_WORD:
        return render(request, "signatories/invitation_decline.html", context | {"long": True}, status=422)
    try:
        invited.decline(found, word=request.POST.get("word", ""), at=moment(request))
    except Refused:
        return HttpResponseRedirect(door.to(), status=303)
    return render(request, "signatories/invitation_declined.html", context)


def stop_address(found: Invitation) -> str:
    """Where its reader says that no more invitations are wanted."""
    return Door("invitation_stop", keys.derive(STOP, found.nonce)).to()


@machine_key_page
@require_http_methods(READS)
def invitation_stop(request: HttpRequest, key: str) -> HttpResponse:
    """A page with one button: no more invitations from this site. A mail program may press it by itself, as the message offers
    (RFC 8058). It works whatever became of the invitation."""
    found = invited.find_to_stop(key)
    if found is None or not found.email:  # erased: nothing is known of whom it was to
        return dead_link(request)
    if request.method == "POST":
        invited.stop(found, at=moment(request))
    stopped = request.method == "POST" or found.stopped_at is not None
    return render(request, "signatories/invitation_stop.html", {"stopped": stopped})


@key_page
@require_safe
@with_invitation
def invitation_text(
    request: HttpRequest, found: Invitation, door: Door, *, number: int | None = None
) -> HttpResponse:
    """The exact bytes of the text, or of an earlier version of it."""
    wanted = found.letter.current_version
    version = found.letter.versions.filter(number=number).first() if number is not None else wanted
    if version is None:
        raise Http404
    return exact_text(version.canonical)


@key_page
@require_safe
@with_invitation
def invitation_versions(request: HttpRequest, found: Invitation, door: Door) -> HttpResponse:
    """What was corrected and amended, word by word."""
    return versions_page(
        request,
        found.letter,
        text_url=lambda number: door.to("version_text", number=number),
        back=door.to(),
    )


@key_page
@require_safe
@with_invitation
def invitation_picture(request: HttpRequest, found: Invitation, door: Door) -> FileResponse:
    """The letter's picture."""
    if not found.letter.picture:
        raise Http404
    return FileResponse(found.letter.picture.open("rb"))
