"""Signing: the form, and the pages that links in mail open. GET changes nothing; every act is a POST."""

import random
import re
import time
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from letters.models import Letter
from letters.network import client_address
from letters.pages import Words, missing, words_of
from letters.public import key_page, moment, with_letter
from letters.services.errors import Refused
from signatories.forms import (
    CorrectionForm,
    IndividualSignForm,
    InvitedForm,
    OrganisationSignForm,
    SignForm,
)
from signatories.models import Invitation, Key, Signature
from signatories.services import by_link, invited, signing
from signatories.services.review import is_of_current_text
from signatories.suggestions import meant, names_for_form
from signatories.views.tickets import drawn, ticketed, to_be_ticketed

Purpose = Key.Purpose
SLUG = re.compile(r"[-a-zA-Z0-9]{1,12}")
LONGEST_TAG = 12  # characters of a language
PAUSE = 0.005  # seconds, at most


@key_page
@require_http_methods(["GET", "HEAD", "POST"])
@ticketed
@with_letter
def sign(request: HttpRequest, letter: Letter) -> HttpResponse:
    """The form of a public letter."""
    return sign_page(
        request,
        letter,
        back=back_to(request, letter),
        action=reverse("sign", args=[letter.slug]),
        received=reverse("received", args=[letter.slug]),
    )


def back_to(request: HttpRequest, letter: Letter) -> str:
    """The letter, in the language in which it was read."""
    read = request.GET.get("in", "")
    if not SLUG.fullmatch(read):
        return letter.get_absolute_url()
    return reverse("letter_in", args=[letter.slug, read])


def sign_page(
    request: HttpRequest,
    letter: Letter,
    *,
    back: str,
    action: str,
    received: str,
    invitation: Invitation | None = None,
) -> HttpResponse:
    """Shows the form, or takes what it says and leads to the page that says so; nothing typed is ever lost. With an
    ``invitation`` it is filled in with what is known, and signs by that."""
    at = moment(request)
    wanted = form_class(letter, request, invitation)
    context: dict[str, Any] = {
        "letter": letter,
        "back": back,
        "kind": wanted.kind,
        **ways(request, wanted, action),
    }
    if not letter.is_signing_open(at) and not (request.method == "POST" and letter.signing_stopped):
        return closed(request, context, at)
    if request.method != "POST":
        new = partial(unsent, request, letter, wanted, context, invitation)
        return to_be_ticketed(
            drawn(request, letter, new) if letter.is_public(at) and invitation is None else new(), letter
        )
    form = wanted(request.POST, letter=letter, at=at, **beforehand(wanted, invitation))
    status = 422
    if form.is_valid() and settled(form, at):
        try:
            application = form.application(language=request.LANGUAGE_CODE, address=client_address(request))  # type: ignore[attr-defined]
            take(letter, invitation, application, version=form.cleaned_data["text_version"] or 0, at=at)
            # An organisation that the directory knows takes a little less work than a new one; a pause by chance, of
            # more than that, keeps the clock from telling.
            time.sleep(random.uniform(0, PAUSE))
            return HttpResponseRedirect(received, status=303)  # 303: the browser fetches it anew
        except Refused as refusal:
            if isinstance(refusal, signing.SigningClosed):
                letter.refresh_from_db(fields=["opens_at", "closes_at"])
                if not letter.is_in_window(at):
                    return closed(request, context, at)
            status = tell(form, letter, refusal)
    words = words_of(letter, form.data.get("text_language") or read_in(request))
    form.renew({"text_language": words.language})
    return render(
        request, "signatories/sign.html", context | form_context(form, request, letter, words), status=status
    )


def take(
    letter: Letter,
    invitation: Invitation | None,
    application: signing.Application,
    *,
    version: int,
    at: datetime,
) -> None:
    """Hands what the form says to the service."""
    if invitation is None:
        signing.sign(letter, application, version=version, at=at)
    else:
        invited.sign(invitation, application, version=version, at=at)


def beforehand(wanted: type[SignForm], invitation: Invitation | None) -> dict[str, Any]:
    """What the form is told of an invitation."""
    return {"known": invitation.organisation} if invitation is not None and wanted is InvitedForm else {}


def filled_in(wanted: type[SignForm], invitation: Invitation | None) -> dict[str, str]:
    """What stands in the form of an invitation before anything is typed."""
    if invitation is None:
        return {}
    own = {"email": invitation.email, "representative_name": invitation.person_name}
    own |= {"country": str(invitation.country)} if invitation.country else {}
    if wanted is IndividualSignForm:
        return {"email": invitation.email, "name": invitation.person_name}
    if wanted is InvitedForm:
        return own
    return own | {"organisation": invitation.organisation_name}


def settled(form: SignForm, at: datetime) -> bool:
    """Whether it is clear who signs; if not, the form asks now which organisation of the directory is meant."""
    if not isinstance(form, OrganisationSignForm):
        return True
    data = form.cleaned_data
    likely = meant(name=data["organisation"], acronym=data["acronym"], country=data["country"], at=at)
    return form.settle(likely)


def closed(request: HttpRequest, context: dict[str, Any], at: datetime) -> HttpResponse:
    """That the letter takes no signatures at ``at``, and until when those who signed in time may confirm."""
    closes_at = context["letter"].closes_at
    grace = closes_at + settings.CONFIRM_GRACE if closes_at else None
    return render(request, "signatories/closed.html", context | {"at": at, "grace": grace})


def ways(request: HttpRequest, wanted: type[SignForm], action: str) -> dict[str, str]:
    """Where the form is sent to, and where that of another kind of signatory is, for the text that the address asks for."""
    read = request.GET.get("in", "")[:LONGEST_TAG]
    asked = {"in": read} if read else {}
    individual = {"as": "individual", **asked}
    same, other = (individual, asked) if wanted is IndividualSignForm else (asked, individual)
    if "as" not in request.GET and wanted is IndividualSignForm:  # nobody else signs this letter
        same = asked
    return {
        name: action + (f"?{urlencode(query)}" if query else "")
        for name, query in (("action", same), ("switch", other))
    }


def read_in(request: HttpRequest) -> str:
    """The language in which the visitor wants to read: the one that the address asks for, else the page's."""
    return request.GET.get("in", "")[:LONGEST_TAG] or request.LANGUAGE_CODE  # type: ignore[attr-defined]


def unsent(
    request: HttpRequest,
    letter: Letter,
    wanted: type[SignForm],
    context: dict[str, Any],
    invitation: Invitation | None = None,
) -> HttpResponse:
    """The form before anything was typed."""
    words = words_of(letter, read_in(request))
    form = empty_form(request, letter, wanted, words, invitation)
    return render(request, "signatories/sign.html", context | form_context(form, request, letter, words))


def empty_form(
    request: HttpRequest,
    letter: Letter,
    wanted: type[SignForm],
    words: Words,
    invitation: Invitation | None = None,
) -> SignForm:
    """The form as it is first shown, for the text in ``words``."""
    initial = {"text_language": words.language, **filled_in(wanted, invitation)}
    return wanted(letter=letter, at=moment(request), initial=initial, **beforehand(wanted, invitation))


def form_context(form: SignForm, request: HttpRequest, letter: Letter, words: Words) -> dict[str, Any]:
    """What stands around the form: the text to be signed, and names to suggest."""
    at = moment(request)
    return {
        "form": form,
        "words": words,
        "missing": "" if "in" in request.GET else missing(letter, words, read_in(request)),
        "version": letter.current_version,
        "names": names_for_form(at=at),
    }


def form_class(letter: Letter, request: HttpRequest, invitation: Invitation | None = None) -> type[SignForm]:
    """The form for who signs: what the letter accepts; where it accepts both, what the address asks for. An invitation of
    an organisation that the directory has is for that one."""
    if invitation is not None and invitation.organisation is not None and letter.accepts_organisations:
        return InvitedForm
    both = letter.accepts == Letter.Accepts.BOTH
    individual = request.GET.get("as") == "individual" if both else letter.accepts_individuals
    return IndividualSignForm if individual else OrganisationSignForm


def tell(form: SignForm, letter: Letter, refusal: Refused) -> int:
    """Puts the service's sentence into the form; the status of the answer."""
    if isinstance(refusal, signing.AlreadyListed):
        words = [str(refusal)]
        if letter.contact_email:
            words.append(_("If something about it is wrong, write to %(to)s.") % {"to": letter.contact_email})
        form.add_error("organisation", " ".join(words))
        return 422
    form.add_error(None, str(refusal))
    if isinstance(refusal, signing.VersionChanged):
        letter.refresh_from_db(fields=["current_version"])
        if letter.current_version is not None:
            form.renew({"text_version": letter.current_version.number})
    return 429 if isinstance(refusal, signing.TooOften) else 422


@key_page
@require_safe
@with_letter
def received(request: HttpRequest, letter: Letter) -> HttpResponse:
    """What happens next; the same for every signature."""
    return render(request, "signatories/received.html", {"letter": letter, "back": letter.get_absolute_url()})


@key_page
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, key: str) -> HttpResponse:
    """A page with one button that confirms, and one that says "this was not me"."""
    found = by_link.find_by_key(key, Purpose.CONFIRM)
    if found is None:
        return dead_link(request)
    at, signature = moment(request), found.signature
    context = {"signature": signature, "letter": signature.letter, "person": person_of(signature)}
    if request.method == "POST":
        try:
            if request.POST.get("act") == "disown":
                by_link.disown(found, at=at)
                return render(request, "signatories/disowned.html", context)
            context["signature"] = by_link.confirm(found, at=at)
            return render(request, "signatories/confirmed.html", context)
        except Refused:
            found = by_link.find_by_key(key, Purpose.CONFIRM)
            if found is None:
                return dead_link(request)
    if found.used_at is not None and found.signature.is_active:
        return render(request, "signatories/confirmed.html", context | {"again": True})
    if not by_link.may_confirm(found, at=at):
        return dead_link(request, letter=signature.letter)
    context |= {"amended": not is_of_current_text(signature), "words": words_of_version(signature)}
    return render(request, "signatories/confirm.html", context)


@key_page
@require_http_methods(["GET", "HEAD", "POST"])
def signature(request: HttpRequest, key: str) -> HttpResponse:
    """The representative's own page: see, correct, withdraw."""
    found = by_link.find_by_key(key, Purpose.MANAGE)
    if found is None:
        return dead_link(request)
    act = request.POST.get("act", "") if request.method == "POST" else request.GET.get("act", "")
    signature = found.signature
    context: dict[str, Any] = {
        "signature": signature,
        "letter": signature.letter,
        "at": moment(request),
        "person": person_of(signature),
    }
    form = CorrectionForm(
        request.POST if act == "correct" and request.method == "POST" else None, signature=signature
    )
    status = 200
    if request.method == "POST":
        try:
            if act == "withdraw" and request.POST.get("sure"):
                by_link.withdraw(found, at=moment(request))
                return render(request, "signatories/withdrawn.html", context)
            if act == "correct" and form.is_valid():
                data = form.cleaned_data
                context["signature"] = by_link.propose_correction(
                    found, name=data["name"], acronym=data.get("acronym", ""), at=moment(request)
                )
                return HttpResponseRedirect(f"{request.path}?act=corrected", status=303)
            if act == "news":
                by_link.set_news(found, wanted=bool(request.POST.get("wanted")), at=moment(request))
                return HttpResponseRedirect(f"{request.path}?act=news", status=303)
        except Refused as refusal:
            if by_link.find_by_key(key, Purpose.MANAGE) is None:  # it ended in this very moment
                return dead_link(request)
            form.errors.setdefault("__all__", form.error_class([str(refusal)]))
        status = 422 if act == "correct" else 200
    if act == "withdraw":
        return render(request, "signatories/withdraw.html", context)
    context |= {"form": form, "act": act, "words": words_of_version(signature)}
    return render(request, "signatories/signature.html", context, status=status)


def person_of(signature: Signature) -> Any:
    """The representative, while the data is kept."""
    return getattr(signature, "representative", None)


def words_of_version(signature: Signature) -> Any:
    """The words that this signature is bound to, in the language in which they were read."""
    letter = signature.letter
    letter.current_version = signature.version
    return words_of(letter, signature.language or letter.language)


def dead_link(request: HttpRequest, letter: Letter | None = None) -> HttpResponse:
    """A link that opens nothing (any more): what it may have been, and what is still possible."""
    if letter is not None and not letter.is_signing_open(moment(request)):
        letter = None
    return render(
        request,
        "signatories/dead_link.html",
        {"letter": letter if letter and letter.is_public(moment(request)) else None},
        status=404,
    )
